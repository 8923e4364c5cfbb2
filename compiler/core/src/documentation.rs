//! Where Zendesk documents what the language is made of.

use crate::catalogue::Event;

const GUIDE: &str = "https://developer.zendesk.com/documentation/integration-services/developer-guide/";
const EVENTS: &str = "https://developer.zendesk.com/api-reference/integration-services/trigger-events/";

/// Something that has a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic<'a> {
    /// A type of state.
    State(&'a str),
    /// The actions that the platform brings.
    BuiltInActions,
    /// Custom actions.
    CustomActions,
    /// An event.
    Event(&'static Event),
}

/// The address of the page about a topic.
pub fn page(topic: Topic<'_>) -> String {
    match topic {
        Topic::State(kind) => format!("{GUIDE}{}-state/", kind.to_lowercase()),
        Topic::BuiltInActions => format!("{GUIDE}zis-built-in-actions/"),
        Topic::CustomActions => format!("{GUIDE}zis-custom-actions/"),
        Topic::Event(event) => match event.entity() {
            entity @ ("ticket" | "user" | "organization" | "custom_object") => {
                format!("{EVENTS}{}-events/", entity.replace('_', "-"))
            }
            _ => EVENTS.to_owned(),
        },
    }
}
