use super::action::request_in_flow;
use super::expression::{expression_or_hole, extra, json};
use super::mistake::Mistake;
use super::types::{documentation, type_expression, type_or_hole};
use super::{
    Place, Rule, any_word, at, braces, dotted_name, is_word, junk, keyword, name, newlines, or_missing, place,
    plain_text, symbol, where_begins,
};
use crate::Span;
use crate::lexer::{RESERVED, Token};
use crate::tree::{
    Arm, Attribute, BinaryOperator, Block, Case, Catch, Expression, ExpressionKind, LetTarget, Name, PlainText,
    Statement, StatementKind,
};
use chumsky::prelude::*;

/// `{ statements }`
pub(super) fn block(expression: &Rule<Expression>) -> Rule<Block> {
    let expression = expression.clone();
    recursive(move |block| {
        let statement = statement(&expression, &block.boxed());
        let end_of_statement = just(Token::Newline).ignored().or(just(Token::Symbol("}")).ignored().rewind()).or(end());
        let leftover =
            any().and_is(just(Token::Symbol("}")).not()).and_is(just(Token::Newline).not()).ignored().boxed();
        let line = statement
            .then_ignore(
                end_of_statement.clone().recover_with(via_parser(
                    choice((junk(), leftover.clone()))
                        .repeated()
                        .at_least(1)
                        .then_ignore(end_of_statement.clone().or_not()),
                )),
            )
            .map(Some);
        let unreadable =
            choice((junk(), leftover)).repeated().at_least(1).then_ignore(just(Token::Newline).or_not()).to(None);
        let line = line.recover_with(via_parser(unreadable));
        // A line that cannot be read adds none.
        let statements = empty().map(|()| Vec::new()).foldl(
            line.then_ignore(newlines()).repeated(),
            |mut statements: Vec<Statement>, statement: Option<Statement>| {
                statements.extend(statement);
                statements
            },
        );
        braces(statements.boxed()).map(|(statements, span)| Block { statements, span }).labelled("a block")
    })
    .boxed()
}

/// The words that begin a statement, those that other languages have included.
const FIRST_WORDS: &[&str] = &[
    "let", "const", "var", "if", "goto", "match", "switch", "for", "succeed", "fail", "wait", "return", "while", "try",
    "break", "continue", "yield", "raw", "throw", "raise",
];

