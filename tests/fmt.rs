//! `zisc fmt` as a user meets it: files, folders, standard input.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const UGLY: &str = "flow f( event ){ return }";
const TIDY: &str = "flow f(event) {\n  return\n}\n";
const BROKEN: &str = "flow f(event) {\n  let = 1\n}\n";

fn zisc_fmt(folder: &Path, arguments: &str, input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_zisc"))
        .arg("fmt")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    program.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads");
    program.wait_with_output().expect("the program ends")
}

/// Everything that a command prints, with its exit code.
fn told(output: &Output) -> String {
    let mut out = format!("exit code {}\n", output.status.code().expect("an exit code"));
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = String::from_utf8_lossy(bytes);
        if !text.is_empty() {
            let _ = write!(out, "--- {name}\n{text}");
        }
    }
    out
}

/// A folder with files of its own.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fmt").join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).expect("a file")
}

#[test]
fn all_sources_below_a_folder_are_formatted_in_place() {
    let folder = folder(
        "below",
        &[
            ("a.zis", UGLY),
            ("b/c.zis", UGLY),
            ("b/tidy.zis", TIDY),
            ("b/other.txt", UGLY),
            (".hidden/d.zis", UGLY),
            ("node_modules/e.zis", UGLY),
            ("target/f.zis", UGLY),
        ],
    );
    insta::assert_snapshot!("folder_changed", told(&zisc_fmt(&folder, "", "")));
    for (file, text) in [
        ("a.zis", TIDY),
        ("b/c.zis", TIDY),
        ("b/other.txt", UGLY),
        (".hidden/d.zis", UGLY),
        ("node_modules/e.zis", UGLY),
        ("target/f.zis", UGLY),
    ] {
        assert_eq!(read(&folder, file), text, "{file}");
    }
    insta::assert_snapshot!("folder_unchanged", told(&zisc_fmt(&folder, "", "")));
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 5, "nothing is left beside the files");
}

#[test]
fn check_lists_what_would_change_and_writes_nothing() {
    let folder = folder("check", &[("a.zis", UGLY), ("b/c.zis", UGLY), ("tidy.zis", TIDY)]);
    insta::assert_snapshot!("check_some", told(&zisc_fmt(&folder, "--check", "")));
    assert_eq!(read(&folder, "a.zis"), UGLY);
    insta::assert_snapshot!("check_none", told(&zisc_fmt(&folder, "--check tidy.zis", "")));
}

#[test]
fn what_does_not_parse_is_left_as_it_is() {
    let folder = folder("broken", &[("a.zis", UGLY), ("broken.zis", BROKEN)]);
    insta::assert_snapshot!("broken", told(&zisc_fmt(&folder, "broken.zis a.zis", "")));
    assert_eq!(read(&folder, "broken.zis"), BROKEN);
    assert_eq!(read(&folder, "a.zis"), TIDY);
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    let here = Path::new(ROOT);
    insta::assert_snapshot!("input", told(&zisc_fmt(here, "-", UGLY)));
    insta::assert_snapshot!("input_check", told(&zisc_fmt(here, "- --check", UGLY)));
    insta::assert_snapshot!("input_broken", told(&zisc_fmt(here, "-", BROKEN)));
    insta::assert_snapshot!("input_and_files", told(&zisc_fmt(here, "- a.zis", "")));
}

#[cfg(unix)]
#[test]
fn links_and_permissions_are_kept() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("links", &[("real/a.zis", UGLY)]);
    fs::set_permissions(folder.join("real/a.zis"), fs::Permissions::from_mode(0o640)).expect("a file of ours");
    symlink("real/a.zis", folder.join("link.zis")).expect("a link");
    assert!(zisc_fmt(&folder, "link.zis", "").status.success());
    assert_eq!(read(&folder, "real/a.zis"), TIDY);
    assert!(folder.join("link.zis").is_symlink());
    assert_eq!(fs::metadata(folder.join("real/a.zis")).expect("a file").permissions().mode() & 0o777, 0o640);
}

#[test]
fn the_examples_are_formatted() {
    let output = zisc_fmt(Path::new(ROOT), "--check tests/examples compiler/cli/new", "");
    assert_eq!(told(&output), "exit code 0\n");
}
