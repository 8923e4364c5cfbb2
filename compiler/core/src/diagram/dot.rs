//! A diagram as DOT, for Graphviz.

use super::{Diagram, Sort};
use std::fmt::Write;

impl Diagram {
    /// The diagram as a DOT graph called `title`.
    pub fn dot(&self, title: &str) -> String {
        let mut out = format!("digraph {} {{\n", quoted(title));
        out.push_str("  compound=true;\n  node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=12];\n");
        out.push_str("  edge [fontname=\"Courier\", fontsize=10];\n");
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
            let broken = if node.is_broken { ", color=gray, fontcolor=gray, style=dashed" } else { "" };
            if let Some(body) = &node.body {
                let _ = writeln!(out, "{indent}subgraph cluster_{id} {{");
                let _ = writeln!(out, "{indent}  label={text};");
                // Lines lead to this point, and end at the border.
                let _ = writeln!(out, "{indent}  {id} [shape=point, style=invis];");
                body.dot_part(out, &format!("{id}_"), &format!("{indent}  "));
                let _ = writeln!(out, "{indent}}}");
                continue;
            }
            let shape = match node.sort {
                Sort::Choice => ", shape=hexagon, style=\"\"",
                Sort::Succeed => ", shape=oval, style=\"\", color=darkgreen",
                Sort::Fail => ", shape=oval, style=\"\", color=red",
                _ => "",
            };
            let _ = writeln!(out, "{indent}{id} [label={text}{shape}{broken}];");
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
                about.push("style=dotted, color=gray, fontcolor=gray".to_owned());
            } else if edge.is_catch {
                about.push("style=dashed, color=red, fontcolor=red".to_owned());
            }
            for (end, node) in [("ltail", edge.from), ("lhead", edge.to)] {
                if self.nodes.get(node).is_some_and(|node| node.body.is_some()) {
                    about.push(format!("{end}=cluster_{prefix}{node}"));
                }
            }
            let about = if about.is_empty() { String::new() } else { format!(" [{}]", about.join(", ")) };
            let _ = writeln!(out, "{indent}{prefix}{} -> {prefix}{}{about};", edge.from, edge.to);
        }
        for (number, _) in self.nodes.iter().enumerate().filter(|(_, node)| node.is_end) {
            let _ = writeln!(out, "{indent}{prefix}end{number} [shape=doublecircle, label=\"\", width=0.12];");
            let _ = writeln!(out, "{indent}{prefix}{number} -> {prefix}end{number};");
        }
    }
}

fn quoted(text: &str) -> String {
    let inner = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{inner}\"")
}