fn statement(expression: &Rule<Expression>, block: &Rule<Block>) -> Rule<Statement> {
    let value = expression_or_hole(expression);
    let before_block = any()
        .filter(|token: &Token| !matches!(token, Token::Newline | Token::Symbol("{" | "}")))
        .repeated()
        .at_least(1);
    let block_or_hole = block
        .clone()
        .or(colon_for_a_block())
        .recover_with(via_parser(before_block.ignore_then(block.clone())))
        .recover_with(via_parser(
            empty().map_with(|(), extra| Block { statements: Vec::new(), span: at(extra.span()) }),
        ))
        .boxed();

    let catch = keyword("catch")
        .then(target().or_not())
        .then(block_or_hole.clone())
        .map(|((span, target), block)| Catch { target: target.unwrap_or(LetTarget::Missing(span)), block, span })
        .boxed();

    let item = symbol("$").map(|_| None).or(name().map(Some));
    let each = keyword("for")
        .ignore_then(item)
        .then_ignore(keyword("in").ignored().or(in_forgotten()))
        .then(value.clone())
        .then(block_or_hole.clone())
        .then(catch.clone().or_not())
        .map(|(((item, list), body), catch)| Each { item, list, body, catch })
        .boxed();
    let alone = each.clone().map(|each| each.bound_to(None));

    let declaration = choice((keyword("let"), const_habit()));
    let request = request_in_flow(expression);
    let bound_value = symbol("=")
        .ignore_then(request.clone().or(value.clone()))
        .recover_with(via_parser(junk().repeated().map_with(|(), extra| Expression::hole(at(extra.span())))))
        .then(catch.clone().or_not())
        .map(|(value, catch)| Bound::Value(value, catch));
    let bind = declaration
        .ignore_then(
            target().recover_with(via_parser(empty().map_with(|(), extra| LetTarget::Missing(at(extra.span()))))),
        )
        .then(symbol(":").labelled("something else").ignore_then(type_or_hole(&type_expression())).or_not())
        .then(symbol("=").ignore_then(each).map(Bound::Each).or(bound_value))
        .validate(|((target, kind), bound), _, emitter| match bound {
            Bound::Value(value, catch) => StatementKind::Let { target, kind, value, catch },
            Bound::Each(each) => {
                if let Some(kind) = kind {
                    emitter.emit(type_of_each(kind.span));
                }
                each.bound_to(Some(target))
            }
        });

    let condition = expression_or_hole(&expression.clone().labelled("a condition").boxed());
    let else_if = choice((keyword("else").ignore_then(keyword("if")), elif_habit()));
    let decide = keyword("if")
        .ignore_then(condition.clone().then(block_or_hole.clone()))
        .then(else_if.ignore_then(condition.clone().then(block_or_hole.clone())).repeated().collect::<Vec<_>>())
        .then(keyword("else").ignore_then(block_or_hole.clone()).or_not())
        .map(|((first, more), otherwise)| StatementKind::If {
            arms: std::iter::once(first).chain(more).map(|(condition, block)| Arm { condition, block }).collect(),
            otherwise,
        });

    let succeed =
        keyword("succeed").ignore_then(expression.clone().or_not()).map(|message| StatementKind::Succeed { message });
    let comma = just(Token::Symbol(",")).ignored().or(just(Token::Symbol(":")).validate(|_, extra, emitter| {
        emitter.emit(Mistake::habit(extra.span(), ":", ",", "between the name of an error and its cause stands `,`"));
    }));
    let throw = throw_habit().ignore_then(value.clone()).map(|error| {
        let cause = Expression::hole(error.span);
        StatementKind::Fail { error: Some(error), cause: Some(cause) }
    });
    let fail = keyword("fail")
        .ignore_then(expression.clone().or_not())
        .then(comma.ignore_then(value.clone()).or_not())
        .map(|(error, cause)| StatementKind::Fail { error, cause });
    let delay = expression_or_hole(&expression.clone().labelled("a duration such as `30s`").boxed());
    let wait = keyword("wait").ignore_then(delay).map(|delay| StatementKind::Wait { delay });
    let leave = keyword("return").ignore_then(returned_value(expression).or_not()).to(StatementKind::Return);
    let label = dotted_name().labelled("the label of a statement").boxed();
    let goto = keyword("goto").ignore_then(or_missing(label)).map(|label| StatementKind::Goto { label });
    let assign = target()
        .then_ignore(symbol("="))
        .validate(|target, extra, emitter| {
            let place: Place = extra.span();
            emitter.emit(let_is_missing(&target, place));
            target
        })
        .then(value.clone())
        .map(|(target, value)| StatementKind::Let { target, kind: None, value, catch: None });
    let assign = choice((assign, assign_in_data(&value), changed(expression)));
    let give = keyword("yield").ignore_then(expression.clone()).map(|value| StatementKind::Yield { value });
    let repeat = keyword("while")
        .ignore_then(condition.clone())
        .then(block_or_hole.clone())
        .map(|(condition, body)| StatementKind::While { condition, body });
    let attempt = keyword("try")
        .ignore_then(block_or_hole.clone())
        .then(catch.clone().or_not())
        .map(|(body, catch)| StatementKind::Try { body, catch });
    let comma = just(Token::Symbol(",")).ignored().or(just(Token::Symbol("|")).validate(|_, extra, emitter| {
        emitter.emit(Mistake::habit(extra.span(), "|", ",", "between the values of a case stands `,`"));
    }));
    let case_values = expression.clone().separated_by(comma).at_least(1).collect::<Vec<_>>();
    let case_values = case_values.validate(|values, _, emitter| {
        let mut alternatives = Vec::new();
        values.into_iter().for_each(|value| alternatives_of(value, &mut alternatives, emitter));
        alternatives
    });
    let case_block = statements_without_braces().or(arrow_too_many().ignore_then(block_or_hole.clone())).boxed();
    let case = case_habit().or(case_without_braces()).or(word_in_front_of_a_case()
        .ignore_then(case_values)
        .then(case_block.clone())
        .map(|(values, block)| Case { values, block }));
    let last = keyword("else").or(default_habit()).then(case_block);
    let arm = choice((
        last.map(|(span, block)| (Some(span), Case { values: Vec::new(), block })),
        case.map(|case| (None, case)),
    ));
    let arms = arm.then_ignore(newlines()).repeated().collect::<Vec<_>>();
    let cases = arms
        .validate(|arms, _, emitter| {
            let last = arms.len().saturating_sub(1);
            let mut cases = Vec::new();
            let mut otherwise = None;
            for (position, (is_else, case)) in arms.into_iter().enumerate() {
                match is_else {
                    Some(span) => {
                        if position != last {
                            emitter.emit(else_comes_last(span));
                        }
                        otherwise = Some(case.block);
                    }
                    None => cases.push(case),
                }
            }
            (cases, otherwise)
        })
        .boxed();
    let select = keyword("match")
        .or(switch_habit())
        .ignore_then(value.clone())
        .then(braces(cases))
        .map(|(value, ((cases, otherwise), _))| StatementKind::Match { value, cases, otherwise });
    let raw = keyword("raw")
        .ignore_then(or_missing(plain_text().labelled("the name of the state").boxed()))
        .then(json(expression))
        .map(|(name, json)| StatementKind::Raw { name, json });
    let jump = choice((keyword("break").to(StatementKind::Break), keyword("continue").to(StatementKind::Continue)))
        .then_ignore(just(Token::Newline).ignored().or(just(Token::Symbol("}")).ignored()).or(end()).rewind());
    let call = request
        .or(expression.clone())
        .then(catch.or_not())
        .map(|(value, catch)| StatementKind::Expression { value, catch });

    let words = choice((
        where_begins(is_word(&["let", "const", "var"]), bind.boxed()),
        where_begins(is_word(&["if"]), decide.boxed()),
        where_begins(is_word(&["goto"]), goto.boxed()),
        where_begins(is_word(&["match", "switch"]), select.boxed()),
        where_begins(is_word(&["for"]), alone.boxed()),
        choice((succeed, fail, wait, leave, repeat, attempt, jump, give, raw, throw)),
    ));
    let kind = choice((where_begins(is_word(FIRST_WORDS), words.boxed()), assign, call)).labelled("a statement");

    let label = choice((dotted_label(), dotted_name())).then_ignore(symbol(":")).then_ignore(newlines());
    documentation()
        .then(attribute().then_ignore(newlines()).repeated().collect::<Vec<_>>())
        .then(choice((label.map(Some).then(kind.clone().or(statement_missing())), empty().to(None).then(kind))))
        .then(extra(expression))
        .map_with(|(((documentation, attributes), (label, kind)), extra), at_end| Statement {
            documentation,
            attributes,
            label,
            kind,
            extra,
            span: at(at_end.span()),
        })
        .boxed()
}

