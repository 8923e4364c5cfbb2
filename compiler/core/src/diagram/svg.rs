//! A diagram as SVG. Colours follow the reader's choice of light or dark; every state carries its name and its place in
//! the text, so that a click can lead there.

use super::layout::Point;
use super::scene::{Drawn, HEAD, LABEL_HEIGHT, PADDING, Scene, Shape, What, mono_width};
use super::{Diagram, Node, Sort};
use std::fmt::Write;
use std::sync::LazyLock;

/// The room around the picture.
const MARGIN: f64 = 20.0;

const STYLE: &str = include_str!("svg.css");

/// The style for readers of every sort. Many programs that show pictures know no variables: they pass over a
/// declaration with one, and take the light colour in front of it.
static PLAIN_STYLE: LazyLock<String> = LazyLock::new(|| {
    let mut out = String::new();
    let mut rest = STYLE;
    while let Some((before, name, behind)) = next_variable(rest) {
        let declaration = before.rfind(['{', ';']).map_or(0, |end| end + 1);
        let property = &before[declaration..];
        out.push_str(before);
        // Not where it is one part of several, and not where another variable is made of it.
        let is_alone = property.ends_with(": ") && !property.trim_start().starts_with("--");
        if let Some(colour) = light(name).filter(|_| is_alone) {
            out.push_str(&format!("{colour};{property}"));
        }
        out.push_str(&format!("var(--{name})"));
        rest = behind;
    }
    out + rest
});

/// The text up to `var(--name)`, the name, and the rest.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("var(--")?;
    let (name, behind) = rest.split_once(')')?;
    Some((before, name, behind))
}

/// A colour of the light picture, by the name of its variable; nothing where that depends on another.
fn light(name: &str) -> Option<&'static str> {
    let (_, rest) = STYLE.split_once(&format!("--{name}: "))?;
    rest.split_once(';').map(|(colour, _)| colour).filter(|colour| colour.starts_with('#'))
}

/// The fill and the line of a box: what the style mixes, for those who cannot mix.
pub(super) fn plain_colours(node: &Node) -> (String, &'static str) {
    let colour = |name: &str| light(name).unwrap_or_default();
    if node.is_broken {
        return (colour("faint").to_owned(), colour("unknown"));
    }
    let (hue, paper) = (colour(node.sort.word()), colour("paper"));
    let part = |colour: &str, at: usize| {
        f64::from(colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or_default())
    };
    let mixed =
        [1, 3, 5].map(|at| format!("{:02x}", (part(hue, at) * HUE + part(paper, at) * (1.0 - HUE)).round() as u8));
    (format!("#{}", mixed.concat()), hue)
}

/// How much of its colour a box is filled with, as in the style.
const HUE: f64 = 0.09;

impl Diagram {
    /// The diagram as an SVG document. `title` says what it shows, for those who do not see it.
    pub fn svg(&self, title: &str) -> String {
        let scene = Scene::new(self);
        let (width, height) = (scene.size.width + 2.0 * MARGIN, scene.size.height + 2.0 * MARGIN);
        let mut out = Out::default();
        out.line(&format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="zisc-diagram" role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}">"#,
            w = number(width),
            h = number(height)
        ));
        out.line(&format!("<title>{}</title>", escaped(title)));
        out.line(&format!("<style>\n{}</style>", *PLAIN_STYLE));
        out.line("<defs>");
        for (name, class) in [("way", "head"), ("error", "head error"), ("broken", "head broken")] {
            out.line(&format!(
                r#"<marker id="zisc-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="{class}" d="M0.5 0.5 7.5 4 0.5 7.5 2.5 4Z"/></marker>"#
            ));
        }
        out.line("</defs>");
        out.line(&format!(r#"<rect class="paper" width="{}" height="{}"/>"#, number(width), number(height)));
        out.scene(&scene, Point { x: MARGIN, y: MARGIN });
        out.line("</svg>");
        out.text
    }
}

#[derive(Default)]
struct Out {
    text: String,
}

