//! Runs ZIS bundle JSON on this machine: ours, or anybody's.
//!
//! ```
//! use zisc_bundle::Bundle;
//! use zisc_runtime::{Account, NoHttp, Runtime, Time, Value, World};
//!
//! let text = r#"{
//!   "zis_template_version": "2019-10-14",
//!   "name": "hello",
//!   "resources": {
//!     "greet": {
//!       "type": "ZIS::Flow",
//!       "properties": {
//!         "name": "greet",
//!         "definition": {
//!           "StartAt": "Done",
//!           "States": { "Done": { "Type": "Succeed", "Message": "Hello {{$.input.name}}" } }
//!         }
//!       }
//!     }
//!   }
//! }"#;
//! let (bundle, problems) = Bundle::read(text);
//! assert!(problems.is_empty());
//! let runtime = Runtime::load(&bundle).expect("every path and action is there");
//!
//! let mut world = World { account: Account::default(), http: NoHttp, time: Time::Virtual };
//! let payload = Value::from_json_text(r#"{ "name": "Ann" }"#)?;
//! let event = runtime.event(payload, &world.account);
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let trace = runtime.run("greet", &event, &mut world).await.expect("the bundle has this flow");
//! assert!(trace.outcome.is_success());
//! assert!(trace.to_json().to_json().contains("Hello Ann"));
//! # });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is here: the data of a flow ([`Value`]), the states and actions, the jq engine ([`jq`]), the outside as a trait
//! ([`Http`]) with recorded answers ([`Exchanges`]), the local [`Account`], and what happened as data ([`Trace`]).
//! Where the platform's behaviour is documented the code says by which page; where it is a guess the code says so.
//!
//! What is not here: anything of the `.zis` language, any judgement about a bundle that could be made without running
//! it, and printing for people.

mod account;
mod actions;
mod choice;
mod data;
mod error;
mod event;
mod http;
#[cfg(feature = "live")]
mod identity;
pub mod jq;
pub mod limit;
mod load;
mod machine;
mod missing;
pub mod platform;
mod rerun;
mod run;
mod runtime;
mod secrets;
mod states;
mod template;
mod trace;
pub mod value;

pub use account::{Account, Connection, Credential};
pub use error::{ErrorAnswer, ErrorName, StateError, Stop};
pub use event::Event;
#[cfg(feature = "live")]
pub use http::Live;
pub use http::{
    Body, Difference, Exchanges, Header, Http, Mismatch, NoHttp, Recording, Request, Response, SendError, Unanswered,
};
pub use platform::Platform;
pub use runtime::{RunLimits, Runtime, Time, World};
pub use trace::{Decision, Note, Outcome, SentRequest, Step, Trace};
pub use value::Value;
