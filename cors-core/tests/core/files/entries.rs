//! Scopes, routes and groups of origins.

use std::time::Duration;

use cors_core::{Key, LayeredPolicy, Off, Override, Policy, RouteEntry, ScopeEntry, Source};

use super::support::{Json, Toml, Yaml, file, over_nothing};

const FILES: [(cors_core::FileFormat, &str); 3] = [
    (
        Toml,
        r#"
        allow_origins = ["https://app.example.com"]
        expose_headers = ["X-Request-Id"]

        [origin_groups]
        admin = ["https://admin.example.com", "https://*.admin.example.com"]
        none = []

        [[scopes]]
        path = "/api"
        allow_credentials = true
        add_allow_headers = ["X-A"]

        [[scopes]]
        path = "/metrics"
        disable = true

        [[routes]]
        path = "/users/{id}"
        methods = ["PUT", "PATCH"]
        remove_expose_headers = ["X-Request-Id"]
        max_age = "10m"
        disable = false

        [[routes]]
        path = "proxied"
        methods = ["*"]
        external = true
        "#,
    ),
    (
        Json,
        r#"{
        "allow_origins": ["https://app.example.com"],
        "expose_headers": ["X-Request-Id"],
        "origin_groups": {
            "admin": ["https://admin.example.com", "https://*.admin.example.com"],
            "none": []
        },
        "scopes": [
            {"path": "/api", "allow_credentials": true, "add_allow_headers": ["X-A"]},
            {"path": "/metrics", "disable": true}
        ],
        "routes": [
            {
                "path": "/users/{id}", "methods": ["PUT", "PATCH"], "remove_expose_headers": ["X-Request-Id"],
                "max_age": "10m", "disable": false
            },
            {"path": "proxied", "methods": ["*"], "external": true}
        ]
        }"#,
    ),
    (
        Yaml,
        "
allow_origins: [https://app.example.com]
expose_headers: [X-Request-Id]
origin_groups:
  admin:
    - https://admin.example.com
    - https://*.admin.example.com
  none: []
scopes:
  - path: /api
    allow_credentials: true
    add_allow_headers: [X-A]
  - path: /metrics
    disable: true
routes:
  - path: /users/{id}
    methods: [PUT, PATCH]
    remove_expose_headers: [X-Request-Id]
    max_age: 10m
    disable: false
  - path: proxied
    methods: ['*']
    external: true
",
    ),
];

/// What an entry makes of the base policy.
fn applied(base: &LayeredPolicy, scopes: &[ScopeEntry], routes: &[RouteEntry]) -> Vec<Policy> {
    let of_scopes = scopes.iter().map(|own| base.apply_scope(own, &[]));
    let of_routes = routes.iter().map(|own| base.apply_entry(own, &[]));
    of_scopes.chain(of_routes).map(|own| own.unwrap().policy().clone()).collect()
}

#[test]
fn entries_say_what_the_builders_say() {
    let code = Policy::builder()
        .allow_origins(["https://app.example.com"])
        .expose_headers(["X-Request-Id"])
        .build_layered()
        .unwrap();
    let layer = Override::builder;
    let scope = |path, layer| ScopeEntry::new(path, &layer, Source::Base).unwrap();
    let route = |path, methods: &[&str], layer| {
        RouteEntry::new(path, methods, &layer, Source::Base).unwrap()
    };
    let scopes = [
        scope("/api", layer().allow_credentials(true).add_allow_headers(["X-A"])),
        scope("/metrics", layer().disable()),
    ];
    let users = layer().remove_expose_headers(["X-Request-Id"]).max_age(Duration::from_secs(600));
    let routes = [
        route("/users/{id}", &["PUT", "PATCH"], users),
        route("/proxied", &["*"], layer().external()),
    ];
    for (format, text) in FILES {
        let base = over_nothing(format, text).build_layered().unwrap();
        assert_eq!(base.policy(), code.policy());
        let file = file(format, text);
        let (own_scopes, own_routes) = (file.scope_entries(), file.route_entries());
        let paths: Vec<&str> = own_scopes.iter().map(ScopeEntry::path).collect();
        assert_eq!(paths, ["/api", "/metrics"]);
        let of = |routes: &[RouteEntry]| -> Vec<_> {
            routes.iter().map(|own| (own.pattern().to_owned(), own.methods().cloned())).collect()
        };
        assert_eq!(of(&own_routes), of(&routes));
        let expected = applied(&code, &scopes, &routes);
        assert_eq!(applied(&base, &own_scopes, &own_routes), expected, "{format}");
        assert_eq!(
            (expected[1].off(), expected[3].off()),
            (Some(Off::Disable), Some(Off::External))
        );
    }
}

#[test]
fn groups_are_kept_with_their_places() {
    for (format, text) in FILES {
        let file = file(format, text);
        let groups: Vec<(&str, Vec<&str>)> = file
            .origin_groups()
            .iter()
            .map(|own| (&*own.name, own.origins.iter().map(|(origin, _)| &**origin).collect()))
            .collect();
        let admin = vec!["https://admin.example.com", "https://*.admin.example.com"];
        assert_eq!(groups, [("admin", admin), ("none", vec![])]);
        let [admin, _] = file.origin_groups() else { panic!("{groups:?}") };
        let places =
            [&admin.source, &admin.origins[0].1, &admin.origins[1].1].map(ToString::to_string);
        let expected = match format {
            Toml => ["cors.toml:6:9", "cors.toml:6:18", "cors.toml:6:47"],
            Json => ["cors.json:5:13", "cors.json:5:23", "cors.json:5:52"],
            _ => ["cors.yaml:5:3", "cors.yaml:6:7", "cors.yaml:7:7"],
        };
        assert_eq!(places, expected);
    }
}

/// What shows only when an entry meets the policy under it is told with the place of the entry.
#[test]
fn an_entry_that_does_not_fit_is_told_with_its_place() {
    let text = "allow_origins = [\"*\"]\n[[scopes]]\npath = \"/api\"\nallow_credentials = true";
    let base = over_nothing(Toml, text).build_layered().unwrap();
    let errors = base.apply_scope(&file(Toml, text).scope_entries()[0], &[]).unwrap_err();
    assert_eq!(
        errors.first().to_string(),
        "scope entry at cors.toml:2:1: `allow_origins = [\"*\"]` (cors.toml:1:1) cannot be combined with \
         `allow_credentials = true` (scope entry at cors.toml:2:1); list the origins, or name those that may send cookies, as in \
         `allow_credentials = [\"https://app.example.com\"]`"
    );
    let fits = base.apply_scope(&file(Toml, text.replace("true", "false")).scope_entries()[0], &[]);
    let fits = fits.unwrap();
    let source = &fits.contributions(Key::AllowCredentials)[0].source;
    assert_eq!(format!("{source}, {source:#}"), "scope entry at cors.toml:2:1, scope entry");
}
