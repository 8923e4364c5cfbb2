//! The `zisc` binary.
fn main() {}
