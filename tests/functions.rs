//! Every function of expressions gives what its example says, through the compiler and the runtime.

use std::process::Command;
use zisc_core::FUNCTIONS;

#[test]
fn every_example_of_a_function_is_true() {
    let mut source = String::from("integration acme\n\nflow main(event) {\n");
    for function in FUNCTIONS {
        source.push_str(&format!("  let out.{} = {}\n", function.name, function.example.0));
    }
    source.push_str("}\n");
    let folder = std::env::temp_dir().join(format!("zisc-functions-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("main.zis"), &source).expect("a file");
    std::fs::write(folder.join("event.json"), "{}").expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["run", "--format", "json", "--event", "event.json", "main.zis"])
        .current_dir(&folder)
        .output()
        .expect("the program runs");
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    let trace: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(trace["outcome"]["status"], "succeeded", "{}", trace["outcome"]);
    for function in FUNCTIONS {
        let expected: serde_json::Value = serde_json::from_str(function.example.1).expect("JSON");
        assert_eq!(
            trace["final_data"]["out"][function.name], expected,
            "{} is not {}",
            function.example.0, function.example.1
        );
    }
}
