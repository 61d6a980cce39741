//! Differences as JSON.

use cors_core::{Comparison, LayeredPolicy, Report, RouteReport, Source};
use serde_json::json;

use super::{A, B, consenting};

#[test]
fn differences_can_be_written_as_json() {
    let base = |secs: u64| {
        let builder = consenting(&[A]).allow_methods(["PUT"]).allow_headers(["X-A"]);
        builder.max_age(std::time::Duration::from_secs(secs)).build_layered().unwrap()
    };
    let own = consenting(&[A, B]).allow_credentials([B]).allow_methods(["PUT"]);
    let own = own.build_layered().unwrap();
    let off = consenting(&[]).external(true).build_layered().unwrap();
    let route = |pattern: &str, policy: &LayeredPolicy| {
        RouteReport::new(pattern, vec!["PUT".to_owned()], Source::Here, policy.clone())
    };
    let before = Report::new(base(5), vec![route("/old", &off)]);
    let now = Report::new(base(60), vec![route("/x", &own)]);
    let found = serde_json::to_value(Comparison::of_reports(&before, &now)).unwrap();
    let put = json!({"route": {"pattern": "/x", "methods": ["PUT"]}});
    let x_a = json!({
        "origin": A, "with_credentials": false, "method": "PUT", "header": "X-A",
    });
    let expected = json!({
        "differences": [
            {"place": "base", "setting": "max_age", "direction": "changed", "before": 5, "now": 60},
            {
                "place": put, "new_before_as": "base",
                "setting": "allow_origins", "direction": "wider",
                "witnesses": [{"origin": B, "with_credentials": true}], "more": 0,
            },
            {
                "place": put, "new_before_as": "base",
                "setting": "allow_headers", "direction": "narrower",
                "witnesses": [x_a], "more": 0,
            },
            {
                "place": {"route": {"pattern": "/old", "methods": ["PUT"]}}, "gone_now_as": "base",
                "setting": "external", "direction": "unknown", "before": true, "now": false,
            },
        ],
        "more": 0,
    });
    assert_eq!(found, expected);
}
