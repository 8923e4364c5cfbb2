//! What is drawn, and how large it is: boxes with their words, marks for beginning and end, lines.

use super::layout::{Layout, Line, Point, Size, layers, layout};
use super::{Diagram, Edge, Node, Sort};

/// Lines that would take more pieces than this for each box, and some more, are cut: the longest first. They end in a
/// mark that names where they lead.
const PIECES_FOR_EACH_BOX: usize = 12;
const SPARE_PIECES: usize = 300;
/// The most lines of words at a line, and the most characters of each.
const MOST_LABELS: usize = 3;
const LONGEST_LABEL: usize = 46;
const LONGEST_NAME: usize = 56;
const LONGEST_DETAIL: usize = 44;

/// The head of a Map, above what runs for each item, and the room around that.
pub(super) const HEAD: f64 = 52.0;
pub(super) const PADDING: f64 = 18.0;
/// The room that a line from a box to itself takes beside it.
const LOOP: f64 = 30.0;
/// How high a line of words is.
pub(super) const LABEL_HEIGHT: f64 = 15.0;

/// A diagram with a place for everything.
pub(super) struct Scene<'a> {
    pub(super) shapes: Vec<Shape<'a>>,
    pub(super) lines: Vec<Drawn<'a>>,
    pub(super) size: Size,
}

/// Something that lines lead to.
pub(super) struct Shape<'a> {
    pub(super) what: What<'a>,
    pub(super) middle: Point,
    pub(super) size: Size,
}

/// What a shape is.
pub(super) enum What<'a> {
    State {
        node: &'a Node,
        name: String,
        detail: String,
        body: Option<Scene<'a>>,
    },
    /// Where the flow begins.
    Start,
    /// Where it ends without a Succeed or a Fail.
    End,
    /// Stands for a state that is far away.
    Jump {
        to: &'a Node,
        name: String,
    },
}

/// A line with its words.
pub(super) struct Drawn<'a> {
    /// The line of the diagram; nothing for those of beginning and end.
    pub(super) edge: Option<&'a Edge>,
    pub(super) points: Vec<Point>,
    pub(super) label: Vec<String>,
    pub(super) label_at: Point,
    pub(super) is_broken: bool,
}

impl<'a> Scene<'a> {
    pub(super) fn new(diagram: &'a Diagram) -> Self {
        let mut shapes: Vec<Shape<'a>> = diagram.nodes.iter().map(state).collect();
        let mut lines: Vec<(Line, Option<&'a Edge>)> = Vec::new();
        let line = |from, to| Line { from, to, label: Size::default(), is_weak: false };
        for edge in &diagram.edges {
            let (label, is_weak) = (label_size(&labels(edge)), edge.is_catch || edge.is_broken);
            lines.push((Line { from: edge.from, to: edge.to, label, is_weak }, Some(edge)));
        }
        let add = |shapes: &mut Vec<Shape<'a>>, what, width, height| {
            shapes.push(Shape { what, middle: Point::default(), size: Size { width, height } });
            shapes.len() - 1
        };
        let mut start = None;
        if let Some(first) = diagram.start {
            let mark = add(&mut shapes, What::Start, 14.0, 14.0);
            lines.insert(0, (line(mark, first), None));
            start = Some(mark);
        }
        for (number, _) in diagram.nodes.iter().enumerate().filter(|(_, node)| node.is_end) {
            let mark = add(&mut shapes, What::End, 16.0, 16.0);
            lines.push((line(number, mark), None));
        }
        cut_long_lines(diagram, &mut shapes, &mut lines, start);
        let loops = |number: usize| lines.iter().find(|(line, _)| line.from == number && line.to == number);
        let sizes: Vec<Size> = shapes
            .iter()
            .enumerate()
            .map(|(number, shape)| match loops(number).filter(|_| number < diagram.nodes.len()) {
                Some((line, _)) => Size { width: shape.size.width + 2.0 * (LOOP + line.label.width), ..shape.size },
                None => shape.size,
            })
            .collect();
        let only_lines: Vec<Line> = lines.iter().map(|(line, _)| *line).collect();
        let Layout { boxes, lines: routes, size } = layout(&sizes, &only_lines, start);
        for (shape, middle) in shapes.iter_mut().zip(boxes) {
            shape.middle = middle;
        }
        let lines = lines
            .iter()
            .zip(routes)
            .map(|((line, edge), (points, label_at))| {
                let label = edge.map(labels).unwrap_or_default();
                let is_broken = match edge {
                    Some(edge) => edge.is_broken,
                    None => diagram.nodes.get(line.from.min(line.to)).is_some_and(|node| node.is_broken),
                };
                if line.from == line.to {
                    let (points, label_at) = loop_beside(&shapes[line.from], line.label);
                    return Drawn { edge: *edge, points, label, label_at, is_broken };
                }
                Drawn { edge: *edge, points, label, label_at, is_broken }
            })
            .collect();
        Self { shapes, lines, size }
    }
}

