//! What holds of the whole catalogue, and that it agrees with the reference data it was written from.

use std::collections::BTreeSet;

use super::*;

mod reference;

#[test]
fn every_event_is_found_by_its_names() {
    for event in events() {
        assert_eq!(event.name, format!("{}.{}", event.source, event.event_type));
        assert_eq!(event_named(event.name), Some(event));
        assert_eq!(super::event(event.source, event.event_type), Some(event));
        assert!(events_with_label(event.label).any(|other| other == event), "{}", event.name);
        assert!(source_names().contains(&event.source), "{}", event.name);
    }
    assert_eq!(events().len(), 64);
    assert_eq!(source_names(), ["sunshine", "support"]);
}

#[test]
fn the_source_belongs_to_the_name() {
    assert!(event("support", "customobject.CustomObjectRecordChanged").is_some());
    assert!(event("sunshine", "customobject.CustomObjectRecordChanged").is_none());
    assert!(event("sunshine", "customobject.CustomObjectChanged").is_some());
    assert!(event_named("ticket.CommentAdded").is_none());
}

#[test]
fn names_are_as_irregular_as_those_of_the_platform() {
    let label = |name| event_named(name).map(|event| event.label);
    assert_eq!(label("support.ticket.StatusChanged"), Some("Status Changed"));
    assert_eq!(label("support.ticket.TicketFormChanged"), Some("Form Changed"));
    assert_eq!(label("support.ticket.TicketTypeChanged"), Some("Ticket Type Changed"));
    assert_eq!(label("support.ticket.MarkedAsSpam"), Some("Ticket Marked as Spam"));
    assert_eq!(label("support.ticket.CcsChanged"), Some("Email CCs Changed"));
    assert_eq!(label("support.user.UserNameChanged"), Some("Name Changed"));
    assert_eq!(label("support.user.LastLoginChanged"), Some("Last Login Changed"));
    assert_eq!(label("support.user.UserIdentityRemoved"), Some("Identity Deleted"));
    assert_eq!(label("support.user.UserIsActiveChanged"), Some("Active Status Changed"));
}

#[test]
fn record_names_and_field_names_are_unique() {
    let names: BTreeSet<_> = records().iter().map(|record| record.name).collect();
    assert_eq!(names.len(), records().len());
    for record in records() {
        let fields: BTreeSet<_> = record.fields.iter().map(|field| field.name).collect();
        assert_eq!(fields.len(), record.fields.len(), "{}", record.name);
        assert!(!record.summary.is_empty(), "{}", record.name);
        assert!(record.fields.iter().all(|field| !field.summary.is_empty()), "{}", record.name);
    }
}

#[test]
fn a_payload_holds_the_root_and_below_it_the_label() {
    for event in events() {
        let payload = event.payload.record().expect("a payload is a record");
        assert_eq!(payload.name, event.name);
        let [root] = payload.fields else { panic!("{} has not one root", event.name) };
        assert_eq!((root.name, root.shape), (event.root, Shape::Record(event.body)));
        let label = event.body.field("type").expect("every event has a label");
        assert_eq!((label.shape, label.optional), (Shape::Literal(event.label), false));
    }
}

#[test]
fn aliases_name_no_event_and_lead_to_theirs() {
    for event in events() {
        for alias in event.aliases {
            assert_eq!(super::event(event.source, alias), None, "{alias}");
            assert_eq!(nearest_event(event.source, alias), Some(event), "{alias}");
        }
    }
}

#[test]
fn the_nearest_event_is_found() {
    let meant = |source, event_type| nearest_event(source, event_type).map(|event| event.name);
    // Slips, in either part, and half a name.
    assert_eq!(meant("support", "ticket.StautsChanged"), Some("support.ticket.StatusChanged"));
    assert_eq!(meant("support", "ticket.stauts"), Some("support.ticket.StatusChanged"));
    assert_eq!(meant("support", "tikcet.CommentAdded"), Some("support.ticket.CommentAdded"));
    assert_eq!(meant("support", "ticket.priority_changed"), Some("support.ticket.PriorityChanged"));
    assert_eq!(meant("support", "user.userrolechanged"), Some("support.user.UserRoleChanged"));
    // The right type of the wrong source, and of none.
    assert_eq!(meant("support", "customobject.CustomObjectChanged"), Some("sunshine.customobject.CustomObjectChanged"));
    assert_eq!(meant("suport", "ticket.TicketCreated"), Some("support.ticket.TicketCreated"));
    // The same name in the same family wins.
    assert_eq!(meant("support", "organization.TagChanged"), Some("support.organization.TagsChanged"));
    // Names that are only alike in their ending.
    assert_eq!(meant("support", "ticket.NameChanged"), None);
    assert_eq!(meant("support", "ticket."), None);
    assert_eq!(meant("support", "ticket"), None);
    assert_eq!(meant("", ""), None);
    assert_eq!(meant("tsunami", "alarm.Raised"), None);
}

#[test]
fn the_nearest_field_is_found() {
    let created = event_named("support.ticket.TicketCreated").unwrap();
    let ticket = created.body.field("ticket").unwrap().shape.record().unwrap();
    assert!(ticket.closed);
    assert_eq!(ticket.nearest_field("stauts").unwrap().name, "status");
    assert_eq!(ticket.nearest_field("requestor_id").unwrap().name, "requester_id");
    assert_eq!(ticket.nearest_field("description"), None);
}

#[test]
fn shapes_are_shown_in_the_notation_of_the_language() {
    let field = |event, path: &[&str]| {
        let mut record = event_named(event).unwrap().body;
        let (last, around) = path.split_last().unwrap();
        for name in around {
            record = record.field(name).unwrap().shape.record().unwrap();
        }
        record.field(last).unwrap().shape.to_string()
    };
    assert_eq!(field("support.ticket.TicketCreated", &["ticket", "assignee_id"]), "int | null");
    assert_eq!(field("support.ticket.TicketCreated", &["ticket", "tags"]), "string[]");
    assert_eq!(field("support.ticket.TicketCreated", &["ticket", "created_at"]), "timestamp");
    assert_eq!(field("support.ticket.TicketCreated", &["meta", "sequence"]), "EventSequence");
    assert_eq!(field("support.ticket.TicketCreated", &["type"]), "\"Ticket Created\"");
    assert_eq!(field("sunshine.activity.UserActivityCreated", &["user_activity", "properties"]), "{ [string]: any }");
    assert_eq!(Shape::Array(&Shape::Union(&[Shape::Int, Shape::Null])).to_string(), "(int | null)[]");
}

#[test]
fn confidence_follows_the_event_and_not_what_it_shares() {
    let changed = event_named("support.ticket.BrandChanged").unwrap();
    assert_eq!(changed.confidence, Confidence::Inferred);
    assert_eq!(changed.body.confidence, Confidence::Inferred);
    assert_eq!(changed.body.field("current").unwrap().confidence, Confidence::Inferred);
    assert_eq!(changed.body.field("ticket").unwrap().confidence, Confidence::Documented);

    let organization = event_named("support.organization.CustomFieldChanged").unwrap();
    assert_eq!(organization.name_confidence, Confidence::Inferred);
    assert_eq!(organization.confidence, Confidence::Documented);
}