/// `for item in list { … }`
struct Each {
    item: Option<Name>,
    list: Expression,
    body: Block,
    catch: Option<Catch>,
}

impl Each {
    fn bound_to(self, target: Option<LetTarget>) -> StatementKind {
        let Self { item, list, body, catch } = self;
        StatementKind::For { target, item, list, body, catch }
    }
}

/// What `let` binds.
enum Bound {
    Each(Each),
    Value(Expression, Option<Catch>),
}

/// A list right behind the name of its items.
fn in_forgotten() -> Rule<()> {
    select! { Token::Word(_) => (), Token::Symbol("$" | "[") => () }
        .rewind()
        .validate(|(), extra, emitter| {
            let place: Place = extra.span();
            let end = place.start.min(place.end);
            let place = Place::from(end..end);
            let mistake = Mistake::because(place, "`in` is missing here", "between an item and its list", None);
            emitter.emit(mistake.habitual().with_fix("write `in`", at(place), " in"));
        })
        .labelled("`in`")
        .boxed()
}

fn type_of_each(kind: Span) -> Mistake {
    let place = place(kind);
    let help = "leave it out; `let x: T = …` in the body gives a type to what is yielded";
    Mistake::because(
        place,
        "the results of a `for` have no written type",
        "they have that of `yield`",
        Some(help.into()),
    )
}

