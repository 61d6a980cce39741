//! The lints of a whole table: each once, with the places, and only if nowhere in it there is a use.

use cors_core::{
    LayeredPolicy, Lint, Location, Operator, Override, OverrideBuilder, Policy, PolicyBuilder,
    Report, RouteReport, Setting, Source, Value,
};

/// The module of the handler.
static MODULE: Location = Location { handler: "shop", file: "src/shop.rs", line: 1 };

static PLACE: Location = Location { handler: "shop::rates", file: "src/shop.rs", line: 12 };

/// The lints of a base policy and of one route for each list of settings.
fn lints(base: &PolicyBuilder, routes: &[&[Setting<'_>]]) -> Vec<String> {
    let base = base.build_layered().unwrap();
    let source = Source::Attribute(&PLACE);
    let route = |settings: &&[Setting<'_>]| {
        let layer = Override::from_settings(settings, &source).unwrap();
        let policy = base.apply(&layer, &source, &[]).unwrap();
        RouteReport::new("/rates", vec!["PUT".into()], source.clone(), policy)
    };
    let routes = routes.iter().map(route).collect();
    let report = Report::new(base, routes);
    let show = |lint: &Lint| format!("{} {} {}", lint.code(), lint.value, lint.source);
    report.lints().iter().map(show).collect()
}

fn list<'a>(key: &'a str, operator: Operator, list: &'a [&'a str]) -> Setting<'a> {
    Setting { key, operator, value: Value::List(list) }
}

#[test]
fn a_route_is_linted_for_what_it_adds() {
    let base = Policy::builder().allow_origins(["https://a.example"]).allow_headers(["Accept"]);
    let of_base = "CORS105 Accept base policy";
    let of_route = "CORS105 Content-Language #[cors] on `shop::rates` at src/shop.rs:12";
    let more = list("allow_headers", Operator::Add, &["Content-Language"]);
    assert_eq!(lints(&base, &[&[]]), [of_base]);
    assert_eq!(lints(&base, &[&[more]]), [of_base, of_route]);
}

#[test]
fn what_a_module_brings_is_said_once_and_of_the_module() {
    let base = Policy::builder().allow_origins(["https://a.example"]).build_layered().unwrap();
    let module = Source::Attribute(&MODULE);
    let more = list("allow_headers", Operator::Add, &["Accept"]);
    let layer = Override::from_settings(&[more], &module).unwrap();
    let route = |pattern: &str| {
        let policy = base.apply(&layer, &module, &[]).unwrap();
        RouteReport::new(pattern, vec!["GET".into()], Source::Attribute(&PLACE), policy)
    };
    let report = Report::new(base.clone(), vec![route("/a"), route("/b")]);
    let sources: Vec<Source> = report.lints().into_iter().map(|lint| lint.source).collect();
    assert_eq!(sources, [module]);
}

#[test]
fn origins_may_be_left_to_the_routes() {
    let base = Policy::builder().allow_headers(["X-A"]);
    let own = list("allow_origins", Operator::Set, &["https://a.example"]);
    let of_route = "CORS107  #[cors] on `shop::rates` at src/shop.rs:12";
    assert_eq!(lints(&base, &[std::slice::from_ref(&own)]), [""; 0]);
    assert_eq!(lints(&base, &[&[own], &[]]), [of_route]);
    assert_eq!(lints(&base, &[&[]]), ["CORS107  base policy"]);
    let base = base.allow_origins(["https://a.example"]);
    let none = list("allow_origins", Operator::Remove, &["https://a.example"]);
    assert_eq!(lints(&base, &[&[none]]), [of_route]);
}

/// A base policy with `layers` over it, as a route.
fn route(base: &PolicyBuilder, layers: &[(&Source, Override)]) -> RouteReport {
    let base = base.build_layered().unwrap();
    let policy = layers.iter().fold(base, |policy, (source, layer)| {
        policy.apply(layer, source, &["PUT".parse().unwrap()]).unwrap()
    });
    RouteReport::new("/rates", vec!["PUT".into()], Source::Attribute(&PLACE), policy)
}

