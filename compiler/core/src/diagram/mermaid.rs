//! A diagram as Mermaid, for Markdown.

use super::{Diagram, Edge, Sort};
use std::fmt::Write;

impl Diagram {
    /// The diagram as a Mermaid flowchart.
    pub fn mermaid(&self) -> String {
        let mut out = String::from("flowchart TD\n");
        self.mermaid_part(&mut out, "s", "  ");
        for (class, style) in [
            ("succeed", "stroke:#1a7f37"),
            ("fail", "stroke:#cf222e"),
            ("broken", "stroke:#8c959f,color:#8c959f,stroke-dasharray:4 3"),
        ] {
            let _ = writeln!(out, "  classDef {class} {style}");
        }
        out
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
            let class = match node.sort {
                _ if node.is_broken => ":::broken",
                Sort::Succeed => ":::succeed",
                Sort::Fail => ":::fail",
                _ => "",
            };
            if let Some(body) = &node.body {
                let _ = writeln!(out, "{indent}subgraph {id} [\"{name}{detail}\"]");
                body.mermaid_part(out, &format!("{id}_"), &format!("{indent}  "));
                let _ = writeln!(out, "{indent}end");
                continue;
            }
            let (open, close) = match node.sort {
                Sort::Choice => ("{{", "}}"),
                Sort::Succeed | Sort::Fail => ("([", "])"),
                Sort::Wait => ("[/", "/]"),
                _ => ("[", "]"),
            };
            let _ = writeln!(out, "{indent}{id}{open}\"{name}{detail}\"{close}{class}");
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