/// `:` where a block begins, as in Python. What stands behind it, or on the next line, is skipped.
fn colon_for_a_block() -> Rule<Block> {
    just(Token::Symbol(":"))
        .validate(|_, extra, emitter| {
            let help = "write `{` here, and `}` behind the last statement that belongs to it".to_owned();
            let why = "indentation alone makes no block";
            emitter.emit(Mistake::because(extra.span(), "a block stands in braces", why, Some(help)).habitual());
        })
        .then(just(Token::Newline).or_not())
        .then(choice((junk(), just(Token::Symbol(",")).ignored())).repeated())
        .map_with(|_, extra| Block { statements: Vec::new(), span: at(extra.span()) })
        .labelled("a block")
        .boxed()
}

/// A `}` where a label promised a statement.
fn statement_missing() -> Rule<StatementKind> {
    just(Token::Symbol("}"))
        .rewind()
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            let end = place.start.min(place.end);
            let help = "to end the flow there, write `return`";
            emitter.emit(Mistake::because(
                Place::from(end..end),
                "a statement is missing",
                "the label has nothing to stand for",
                Some(help.to_owned()),
            ));
            StatementKind::Error
        })
        .boxed()
}

/// A label that begins with a word which is reserved elsewhere.
fn dotted_label() -> Rule<crate::tree::Name> {
    any_word().and_is(any().then(just(Token::Symbol(":")))).boxed()
}

/// `x`, `x.y`, `$`, `_`
fn target() -> Rule<LetTarget> {
    let root = symbol("$").map(LetTarget::Root);
    let ignored =
        select! { Token::Word(text) if text == "_" => () }.map_with(|(), extra| LetTarget::Ignored(at(extra.span())));
    let member = name()
        .then(symbol(".").ignore_then(any_word()).repeated().collect::<Vec<_>>())
        .map(|(root, rest)| LetTarget::Member { root, rest });
    let reserved = select! { Token::Word(text) if RESERVED.contains(&text.as_str()) => text }
        .and_is(any().then(just(Token::Symbol("="))))
        .validate(|text, extra, emitter| {
            emitter.emit(Mistake::because(
                extra.span(),
                format!("`{text}` is a reserved word"),
                "not free as a name",
                Some(format!("choose another name, such as `{text}_value`")),
            ));
            LetTarget::Missing(at(extra.span()))
        });
    choice((root, ignored, member, reserved)).labelled("a name").boxed()
}

/// `$.x = …`, which `let x = …` says.
fn assign_in_data(value: &Rule<Expression>) -> Rule<StatementKind> {
    let root = symbol("$").then_ignore(symbol("."));
    let member = any_word().then(symbol(".").ignore_then(any_word()).repeated().collect::<Vec<_>>());
    root.then(member)
        .then_ignore(symbol("="))
        .validate(|(dollar, (root, rest)), extra, emitter| {
            let place: Place = extra.span();
            let front = Span::new(dollar.start(), root.span.start());
            let mistake = Mistake::because(place, "`let` sets what stands in `$`", "nothing is set like this", None);
            emitter.emit(mistake.habitual().with_fix(&format!("write `let {}`", root.text), front, "let "));
            LetTarget::Member { root, rest }
        })
        .then(value.clone())
        .map(|(target, value)| StatementKind::Let { target, kind: None, value, catch: None })
        .boxed()
}

