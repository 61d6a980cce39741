//! The demo with `--config`.

use std::{fs, path::PathBuf, time::Duration};

use cors_tests::{client::Request, demo::Demo};

use crate::support::{APP, send};

/// A file of that name, in which the demo's own origins are replaced.
fn file(name: &str, text: &str) -> PathBuf {
    let name = format!("cors-demo-{}-{name}", std::process::id());
    let path = std::env::temp_dir().join(name);
    fs::write(&path, text).unwrap();
    path
}

/// Each with one origin.
fn texts(origin: &str) -> [(&'static str, String); 3] {
    [
        ("a.toml", format!("allow_origins = [\"{origin}\"]")),
        ("a.json", format!("{{\"allow_origins\": [\"{origin}\"]}}")),
        ("a.yaml", format!("allow_origins: [\"{origin}\"]")),
    ]
}

async fn is_allowed(demo: &Demo, origin: &str) -> bool {
    let url = format!("http://127.0.0.1:{}/health", demo.ports.api);
    let response = send(Request::new("GET", url).header("origin", origin)).await;
    response.cors().iter().any(|line| *line == format!("access-control-allow-origin: {origin}"))
}

#[actix_web::test]
async fn a_file_in_each_format_is_the_layer_over_the_code_and_is_read_again() {
    const ONE: &str = "https://one.example.com";
    const TWO: &str = "https://two.example.com";
    for (is_signal, ((name, one), (_, two))) in
        [false, true, false].into_iter().zip(texts(ONE).into_iter().zip(texts(TWO)))
    {
        let path = file(name, &one);
        let demo = Demo::start(Demo::command().arg("--config").arg(&path));
        assert!(is_allowed(&demo, ONE).await && !is_allowed(&demo, APP).await, "{name}");
        fs::write(&path, two).unwrap();
        if is_signal {
            let pid = demo.pid().to_string();
            std::process::Command::new("kill").args(["-HUP", &pid]).status().unwrap();
        }
        let mut tries = 0;
        while !is_allowed(&demo, TWO).await {
            tries += 1;
            assert!(tries < 100, "{name} is not read again");
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(!is_allowed(&demo, ONE).await, "{name}");
        fs::remove_file(path).unwrap();
    }
}

#[test]
fn a_bad_file_ends_the_demo_with_all_that_is_wrong() {
    let rows = [
        (
            "bad.toml",
            "allow_origins = [\"app.example.com\", \"https://b.example/\"]\nmax_ag = 5",
            vec![
                "[CORS003]",
                "bad.toml:1:18: origin",
                "[CORS005]",
                "bad.toml:1:37: ",
                "[CORS060]",
                "bad.toml:2:1: ",
            ],
        ),
        ("missing.toml", "", vec!["[CORS089]"]),
        // right by itself, and wrong beside the code's credentials
        ("any.toml", "allow_origins = [\"*\"]", vec!["[CORS019]"]),
        // right by itself, and wrong for a handler
        (
            "entry.toml",
            "[[scopes]]\npath = \"/api\"\nallow_origins = [\"*\"]",
            vec!["[CORS019]", "entry.toml"],
        ),
    ];
    for (name, text, expected) in rows {
        let path = file(name, text);
        let output = Demo::command().arg("--config").arg(&path).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        for part in expected {
            assert!(said.contains(part), "{part} in {said}");
        }
        fs::remove_file(path).unwrap();
    }
}
