//! What reports and lints say of groups.

use cors_core::{Operator, Override, Policy, Report, RouteReport};

use super::{base, handler, layer, lints, source, with_variables};

#[test]
fn a_group_that_nothing_lists_is_reported() {
    let unused = "CORS122 origin group `admin` is in no list of the base policy, a scope or a route; list `@admin`, or \
                  leave it out";
    let base = Policy::builder()
        .origin_group("admin", ["https://admin.example"])
        .allow_origins(["https://app.example"]);
    let use_of = |origins: &[&str]| Override::builder().allow_origins(origins);
    let other = use_of(&["https://b.example"]);
    let credentials = Override::builder().allow_credentials(["@admin", "https://app.example"]);
    assert_eq!(lints(&base, &[]), [unused]);
    assert_eq!(lints(&base, &[&other]), [unused]);
    assert_eq!(lints(&base, &[&other, &use_of(&["@admin"])]), [""; 0]);
    assert_eq!(lints(&base.clone().add_allow_origins(["@admin"]), &[]), [""; 0]);
    let named = lints(&base, &[&credentials]);
    assert!(named.iter().all(|lint| lint.starts_with("CORS120")), "{named:?}");

    let variable = with_variables(base.clone(), &[("CORS_ORIGINS_ADMIN", "https://x.example")]);
    let place = "CORS122 environment variable CORS_ORIGINS_ADMIN: ";
    assert_eq!(lints(&variable, &[]), [unused.replace("CORS122 ", place)]);
    // it is used also where a nearer layer has replaced the list
    let base = base.build_layered().unwrap();
    let outer = layer(&base, &use_of(&["@admin"])).unwrap();
    let inner = layer(&outer, &use_of(&["https://b.example"])).unwrap();
    let route = RouteReport::new("/admin", vec!["PUT".into()], source(), inner);
    assert_eq!(Report::new(base, vec![route]).lints(), []);
}

#[test]
fn what_a_group_holds_elsewhere_is_no_mistake_of_the_list() {
    let base = Policy::builder()
        .origin_group("admin", ["https://app.example"])
        .allow_origins(["https://app.example"]);
    for own in [
        Override::builder().allow_origins(["@admin"]),
        Override::builder().add_allow_origins(["@admin"]),
    ] {
        assert_eq!(lints(&base, &[&own]), [""; 0]);
    }
    let idle = Override::builder().add_allow_origins(["@admin", "https://app.example"]);
    assert!(lints(&base, &[&idle])[0].starts_with("CORS118"), "{:?}", lints(&base, &[&idle]));
}

#[test]
fn a_lint_about_an_origin_names_the_group() {
    let base = Policy::builder()
        .origin_group("admin", ["http://localhost:3000"])
        .allow_origins(["https://app.example"]);
    let own = Override::builder().allow_origins(["@admin"]).allow_credentials(true);
    let found = lints(&base, &[&own]);
    assert!(
        found[0].starts_with(
            "CORS109 #[cors] on `shop::admin` at src/shop.rs:12, origin group `admin`: origin \
             `http://localhost:3000` "
        ),
        "{found:?}"
    );
}

#[test]
fn a_base_policy_writes_the_origins_of_groups() {
    let layered = base().add_allow_origins(["@admin"]).build_layered().unwrap();
    let own = handler(&layered, &[("allow_origins", Operator::Set, &["@admin"])]).unwrap();
    let report =
        Report::new(layered, vec![RouteReport::new("/admin", vec!["GET".into()], source(), own)]);
    let text = format!("{report:#}");
    let line =
        "    allow_origins         https://admin.example, https://root.example  [= #[cors]]\n";
    assert!(text.contains(line), "{text}");
    assert!(!text.contains('@'), "{text}");
}
