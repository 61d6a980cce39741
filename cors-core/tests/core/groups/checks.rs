//! What is checked of the origins of a group.

use cors_core::{Operator, Override, Policy, PolicyBuilder};

use super::{base, code, handler, layer, messages, origins, with_variables};

/// What needs a consent in a list needs it behind a name, in a group of the code and in its variable, which so can open
/// nothing that the code could not.
#[test]
fn what_a_group_holds_is_checked_where_it_is_listed() {
    let origins = |builder: &PolicyBuilder| {
        handler(&builder.build_layered()?, &[("allow_origins", Operator::Set, &["@admin"])])
    };
    let credentials = |builder: &PolicyBuilder| {
        handler(&builder.build_layered()?, &[("allow_credentials", Operator::Set, &["@admin"])])
    };
    let of_base = |builder: &PolicyBuilder| builder.clone().add_allow_origins(["@admin"]).build();
    let table = [
        ("https://admin.example", "", ""),
        ("http://admin.example", "CORS017", ""),
        ("null", "CORS016", "CORS015"),
        ("file://", "CORS026", "CORS025"),
        ("moz-extension://*", "CORS027", ""),
        #[cfg(feature = "public-suffix")]
        ("https://*.github.io", "CORS021", ""),
    ];
    for (origin, beside_credentials, alone) in table {
        let of_code = Policy::builder().origin_group("admin", [origin]);
        let of_variable = with_variables(base(), &[("CORS_ORIGINS_ADMIN", origin)]);
        for builder in [of_code, of_variable] {
            assert_eq!(code(origins(&builder)), alone, "{origin}");
            assert_eq!(code(of_base(&builder)), alone, "{origin}");
            assert_eq!(code(credentials(&builder)), beside_credentials, "{origin}");
            let beside = builder.allow_credentials(true);
            assert_eq!(code(origins(&beside)), beside_credentials, "{origin}");
            assert_eq!(code(of_base(&beside)), beside_credentials, "{origin}");
        }
    }
}

#[test]
fn a_consent_of_the_code_is_one_for_the_variable() {
    let table = [
        ("null", Policy::builder().dangerously_allow_null_origin(true)),
        ("file://", Policy::builder().dangerously_allow_file_origin(true)),
        (
            "http://admin.example",
            Policy::builder().dangerously_allow_insecure_origins(true).allow_credentials(true),
        ),
    ];
    for (origin, builder) in table {
        let builder = builder.origin_group("admin", [""; 0]).allow_origins(["@admin"]);
        let built = with_variables(builder, &[("CORS_ORIGINS_ADMIN", origin)]).build_layered();
        assert_eq!(origins(&built.unwrap()), origin);
    }
}

#[test]
fn any_exposed_header_beside_the_credentials_of_a_group_is_refused_if_it_has_any() {
    let own = |group: &str| {
        let base = base().build_layered().unwrap();
        let star: (&str, Operator, &[&str]) = ("expose_headers", Operator::Set, &["*"]);
        code(handler(&base, &[("allow_credentials", Operator::Set, &[group]), star]))
    };
    assert_eq!(own("@admin"), "CORS020");
    assert_eq!(own("@empty"), "");
}

#[test]
fn a_conflict_names_the_group_and_its_variable() {
    let base = base().allow_credentials(true);
    let what = "origin `http://a.example` (here) is not https while `allow_credentials = true` (base policy); write \
                `https://a.example`, or set `dangerously_allow_insecure_origins = true` in the base policy";
    let admin = |base: PolicyBuilder| {
        let base = base.build_layered().unwrap();
        messages(handler(&base, &[("allow_origins", Operator::Set, &["@admin"])]))
    };
    let variable = with_variables(base.clone(), &[("CORS_ORIGINS_ADMIN", "http://a.example")]);
    let place = "CORS017 #[cors] on `shop::admin` at src/shop.rs:12";
    assert_eq!(
        admin(variable),
        [format!(
            "{place}, origin group `admin` of environment variable CORS_ORIGINS_ADMIN: {what}"
        )]
    );
    let of_code = Policy::builder()
        .origin_group("admin", ["http://a.example"])
        .allow_origins(["https://app.example"])
        .allow_credentials(true);
    assert_eq!(admin(of_code.clone()), [format!("{place}, origin group `admin`: {what}")]);
    assert_eq!(
        messages(of_code.add_allow_origins(["@admin"]).build()),
        [
            "CORS017 origin group `admin`: origin `http://a.example` (base policy) is not https while \
          `allow_credentials = true` (base policy); write `https://a.example`, or set \
          `dangerously_allow_insecure_origins = true` in the base policy"
        ]
    );
    // the list itself has it, and no group, or one that it has replaced
    let own = base.build_layered().unwrap();
    let own = handler(&own, &[("allow_origins", Operator::Set, &["http://a.example", "@admin"])]);
    assert_eq!(messages(own), [format!("{place}: {what}")]);
    let replaced = Policy::builder()
        .origin_group("admin", ["http://a.example"])
        .allow_origins(["@admin"])
        .build_layered()
        .unwrap();
    let own = Override::builder().allow_origins(["http://a.example"]).allow_credentials(true);
    let own = messages(layer(&replaced, &own));
    assert!(own[0].starts_with(&format!("{place}: origin `http://a.example` (here)")), "{own:?}");
    let taken = Override::builder().remove_allow_origins(["@admin"]);
    let again = Override::builder().add_allow_origins(["http://a.example"]).allow_credentials(true);
    let own = messages(layer(&layer(&replaced, &taken).unwrap(), &again));
    assert!(own[0].starts_with(&format!("{place}: origin `http://a.example` (here)")), "{own:?}");
}
