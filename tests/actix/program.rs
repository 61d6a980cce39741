//! The demo as a program: its check, the environment, and what it says when something is wrong.

use std::{net::TcpListener, process::Output};

use cors_tests::demo::{Demo, Ports};

use crate::support::{APP, expect, get, preflight, refused, refused_preflight, send, shared};

fn text(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(text).unwrap()
}

#[test]
fn the_check_passes_and_shows_table_addresses_and_calls() {
    let output = Demo::command().arg("--check").output().unwrap();
    let text = text(&output);
    assert!(output.status.success(), "{text}");
    let Ports { api, page } = Ports::said(&text).expect("both ports");
    assert!(api != 0 && page != 0 && api != page, "{text}");
    for part in [
        "DELETE /api/users/{id}".to_owned(),
        r"PATCH /tenants/{tenant}/files/{name:[a-z]+\.txt}".to_owned(),
        format!("page  http://localhost:{page}  (or http://127.0.0.1:{page})"),
        format!("curl -i http://127.0.0.1:{api}/api/users/1 -H 'Origin: http://localhost:{page}'"),
        "24 passed, 0 failed".to_owned(),
    ] {
        assert!(text.contains(&part), "{part} is not in\n{text}");
    }
}

#[test]
fn the_check_fails_where_the_answers_differ() {
    let mut command = Demo::command();
    let output = command.arg("--check").env("CORS_EXPOSE_HEADERS", "").output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output).contains("x-request-id cannot be read"), "{}", text(&output));
}

#[actix_web::test]
async fn the_environment_replaces_parts_of_the_base_policy() {
    let mut command = Demo::command();
    command
        .env("CORS_ALLOWED_ORIGINS", "https://env.example, ,https://*.env.example")
        .env("CORS_ALLOW_METHODS", "PUT")
        .env("CORS_ALLOW_HEADERS", "X-Env")
        .env("CORS_EXPOSE_HEADERS", "X-Seen")
        .env("CORS_ALLOW_CREDENTIALS", "false")
        .env("CORS_MAX_AGE", "1h");
    let demo = Demo::start(&mut command);
    let url = format!("http://127.0.0.1:{}", demo.ports.api);
    for origin in ["https://env.example", "https://a.env.example"] {
        expect(get(&url, "/health", origin), 200, &shared(origin, false, "X-Seen")).await;
    }
    expect(get(&url, "/health", APP), 200, &refused()).await;
    let answer = send(preflight(&url, "/health", "https://env.example", "PUT", "x-env")).await;
    let values =
        ["methods", "headers"].map(|name| answer.get(&format!("access-control-allow-{name}")));
    assert_eq!(
        values.each_ref().map(Option::as_deref),
        [Some("GET, HEAD, POST, PUT"), Some("X-Env")]
    );
    assert_eq!(answer.get("access-control-max-age").as_deref(), Some("3600"));
    // set in the base policy, the methods limit the annotated routes too
    let request = preflight(&url, "/api/users/1", "https://env.example", "DELETE", "");
    expect(request, 403, &refused_preflight()).await;
}

#[actix_web::test]
async fn the_environment_leaves_cors_to_another_layer_or_turns_it_off() {
    let path = "/api/users/1";
    let rows = [
        ("CORS_EXTERNAL", vec![], 204, vec![]),
        ("CORS_DISABLE", refused(), 403, refused_preflight()),
    ];
    for (variable, actual, status, asked) in rows {
        let demo = Demo::start(Demo::command().env(variable, "true"));
        let url = format!("http://127.0.0.1:{}", demo.ports.api);
        expect(get(&url, "/health", APP), 200, &actual).await;
        expect(preflight(&url, path, APP, "DELETE", ""), status, &asked).await;
    }
}

#[test]
fn what_is_wrong_in_the_environment_is_named() {
    let rows = [
        (
            "CORS_ALLOW_ORIGINS",
            "https://a.example,b.example",
            "CORS_ALLOW_ORIGINS: origin `b.example`",
        ),
        ("API_ADDR", "nowhere", "API_ADDR: cannot listen on `nowhere`"),
    ];
    for (variable, value, message) in rows {
        let output = Demo::command().env(variable, value).output().unwrap();
        assert!(!output.status.success());
        assert!(text(&output).contains(message), "{}", text(&output));
    }
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = Demo::command().env("API_ADDR", address).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output).contains("API_ADDR: cannot listen on"), "{}", text(&output));
}
