//! JSON that is kept as it stands: as a state, as a resource, or merged into one.

use crate::json::{Json, Member, Value};
use crate::read::Reader;
use crate::{Placed, Resource, ResourceKind, State, StateKind};

impl State {
    /// The state that `json` is. Writing it gives the same JSON again, whatever it is.
    pub fn raw(name: Placed<String>, json: &Json) -> Self {
        let typed = Reader::default().state(&name, json);
        match typed.to_json().same(json) {
            true => typed,
            false => {
                let kind = StateKind::Unknown(json.clone());
                Self { name, comment: None, kind, extra: Vec::new(), span: json.span }
            }
        }
    }

    /// The state with the members of `extra` merged in.
    pub fn with_extra(self, extra: &Json) -> Self {
        let span = self.span;
        Self { span, ..Self::raw(self.name.clone(), &self.to_json().merged(extra)) }
    }
}

impl Resource {
    /// The resource that `json` is. Writing it gives the same JSON again, whatever it is.
    pub fn raw(key: Placed<String>, json: &Json) -> Self {
        let typed = Reader::default().resource(&key, json);
        match typed.to_json().same(json) {
            true => typed,
            false => Self { key, kind: ResourceKind::Unknown(json.clone()), extra: Vec::new(), span: json.span },
        }
    }

    /// The resource with the members of `extra` merged in.
    pub fn with_extra(self, extra: &Json) -> Self {
        let span = self.span;
        Self { span, ..Self::raw(self.key.clone(), &self.to_json().merged(extra)) }
    }
}

impl Json {
    /// This value with another one laid over it: objects are merged member by member, anything else is replaced.
    pub fn merged(&self, over: &Json) -> Json {
        let (Value::Object(members), Value::Object(additions)) = (&self.value, &over.value) else {
            return over.clone();
        };
        let mut members = members.clone();
        for addition in additions {
            match members.iter_mut().find(|member| *member.key == *addition.key) {
                Some(member) => member.value = member.value.merged(&addition.value),
                None => members.push(Member { key: addition.key.clone(), value: addition.value.clone() }),
            }
        }
        Json::new(Value::Object(members), self.span)
    }
}
