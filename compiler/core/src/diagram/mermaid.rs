//! A diagram as Mermaid, for Markdown.

use super::svg::plain_colours;
use super::{Diagram, Edge, Node, Sort};
use std::collections::BTreeMap;
use std::fmt::Write;

impl Diagram {
    /// The diagram as a Mermaid flowchart.
    pub fn mermaid(&self) -> String {
        let mut out = String::from("flowchart TD\n");
        self.mermaid_part(&mut out, "s", "  ");
        for (class, (fill, line)) in self.classes() {
            let text = if class == BROKEN { "#656d76,stroke-dasharray:4 3" } else { "#1f2328" };
            let _ = writeln!(out, "  classDef {class} fill:{fill},stroke:{line},color:{text}");
        }
        out
    }

    /// The classes of all boxes, with their colours.
    fn classes(&self) -> BTreeMap<String, (String, &'static str)> {
        let inner = self.nodes.iter().filter_map(|node| node.body.as_ref()).flat_map(Self::classes);
        let boxes = self.nodes.iter().filter(|node| node.body.is_none());
        boxes.map(|node| (class(node), plain_colours(node))).chain(inner).collect()
    }

    /// The boxes and lines; the names of the boxes begin with `prefix`.
    fn mermaid_part(&self, out: &mut String, prefix: &str, indent: &str) {
        for (number, node) in self.nodes.iter().enumerate() {
            let id = format!("{prefix}{number}");
            let name = quoted(&node.name);
            let detail = if node.detail.is_empty() {
                String::new()
            } else {
                format!("<br/><small>{}</small>", quoted(&node.detail))
            };
            let class = class(node);
            if let Some(body) = &node.body {
                // A title of two lines would stand behind what is in the box.
                let title = format!("{name} {}", quoted(&node.detail));
                let _ = writeln!(out, "{indent}subgraph {id} [\"{}\"]", title.trim_end());
                let _ = writeln!(out, "{indent}  direction TB");
                body.mermaid_part(out, &format!("{id}_"), &format!("{indent}  "));
                let _ = writeln!(out, "{indent}end");
                let (fill, line) = plain_colours(node);
                let _ = writeln!(out, "{indent}style {id} fill:{fill},stroke:{line},color:#1f2328");
                continue;
            }
            let (open, close) = match node.sort {
                Sort::Choice => ("{{", "}}"),
                Sort::Succeed | Sort::Fail => ("([", "])"),
                Sort::Wait => ("[/", "/]"),
                _ => ("[", "]"),
            };
            let _ = writeln!(out, "{indent}{id}{open}\"{name}{detail}\"{close}:::{class}");
        }
        if let Some(start) = self.start {
            let _ = writeln!(out, "{indent}{prefix}start((\" \")) --> {prefix}{start}");
        }
        for edge in &self.edges {
            let arrow = if edge.is_catch || edge.is_broken { "-.->" } else { "-->" };
            let label = label(edge);
            let label = if label.is_empty() { String::new() } else { format!("|\"{label}\"|") };
            let _ = writeln!(out, "{indent}{prefix}{} {arrow}{label} {prefix}{}", edge.from, edge.to);
        }
        for (number, _) in self.nodes.iter().enumerate().filter(|(_, node)| node.is_end) {
            let _ = writeln!(out, "{indent}{prefix}{number} --> {prefix}end{number}(((\" \")))");
        }
    }
}

/// The class of boxes that are broken.
const BROKEN: &str = "broken";

/// The class that says the colours of a box. Mermaid keeps some words for itself, so each has another beginning.
fn class(node: &Node) -> String {
    if node.is_broken { BROKEN.to_owned() } else { format!("zis_{}", node.sort.word()) }
}

fn label(edge: &Edge) -> String {
    edge.label.iter().map(|label| quoted(label)).collect::<Vec<_>>().join("<br/>")
}

/// A text in quotes, in which Mermaid finds nothing to read.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '"' => out.push_str("#quot;"),
                '#' => out.push_str("#35;"),
                '<' => out.push_str("#lt;"),
                '>' => out.push_str("#gt;"),
                '&' => out.push_str("#amp;"),
                '`' => out.push_str("#96;"),
                '\\' => out.push_str("#92;"),
                c => out.push(c),
            }
        }
    }
    out
}
