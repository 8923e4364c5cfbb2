//! The events of Zendesk that can start a flow, and what each of them carries.
//!
//! A job names an event by its source and its type; the language writes both with a dot between them:
//!
//! ```
//! use zisc_core::catalogue;
//!
//! let event = catalogue::event_named("support.ticket.CommentAdded").expect("the catalogue has it");
//! assert_eq!((event.source, event.event_type), ("support", "ticket.CommentAdded"));
//! assert_eq!(event.label, "Comment Created");
//!
//! let comment = event.body.field("comment").expect("the event carries the comment");
//! assert_eq!(comment.shape.to_string(), "Comment");
//! ```
//!
//! Everything here is a table made at build time from `data/events.json`: nothing is read or allocated when the program
//! starts. What is not here: the events of inbound webhooks, whose shape only the project knows, and any judgement
//! about how a program uses an event.

use std::fmt;

#[cfg(test)]
mod tests;

/// An event that can start a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// How the language writes the event: `support.ticket.CommentAdded`.
    pub name: &'static str,
    /// The `event_source` of a job: `support`.
    pub source: &'static str,
    /// The `event_type` of a job: `ticket.CommentAdded`.
    pub event_type: &'static str,
    /// The text that the payload has under `type`: `Comment Created`. Several events may have the same.
    pub label: &'static str,
    /// The one field of the payload, under which everything else stands: `ticket_event`.
    pub root: &'static str,
    /// When the event fires, in a sentence or two.
    pub summary: &'static str,
    /// Types that do not exist but that people write when they mean this event.
    pub aliases: &'static [&'static str],
    /// Whether Zendesk documents the source and type of the event.
    pub name_confidence: Confidence,
    /// Whether Zendesk documents what the event carries.
    pub confidence: Confidence,
    /// The type of `$.input`: a record with the root as its only field.
    pub payload: &'static Shape,
    /// The record under the root: the type of `$.input.ticket_event`.
    pub body: &'static Record,
}

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Nothing is known, or it depends on the account.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number without a fraction; ids need 64 bits.
    Int,
    /// Any number.
    Number,
    /// Any text.
    String,
    /// A text that is an instant, such as `2021-08-12T08:46:37Z`.
    Timestamp,
    /// This text and no other.
    Literal(&'static str),
    /// A list.
    Array(&'static Shape),
    /// An object with keys that cannot be known here, each with such a value.
    Map(&'static Shape),
    /// One of these.
    Union(&'static [Shape]),
    /// An object with known fields.
    Record(&'static Record),
}

/// An object with known fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// No other record has it. A record that belongs to one event is named after it: `support.ticket.CommentAdded` for
    /// the payload, `support.ticket.CommentAdded.ticket_event` for what is under the root.
    pub name: &'static str,
    /// What the object is.
    pub summary: &'static str,
    /// Whether the fields are believed to be all there are, so that reading another one is a mistake.
    pub closed: bool,
    /// Whether Zendesk documents which fields there are.
    pub confidence: Confidence,
    /// The known fields.
    pub fields: &'static [Field],
}

/// One field of a [`Record`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// The type of the value.
    pub shape: Shape,
    /// Whether the key may be missing. A key that is there with `null` is a matter of the shape.
    pub optional: bool,
    /// What the value means.
    pub summary: &'static str,
    /// Texts that the field is known to hold; empty where there is no such list.
    pub known_values: &'static [&'static str],
    /// Whether the field holds no text that is not in `known_values`.
    pub known_values_complete: bool,
    /// Whether Zendesk documents the field.
    pub confidence: Confidence,
    /// The shape has `null` only because nothing rules it out: none has been seen. Not worth a finding.
    pub null_is_precaution: bool,
}

/// How well something is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// Zendesk documents it.
    Documented,
    /// It follows from similar events, or was seen in use.
    Inferred,
}

/// Every event, family by family.
pub fn events() -> &'static [Event] {
    table::EVENTS
}

/// The event that a job means by this source and type.
pub fn event(source: &str, event_type: &str) -> Option<&'static Event> {
    events().iter().find(|event| event.source == source && event.event_type == event_type)
}

/// The event that the language writes like this: `support.ticket.CommentAdded`.
pub fn event_named(name: &str) -> Option<&'static Event> {
    events().iter().find(|event| event.name == name)
}

/// The events whose payload has this text under `type`.
///
/// ```
/// let names: Vec<_> = zisc_core::catalogue::events_with_label("External ID Changed").map(|event| event.name).collect();
/// assert_eq!(names, [
///     "support.ticket.ExternalIdChanged",
///     "support.user.ExternalIdChanged",
///     "support.organization.ExternalIdChanged",
/// ]);
/// ```
pub fn events_with_label(label: &str) -> impl Iterator<Item = &'static Event> {
    events().iter().filter(move |event| event.label == label)
}

