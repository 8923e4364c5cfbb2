//! A run as a story for a person: one paragraph for each state, and how it ended.

use crate::render::Colors;
use std::fmt::Write;
use std::time::Duration;
use zisc_runtime::{Decision, Outcome, Step, Trace, Value};

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// The states and what was decided.
    States,
    /// Parameters and results too.
    Values,
}

/// The whole story.
pub(crate) fn timeline(trace: &Trace, detail: Detail, colors: Colors) -> String {
    let mut story = Story { trace, detail, paint: Paint(colors), out: String::new() };
    story.tell();
    story.out
}

struct Story<'a> {
    trace: &'a Trace,
    detail: Detail,
    paint: Paint,
    out: String,
}

impl Story<'_> {
    fn tell(&mut self) {
        let trace = self.trace;
        let by = trace.job_spec.as_ref().map(|job_spec| format!(", started by {job_spec}")).unwrap_or_default();
        self.line(0, &format!("{}{by}", self.paint.bold(&trace.flow)));
        self.out.push('\n');
        let width =
            trace.steps.iter().map(|step| step.name.chars().count() + 2 * step.depth).max().unwrap_or(0).min(48);
        let mut requests = trace.requests.iter().peekable();
        for (position, step) in trace.steps.iter().enumerate() {
            self.head(step, width);
            if let Some(decision) = &step.decision {
                self.decision(decision, step);
            }
            if self.detail == Detail::Values
                && let Some(parameters) = &step.parameters
            {
                self.value("parameters", parameters, step);
            }
            while let Some(sent) = requests.next_if(|sent| sent.step == position) {
                let answer = match sent.status {
                    Some(status) => status.to_string(),
                    None => "no answer".to_owned(),
                };
                let request = format!("{} {}", sent.request.method, trace.shown_text(&sent.request.url));
                self.sentence(step, &format!("{request} → {answer}"));
            }
            if self.detail == Detail::Values
                && let Some(output) = &step.output
            {
                let place = step.result_path.as_deref().map_or("result".to_owned(), |path| format!("result at {path}"));
                self.value(&place, output, step);
            }
            self.error(step);
        }
        self.ending();
    }

    fn head(&mut self, step: &Step, width: usize) {
        let indent = "  ".repeat(step.depth);
        let name = format!("{indent}{}", step.name);
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        let time = self.paint.dim(&format!("{:>7}", seconds(step.began)));
        let mut line = format!("{time}  {}{padding}  {:<7}", self.paint.bold(&name), step.kind);
        if let Some(action) = &step.action {
            line.push_str(&format!("  {}", action.rsplit(':').next().unwrap_or(action)));
        }
        if let ("Map", Some(items)) = (step.kind, step.output.as_ref().and_then(Value::as_array)) {
            line.push_str(&format!("  {} items", items.len()));
        }
        if !step.duration.is_zero() {
            line.push_str(&format!("  took {}", seconds(step.duration)));
        }
        if let (Some(_), Some(next)) = (&step.decision, &step.next) {
            line.push_str(&format!("  → {next}"));
        }
        self.line(0, line.trim_end());
    }

    /// Why a Choice went where it went.
    fn decision(&mut self, decision: &Decision, step: &Step) {
        let tried: Vec<_> = decision.tried().collect();
        let missed = |position: usize| {
            let (wanted, seen) = &tried[position];
            format!("rule {} wanted {}, {}", position + 1, self.trace.shown_text(wanted), self.seen(seen))
        };
        let mut lines = Vec::new();
        match decision.matched {
            Some(matched) => {
                if self.detail == Detail::Values {
                    lines.extend((0..matched).map(missed));
                }
                let (wanted, seen) = &tried[matched];
                // "it was "a"" says nothing new about a rule that wanted exactly this.
                let plain = matches!(&seen[..], [(path, Some(value))] if *wanted == format!("{path} == {value}"));
                let seen = if plain { String::new() } else { format!(", {}", self.seen(seen)) };
                lines.push(format!("rule {}: {}{seen}", matched + 1, self.trace.shown_text(wanted)));
            }
            None => {
                lines.extend((0..tried.len()).map(missed));
                if let (Some(first), None) = (lines.first_mut(), &step.error) {
                    *first = format!("Default: {first}");
                }
            }
        }
        for line in lines {
            self.sentence(step, &line);
        }
    }

    /// "it was "b"", or each value by its path where a rule looked at several.
    fn seen(&self, seen: &[(String, Option<&Value>)]) -> String {
        let shown = |value: &Option<&Value>| match value {
            Some(value) => short(&self.trace.shown(value)),
            None => "missing".to_owned(),
        };
        match seen {
            [] => "without looking".to_owned(),
            [(_, None)] => "and nothing is there".to_owned(),
            [(_, value)] => format!("it was {}", shown(value)),
            several => several
                .iter()
                .map(|(path, value)| format!("{path} was {}", shown(value)))
                .collect::<Vec<_>>()
                .join(", "),
        }
    }

    fn error(&mut self, step: &Step) {
        let Some(error) = &step.error else { return };
        let text = self.paint.red(&format!("failed: {}", self.trace.shown_text(&error.cause)));
        self.sentence(step, &text);
        if let Some(detail) = &error.detail {
            self.sentence(step, &self.trace.shown_text(detail));
        }
        if step.caught {
            self.sentence(step, &format!("caught → {}", step.next.as_deref().unwrap_or("the end")));
        }
    }

    fn value(&mut self, name: &str, value: &Value, step: &Step) {
        const LINE: usize = 100;
        let value = self.trace.shown(value);
        // What weighs much is not short, and its text may be long to make.
        if value.weight() < 100 * LINE as u64 {
            let line = value.to_json();
            if line.chars().count() <= LINE {
                return self.sentence(step, &format!("{name}: {line}"));
            }
        }
        self.sentence(step, &format!("{name}:"));
        for line in value.to_json_pretty().lines() {
            self.sentence(step, &format!("  {line}"));
        }
    }

    fn ending(&mut self) {
        let trace = self.trace;
        if !trace.steps.is_empty() {
            self.out.push('\n');
        }
        match &trace.outcome {
            Outcome::Succeeded { state, message } => {
                let word = self.paint.green("succeeded");
                self.line(0, &format!("{word} in {state}: {}", trace.shown_text(message)));
            }
            Outcome::Failed { state, error, cause, .. } => {
                let word = self.paint.red("failed");
                let place = state.as_ref().map(|state| format!(" in {state}")).unwrap_or_default();
                self.line(0, &format!("{word}{place}: {}", trace.shown_text(error)));
                for line in trace.shown_text(cause).lines() {
                    self.line(2, line);
                }
            }
        }
        let count = |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let counts = [
            count(trace.steps.len(), "state", "states"),
            count(trace.requests.len(), "request", "requests"),
            format!("{} of the flow's time", seconds(trace.duration)),
        ];
        self.line(0, &self.paint.dim(&counts.join(", ")));
        if let Some(after) = trace.rerun_after {
            self.line(
                0,
                &format!("note: the platform would run this flow again from its first state, after {}", seconds(after)),
            );
        }
        for note in &trace.notes {
            let state = note.state.as_ref().map(|state| format!("{state}: ")).unwrap_or_default();
            self.line(0, &format!("note: {state}{}", trace.shown_text(&note.message)));
        }
    }

    /// A line below the head of a state.
    fn sentence(&mut self, step: &Step, text: &str) {
        self.line(11 + 2 * step.depth, text);
    }

    fn line(&mut self, indent: usize, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{}{text}", " ".repeat(indent));
    }
}

/// A value in a sentence.
fn short(value: &Value) -> String {
    const LENGTH: usize = 60;
    let text = value.to_json();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A duration as a person says it: `0 s`, `1.5 s`, `90 s`.
fn seconds(duration: Duration) -> String {
    let seconds = (duration.as_secs_f64() * 1000.0).round() / 1000.0;
    format!("{seconds} s")
}

struct Paint(Colors);

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        match self.0 {
            Colors::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Colors::Off => text.to_owned(),
        }
    }

    fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }

    fn red(&self, text: &str) -> String {
        self.with("31", text)
    }

    fn green(&self, text: &str) -> String {
        self.with("32", text)
    }
}