/// `n += 1` and `n++`, which `let n = n + 1` says.
fn changed(expression: &Rule<Expression>) -> Rule<StatementKind> {
    let signs = [
        ("+", BinaryOperator::Add),
        ("-", BinaryOperator::Subtract),
        ("*", BinaryOperator::Multiply),
        ("/", BinaryOperator::Divide),
    ];
    let sign = move |token: Token| signs.into_iter().find(|(sign, _)| token == Token::Symbol(sign));
    let sign = chumsky::primitive::select(move |token, _| sign(token));
    let line_ends = just(Token::Newline).ignored().or(just(Token::Symbol("}")).ignored()).rewind();
    let twice = symbol("+").then(symbol("+")).to(signs[0]).or(symbol("-").then(symbol("-")).to(signs[1]));
    let by_one = twice.then_ignore(line_ends).map(|sign| (sign, true));
    let by_more = sign.then_ignore(symbol("=")).map(|sign| (sign, false));
    target()
        .then(by_one.or(by_more))
        .validate(|(target, ((sign, operator), by_one)), extra, emitter| {
            let name = spelling(&target);
            let place: Place = extra.span();
            let written = format!("let {name} = {name} {sign}{}", if by_one { " 1" } else { "" });
            let help = format!("write `{written}{}`", if by_one { "" } else { " …" });
            let why = "nothing changes in place";
            let mistake = Mistake::because(place, "`let` gives a name its new value", why, Some(help));
            emitter.emit(mistake.habitual().with_fix(&format!("write `{written}`"), at(place), &written));
            (target, operator, by_one, at(place))
        })
        .then(expression.clone().or_not())
        .map(|((target, operator, by_one, span), value)| {
            let of = |kind| Expression { kind, span };
            let right =
                if by_one { of(ExpressionKind::Number("1".into())) } else { value.unwrap_or(Expression::hole(span)) };
            let value = match &target {
                LetTarget::Member { root, rest } if rest.is_empty() => {
                    let left = Box::new(of(ExpressionKind::Name(root.text.clone())));
                    of(ExpressionKind::Binary { operator, left, right: Box::new(right), at: span })
                }
                _ => Expression::hole(span),
            };
            StatementKind::Let { target, kind: None, value, catch: None }
        })
        .boxed()
}

/// The name that a target is written with.
fn spelling(target: &LetTarget) -> String {
    match target {
        LetTarget::Member { root, rest } => std::iter::once(root).chain(rest).map(|name| name.text.as_str()).collect(),
        _ => Vec::new(),
    }
    .join(".")
}

fn let_is_missing(target: &LetTarget, place: Place) -> Mistake {
    let start = Span::empty(at(place).start());
    let name = spelling(target);
    let (headline, help) = match name.as_str() {
        "" => ("`let` is missing here".to_owned(), "write `let` in front".to_owned()),
        name => (format!("`let` is missing in front of `{name}`"), format!("write `let {name} = …`")),
    };
    Mistake::because(place, headline, "values are bound with `let`", Some(help)).habitual().with_fix(
        "write `let` in front",
        start,
        "let ",
    )
}

/// A value after `return`: other languages give one back.
fn returned_value(expression: &Rule<Expression>) -> Rule<()> {
    expression
        .clone()
        .validate(|value, extra, emitter| {
            let place: Place = extra.span();
            let help = "write `return` alone; to leave a text in the log, write `succeed \"…\"`";
            let mistake =
                Mistake::because(place, "a flow gives nothing back", "`return` takes no value", Some(help.into()));
            emitter.emit(mistake.habitual().with_fix("remove the value", value.span, ""));
        })
        .boxed()
}

/// `throw` and `raise` of other languages, in front of what is thrown.
fn throw_habit() -> Rule<()> {
    select! { Token::Word(text) if text == "throw" || text == "raise" => text }
        .and_is(any().then(select! { Token::Word(_) => (), Token::Quote => () }))
        .validate(|word, extra, emitter| {
            let place: Place = extra.span();
            let help = "write `fail \"Name\", \"what went wrong\"`";
            emitter.emit(
                Mistake::because(
                    place,
                    format!("`{word}` is written `fail`"),
                    "a flow fails with `fail`",
                    Some(help.into()),
                )
                .habitual(),
            );
        })
        .boxed()
}

/// `switch` of other languages, in front of a value.
fn switch_habit() -> Rule<Span> {
    select! { Token::Word(text) if text == "switch" => text }
        .and_is(any().then(select! { Token::Word(_) => (), Token::Symbol("(") => () }))
        .validate(|word, extra, emitter| {
            emitter.emit(Mistake::habit(extra.span(), &word, "match", "one of several values"));
            at(extra.span())
        })
        .boxed()
}

/// The values of a case that are joined by `||`, as in a condition.
fn alternatives_of(value: Expression, found: &mut Vec<Expression>, emitter: &mut chumsky::input::Emitter<Mistake>) {
    let is_literal = |value: &Expression| {
        matches!(value.kind, ExpressionKind::Text(_) | ExpressionKind::Number(_) | ExpressionKind::Null)
    };
    match value.kind {
        ExpressionKind::Binary { operator: BinaryOperator::Or, left, right, at } if is_literal(&right) => {
            emitter.emit(Mistake::habit(place(at), "||", ",", "between the values of a case stands `,`"));
            alternatives_of(*left, found, emitter);
            found.push(*right);
        }
        _ => found.push(value),
    }
}

