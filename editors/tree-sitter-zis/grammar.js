/// <reference types="tree-sitter-cli/dsl" />
// The zis language, as compiler/syntax reads it. A test compares the words with those of the lexer, and parses every
// program of the repository with both.
//
// What depends on more than the next few letters is in src/scanner.c: where a line end ends a statement, and how many
// backticks close a jq text.

// From the loosest to the tightest, as in compiler/syntax/src/grammar/expression.rs.
const CONDITIONAL = 1;
const OR = 3;
const AND = 4;
const COMPARISON = 7;
const DEFAULT = 8;
const SUM = 9;
const PRODUCT = 10;
const PREFIX = 11;
const POSTFIX = 12;

/** Words that cannot be names. */
const RESERVED = [
  'let', 'if', 'else', 'match', 'for', 'while', 'try', 'catch', 'return', 'succeed', 'fail', 'wait', 'goto', 'raw',
  'in', 'is', 'true', 'false', 'null',
];

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'];

/** What closes a bracket: its other half, or the next item, where that was forgotten. */
const closed = ($, close) => choice(close, $.unclosed);

const listed = ($, open, item, close) =>
  seq(open, optional(seq(item, repeat(seq(',', item)), optional(','))), closed($, close));

/** Things on lines of their own. */
const lines = ($, thing) =>
  seq(repeat($._newline), optional(seq(thing, repeat(seq(repeat1($._newline), thing)), repeat($._newline))));

/** Any word, reserved or not: what stands after a dot or before a colon is a name. */
const anyWord = ($, ...words) => choice($.identifier, alias(choice(...RESERVED, ...words), $.identifier));

