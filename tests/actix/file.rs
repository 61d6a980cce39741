//! The base policy from a file, as the guide shows it.

use actix_web::{App, HttpResponse, web};
use cors_actix::{CorsBuilder, PolicyBuilder};

use crate::support::{APP, expect, get, serve, shared};

#[derive(serde::Deserialize)]
struct Settings {
    cors: PolicyBuilder,
}

/// The first block of the guide's page on policies that is of this language and holds this text.
fn guide(language: &str, part: &str) -> String {
    let start = format!("```{language}\n");
    let blocks = include_str!("../../docs/policies.md").split(&start).skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap());
    blocks.into_iter().find(|block| block.contains(part)).expect("a block").to_owned()
}

#[actix_web::test]
async fn the_guides_file_is_a_base_policy() {
    let settings: Settings = toml::from_str(&guide("toml", "[cors]")).unwrap();
    let cors = CorsBuilder::from(settings.cors).build().unwrap();
    let url =
        serve!(move || App::new().route("/", web::get().to(HttpResponse::Ok)).wrap(cors.clone()));
    expect(get(&url, "/", APP), 200, &shared(APP, false, "ETag")).await;
}

#[test]
fn a_wrong_file_is_refused_with_every_problem() {
    let text = "[cors]\nallow_origins = [\"app.example.com\"]\nmax_ages = 5\n";
    let settings: Settings = toml::from_str(text).unwrap();
    let errors = CorsBuilder::from(settings.cors).build().unwrap_err();
    let mut codes: Vec<&str> = errors.iter().map(cors_actix::ConfigError::code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["CORS003", "CORS060"]);
}