fn else_comes_last(span: Span) -> Mistake {
    let help = "move it behind the last case".to_owned();
    Mistake::because(place(span), "`else` is the last case", "what follows it is never asked for", Some(help))
}

/// `case x:` and `default:` of other languages, without braces. What follows on the line is skipped.
fn case_without_braces() -> Rule<Case> {
    let on_line = any().filter(|token: &Token| !matches!(token, Token::Newline | Token::Symbol("{" | "}")));
    let line = on_line.repeated().at_least(2).then(just(Token::Newline));
    select! { Token::Word(text) if matches!(text.as_str(), "case" | "when" | "default") => text }
        .and_is(line)
        .validate(|word, extra, emitter| {
            let help = match word.as_str() {
                "default" => "write `else { … }`",
                _ => "write the value alone, as in `\"open\" { … }`",
            };
            let mistake =
                Mistake::because(extra.span(), format!("`{word}` begins no case"), "not needed", Some(help.into()));
            emitter.emit(mistake.habitual());
        })
        .labelled("something else")
        .then_ignore(junk().repeated())
        .map_with(|(), extra| {
            let span = at(extra.span());
            Case { values: vec![Expression::hole(span)], block: Block { statements: Vec::new(), span } }
        })
        .boxed()
}

/// `case "open" {`
fn word_in_front_of_a_case() -> Rule<()> {
    select! { Token::Word(text) if matches!(text.as_str(), "case" | "when") => text }
        .and_is(any().then(select! { Token::Quote => (), Token::Number(_) => (), Token::Word(_) => () }))
        .validate(|word, extra, emitter| {
            let place: Place = extra.span();
            let help = format!("remove `{word}`");
            let why = "a case begins with its value";
            let mistake = Mistake::because(place, format!("`{word}` begins no case"), why, Some(help.clone()));
            emitter.emit(mistake.habitual().with_fix(&help, at(place), ""));
        })
        .labelled("something else")
        .or_not()
        .ignored()
        .boxed()
}

/// `default:` in front of a block.
fn default_habit() -> Rule<Span> {
    just(Token::Word("default".into()))
        .then(symbol(":").or(symbol("->")).or(symbol("=>")))
        .then_ignore(just(Token::Symbol("{")).rewind())
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            emitter.emit(Mistake::habit(place, "default", "else", "all other values"));
            at(place)
        })
        .labelled("something else")
        .boxed()
}

/// `> 5 {`: a condition where a case has a value. The line is skipped.
fn case_habit() -> Rule<Case> {
    select! { Token::Symbol(sign @ ("<" | ">" | "<=" | ">=" | "==" | "!=")) => sign }
        .validate(|sign, extra, emitter| {
            let help = format!("write `if value {sign} … {{ … }} else if …`");
            let why = "a case is a value, and `match` asks whether it is that";
            emitter.emit(Mistake::because(extra.span(), "a condition is no case", why, Some(help)).habitual());
        })
        .labelled("something else")
        .then_ignore(junk().repeated())
        .map_with(|(), extra| {
            let span = at(extra.span());
            Case { values: vec![Expression::hole(span)], block: Block { statements: Vec::new(), span } }
        })
        .boxed()
}

/// `: succeed` and `-> succeed` behind the value of a case. The line is skipped.
fn statements_without_braces() -> Rule<Block> {
    select! { Token::Symbol(":" | "=>" | "->") => () }
        .and_is(any().then(just(Token::Symbol("{")).not()))
        .validate(|(), extra, emitter| {
            let help = "write `{ … }` around them".to_owned();
            let why = "they follow in braces";
            let mistake = Mistake::because(extra.span(), "the statements of a case stand in braces", why, Some(help));
            emitter.emit(mistake.habitual());
        })
        .labelled("something else")
        .then_ignore(choice((junk(), just(Token::Symbol(",")).ignored())).repeated())
        .map_with(|(), extra| Block { statements: Vec::new(), span: at(extra.span()) })
        .boxed()
}