/// The event that was probably meant by a source and type that name none.
///
/// A type of another source comes first, then known wrong names, then the nearest name.
///
/// ```
/// use zisc_core::catalogue::nearest_event;
///
/// let meant = |source, event_type| nearest_event(source, event_type).map(|event| event.name);
/// assert_eq!(meant("support", "ticket.Created"), Some("support.ticket.TicketCreated"));
/// assert_eq!(meant("support", "ticket.StautsChanged"), Some("support.ticket.StatusChanged"));
/// assert_eq!(meant("support", "ticket.Exploded"), None);
/// ```
pub fn nearest_event(source: &str, event_type: &str) -> Option<&'static Event> {
    // An event of the same source wins over an equally good one of another.
    let (mut candidates, elsewhere): (Vec<&Event>, Vec<&Event>) =
        events().iter().partition(|event| event.source == source);
    candidates.extend(elsewhere);

    let is_meant = |name: &str| name.eq_ignore_ascii_case(event_type);
    candidates
        .iter()
        .find(|event| is_meant(event.event_type))
        .or_else(|| candidates.iter().find(|event| event.aliases.iter().any(|alias| is_meant(alias))))
        .copied()
        .or_else(|| event_with_nearest_name(event_type, &candidates))
}

/// The type of `$` when a flow starts. The event itself is the field `input`, which is `any` here: its type is the
/// [`payload`](Event::payload) of the event.
pub fn envelope() -> &'static Record {
    table::ENVELOPE
}

/// Every record: those that events share, then those that belong to one event.
pub fn records() -> &'static [&'static Record] {
    table::RECORDS
}

/// The sources that events have, in alphabetical order. Any other source is that of an inbound webhook.
pub fn source_names() -> &'static [&'static str] {
    table::SOURCES
}

impl Event {
    /// What the event is about, the part of the type before the dot: `ticket`.
    pub fn entity(&self) -> &'static str {
        split_type(self.event_type).0
    }
}

impl Record {
    /// The field with this key.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field that was probably meant by a key that names none.
    ///
    /// ```
    /// let event = zisc_core::catalogue::event_named("support.ticket.TicketCreated").expect("the catalogue has it");
    /// let ticket = event.body.field("ticket").and_then(|field| field.shape.record()).expect("it carries the ticket");
    /// assert_eq!(ticket.nearest_field("stauts").map(|field| field.name), Some("status"));
    /// ```
    pub fn nearest_field(&self, name: &str) -> Option<&'static Field> {
        self.field(zisc_bundle::nearest(name, self.fields.iter().map(|field| field.name))?)
    }
}

impl Shape {
    /// The record, where the shape is one.
    pub fn record(&self) -> Option<&'static Record> {
        if let Shape::Record(record) = self { Some(record) } else { None }
    }
}

/// The notation of the language; a record is shown by its name.
impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Any => formatter.write_str("any"),
            Shape::Null => formatter.write_str("null"),
            Shape::Bool => formatter.write_str("bool"),
            Shape::Int => formatter.write_str("int"),
            Shape::Number => formatter.write_str("number"),
            Shape::String => formatter.write_str("string"),
            Shape::Timestamp => formatter.write_str("timestamp"),
            Shape::Literal(text) => write!(formatter, "{text:?}"),
            Shape::Array(item @ Shape::Union(_)) => write!(formatter, "({item})[]"),
            Shape::Array(item) => write!(formatter, "{item}[]"),
            Shape::Map(item) => write!(formatter, "{{ [string]: {item} }}"),
            Shape::Union(members) => {
                for (index, member) in members.iter().enumerate() {
                    let separator = if index == 0 { "" } else { " | " };
                    write!(formatter, "{separator}{member}")?;
                }
                Ok(())
            }
            Shape::Record(record) => formatter.write_str(record.name),
        }
    }
}

/// Compares entity with entity and name with name, so that neither a long entity nor the ending `Changed`, which half
/// of the names have, makes two names look alike.
fn event_with_nearest_name(wanted: &str, candidates: &[&'static Event]) -> Option<&'static Event> {
    let (wanted_entity, wanted_name) = split_type(wanted);
    let entity = zisc_bundle::nearest(wanted_entity, candidates.iter().map(|event| event.entity()))?;

    let mut names: Vec<(&str, &'static Event)> = Vec::new();
    for event in candidates {
        for candidate in [event.event_type].iter().chain(event.aliases) {
            let (of, name) = split_type(candidate);
            if of == entity {
                names.extend([(name, *event), (stem(name), *event)]);
            }
        }
    }
    let nearest = zisc_bundle::nearest(stem(wanted_name), names.iter().map(|(name, _)| *name))?;
    names.iter().find(|(name, _)| *name == nearest).map(|(_, event)| *event)
}

/// `ticket.StatusChanged` is `ticket` and `StatusChanged`.
fn split_type(event_type: &str) -> (&str, &str) {
    event_type.split_once('.').unwrap_or((event_type, ""))
}

/// `StatusChanged` and `status_changed` are about `Status`.
fn stem(name: &str) -> &str {
    let ending = "changed";
    match name.len().checked_sub(ending.len()).and_then(|end| name.split_at_checked(end)) {
        Some((stem, found)) if found.eq_ignore_ascii_case(ending) => stem.trim_end_matches('_'),
        _ => name,
    }
}

mod table {
    use super::{Confidence, Event, Field, Record, Shape};

    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}