/// Where lines are so long that they would hide the rest, they end in a mark that names where they lead.
fn cut_long_lines<'a>(
    diagram: &'a Diagram,
    shapes: &mut Vec<Shape<'a>>,
    lines: &mut [(Line, Option<&'a Edge>)],
    start: Option<usize>,
) {
    let only_lines: Vec<Line> = lines.iter().map(|(line, _)| *line).collect();
    let layers = layers(shapes.len(), &only_lines, start);
    let span = |line: &Line| layers[line.from].abs_diff(layers[line.to]) * 2;
    let mut pieces: usize = only_lines.iter().map(span).sum();
    let most = shapes.len() * PIECES_FOR_EACH_BOX + SPARE_PIECES;
    let mut longest: Vec<usize> = (0..lines.len()).filter(|number| lines[*number].1.is_some()).collect();
    longest.sort_by_key(|number| std::cmp::Reverse(span(&only_lines[*number])));
    for number in longest {
        let length = span(&only_lines[number]);
        if pieces <= most || length <= 8 {
            return;
        }
        pieces -= length - 2;
        let Some(to) = diagram.nodes.get(lines[number].0.to) else { continue };
        let name = shortened(&to.name, LONGEST_NAME);
        let size = Size { width: text_width(&name, 11.0) + 34.0, height: 22.0 };
        shapes.push(Shape { what: What::Jump { to, name }, middle: Point::default(), size });
        lines[number].0.to = shapes.len() - 1;
    }
}

fn state(node: &Node) -> Shape<'_> {
    let name = shortened(&node.name, LONGEST_NAME);
    let detail = shortened(&one_line(&node.detail), LONGEST_DETAIL);
    let body = node.body.as_ref().map(Scene::new);
    let words = text_width(&name, 13.0).max(mono_width(&detail));
    let aside = match node.sort {
        Sort::Choice => 66.0,
        Sort::Succeed | Sort::Fail => 62.0,
        _ => 54.0,
    };
    let mut size =
        Size { width: (words + aside).max(104.0).ceil(), height: if detail.is_empty() { 38.0 } else { 50.0 } };
    if let Some(body) = &body {
        size.width = size.width.max(body.size.width + 2.0 * PADDING);
        size.height = HEAD + body.size.height + PADDING;
    }
    // An even number, so that a middle is a whole one.
    size.width += size.width % 2.0;
    Shape { what: What::State { node, name, detail, body }, middle: Point::default(), size }
}

/// The words of a line: one for each rule, as far as there is room.
fn labels(edge: &Edge) -> Vec<String> {
    let mut labels: Vec<String> =
        edge.label.iter().map(|label| shortened(&with_short_paths(&one_line(label)), LONGEST_LABEL)).collect();
    labels.dedup();
    if labels.len() > MOST_LABELS {
        let left = labels.len() - (MOST_LABELS - 1);
        labels.truncate(MOST_LABELS - 1);
        labels.push(format!("… {left} more"));
    }
    labels
}

fn label_size(labels: &[String]) -> Size {
    let width = labels.iter().map(|label| mono_width(label)).fold(0.0, f64::max);
    let padding = if labels.is_empty() { 0.0 } else { 8.0 };
    Size { width: width + padding, height: labels.len() as f64 * LABEL_HEIGHT }
}

fn loop_beside(shape: &Shape<'_>, label: Size) -> (Vec<Point>, Point) {
    let side = shape.middle.x + shape.size.width / 2.0;
    let y = shape.middle.y;
    let points = [(side, y + 8.0), (side + LOOP - 6.0, y + 8.0), (side + LOOP - 6.0, y - 8.0), (side, y - 8.0)];
    let points = points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect();
    (points, Point { x: side + LOOP + label.width / 2.0, y })
}

/// A condition that is too long, with its longest paths by their last names: what it compares with says most.
pub(super) fn with_short_paths(text: &str) -> String {
    let mut text = text.to_owned();
    while text.chars().count() > LONGEST_LABEL {
        let mut longest: Option<std::ops::Range<usize>> = None;
        let mut start = 0;
        let mut in_text = false;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            if c == '"' || !(c.is_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '-' | '…')) || in_text {
                let path = start..at;
                let is_path = !in_text && text[path.clone()].trim_start_matches('…').matches('.').count() > 1;
                if is_path && longest.as_ref().is_none_or(|longest| longest.len() < path.len()) {
                    longest = Some(path);
                }
                in_text ^= c == '"';
                start = at + c.len_utf8();
            }
        }
        let Some(path) = longest else { break };
        let Some((_, last)) = text[path.clone()].rsplit_once('.') else { break };
        text.replace_range(path.clone(), &format!("….{last}"));
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// About how wide a text is. The letters of the world are not measured here: they are taken to be wide.
fn text_width(text: &str, size: f64) -> f64 {
    let width: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.36,
            'f' | 't' | 'r' | ' ' | '(' | ')' | '[' | ']' | '-' => 0.48,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 1.0,
            'A'..='Z' => 0.76,
            c if c.is_ascii() => 0.68,
            _ => 1.05,
        })
        .sum();
    width * size
}

/// How wide a text is in letters of one width.
pub(super) fn mono_width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() || c == '…' { 6.65 } else { 12.0 }).sum()
}
