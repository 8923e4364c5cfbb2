//! tbd
pub mod jq;
pub mod limit;
pub mod value;
pub use value::Value;