fn without_effect(base: &PolicyBuilder, routes: Vec<RouteReport>) -> Vec<String> {
    let report = Report::new(base.build_layered().unwrap(), routes);
    report.lints().iter().map(|lint| format!("{} {lint}", lint.code())).collect()
}

fn there(key: &str, value: &str, by: &str) -> String {
    format!(
        "CORS118 #[cors] on `shop::rates` at src/shop.rs:12: `{key} += [\"{value}\"]` adds what is in the list \
         already ({by}); leave it out"
    )
}

fn missing(key: &str, value: &str) -> String {
    format!(
        "CORS119 #[cors] on `shop::rates` at src/shop.rs:12: `{key} -= [\"{value}\"]` takes away what is not in the \
         list (base policy); leave it out, or write an element as it stands there"
    )
}

/// An override that did nothing passed in silence.
#[test]
fn settings_without_effect_are_said_with_both_places() {
    let (module, handler) = (Source::Attribute(&MODULE), Source::Attribute(&PLACE));
    let day = std::time::Duration::from_secs(86_400);
    let base = Policy::builder()
        .allow_origins(["https://a.example"])
        .expose_headers(["ETag"])
        .max_age(day)
        .allow_credentials(true);
    let build = |layer: OverrideBuilder| layer.build(&Source::Here).unwrap();
    let layer = Override::builder;
    let at_handler = "#[cors] on `shop::rates` at src/shop.rs:12";
    let at_module = "#[cors] on `shop` at src/shop.rs:1";
    let same = |key: &str, by: &str| {
        let what = "changes nothing, because it was so before";
        format!("CORS113 {at_handler}: `{key}` {what} ({by}); leave it out")
    };
    let off = |key: &str| {
        let what = "has no effect, because CORS is off there";
        format!("CORS114 {at_handler}: `{key}` {what} ({at_module}); remove one of the two")
    };
    let rows = [
        (layer().expose_headers(["etag"]), vec![same("expose_headers", "base policy")]),
        (
            layer().add_expose_headers(["ETag"]),
            vec![there("expose_headers", "ETag", "base policy")],
        ),
        (layer().remove_expose_headers(["Link"]), vec![missing("expose_headers", "Link")]),
        (layer().remove_allow_headers(["X-A"]), vec![missing("allow_headers", "X-A")]),
        (layer().allow_origins(["https://a.example"]), vec![same("allow_origins", "base policy")]),
        (layer().allow_credentials(true), vec![same("allow_credentials", "base policy")]),
        (layer().max_age(day), vec![same("max_age", "base policy")]),
        (layer().add_expose_headers(["Link"]), vec![]),
        (layer().remove_expose_headers(["ETag"]), vec![]),
        (layer().allow_credentials(false), vec![]),
        // the route serves PUT, and what it does not serve is none of its business
        (layer().allow_methods(["PUT"]), vec![same("allow_methods", "base policy")]),
        (layer().allow_methods(["*"]), vec![same("allow_methods", "base policy")]),
        (layer().add_allow_methods(["PATCH"]), vec![same("allow_methods", "base policy")]),
        (layer().remove_allow_methods(["GET"]), vec![missing("allow_methods", "GET")]),
        (layer().remove_allow_methods(["PUT"]), vec![]),
        (layer().allow_methods(["PATCH"]), vec![]),
        (layer().disable(), vec![]),
        (layer(), vec![]),
    ];
    for (own, expected) in rows {
        let route = route(&base, &[(&handler, build(own.clone()))]);
        assert_eq!(without_effect(&base, vec![route]), expected, "{own:?}");
    }
    let link = || build(layer().add_expose_headers(["Link"]));
    let both = route(&base, &[(&module, link()), (&handler, link())]);
    assert_eq!(without_effect(&base, vec![both]), [there("expose_headers", "Link", at_module)]);
    let off_twice = [(&module, Override::disable()), (&handler, Override::disable())];
    let disabled = route(&base, &off_twice);
    assert_eq!(without_effect(&base, vec![disabled]), [same("disable", at_module)]);
    let disabled = route(&base, &[(&module, Override::disable()), (&handler, link())]);
    assert_eq!(without_effect(&base, vec![disabled]), [off("expose_headers")]);
}

