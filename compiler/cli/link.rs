//! How the program is linked. A program at a fixed place has no 30,000 addresses to mend each time it starts: that is
//! a third of what starting and ending it takes.

#[allow(clippy::print_stdout, reason = "this is how one speaks to Cargo")]
fn main() {
    println!("cargo::rerun-if-changed=compiler/cli/link.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|known| known == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
