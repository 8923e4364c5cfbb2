//! The language server, as an editor speaks to it.

mod client;
mod features;
mod files;
mod half_written;
mod methods;
mod projects;
mod random;
mod session;