/// `+=` of what is there, and `-=` of what is not, passed in silence beside an element that did something.
#[test]
fn elements_without_effect_are_said_with_both_places() {
    let (module, handler) = (Source::Attribute(&MODULE), Source::Attribute(&PLACE));
    let base = Policy::builder()
        .allow_origins(["https://a.example", "https://*.b.example"])
        .allow_headers(["*"])
        .expose_headers(["ETag", "Link"]);
    let build = |layer: OverrideBuilder| layer.build(&Source::Here).unwrap();
    let layer = Override::builder;
    let rows = [
        (
            layer().add_expose_headers(["etag", "Age"]),
            vec![there("expose_headers", "etag", "base policy")],
        ),
        (
            layer().remove_expose_headers(["ETag", "Links", "Age"]),
            vec![missing("expose_headers", "Age"), missing("expose_headers", "Links")],
        ),
        // only a pattern admits it, and it still does
        (
            layer().remove_allow_origins(["https://x.b.example", "https://a.example"]),
            vec![missing("allow_origins", "https://x.b.example")],
        ),
        (layer().add_expose_headers(["Age", "Via"]), vec![]),
        (layer().expose_headers(["ETag", "Age"]), vec![]),
        // the route serves PUT, which is there, and PATCH is in no list
        (layer().remove_allow_methods(["PUT", "PATCH"]), vec![missing("allow_methods", "PATCH")]),
    ];
    for (own, expected) in rows {
        let route = route(&base, &[(&handler, build(own.clone()))]);
        assert_eq!(without_effect(&base, vec![route]), expected, "{own:?}");
    }
    // of a module, what does something for one of its handlers is no mistake
    let more = || build(layer().add_expose_headers(["Age", "ETag"]));
    let less = || build(layer().remove_expose_headers(["ETag"]));
    let twice = |other| {
        let one = route(&base, &[(&module, more())]);
        let lints = without_effect(&base, vec![one, other]);
        assert!(lints.iter().all(|lint| lint.starts_with("CORS118 #[cors] on `shop` at")));
        lints.len()
    };
    assert_eq!(twice(route(&base, &[(&module, more())])), 1);
    assert_eq!(twice(route(&base, &[(&handler, less()), (&module, more())])), 0);
    // each element is named, also where none of them does anything
    let both = || build(layer().add_expose_headers(["ETag", "Link"]));
    let lints = without_effect(&base, vec![route(&base, &[(&handler, both())])]);
    let said = ["ETag", "Link"].map(|name| there("expose_headers", name, "base policy"));
    assert_eq!(lints, said);
    let off = route(&base, &[(&handler, more()), (&module, Override::disable())]);
    assert!(without_effect(&base, vec![off]).iter().all(|lint| lint.starts_with("CORS114")));
}

/// It was refused in silence.
#[test]
fn a_method_that_a_list_shuts_out_is_said_with_both_places() {
    let (module, handler) = (Source::Attribute(&MODULE), Source::Attribute(&PLACE));
    let base = Policy::builder().allow_origins(["https://a.example"]);
    let listing = base.clone().allow_methods(["GET", "POST"]);
    let build = |layer: OverrideBuilder| layer.build(&Source::Here).unwrap();
    let post = || build(Override::builder().allow_methods(["POST"]));
    let put = || build(Override::builder().add_allow_methods(["PUT"]));
    let lint = |by: &str| {
        format!(
            "CORS115 {by}`allow_methods` lacks `PUT`, so its preflights are refused although a handler \
             serves it (#[cors] on `shop::rates` at src/shop.rs:12); add it to the list, or write \
             `allow_methods += [\"PUT\"]` above the handler"
        )
    };
    let rows = [
        (&listing, vec![], vec![lint("")]),
        (&listing, vec![(&handler, put())], vec![]),
        (&base, vec![(&module, post())], vec![lint("#[cors] on `shop` at src/shop.rs:1: ")]),
        (&base, vec![(&module, post()), (&handler, put())], vec![]),
        // it says so itself
        (&base, vec![(&handler, post())], vec![]),
        (&base, vec![], vec![]),
        (&listing, vec![(&handler, Override::disable())], vec![]),
    ];
    for (base, layers, expected) in rows {
        let route = || route(base, &layers);
        assert_eq!(without_effect(base, vec![route(), route()]), expected, "{layers:?}");
    }
}

