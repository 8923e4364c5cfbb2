//! What one computation may use: steps, memory, stack. Everything that could go on without end counts here.
//!
//! A jq program is free to loop, to build and to recurse, and the engine has no brake of its own. The engine asks for
//! its program at each step and makes all its values through [`crate::value`], so both places count. Whoever reaches a
//! limit cannot always return an error from there; the computation is unwound instead and [`within`] turns that into
//! [`Exceeded`]. Unwinding this way runs no panic hook and prints nothing.

use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// What a computation may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps of the jq engine.
    pub steps: u64,
    /// Bytes of all values made, those already dropped included.
    pub bytes: u64,
    /// Time on the wall. Steps run out first, except inside one long regular expression.
    pub time: Duration,
}

impl Default for Limits {
    /// A few seconds of work, in 64 MiB.
    fn default() -> Self {
        Self { steps: 20_000_000, bytes: 64 << 20, time: Duration::from_secs(20) }
    }
}

/// What the values of a file may take, so that the process stays below 300 MB.
pub(crate) const READING: Limits = Limits { steps: u64::MAX, bytes: 256 << 20, time: Duration::from_secs(3600) };

/// The limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// Too many steps.
    Steps,
    /// Too much memory.
    Memory,
    /// Recursion too deep.
    Stack,
    /// Arrays and objects too deep in one another.
    Depth,
    /// Too much time.
    Time,
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps => "the program takes too many steps; it may never end",
            Self::Memory => "the program needs too much memory",
            Self::Stack => "the program calls itself too deeply",
            Self::Depth => "the program nests arrays or objects too deeply",
            Self::Time => "the program takes too long",
        })
    }
}

impl std::error::Error for Exceeded {}

/// The stack that a program gets when the one at hand is not enough.
const LARGE_STACK: usize = 32 << 20;
/// The stack that must be left for what does not count, such as dropping values.
const STACK_RESERVE: usize = 160 << 10;
/// The clock and the memory of the process are looked at once in so many steps.
const STEPS_BETWEEN_LOOKS: u64 = 1 << 16;
/// Calls of functions that hand functions on to themselves: each makes a chain in memory longer, which is taken down by
/// recursion. They run on the large stack from the start.
const DEEPEST_CALLS: u64 = 100_000;

/// What is left for a computation. Each figure is a cell of its own: they are touched at every step.
struct Left {
    /// Whether a computation runs. Where none does, the figures are so large that none of them is ever used up.
    runs: Cell<bool>,
    steps: Cell<u64>,
    bytes: Cell<u64>,
    calls: Cell<u64>,
    end: Cell<Option<Instant>>,
    /// The memory of the process at the first look, and how much it may grow.
    memory: Cell<Option<u64>>,
    growth: Cell<u64>,
}

impl Left {
    const fn unlimited() -> Self {
        Self {
            runs: Cell::new(false),
            steps: Cell::new(u64::MAX),
            bytes: Cell::new(u64::MAX),
            calls: Cell::new(u64::MAX),
            end: Cell::new(None),
            memory: Cell::new(None),
            growth: Cell::new(u64::MAX),
        }
    }

    fn of(limits: Limits) -> Self {
        Self {
            runs: Cell::new(true),
            steps: Cell::new(limits.steps),
            bytes: Cell::new(limits.bytes),
            calls: Cell::new(DEEPEST_CALLS),
            end: Cell::new(Instant::now().checked_add(limits.time)),
            memory: Cell::new(None),
            growth: Cell::new(2 * limits.bytes),
        }
    }

    /// Takes from one of the figures.
    fn take(&self, figure: &Cell<u64>, count: u64, exceeded: Exceeded) {
        match figure.get().checked_sub(count) {
            Some(left) => figure.set(left),
            None if self.runs.get() => stop(exceeded),
            None => figure.set(u64::MAX),
        }
    }

    /// Exchanges all figures with those of another.
    fn swap(&self, other: &Self) {
        self.runs.swap(&other.runs);
        self.steps.swap(&other.steps);
        self.bytes.swap(&other.bytes);
        self.calls.swap(&other.calls);
        self.end.swap(&other.end);
        self.memory.swap(&other.memory);
        self.growth.swap(&other.growth);
    }
}

