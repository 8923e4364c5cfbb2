//! tbd

pub mod catalogue;
