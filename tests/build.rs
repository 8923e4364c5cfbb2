//! `zisc build` into what is not a file.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::process::Command;

#[test]
fn a_pipe_takes_the_bundle_and_stays_a_pipe() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build-pipe");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder of ours");
    let pipe = folder.join("bundle.json");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let reader = {
        let pipe = pipe.clone();
        std::thread::spawn(move || fs::read_to_string(pipe).expect("what was written"))
    };
    let output = Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["build", "tests/examples/hello_world/main.zis", "-o"])
        .arg(&pipe)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the compiler runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::metadata(&pipe).expect("the pipe").file_type().is_fifo());
    assert!(reader.join().expect("a reader").contains("zis_template_version"));
    // A map of the source stands beside a file, and a pipe has nothing beside it.
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 1);
}
