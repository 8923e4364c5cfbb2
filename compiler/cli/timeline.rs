//! A run as a story for a person: one paragraph for each state, and how it ended.

use crate::render::Colors;
use std::io::{self, Write};
use std::time::Duration;
use zisc_runtime::{Decision, Outcome, Step, Trace, Value};

/// How a story is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Telling {
    /// Whether the parameters and results of states are told too.
    pub(crate) values: bool,
    pub(crate) colors: Colors,
    /// The number of this run, where the flow ran several times.
    pub(crate) run: Option<usize>,
    /// Whether another run follows this one.
    pub(crate) followed: bool,
}

/// Tells the whole story, piece by piece: its values may be larger than what a text should hold at once.
pub(crate) fn timeline(trace: &Trace, telling: Telling, out: &mut dyn Write) -> io::Result<()> {
    Story { trace, telling, paint: Paint(telling.colors), out }.tell()
}

struct Story<'a> {
    trace: &'a Trace,
    telling: Telling,
    paint: Paint,
    out: &'a mut dyn Write,
}

impl Story<'_> {
    fn tell(&mut self) -> io::Result<()> {
        let trace = self.trace;
        let by = trace.job_spec.as_ref().map(|job_spec| format!(", started by {job_spec}")).unwrap_or_default();
        let run = self.telling.run.map(|number| format!(", run {number}")).unwrap_or_default();
        self.line(0, &format!("{}{by}{run}", self.paint.bold(&trace.flow)))?;
        writeln!(self.out)?;
        let width =
            trace.steps.iter().map(|step| step.name.chars().count() + 2 * step.depth).max().unwrap_or(0).min(48);
        let mut requests = trace.requests.iter().peekable();
        // The Maps whose iterations are being told: what came of a Map is told after them.
        let mut maps: Vec<usize> = Vec::new();
        for (position, step) in trace.steps.iter().enumerate() {
            while let Some(map) = maps.pop_if(|map| trace.steps[*map].depth >= step.depth) {
                self.end_of_map(map)?;
            }
            self.head(step, width)?;
            if let Some(decision) = &step.decision {
                self.decision(decision, step)?;
            }
            if let (true, Some(parameters)) = (self.telling.values, &step.parameters) {
                self.value("parameters", parameters, step)?;
            }
            while let Some(sent) = requests.next_if(|sent| sent.step == position) {
                let answer = match sent.status {
                    Some(status @ 200..300) => status.to_string(),
                    Some(status) => self.paint.red(&status.to_string()),
                    None => self.paint.red("no answer"),
                };
                let request = format!("{} {}", sent.request.method, trace.shown_text(&sent.request.url));
                self.sentence(step, &format!("{request} → {answer}"))?;
            }
            if has_iterations(trace, position) {
                maps.push(position);
            } else {
                self.result(step, "")?;
                self.error(step, "failed: ")?;
            }
        }
        while let Some(map) = maps.pop() {
            self.end_of_map(map)?;
        }
        self.ending()
    }

    fn head(&mut self, step: &Step, width: usize) -> io::Result<()> {
        let indent = "  ".repeat(step.depth);
        let name = format!("{indent}{}", step.name);
        let padding = " ".repeat(width.saturating_sub(name.chars().count()));
        let time = self.paint.dim(&format!("{:>7}", seconds(step.began)));
        let mut line = format!("{time}  {}{padding}  {:<7}", self.paint.bold(&name), step.kind);
        if let Some(action) = &step.action {
            line.push_str(&format!("  {}", action.rsplit(':').next().unwrap_or(action)));
        }
        if let Some(items) = step.items {
            line.push_str(&format!("  {}", count(items, "item", "items")));
        }
        if !step.duration.is_zero() {
            line.push_str(&format!("  took {}", seconds(step.duration)));
        }
        if let (Some(_), Some(next)) = (&step.decision, &step.next) {
            line.push_str(&format!("  → {next}"));
        }
        self.line(0, line.trim_end())
    }

    /// Why a Choice went where it went.
    fn decision(&mut self, decision: &Decision, step: &Step) -> io::Result<()> {
        let tried: Vec<_> = decision.tried().collect();
        let missed = |position: usize| {
            let (wanted, seen) = &tried[position];
            format!("rule {} wanted {}, {}", position + 1, self.trace.shown_text(wanted), self.seen(seen))
        };
        let mut lines = Vec::new();
        match decision.matched {
            Some(matched) => {
                if self.telling.values {
                    lines.extend((0..matched).map(missed));
                }
                let (wanted, seen) = &tried[matched];
                // "it was "a"" says nothing new about a rule that wanted exactly this.
                let plain =
                    matches!(&seen[..], [(path, Some(value))] if *wanted == format!("{path} == {}", short(value)));
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
        lines.iter().try_for_each(|line| self.sentence(step, line))
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

    /// What came of a Map, below its iterations and with its name, as its own line stands far above.
    fn end_of_map(&mut self, position: usize) -> io::Result<()> {
        let step = &self.trace.steps[position];
        self.result(step, &format!("{}: ", step.name))?;
        let Some(error) = &step.error else { return Ok(()) };
        let iterations = &self.trace.steps[position + 1..];
        let last = iterations.iter().take_while(|inner| inner.depth > step.depth).last();
        let failed =
            last.filter(|last| last.kind == "Fail" || last.error.as_ref().is_some_and(|e| e.cause == error.cause));
        let Some(item) = failed.and_then(|last| iteration(&last.name, &step.name)) else {
            return self.error(step, &format!("{} failed: ", step.name));
        };
        let rest = match step.items.unwrap_or(0).saturating_sub(item + 1) {
            0 => String::new(),
            1 => ", one more does not run".to_owned(),
            rest => format!(", {rest} more do not run"),
        };
        // What there is to know beside the text has been told in the iteration.
        self.failed(step, &format!("{} failed with its item [{item}]{rest}: {}", step.name, error.cause))?;
        self.caught(step)
    }

    fn result(&mut self, step: &Step, of: &str) -> io::Result<()> {
        let (true, Some(output)) = (self.telling.values, &step.output) else { return Ok(()) };
        let place = step.result_path.as_deref().map(|path| format!(" at {path}")).unwrap_or_default();
        self.value(&format!("{of}result{place}"), output, step)
    }

    fn error(&mut self, step: &Step, what: &str) -> io::Result<()> {
        let Some(error) = &step.error else { return Ok(()) };
        self.failed(step, &format!("{what}{}", error.cause))?;
        if let Some(detail) = &error.detail {
            self.sentence(step, &self.trace.shown_text(detail))?;
        }
        self.caught(step)
    }

    fn failed(&mut self, step: &Step, text: &str) -> io::Result<()> {
        let text = self.paint.red(&self.trace.shown_text(text));
        self.sentence(step, &text)
    }

    fn caught(&mut self, step: &Step) -> io::Result<()> {
        if !step.caught {
            return Ok(());
        }
        self.sentence(step, &format!("caught → {}", step.next.as_deref().unwrap_or("the end")))
    }

    fn value(&mut self, name: &str, value: &Value, step: &Step) -> io::Result<()> {
        const LINE: usize = 100;
        let value = self.trace.shown(value);
        if let Some(line) = one_line(&value).filter(|line| line.chars().count() <= LINE) {
            return self.sentence(step, &format!("{name}: {line}"));
        }
        self.sentence(step, &format!("{name}:"))?;
        let indent = " ".repeat(indentation(step) + 2);
        self.out.write_all(indent.as_bytes())?;
        value.write_json_pretty(&mut Indented { out: self.out, indent: &indent })?;
        writeln!(self.out)
    }

    fn ending(&mut self) -> io::Result<()> {
        let trace = self.trace;
        if !trace.steps.is_empty() {
            writeln!(self.out)?;
        }
        match &trace.outcome {
            Outcome::Succeeded { state, message } => {
                let word = self.paint.green("succeeded");
                self.line(0, &format!("{word} in {state}: {}", trace.shown_text(message)))?;
            }
            Outcome::Failed { state, error, cause, .. } => {
                let word = self.paint.red("failed");
                let place = state.as_ref().map(|state| format!(" in {state}")).unwrap_or_default();
                self.line(0, &format!("{word}{place}: {}", trace.shown_text(error)))?;
                for line in trace.shown_text(cause).lines() {
                    self.line(2, line)?;
                }
            }
        }
        let counts = [
            count(trace.steps.len(), "state", "states"),
            count(trace.requests.len(), "request", "requests"),
            format!("{} of the flow's time", seconds(trace.duration)),
        ];
        self.line(0, &self.paint.dim(&counts.join(", ")))?;
        if let Some(after) = trace.rerun_after {
            let after = seconds(after);
            let text = match self.telling.followed {
                true => format!("the flow runs again from its first state, after {after}"),
                false => {
                    format!("the platform would run this flow again from its first state, after {after}: --reruns")
                }
            };
            self.note(&text)?;
        }
        for note in &trace.notes {
            const NAMED: usize = 3;
            let names: Vec<&str> = note.states.iter().take(NAMED).map(|state| &**state).collect();
            let more = note.states.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.note(&format!("{}{more}: {}", names.join(", "), note.message))?;
        }
        Ok(())
    }

    fn note(&mut self, text: &str) -> io::Result<()> {
        self.line(0, &format!("{} {text}", self.paint.yellow("note:")))
    }

    /// A line below the head of a state.
    fn sentence(&mut self, step: &Step, text: &str) -> io::Result<()> {
        self.line(indentation(step), text)
    }

    fn line(&mut self, indent: usize, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}{text}", " ".repeat(indent))
    }
}

/// Whether the state is a Map of which an iteration ran.
fn has_iterations(trace: &Trace, position: usize) -> bool {
    trace.steps.get(position + 1).is_some_and(|next| next.depth > trace.steps[position].depth)
}

/// The item of `map` in whose iteration a state ran: 2 of `Each[2].Post`.
fn iteration(state: &str, map: &str) -> Option<usize> {
    state.strip_prefix(map)?.strip_prefix('[')?.split(']').next()?.parse().ok()
}

/// Where the lines below the head of a state begin.
fn indentation(step: &Step) -> usize {
    11 + 2 * step.depth
}

/// Hands on what is written, with blanks at the beginning of each further line.
struct Indented<'a> {
    out: &'a mut dyn Write,
    indent: &'a str,
}

impl Write for Indented<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.out.write_all(line)?;
            if line.ends_with(b"\n") {
                self.out.write_all(self.indent.as_bytes())?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A value on one line, unless it weighs so much that nobody wants it there: its text may take long to make.
fn one_line(value: &Value) -> Option<String> {
    const HEAVY: u64 = 10_000;
    (value.weight() < HEAVY).then(|| value.to_json())
}

/// A value in a sentence.
fn short(value: &Value) -> String {
    const LENGTH: usize = 60;
    let text = match (one_line(value), value) {
        (Some(text), _) => text,
        (None, Value::String(text)) => format!("\"{}", text.chars().take(LENGTH + 1).collect::<String>()),
        (None, Value::Array(items)) => return format!("an array of {}", count(items.len(), "item", "items")),
        (None, Value::Object(members)) => return format!("an object of {}", count(members.len(), "member", "members")),
        (None, other) => other.to_json(),
    };
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn count(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
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

    fn yellow(&self, text: &str) -> String {
        self.with("33", text)
    }

    fn green(&self, text: &str) -> String {
        self.with("32", text)
    }
}