impl Out {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn scene(&mut self, scene: &Scene<'_>, at: Point) {
        self.line(&format!(r#"<g transform="translate({} {})">"#, number(at.x), number(at.y)));
        for line in &scene.lines {
            self.way(line);
        }
        for shape in &scene.shapes {
            self.shape(shape);
        }
        // Words last, so that no line runs through them.
        for line in scene.lines.iter().filter(|line| !line.label.is_empty()) {
            self.label(line);
        }
        self.line("</g>");
    }

    fn way(&mut self, line: &Drawn<'_>) {
        let (class, head) = match line.edge {
            _ if line.is_broken => ("way broken", "broken"),
            Some(edge) if edge.is_catch => ("way error", "error"),
            _ => ("way", "way"),
        };
        self.line(&format!(r#"<path class="{class}" d="{}" marker-end="url(#zisc-{head})"/>"#, path(&line.points)));
    }

    fn label(&mut self, line: &Drawn<'_>) {
        let class = match line.edge {
            _ if line.is_broken => "label broken",
            Some(edge) if edge.is_catch => "label error",
            _ => "label",
        };
        let first = line.label_at.y - (line.label.len() as f64 - 1.0) * LABEL_HEIGHT / 2.0 + 4.0;
        let whole: Vec<&str> = line.edge.iter().flat_map(|edge| &edge.label).map(String::as_str).collect();
        let mut text = format!(r#"<g class="{class}"><title>{}</title>"#, escaped(&whole.join("\n")));
        for (number_of, words) in line.label.iter().enumerate() {
            let y = first + number_of as f64 * LABEL_HEIGHT;
            let width = mono_width(words) + 6.0;
            let (left, top) = (number(line.label_at.x - width / 2.0), number(y - 11.0));
            let _ = write!(
                text,
                r#"<rect class="under" x="{left}" y="{top}" width="{}" height="{LABEL_HEIGHT}"/>"#,
                number(width)
            );
            let _ =
                write!(text, r#"<text x="{}" y="{}">{}</text>"#, number(line.label_at.x), number(y), escaped(words));
        }
        text.push_str("</g>");
        self.line(&text);
    }

    fn shape(&mut self, shape: &Shape<'_>) {
        let Point { x, y } = shape.middle;
        match &shape.what {
            What::Start => {
                self.line(&format!(r#"<circle class="start" cx="{}" cy="{}" r="7"/>"#, number(x), number(y)))
            }
            What::End => {
                let (x, y) = (number(x), number(y));
                self.line(&format!(r#"<g class="end"><circle cx="{x}" cy="{y}" r="7"/><circle class="dot" cx="{x}" cy="{y}" r="3.5"/></g>"#));
            }
            What::Jump { to, name } => {
                let (left, top) = (x - shape.size.width / 2.0, y - shape.size.height / 2.0);
                self.line(&format!(
                    r#"<g class="jump" data-to="{}"><title>goes on at {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="11"/><text x="{}" y="{}">→ {}</text></g>"#,
                    escaped(&to.name),
                    escaped(&to.name),
                    number(left),
                    number(top),
                    number(shape.size.width),
                    number(shape.size.height),
                    number(x),
                    number(y + 4.0),
                    escaped(name)
                ));
            }
            What::State { node, name, detail, body } => self.state(shape, node, (name, detail), body.as_ref()),
        }
    }

    fn state(&mut self, shape: &Shape<'_>, node: &Node, (name, detail): (&str, &str), body: Option<&Scene<'_>>) {
        let (width, height) = (shape.size.width, shape.size.height);
        let (left, top) = (shape.middle.x - width / 2.0, shape.middle.y - height / 2.0);
        let broken = if node.is_broken { " broken" } else { "" };
        let place = match node.place.is_empty() {
            true => String::new(),
            false => {
                format!(r#" data-start="{}" data-end="{}""#, u32::from(node.place.start()), u32::from(node.place.end()))
            }
        };
        self.line(&format!(
            r#"<g class="state {}{broken}" data-state="{}"{place} transform="translate({} {})">"#,
            node.sort.word(),
            escaped(&node.name),
            number(left),
            number(top)
        ));
        let said = if node.detail.is_empty() { String::new() } else { format!("\n{}", node.detail) };
        self.line(&format!("<title>{}: {}{}</title>", node.sort.word(), escaped(&node.name), escaped(&said)));
        let (fill, stroke) = plain_colours(node);
        let plain = format!(r#"class="box" fill="{fill}" stroke="{stroke}""#);
        self.line(&match node.sort {
            Sort::Choice => {
                let (w, h, point) = (number(width), number(height), 14.0);
                format!(
                    r#"<path {plain} d="M{p} 0H{r}L{w} {m}L{r} {h}H{p}L0 {m}Z"/>"#,
                    p = number(point),
                    r = number(width - point),
                    m = number(height / 2.0)
                )
            }
            sort => {
                let radius = if matches!(sort, Sort::Succeed | Sort::Fail) { height / 2.0 } else { 8.0 };
                format!(
                    r#"<rect {plain} width="{}" height="{}" rx="{}"/>"#,
                    number(width),
                    number(height),
                    number(radius)
                )
            }
        });
        let aside = if matches!(node.sort, Sort::Choice | Sort::Succeed | Sort::Fail) { 18.0 } else { 12.0 };
        // The words of a Map stand at its top.
        let middle = if body.is_some() { HEAD / 2.0 } else { height / 2.0 };
        self.line(&format!(
            r#"<g class="icon" stroke="{stroke}" transform="translate({} {})">{}</g>"#,
            number(aside),
            number(middle - 8.0),
            icon(node.sort)
        ));
        let text_x = number(aside + 24.0);
        let name_y = if detail.is_empty() { middle + 4.5 } else { middle - 3.5 };
        self.line(&format!(r#"<text class="name" x="{text_x}" y="{}">{}</text>"#, number(name_y), escaped(name)));
        if !detail.is_empty() {
            self.line(&format!(
                r#"<text class="detail" x="{text_x}" y="{}">{}</text>"#,
                number(middle + 13.0),
                escaped(detail)
            ));
        }
        if let Some(body) = body {
            let inner = (width - body.size.width) / 2.0;
            self.line(&format!(
                r#"<rect class="body" x="6" y="{}" width="{}" height="{}" rx="6"/>"#,
                number(HEAD - 6.0),
                number(width - 12.0),
                number(height - HEAD)
            ));
            self.scene(body, Point { x: inner.max(PADDING), y: HEAD + 4.0 });
        }
        self.line("</g>");
    }
}

/// A line: straight where it goes down, and curves that begin and end upright where it goes aside.
fn path(points: &[Point]) -> String {
    let Some((first, rest)) = points.split_first() else { return String::new() };
    let mut out = format!("M{} {}", number(first.x), number(first.y));
    let mut before = *first;
    for point in rest {
        if point.x == before.x {
            let _ = write!(out, "V{}", number(point.y));
        } else if point.y == before.y {
            let _ = write!(out, "H{}", number(point.x));
        } else {
            let middle = number((before.y + point.y) / 2.0);
            let (x, y) = (number(point.x), number(point.y));
            let _ = write!(out, "C{} {middle} {x} {middle} {x} {y}", number(before.x));
        }
        before = *point;
    }
    out
}

/// A picture of 16 by 16 for a sort of state.
fn icon(sort: Sort) -> &'static str {
    match sort {
        Sort::Action => r#"<path d="M9 1.5 3.5 9H8L7 14.5 12.5 7H8Z"/>"#,
        Sort::Jq => r#"<path d="M6 2C3.5 2 5 7.5 2.5 8 5 8.5 3.5 14 6 14M10 2c2.5 0 1 5.5 3.5 6-2.5.5-1 6-3.5 6"/>"#,
        Sort::Choice => r#"<path d="M8 2v4M8 6 3.5 9.5V14M8 6l4.5 3.5V14M2 12l1.5 2L5 12M11 12l1.5 2 1.5-2"/>"#,
        Sort::Map => r#"<path d="M2.5 5.5h8v8h-8ZM5.5 5.5v-3h8v8h-3"/>"#,
        Sort::Pass => r#"<path d="M2 8h11M9 4l4 4-4 4"/>"#,
        Sort::Wait => r#"<path d="M8 14.5a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13ZM8 4.5V8l2.5 1.5"/>"#,
        Sort::Succeed => r#"<path d="m2.5 8.5 4 4 7-8"/>"#,
        Sort::Fail => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
        Sort::Unknown => r#"<path d="M5.5 6a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M8 12.5v.5"/>"#,
    }
}

/// A number as short as it can be.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A text between tags or in quotes. What XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