/// Turned off later, as by an entry.
#[test]
fn a_setting_of_a_route_that_is_off_in_the_end_is_said() {
    let (module, handler) = (Source::Attribute(&MODULE), Source::Attribute(&PLACE));
    let base = Policy::builder().allow_origins(["https://a.example"]);
    let link = || Override::builder().add_expose_headers(["Link"]).build(&Source::Here).unwrap();
    let off = || route(&base, &[(&module, link()), (&handler, Override::disable())]);
    let on = || route(&base, &[(&module, link())]);
    let lints = without_effect(&base, vec![off()]);
    assert!(lints[0].starts_with("CORS114 #[cors] on `shop` at"), "{lints:?}");
    assert!(lints[0].contains("off there (#[cors] on `shop::rates` at"), "{lints:?}");
    assert_eq!(lints.len(), 1);
    assert_eq!(without_effect(&base, vec![off(), on()]), [""; 0]);
}

/// It changes one route of several.
#[test]
fn an_entry_that_does_something_somewhere_is_not_said() {
    let handler = Source::Attribute(&PLACE);
    let entry = Source::Entry(std::panic::Location::caller());
    let base = Policy::builder().allow_origins(["https://a.example"]);
    let link = || Override::builder().add_expose_headers(["Link"]).build(&Source::Here).unwrap();
    let has_it = || route(&base, &[(&handler, link()), (&entry, link())]);
    let gets_it = || route(&base, &[(&entry, link())]);
    for routes in [vec![has_it(), gets_it()], vec![gets_it(), has_it()]] {
        assert_eq!(without_effect(&base, routes), [""; 0]);
    }
    assert_eq!(without_effect(&base, vec![has_it(), has_it()]).len(), 1);
}

#[test]
fn a_consent_that_a_route_needs_is_not_said() {
    let handler = Source::Attribute(&PLACE);
    let base = Policy::builder()
        .allow_origins(["https://a.example"])
        .dangerously_allow_insecure_origins(true);
    let insecure = Override::builder().allow_origins(["http://b.example"]);
    let with = |own: OverrideBuilder| {
        let layer = own.build(&Source::Here).unwrap();
        without_effect(&base, vec![route(&base, &[(&handler, layer)])])
    };
    let unused = "CORS112 `dangerously_allow_insecure_origins = true` makes no difference to any origin; leave it out";
    assert_eq!(with(insecure.clone()), [unused]);
    assert_eq!(with(insecure.allow_credentials(true)), [""; 0]);
    // a module needs it, although its only handler then does without
    let module = Source::Attribute(&MODULE);
    let base = base.allow_credentials(true);
    let added = Override::builder().add_allow_origins(["http://b.example"]);
    let without = Override::builder().allow_credentials(false);
    let build = |own: OverrideBuilder| own.build(&Source::Here).unwrap();
    let route = route(&base, &[(&module, build(added)), (&handler, build(without))]);
    assert_eq!(without_effect(&base, vec![route]), [""; 0]);
}