module.exports = grammar({
  name: 'zis',

  word: ($) => $.identifier,

  // The last two are never read: the one stands everywhere, so that the scanner is always asked, the other in texts.
  externals: ($) => [$._newline, $._jq_open, $.jq_program, $._jq_close, $.unclosed, $._anywhere, $._in_text],

  extras: ($) => [/\s|\uFEFF/, $.documentation, $.comment, $._anywhere],

  // `a.b: statement` and `a.b(…)`: the colon decides.
  conflicts: ($) => [[$._expression, $.dotted_name]],

  supertypes: ($) => [$._item, $._statement, $._expression, $._type],

  rules: {
    source_file: ($) => repeat(choice($._annotated_item, $._newline)),

    comment: () => token(choice(seq('//', /[^/\n][^\n]*/), '//', seq('////', /[^\n]*/))),
    documentation: () => token(seq('///', optional(/[^/\n][^\n]*/))),

    identifier: () => /[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*/u,

    dotted_name: ($) => seq($.identifier, repeat(seq('.', anyWord($)))),

    // A name of the target that is none here.
    _quoted_name: ($) => $.string,

    _name: ($) => choice($.dotted_name, $._quoted_name),

    // Items

    _annotated_item: ($) =>
      prec.right(seq(repeat(seq($.attribute, repeat($._newline))), $._item, optional($.extra))),

    attribute: ($) => prec.right(seq('@', field('name', anyWord($)), optional(seq('(', $.string, ')')))),

    _item: ($) =>
      choice(
        $.integration,
        $.bundle,
        $.import,
        $.param,
        $.connection,
        $.config,
        $.type,
        $.event,
        $.action,
        $.job,
        $.flow,
        $.test,
        $.raw,
        $.extra,
      ),

    integration: ($) => seq('integration', field('key', choice($.integration_key, $.string))),
    integration_key: () => /[\p{Alphabetic}\p{N}_]+(-[\p{Alphabetic}\p{N}_]+)*/u,

    bundle: ($) => seq('bundle', field('name', $.string)),

    import: ($) =>
      seq('import', optional(seq(listed($, '{', alias($._name, $.imported_name), '}'), 'from')), field('path', $.string)),

    param: ($) =>
      seq(
        'param',
        field('name', $.identifier),
        optional(seq(':', field('type', $._type))),
        optional(seq('=', field('default', $._expression))),
      ),

    connection: ($) =>
      seq(
        'connection',
        field('name', $._name),
        optional(seq(':', field('kind', $.identifier))),
        optional(seq('(', field('domain', $.string), ')')),
      ),

    config: ($) =>
      seq(
        'config',
        field('name', $.identifier),
        '(',
        field('scope', $._expression),
        ')',
        optional(field('fields', $.record_type)),
      ),

    type: ($) => seq('type', field('name', $.identifier), '=', field('type', $._type)),

    event: ($) =>
      seq(
        'event',
        field('name', $.identifier),
        '(',
        field('source', $.string),
        ',',
        field('type', $.string),
        ')',
        optional(field('fields', $.record_type)),
      ),

    job: ($) =>
      seq('job', field('name', $._name), ':', field('event', $._name), '->', field('flow', $._name)),

    flow: ($) =>
      seq('flow', field('name', $._name), field('parameters', $.parameters), field('body', $.block)),

    action: ($) =>
      seq(
        'action',
        field('name', $._name),
        field('parameters', $.parameters),
        optional(seq('->', field('result', $._type))),
        field('body', $.action_body),
      ),

    parameters: ($) => listed($, '(', $.parameter, ')'),
    parameter: ($) =>
      seq(
        field('name', $.identifier),
        optional('?'),
        optional(seq(':', field('type', $._type))),
        optional(seq('=', field('default', $._expression))),
      ),

    action_body: ($) =>
      seq('{', lines($, choice($.request, $.uses_connection, $.headers, $.query, $.body, $.extra)), closed($, '}')),
    request: ($) =>
      seq(
        field('method', $.method),
        optional('path'),
        choice(
          field('address', $._expression),
          // What the platform calls the address, where it is in its own notation.
          seq(field('notation', $.string), field('address', $.string)),
        ),
      ),
    method: () => choice(...METHODS, ...METHODS.map((method) => method.toLowerCase())),
    uses_connection: ($) => seq('connection', field('name', $._name)),
    headers: ($) => seq('headers', $.record),
    query: ($) => seq('query', $.record),
    body: ($) => seq('body', $._expression),

    raw: ($) => seq('raw', field('name', $.string), field('json', $.record)),
    extra: ($) => seq('extra', field('json', $.record)),

    // Tests

    test: ($) => seq('test', field('name', $.string), field('body', $.test_body)),
    test_body: ($) =>
      seq(
        '{',
        lines($, choice($.given_event, $.given_config, $.given_param, $.mock, $.run, $.expectation)),
        closed($, '}'),
      ),
    given_event: ($) => seq('event', $._expression),
    given_config: ($) => seq('config', field('name', $.identifier), $.record),
    given_param: ($) => seq('param', field('name', $.identifier), '=', $._expression),
    mock: ($) =>
      seq(
        'mock',
        field('action', $._name),
        optional($.arguments),
        '->',
        $.answer,
        repeat(seq(',', $.answer)),
      ),
    answer: ($) => choice(prec(1, seq('error', optional($.number))), $._expression),
    run: ($) => seq('run', field('flow', $._name)),
    expectation: ($) =>
      seq(
        'expect',
        choice(
          seq('fail', optional(seq($._expression, optional(seq(',', $._expression))))),
          seq('succeed', optional($._expression)),
          seq('path', alias($._name, $.label_name), repeat(seq(',', alias($._name, $.label_name)))),
          seq(
            'call',
            field('action', $._name),
            optional(choice($.arguments, $.record)),
            optional(seq('times', $.number)),
          ),
          $._expression,
        ),
      ),

    // Statements

    block: ($) => seq('{', lines($, $._annotated_statement), closed($, '}')),

    _annotated_statement: ($) =>
      seq(
        repeat(seq($.attribute, repeat($._newline))),
        optional(seq(field('label', $.label), ':', repeat($._newline))),
        $._statement,
        optional($.extra),
      ),

    label: ($) => choice($._name, alias(choice(...RESERVED, 'break', 'continue', 'yield', 'jq'), $.identifier)),

    _statement: ($) =>
      choice(
        $.let,
        $.for,
        $.if,
        $.match,
        $.while,
        $.try,
        $.succeed,
        $.fail,
        $.wait,
        $.return,
        $.goto,
        $.break,
        $.continue,
        $.yield,
        $.raw,
        $.call_statement,
      ),

    let: ($) =>
      seq(
        'let',
        field('target', choice($.root, $.dotted_name)),
        optional(seq(':', field('type', $._type))),
        '=',
        field('value', choice($.for, seq($._expression, optional($.catch)))),
      ),

    call_statement: ($) => seq($._expression, optional($.catch)),

    for: ($) =>
      seq(
        'for',
        field('item', choice($.root, $.identifier)),
        'in',
        field('list', $._expression),
        field('body', $.block),
        optional($.catch),
      ),

    if: ($) =>
      seq(
        'if',
        field('condition', $._expression),
        field('then', $.block),
        repeat(seq('else', 'if', field('condition', $._expression), field('then', $.block))),
        optional(seq('else', field('otherwise', $.block))),
      ),

    match: ($) =>
      seq('match', field('value', $._expression), field('cases', $.match_body)),
    match_body: ($) =>
      seq(
        '{',
        repeat($._newline),
        repeat(seq($.case, repeat($._newline))),
        optional(seq($.otherwise, repeat($._newline))),
        closed($, '}'),
      ),
    case: ($) => seq($._expression, repeat(seq(',', $._expression)), field('body', $.block)),
    otherwise: ($) => seq('else', field('body', $.block)),

    while: ($) => seq('while', field('condition', $._expression), field('body', $.block)),

    try: ($) => seq('try', field('body', $.block), optional($.catch)),
    catch: ($) => seq('catch', optional(field('target', choice($.root, $.dotted_name))), field('body', $.block)),

    succeed: ($) => seq('succeed', optional(field('message', $._expression))),
    fail: ($) => seq('fail', optional(seq(field('error', $._expression), optional(seq(',', field('cause', $._expression)))))),
    wait: ($) => seq('wait', field('delay', $._expression)),
    return: () => 'return',
    goto: ($) => seq('goto', field('label', alias($._name, $.label_name))),
    break: () => 'break',
    continue: () => 'continue',
    yield: ($) => seq('yield', field('value', $._expression)),

    // Expressions

    _expression: ($) =>
      choice(
        $.identifier,
        $.root,
        $.number,
        $.duration,
        $.true,
        $.false,
        $.null,
        $.string,
        $.jq,
        $.raw_rule,
        $.array,
        $.comprehension,
        $.record,
        $.group,
        $.member,
        $.index,
        $.call,
        $.certain,
        $.unary,
        $.binary,
        $.is,
        $.conditional,
      ),

    root: () => '$',
    true: () => 'true',
    false: () => 'false',
    null: () => 'null',
    number: () => /\d+(\.\d+)?([eE][+-]?\d+)?/,
    duration: () => /\d+(\.\d+)?([eE][+-]?\d+)?[sm]/,

    string: ($) =>
      choice(
        seq('"', repeat(choice($._string_parts, alias($._line_text, $.text))), token.immediate('"')),
        seq('"""', repeat(choice($._string_parts, alias($._lines_text, $.text))), token.immediate('"""')),
      ),
    _string_parts: ($) => choice($._in_text, $.escape, $.placeholder, $.interpolation, alias($._text_sign, $.text)),
    _line_text: () => token.immediate(prec(1, /[^"\\\n${]+/)),
    _lines_text: () => token.immediate(prec(1, /([^"\\${]|"[^"]|""[^"])+/)),
    _text_sign: () => token.immediate(prec(1, /[${]/)),
    escape: () => token.immediate(prec(1, /\\([ntr"\\$/]|u\{[0-9A-Fa-f]{1,6}\})/)),
    // What the platform fills in.
    placeholder: () => token.immediate(prec(2, /\{\{\$[^}"\n]*\}\}/)),
    interpolation: ($) => seq(token.immediate(prec(2, '${')), $._expression, '}'),

    jq: ($) =>
      seq(
        'jq',
        optional(seq('(', field('data', $._expression), ')')),
        alias($._jq_open, '`'),
        optional(field('program', $.jq_program)),
        alias($._jq_close, '`'),
      ),

    // A rule of a Choice as it stands.
    raw_rule: ($) => seq('raw', field('json', $.record)),

    array: ($) => listed($, '[', choice($._expression, $.spread), ']'),
    spread: ($) => seq('...', $._expression),
    comprehension: ($) =>
      seq(
        '[',
        field('value', $._expression),
        'for',
        field('item', $.identifier),
        'in',
        field('list', $._expression),
        optional(seq('if', field('condition', $._expression))),
        closed($, ']'),
      ),

    record: ($) => listed($, '{', choice($.pair, $.spread, $.short), '}'),
    pair: ($) => seq(field('key', choice(anyWord($), $.string)), ':', field('value', $._expression)),
    // A member that is named like its value.
    short: ($) => $.identifier,

    group: ($) => seq('(', $._expression, closed($, ')')),

    member: ($) => prec(POSTFIX, seq(field('object', $._expression), '.', field('name', anyWord($)))),
    index: ($) => prec(POSTFIX, seq(field('object', $._expression), '[', field('index', $._expression), ']')),
    call: ($) => prec(POSTFIX, seq(field('function', $._expression), field('arguments', $.arguments))),
    certain: ($) => prec(POSTFIX, seq($._expression, '!')),

    arguments: ($) => listed($, '(', choice($.argument, $._expression), ')'),
    argument: ($) =>
      seq(
        field('name', choice(anyWord($, 'jq'), $.string)),
        ':',
        field('value', $._expression),
      ),

    unary: ($) => prec(PREFIX, seq(choice('!', '-'), $._expression)),

    binary: ($) =>
      choice(
        ...[
          [prec.left, PRODUCT, choice('*', '/', '%')],
          [prec.left, SUM, choice('+', '-')],
          [prec.right, DEFAULT, '??'],
          [prec.left, COMPARISON, choice('==', '!=', '<=', '>=', '<', '>', 'in')],
          [prec.left, AND, '&&'],
          [prec.left, OR, '||'],
        ].map(([side, strength, operator]) =>
          side(
            strength,
            seq(field('left', $._expression), field('operator', operator), field('right', $._expression)),
          ),
        ),
      ),

    is: ($) => prec.left(COMPARISON, seq($._expression, 'is', choice('present', 'null'))),

    conditional: ($) =>
      prec.right(
        CONDITIONAL,
        seq(
          field('condition', $._expression),
          '?',
          field('then', $._expression),
          ':',
          field('otherwise', $._expression),
        ),
      ),

    // Types

    _type: ($) => choice($.type_name, $.literal_type, $.record_type, $.map_type, $.array_type, $.nullable_type, $.union_type, $.type_group),

    type_name: ($) => choice('null', $.identifier),
    literal_type: ($) => $.string,
    record_type: ($) => listed($, '{', $.field_type, '}'),
    field_type: ($) =>
      seq(field('name', choice(anyWord($), $.string)), optional('?'), ':', field('type', $._type)),
    map_type: ($) => seq('{', '[', alias('string', $.type_name), ']', ':', field('value', $._type), '}'),
    array_type: ($) => prec(2, seq($._type, '[', ']')),
    nullable_type: ($) => prec(2, seq($._type, '?')),
    union_type: ($) => prec.left(1, choice(seq('|', $._type), seq($._type, '|', $._type))),
    type_group: ($) => seq('(', $._type, ')'),
  },
});
