//! Merging as rows: what is inherited, what a layer says, what comes out.

use std::time::Duration;

use cors_core::{
    Key, LayeredPolicy, Location, Method, Operator, Override, Policy, PolicyBuilder, Setting,
    Source, Value,
};

use Operator::{Add, Remove, Set};

static PLACE: Location = Location { handler: "shop::rates", file: "src/shop.rs", line: 12 };

const fn setting<'a>(key: &'a str, operator: Operator, value: Value<'a>) -> Setting<'a> {
    Setting { key, operator, value }
}

fn apply(base: &PolicyBuilder, settings: &[Setting<'_>]) -> Result<LayeredPolicy, String> {
    let source = Source::Attribute(&PLACE);
    let base = base.build_layered().map_err(|errors| errors.to_string())?;
    let layer = Override::from_settings(settings, &source).map_err(|errors| errors.to_string())?;
    let methods: [Method; 2] = ["GET", "DELETE"].map(|method| method.parse().unwrap());
    base.apply(&layer, &source, &methods).map_err(|errors| errors.to_string())
}

fn base() -> PolicyBuilder {
    listing("*")
}

fn listing(name: &str) -> PolicyBuilder {
    Policy::builder()
        .allow_origins(["https://a.example", "https://b.example"])
        .allow_headers(["X-A", "X-B"])
        .expose_headers([name])
        .max_age(Duration::from_secs(60))
}

#[test]
fn operators_set_add_to_and_take_from_what_is_inherited() {
    use Value::{List, Number, Text};
    let table: [(Setting<'_>, Key, Option<&str>); 16] = [
        (
            setting("allow_origins", Set, List(&["https://c.example"])),
            Key::AllowOrigins,
            Some("https://c.example"),
        ),
        (
            setting("allow_origins", Add, List(&["https://c.example", "https://a.example"])),
            Key::AllowOrigins,
            Some("https://a.example, https://b.example, https://c.example"),
        ),
        (
            setting("allow_origins", Remove, List(&["https://a.example", "https://x.example"])),
            Key::AllowOrigins,
            Some("https://b.example"),
        ),
        (setting("allow_origins", Set, List(&["*"])), Key::AllowOrigins, Some("*")),
        (setting("allow_origins", Set, List(&[])), Key::AllowOrigins, None),
        // names are compared without regard to case, and each is sent once
        (
            setting("allow_headers", Add, List(&["x-a", "X-C"])),
            Key::AllowHeaders,
            Some("X-A, X-B, X-C"),
        ),
        (setting("allow_headers", Remove, List(&["x-b"])), Key::AllowHeaders, Some("X-A")),
        // all is all
        (setting("expose_headers", Add, List(&["ETag"])), Key::ExposeHeaders, Some("*")),
        (setting("expose_headers", Set, List(&["ETag"])), Key::ExposeHeaders, Some("ETag")),
        // unset methods are those of the route
        (
            setting("allow_methods", Add, List(&["PUT"])),
            Key::AllowMethods,
            Some("DELETE, GET, PUT"),
        ),
        (setting("allow_methods", Remove, List(&["DELETE"])), Key::AllowMethods, Some("GET")),
        (setting("allow_methods", Set, List(&["DELETE"])), Key::AllowMethods, Some("DELETE")),
        (setting("max_age", Set, Text("2m")), Key::MaxAge, Some("120 s")),
        (setting("max_age", Set, Number(5)), Key::MaxAge, Some("5 s")),
        (setting("max_age", Set, Number(5)), Key::AllowHeaders, Some("X-A, X-B")),
        (setting("allow_headers", Set, List(&["X-C"])), Key::MaxAge, Some("60 s")),
    ];
    for (setting, key, expected) in table {
        let merged = apply(&base(), std::slice::from_ref(&setting)).unwrap();
        assert_eq!(merged.policy().value_of(key).as_deref(), expected, "{setting:?}");
    }
}

#[test]
fn what_must_not_stand_together_is_refused_with_both_places() {
    use Value::{Flag, List};
    let sessions = listing("X-A").allow_credentials(true);
    let null = Policy::builder().allow_origins(["null"]).dangerously_allow_null_origin(true);
    let insecure = Policy::builder().allow_origins(["http://a.example"]);
    let credentials = setting("allow_credentials", Set, Flag(true));
    let table: [(PolicyBuilder, Setting<'_>, &str); 9] = [
        (
            sessions.clone(),
            setting("allow_origins", Set, List(&["*"])),
            "[CORS019] #[cors] on `shop::rates` at src/shop.rs:12: `allow_origins = [\"*\"]` \
             (here) cannot be combined with \
             `allow_credentials = true` (base policy); list the origins, or name those that may send cookies, \
             as in `allow_credentials = [\"https://app.example.com\"]`",
        ),
        (
            base(),
            credentials.clone(),
            "[CORS020] #[cors] on `shop::rates` at src/shop.rs:12: `expose_headers = [\"*\"]` \
             (base policy) means nothing beside `allow_credentials` (here); list the headers, or set \
             `dangerously_expose_any_header = true` in its place",
        ),
        (
            null,
            credentials.clone(),
            "[CORS016] #[cors] on `shop::rates` at src/shop.rs:12: origin `null` (base policy) \
             cannot be combined with `allow_credentials = true` (here); leave `null` out, or set `allow_credentials = false`",
        ),
        (
            insecure.clone(),
            credentials.clone(),
            "[CORS017] #[cors] on `shop::rates` at src/shop.rs:12: origin `http://a.example` \
             (base policy) is not https while `allow_credentials = true` (here); write `https://a.example`, or set \
             `dangerously_allow_insecure_origins = true` in the base policy",
        ),
        (
            sessions.clone(),
            setting("allow_origins", Add, List(&["https://*.github.io"])),
            "[CORS021] #[cors] on `shop::rates` at src/shop.rs:12: origin `https://*.github.io` \
             (here) covers names that anybody can register, such as `attacker.github.io`, while `allow_credentials = true` (base \
             policy); list your own, or set `dangerously_allow_public_suffixes = true` in the base \
             policy",
        ),
        (
            sessions,
            setting("allow_origins", Add, List(&["null"])),
            "[CORS016] #[cors] on `shop::rates` at src/shop.rs:12: origin `null` (here) cannot be combined with `allow_credentials = true` \
             (base policy); leave `null` out, or set `allow_credentials = false`",
        ),
        (
            base(),
            setting("allow_origins", Add, List(&["null"])),
            "[CORS015] #[cors] on `shop::rates` at src/shop.rs:12: origin `null` is shared by \
             unrelated pages (sandboxed frames, files); leave it out, or set \
             `dangerously_allow_null_origin = true` in the base policy",
        ),
        (
            base(),
            setting("expose_headers", Remove, List(&["ETag"])),
            "[CORS065] #[cors] on `shop::rates` at src/shop.rs:12: `expose_headers -= [\"ETag\"]` \
             has nothing to take from the inherited `*` (base policy); set the list with `=`",
        ),
        (
            base(),
            setting("allow_origins", Add, List(&["*"])),
            "[CORS064] #[cors] on `shop::rates` at src/shop.rs:12: `*` cannot be added to or \
             taken from `allow_origins`; to allow all write `allow_origins = [\"*\"]`",
        ),
    ];
    for (base, setting, message) in table {
        assert_eq!(apply(&base, &[setting]).unwrap_err(), message);
    }
    // with consent, and where nothing is shared at all, there is no conflict
    let consenting = insecure.dangerously_allow_insecure_origins(true);
    assert!(apply(&consenting, std::slice::from_ref(&credentials)).is_ok());
    let public = Policy::builder().allow_origins(["https://*.github.io"]);
    assert!(apply(&public, &[]).is_ok(), "no worse than any origin without credentials");
    let consenting = public.dangerously_allow_public_suffixes(true);
    assert!(apply(&consenting, &[credentials]).is_ok());
    let off = base().build_layered().unwrap();
    let off = off.apply(&Override::disable(), &Source::Base, &[]).unwrap();
    let layer = [setting("allow_credentials", Set, Flag(true))];
    let layer = Override::from_settings(&layer, &Source::Base).unwrap();
    assert!(off.apply(&layer, &Source::Base, &[]).is_ok());
}

#[test]
fn every_problem_of_a_builder_comes_at_once_in_order() {
    let errors = Policy::builder()
        .max_age(Duration::from_millis(1500))
        .expose_headers(["Set-Cookie"])
        .allow_headers(["X A", "X|A"])
        .allow_methods(["TRACE"])
        .allow_origins(["https://a.example/", "null", "b.example"])
        .from_env_with(|name| (name == "CORS_MAX_AGE").then(|| "soon".into()))
        .build()
        .unwrap_err();
    let codes: Vec<&str> = errors.iter().map(cors_core::ConfigError::code).collect();
    assert_eq!(
        codes,
        [
            "CORS050", "CORS042", "CORS040", "CORS044", "CORS031", "CORS005", "CORS003", "CORS050",
            "CORS015"
        ]
    );
    assert_eq!((&errors).into_iter().count(), codes.len());
    assert_eq!(errors.clone().into_iter().count(), codes.len());
    let elements: Vec<Option<u32>> = errors.iter().map(|error| error.element).collect();
    assert_eq!(elements[..5], [None, Some(0), Some(0), Some(1), Some(0)]);
}

#[test]
fn the_order_of_lists_and_calls_does_not_matter() {
    let one = base();
    let other = Policy::builder()
        .max_age(Duration::from_secs(60))
        .expose_headers(["*"])
        .allow_headers(["X-B", "X-A", "X-B"])
        .allow_origins(["https://b.example", "https://a.example"]);
    assert_eq!(one.build(), other.build());
}

#[test]
fn the_default_policy_allows_nothing() {
    let policy = Policy::builder().build().unwrap();
    assert_eq!(policy, Policy::default());
    assert!(Key::ALL.iter().all(|key| policy.value_of(*key).is_none()));
}

/// Each layer is right by itself, and the two together are not, whichever comes first.
#[test]
fn exposing_all_and_credentials_do_not_meet_in_an_override() {
    let exposing = setting("expose_headers", Set, Value::List(&["*"]));
    let credentials = setting("allow_credentials", Set, Value::Flag(true));
    let rows =
        [(listing("X-E").allow_credentials(true), exposing.clone()), (base(), credentials.clone())];
    for (base, own) in rows {
        let error = apply(&base, &[own]).unwrap_err();
        assert!(error.starts_with("[CORS020]"), "{error}");
    }
    assert!(apply(&base(), &[exposing]).is_ok());
    assert!(apply(&listing("X-E"), &[credentials]).is_ok());
}

/// What one layer says against itself is wrong whatever it is laid over.
#[test]
fn a_layer_is_checked_by_itself() {
    let source = Source::Attribute(&PLACE);
    let check = |settings: &[Setting<'_>]| {
        let layer = Override::from_settings(settings, &source).unwrap();
        layer.check_alone(&source).err().map(|errors| errors.first().code())
    };
    let credentials = setting("allow_credentials", Set, Value::Flag(true));
    let list = |key, list| setting(key, Set, Value::List(list));
    let rows = [
        (list("allow_origins", &["*"]), Some("CORS019")),
        (list("expose_headers", &["*"]), Some("CORS020")),
        (list("allow_origins", &["null"]), Some("CORS016")),
        // the base policy may have consented
        (list("allow_origins", &["http://a.example"]), None),
        (list("allow_origins", &["https://*.github.io"]), None),
        (list("allow_headers", &["*"]), None),
    ];
    for (other, code) in rows {
        assert_eq!(check(&[credentials.clone(), other.clone()]), code, "{other:?}");
        assert_eq!(check(&[other]), None);
    }
}

/// Fetch `#cors-preflight-cache`: five seconds where nothing is said, and a day at most.
#[test]
fn how_long_a_preflight_may_be_remembered() {
    let day = Duration::from_secs(86_400);
    let rows = [
        (None, Duration::from_secs(5)),
        (Some(Duration::ZERO), Duration::ZERO),
        (Some(Duration::from_secs(60)), Duration::from_secs(60)),
        (Some(day), day),
        (Some(2 * day), day),
    ];
    for (max_age, expected) in rows {
        let builder = Policy::builder();
        let builder = max_age.into_iter().fold(builder, PolicyBuilder::max_age);
        assert_eq!(builder.build().unwrap().preflight_lifetime(), expected, "{max_age:?}");
    }
}