/// The origins are the base policy's, and the route adds credentials.
#[test]
fn a_risk_shows_where_credentials_are_added() {
    let handler = Source::Attribute(&PLACE);
    let base = Policy::builder().allow_origins(["http://localhost:3000"]);
    let layer = Override::builder().allow_credentials(true).build(&Source::Here).unwrap();
    let lints = without_effect(&base, vec![route(&base, &[(&handler, layer)])]);
    assert!(lints[0].starts_with("CORS109 #[cors] on `shop::rates`"), "{lints:?}");
    assert_eq!(lints.len(), 1);
    // by a module, which is named once
    let module = Source::Attribute(&MODULE);
    let layer = || Override::builder().allow_credentials(true).build(&Source::Here).unwrap();
    let of_module = || route(&base, &[(&module, layer())]);
    let lints = without_effect(&base, vec![of_module(), of_module()]);
    assert!(lints[0].starts_with("CORS109 #[cors] on `shop` "), "{lints:?}");
    assert_eq!(lints.len(), 1);
}

/// The base policy lists it for a route that admits it.
#[test]
fn credentials_that_some_route_admits_are_not_said() {
    let handler = Source::Attribute(&PLACE);
    let (app, admin) = ("https://a.example", "https://b.example");
    let base = Policy::builder().allow_origins([app]).allow_credentials([app, admin]);
    let lint = || {
        format!(
            "CORS120 origin `{admin}` may send cookies and is not allowed to ask; add it to \
             `allow_origins`, or leave it out"
        )
    };
    let with = |own: OverrideBuilder| {
        let layer = own.build(&Source::Here).unwrap();
        without_effect(&base, vec![route(&base, &[(&handler, layer)])])
    };
    assert_eq!(with(Override::builder().expose_headers(["ETag"])), [lint()]);
    assert_eq!(with(Override::builder().add_allow_origins([admin])), [""; 0]);
    let listing = Override::builder().allow_credentials([admin]);
    // once, although the route says it again
    assert_eq!(with(listing), [lint()]);
}

/// It turns one route off of two, of which the other is off already.
#[test]
fn a_disable_that_does_something_somewhere_is_not_said() {
    let handler = Source::Attribute(&PLACE);
    let entry = Source::Entry(std::panic::Location::caller());
    let base = Policy::builder().allow_origins(["https://a.example"]);
    let on = || route(&base, &[(&entry, Override::disable())]);
    let off = || route(&base, &[(&handler, Override::disable()), (&entry, Override::disable())]);
    assert_eq!(without_effect(&base, vec![on(), off()]), [""; 0]);
    assert_eq!(without_effect(&base, vec![off(), on()]), [""; 0]);
    assert_eq!(without_effect(&base, vec![off(), off()]).len(), 1);
}

/// A route below a scope with origins of its own was said to shut out those to which the scope gives credentials.
#[test]
fn credentials_of_a_module_have_an_effect_if_some_route_admits_the_origin() {
    const APP: &str = "https://app.example";
    let base = Policy::builder().allow_origins([APP]).build_layered().unwrap();
    let module = Source::Attribute(&MODULE);
    let credentials = list("allow_credentials", Operator::Set, &[APP]);
    let layer = Override::from_settings(&[credentials], &module).unwrap();
    let of_module = base.apply(&layer, &module, &[]).unwrap();
    let own = Source::Attribute(&PLACE);
    let other = list("allow_origins", Operator::Set, &["https://admin.example"]);
    let other = Override::from_settings(&[other], &own).unwrap();
    let of_other = of_module.apply(&other, &own, &[]).unwrap();
    let route = |pattern: &str, policy: &LayeredPolicy| {
        RouteReport::new(pattern, vec!["GET".into()], own.clone(), policy.clone())
    };
    let codes = |routes: Vec<RouteReport>| {
        let lints = Report::new(base.clone(), routes).lints();
        lints.iter().map(Lint::code).collect::<Vec<_>>()
    };
    assert_eq!(codes(vec![route("/other", &of_other)]), ["CORS120"]);
    assert_eq!(codes(vec![route("/other", &of_other), route("/app", &of_module)]), [""; 0]);
}