/// `=>`, `->` or `:` between a value and its block, as other languages write it.
fn arrow_too_many() -> Rule<()> {
    select! { Token::Symbol(arrow @ ("=>" | "->" | ":")) => arrow }
        .validate(|arrow, extra, emitter| {
            let place: Place = extra.span();
            let help = format!("remove `{arrow}`");
            let mistake = Mistake::because(
                place,
                format!("no `{arrow}` stands here"),
                "the block follows at once",
                Some(help.clone()),
            );
            emitter.emit(mistake.habitual().with_fix(&help, at(place), ""));
        })
        .labelled("something else")
        .or_not()
        .ignored()
        .boxed()
}

/// `const` and `var` of other languages.
fn const_habit() -> Rule<crate::Span> {
    select! { Token::Word(text) if text == "const" || text == "var" => text }
        .and_is(any().then(select! { Token::Word(_) => () }))
        .validate(|word, extra, emitter| {
            emitter.emit(Mistake::habit(extra.span(), &word, "let", "values are bound with `let`"));
            at(extra.span())
        })
        .boxed()
}

/// `elif` and `elsif` of other languages.
fn elif_habit() -> Rule<crate::Span> {
    newlines()
        .ignore_then(
            select! { Token::Word(text) if matches!(text.as_str(), "elif" | "elsif" | "elseif") => text }.validate(
                |word, extra, emitter| {
                    emitter.emit(Mistake::habit(
                        extra.span(),
                        &word,
                        "else if",
                        "a further condition begins with `else if`",
                    ));
                    at(extra.span())
                },
            ),
        )
        .boxed()
}

/// `@allow("code")`
pub(super) fn attribute() -> Rule<Attribute> {
    let quoted = super::plain_text().map(|text| (text, true));
    let unquoted = any()
        .filter(|token: &Token| !matches!(token, Token::Quote | Token::Newline | Token::Symbol("(" | ")")))
        .map_with(|token, extra| {
            let text = match token {
                Token::Word(word) | Token::Number(word) => word,
                _ => smol_str::SmolStr::default(),
            };
            (PlainText { text, span: at(extra.span()) }, false)
        })
        .then_ignore(junk().repeated());
    // The next line is never a part of it, however much of it is still to be written. Of a text that is not closed the
    // lexer has told.
    let end_of_text = just(Token::QuoteEnd).map_with(|_, extra| at(extra.span()));
    let open_text = just(Token::Quote).then(select! { Token::Text(_) => () }.or_not()).ignore_then(end_of_text);
    let half =
        symbol("(").then(open_text.or_not()).then_ignore(junk().repeated()).validate(|(open, end), _, emitter| {
            if end.is_none_or(|end| !end.is_empty()) {
                emitter.emit(Mistake::unclosed(open, "(", ")"));
            }
            None
        });
    let argument = quoted.or(unquoted).delimited_by(symbol("("), symbol(")")).map(Some).or(half);
    let name = any_word().or(just(Token::Newline).rewind().validate(|_, extra, emitter| {
        let place: Place = extra.span();
        let end = place.start.min(place.end);
        let help =
            "write `@allow(\"code\")` to accept a finding, or `@key(\"…\")` for the key of a resource".to_owned();
        let why = "which attribute?";
        emitter.emit(Mistake::because(Place::from(end..end), "a name is missing after `@`", why, Some(help)));
        Name { text: smol_str::SmolStr::default(), span: at(Place::from(end..end)) }
    }));
    symbol("@")
        .ignore_then(name)
        .then(argument.or_not().map(Option::flatten))
        .validate(|(name, argument), _, emitter| {
            // About one that does not exist there is something else to say.
            let is_known = matches!(name.text.as_str(), "allow" | "key");
            if let Some((text, false)) = &argument
                && is_known
            {
                let written = format!("\"{}\"", text.text);
                let mistake = Mistake::because(place(text.span), "an attribute takes a text", "not in quotes", None);
                emitter.emit(mistake.habitual().with_fix(&format!("write {written}"), text.span, &written));
            }
            Attribute { name, argument: argument.map(|(text, _)| text) }
        })
        .boxed()
}
