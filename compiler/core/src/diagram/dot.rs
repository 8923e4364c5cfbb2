//! A diagram as DOT, for Graphviz.

use super::svg::plain_colours;
use super::{Diagram, Sort};
use std::fmt::Write;

impl Diagram {
    /// The diagram as a DOT graph called `title`.
    pub fn dot(&self, title: &str) -> String {
        let mut out = format!("digraph {} {{\n", quoted(title));
        out.push_str("  graph [compound=true, fontname=\"Helvetica\", fontsize=12, nodesep=0.4];\n");
        out.push_str("  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=12];\n");
        out.push_str("  edge [color=\"#8c959f\", fontname=\"Courier\", fontsize=10, arrowsize=0.8];\n");
        self.dot_part(&mut out, "s", "  ");
        out.push_str("}\n");
        out
    }

    /// The boxes and lines; the names of the boxes begin with `prefix`.
    fn dot_part(&self, out: &mut String, prefix: &str, indent: &str) {
        for (number, node) in self.nodes.iter().enumerate() {
            let id = format!("{prefix}{number}");
            let text = match node.detail.is_empty() {
                true => quoted(&node.name),
                false => quoted(&format!("{}\n{}", node.name, node.detail)),
            };
            let (fill, line) = plain_colours(node);
            let colours = format!("color=\"{line}\", fillcolor=\"{fill}\"");
            if let Some(body) = &node.body {
                let _ = writeln!(out, "{indent}subgraph cluster_{id} {{");
                let _ = writeln!(
                    out,
                    "{indent}  label={text}; style=\"rounded,filled\"; color=\"{line}\"; fillcolor=\"{fill}\";"
                );
                // Lines lead to one point and come from another, and end at the border.
                for point in [&id, &format!("{id}_out")] {
                    let _ = writeln!(out, "{indent}  {point} [shape=point, style=invis, width=0];");
                }
                body.dot_part(out, &format!("{id}_"), &format!("{indent}  "));
                if body.start.is_some() {
                    let _ = writeln!(out, "{indent}  {id} -> {id}_start [style=invis];");
                }
                for last in body.last_boxes() {
                    let _ = writeln!(out, "{indent}  {id}_{last} -> {id}_out [style=invis];");
                }
                let _ = writeln!(out, "{indent}}}");
                continue;
            }
            let shape = match node.sort {
                Sort::Choice => ", shape=hexagon, style=filled",
                Sort::Succeed | Sort::Fail => ", shape=oval, style=filled",
                _ => "",
            };
            let broken = if node.is_broken { ", fontcolor=\"#656d76\", style=\"dashed,filled\"" } else { "" };
            let _ = writeln!(out, "{indent}{id} [label={text}, {colours}{shape}{broken}];");
        }
        if let Some(start) = self.start {
            let _ = writeln!(out, "{indent}{prefix}start [shape=point, width=0.15];");
            let _ = writeln!(out, "{indent}{prefix}start -> {prefix}{start};");
        }
        for edge in &self.edges {
            let mut about = Vec::new();
            if !edge.label.is_empty() {
                about.push(format!("label={}", quoted(&edge.label.join("\n"))));
            }
            if edge.is_broken {
                about.push("style=dotted, fontcolor=\"#656d76\"".to_owned());
            } else if edge.is_catch {
                about.push("style=dashed, color=\"#cf222e\", fontcolor=\"#cf222e\"".to_owned());
            }
            if self.has_body(edge.to) {
                about.push(format!("lhead=cluster_{prefix}{}", edge.to));
            }
            let from = self.dot_tail(edge.from, prefix, &mut about);
            let about = if about.is_empty() { String::new() } else { format!(" [{}]", about.join(", ")) };
            let _ = writeln!(out, "{indent}{from} -> {prefix}{}{about};", edge.to);
        }
        for (number, _) in self.nodes.iter().enumerate().filter(|(_, node)| node.is_end) {
            let look = "shape=doublecircle, style=\"\", label=\"\", width=0.12";
            let _ = writeln!(out, "{indent}{prefix}end{number} [{look}];");
            let mut about = Vec::new();
            let from = self.dot_tail(number, prefix, &mut about);
            let about = if about.is_empty() { String::new() } else { format!(" [{}]", about.join(", ")) };
            let _ = writeln!(out, "{indent}{from} -> {prefix}end{number}{about};");
        }
    }

    fn has_body(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|node| node.body.is_some())
    }

    /// Where a line from a box begins; what is to be said about the line, where that is a Map.
    fn dot_tail(&self, node: usize, prefix: &str, about: &mut Vec<String>) -> String {
        if !self.has_body(node) {
            return format!("{prefix}{node}");
        }
        about.push(format!("ltail=cluster_{prefix}{node}"));
        format!("{prefix}{node}_out")
    }

    /// The last thing drawn of each way through: a box that none follows, or the sign of an end.
    fn last_boxes(&self) -> Vec<String> {
        let follows = |number: usize| self.edges.iter().any(|edge| edge.from == number);
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(number, node)| node.is_end || !follows(*number))
            .map(|(number, node)| match (node.is_end, &node.body) {
                (true, _) => format!("end{number}"),
                (false, Some(_)) => format!("{number}_out"),
                (false, None) => number.to_string(),
            })
            .collect()
    }
}

fn quoted(text: &str) -> String {
    let inner = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{inner}\"")
}