thread_local! {
    /// What is left for the computation on this thread.
    static LEFT: Left = const { Left::unlimited() };
}

/// The stack on which a computation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stack {
    /// The one at hand, and a large one only when that is too small.
    AtHand,
    /// A large one.
    Large,
}

/// Runs `compute` within `limits`. It may be run twice: when the stack at hand is too small, again on a large one.
pub fn within<T>(limits: Limits, stack: Stack, compute: impl Fn() -> T) -> Result<T, Exceeded> {
    let attempt = || {
        let left = Left::of(limits);
        LEFT.with(|now| now.swap(&left));
        let result = catch_unwind(AssertUnwindSafe(&compute));
        LEFT.with(|now| now.swap(&left));
        result.map_err(|payload| match payload.downcast::<Exceeded>() {
            Ok(exceeded) => *exceeded,
            Err(payload) => resume_unwind(payload),
        })
    };
    if stack == Stack::Large {
        return stacker::grow(LARGE_STACK, attempt);
    }
    match attempt() {
        Err(Exceeded::Stack) => stacker::grow(LARGE_STACK, attempt),
        result => result,
    }
}

/// Counts one step.
pub(crate) fn step() {
    steps(1);
}

/// Counts several steps.
pub(crate) fn steps(count: u64) {
    LEFT.with(|left| {
        let before = left.steps.get();
        left.take(&left.steps, count, Exceeded::Steps);
        if before / STEPS_BETWEEN_LOOKS != left.steps.get() / STEPS_BETWEEN_LOOKS {
            look(left);
        }
        if stacker::remaining_stack().is_some_and(|stack| stack < STACK_RESERVE) && left.runs.get() {
            stop(Exceeded::Stack);
        }
    });
}

/// What cannot be counted step by step: time, and the memory that the engine takes for itself.
#[cold]
fn look(left: &Left) {
    if !left.runs.get() {
        return;
    }
    if left.end.get().is_some_and(|end| Instant::now() > end) {
        stop(Exceeded::Time);
    }
    let Some(now) = process_memory() else { return };
    let first = left.memory.get().unwrap_or(now);
    left.memory.set(Some(first));
    if now > first.saturating_add(left.growth.get()) {
        stop(Exceeded::Memory);
    }
}

/// The memory of this process in bytes, on systems that tell it in a file.
fn process_memory() -> Option<u64> {
    const PAGE: u64 = 4096;
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE)
}

/// Counts a call of a function that hands functions on to itself.
pub(crate) fn deep_call() {
    LEFT.with(|left| left.take(&left.calls, 1, Exceeded::Stack));
}

/// Counts memory before it is taken.
pub(crate) fn bytes(count: usize) {
    LEFT.with(|left| left.take(&left.bytes, count as u64, Exceeded::Memory));
}

/// Ends a computation whose value became deeper than any reader or writer of JSON takes.
pub(crate) fn depth() {
    if LEFT.with(|left| left.runs.get()) {
        stop(Exceeded::Depth);
    }
}

#[cold]
fn stop(exceeded: Exceeded) -> ! {
    resume_unwind(Box::new(exceeded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_ends_the_computation_and_the_next_one_starts_afresh() {
        let limits = Limits { steps: 10, ..Limits::default() };
        let count = |steps_taken| within(limits, Stack::AtHand, || (0..steps_taken).for_each(|_| step()));
        assert_eq!(count(11), Err(Exceeded::Steps));
        assert_eq!(count(10), Ok(()));
    }

    #[test]
    fn deep_recursion_gets_a_larger_stack_and_then_ends() {
        fn down(levels: u64) -> u64 {
            step();
            if levels == 0 { 0 } else { 1 + std::hint::black_box(down(levels - 1)) }
        }
        assert_eq!(within(Limits::default(), Stack::AtHand, || down(50_000)), Ok(50_000));
        assert_eq!(within(Limits::default(), Stack::AtHand, || down(u64::MAX)), Err(Exceeded::Stack));
    }
}
