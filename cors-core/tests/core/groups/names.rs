//! What a name stands for, and which names are wrong.

use cors_core::{Key, Operator, Override, Policy, RouteEntry, ScopeEntry, Setting, Source, Value};

use super::{base, handler, layer, messages, origins, source, with_variables};

#[test]
fn a_name_stands_for_the_origins_of_its_group() {
    use Operator::{Add, Remove, Set};
    let table: [(Operator, &[&str], &str); 9] = [
        (Set, &["@admin"], "https://admin.example, https://root.example"),
        (
            Set,
            &["https://b.example", "@admin"],
            "https://admin.example, https://b.example, https://root.example",
        ),
        (Set, &["@admin", "@admin"], "https://admin.example, https://root.example"),
        (Set, &["@admin", "@empty"], "https://admin.example, https://root.example"),
        (Set, &["@empty"], ""),
        (Add, &["@admin"], "https://admin.example, https://app.example, https://root.example"),
        (Add, &["@empty"], "https://app.example"),
        (Remove, &["@admin"], "https://app.example"),
        (Remove, &["@admin", "https://app.example"], ""),
    ];
    let base = base().build_layered().unwrap();
    for (operator, list, expected) in table {
        let own = handler(&base, &[("allow_origins", operator, list)]).unwrap();
        assert_eq!(origins(&own), expected, "{operator:?} {list:?}");
        let contributions = own.contributions(Key::AllowOrigins);
        assert_eq!(contributions.last().unwrap().source, source(), "{operator:?} {list:?}");
    }
}

#[test]
fn what_a_group_has_added_a_group_takes_away() {
    let base = base().add_allow_origins(["@admin"]).build_layered().unwrap();
    assert_eq!(origins(&base), "https://admin.example, https://app.example, https://root.example");
    let without = layer(&base, &Override::builder().remove_allow_origins(["@admin"])).unwrap();
    assert_eq!(origins(&without), "https://app.example");
    let any = layer(&base, &Override::builder().allow_origins(["*"])).unwrap();
    let error = "CORS065 #[cors] on `shop::admin` at src/shop.rs:12: `allow_origins -= [\"@admin\"]` has nothing to \
                 take from the inherited `*` (here); set the list with `=`";
    let taken = layer(&any, &Override::builder().remove_allow_origins(["@admin"]));
    assert_eq!(messages(taken), [error]);
}

#[test]
fn credentials_may_be_those_of_a_group() {
    let table: [(&[&str], Option<&str>); 4] = [
        (&["@admin"], Some("https://admin.example, https://root.example")),
        (
            &["https://app.example", "@admin"],
            Some("https://admin.example, https://app.example, https://root.example"),
        ),
        (&["@empty"], None),
        (&["@empty", "https://app.example"], Some("https://app.example")),
    ];
    for (list, expected) in table {
        let of_base = base().allow_credentials(list).build_layered().unwrap();
        let of_base = of_base.policy().value_of(Key::AllowCredentials);
        assert_eq!(of_base.as_deref(), expected, "{list:?}");
        let own = base().build_layered().unwrap();
        let own = handler(&own, &[("allow_credentials", Operator::Set, list)]).unwrap();
        let own = own.policy().value_of(Key::AllowCredentials);
        assert_eq!(own.as_deref(), expected, "{list:?}");
    }
}

#[test]
fn a_group_is_found_wherever_it_is_defined_and_whatever_the_order() {
    let first = base().add_allow_origins(["@admin"]).build().unwrap();
    let last = Policy::builder()
        .allow_origins(["@admin", "https://app.example"])
        .origin_group("admin", ["https://root.example", "https://admin.example"])
        .build()
        .unwrap();
    assert_eq!(first, last);
}

#[test]
fn scopes_and_entries_name_groups_too() {
    let base = base().build_layered().unwrap();
    let build = |name: &str| Override::builder().allow_origins([name]);
    let scope = |name: &str| ScopeEntry::new("/admin", &build(name), Source::Here).unwrap();
    let entry = |name: &str| RouteEntry::new("/x", ["*"], &build(name), Source::Here).unwrap();
    let expected = "https://admin.example, https://root.example";
    assert_eq!(origins(&base.apply_scope(&scope("@admin"), &[]).unwrap()), expected);
    assert_eq!(origins(&base.apply_entry(&entry("@admin"), &[]).unwrap()), expected);
    scope("@admin").check_groups(&base).unwrap();
    entry("@admin").check_groups(&base).unwrap();
    for checked in [scope("@admins").check_groups(&base), entry("@admins").check_groups(&base)] {
        let errors = checked.unwrap_err();
        assert_eq!((errors.first().code(), &errors.first().source), ("CORS091", &Source::Here));
    }
}

#[test]
fn names_that_are_wrong_are_refused_with_the_place_and_what_to_write() {
    let name = |written: &str, write: &str| {
        format!(
            "CORS090 origin group `{written}` has an invalid name; write {write}, in lower-case letters, digits, `-` \
             and `_`, with a letter first"
        )
    };
    let table = [
        ("@Admin", name("@Admin", "`@admin`")),
        ("@admin ui", name("@admin ui", "`@admin-ui`")),
        ("@1", name("@1", "one like `@admin-ui`")),
        ("@", name("@", "one like `@admin-ui`")),
        ("@@admin", name("@@admin", "`@admin`")),
        ("@*", name("@*", "one like `@admin-ui`")),
    ];
    for (written, message) in table {
        for key in ["allow_origins", "allow_credentials"] {
            let list = ["https://a.example", written];
            let setting = Setting { key, operator: Operator::Set, value: Value::List(&list) };
            let errors = Override::from_settings(&[setting], &Source::Base).unwrap_err();
            assert_eq!(errors.first().element, Some(1), "{key} {written}");
            assert_eq!(messages(Err::<(), _>(errors)), [message.as_str()], "{key} {written}");
        }
    }
    for (written, message) in [
        ("Admin", name("Admin", "`admin`")),
        ("@admin", name("@admin", "`admin`")),
        ("", name("", "one like `admin-ui`")),
    ] {
        let built = Policy::builder().origin_group(written, ["https://a.example"]).build();
        assert_eq!(messages(built), [message], "{written}");
    }
}

#[test]
fn any_origin_stands_beside_no_group() {
    let base = base().build_layered().unwrap();
    let codes = |key: &str, operator| {
        let own = handler(&base, &[(key, operator, &["*", "@admin"])]);
        messages(own)[0].split_once(' ').unwrap().0.to_owned()
    };
    assert_eq!(codes("allow_origins", Operator::Set), "CORS018");
    assert_eq!(codes("allow_origins", Operator::Add), "CORS064");
    assert_eq!(codes("allow_credentials", Operator::Set), "CORS053");
    // by name, where anyone may call without cookies
    let layers: [(&str, Operator, &[&str]); 2] = [
        ("allow_origins", Operator::Set, &["*"]),
        ("allow_credentials", Operator::Set, &["@admin"]),
    ];
    assert!(handler(&base, &layers).is_ok());
}

#[test]
fn other_lists_have_no_groups() {
    for key in ["allow_methods", "allow_headers", "expose_headers"] {
        let setting = Setting { key, operator: Operator::Set, value: Value::List(&["@admin"]) };
        assert!(Override::from_settings(&[setting], &Source::Base).is_err(), "{key}");
    }
}

#[test]
fn an_undefined_group_is_an_error_where_it_is_used() {
    let how = |name: &str, variable: &str| {
        format!(
            "define it by `origin_group(\"{name}\", [\"https://app.example.com\"])` in the base policy, by `origin_groups` in \
             a file, or by the environment variable {variable} and `from_env`"
        )
    };
    let near = format!(
        "origin group `@admn` is not defined; write `@admin`, or {}",
        how("admn", "CORS_ORIGINS_ADMN")
    );
    let far = format!(
        "origin group `@partner-ui` is not defined; {}",
        how("partner-ui", "CORS_ORIGINS_PARTNER_UI")
    );
    let of_base = base().add_allow_origins(["@admn"]).allow_credentials(["@partner-ui"]).build();
    assert_eq!(messages(of_base), [format!("CORS091 {near}"), format!("CORS091 {far}")]);

    let place = "#[cors] on `shop::admin` at src/shop.rs:12";
    let base = base().build_layered().unwrap();
    for operator in [Operator::Set, Operator::Add, Operator::Remove] {
        let own = handler(&base, &[("allow_origins", operator, &["@admin", "@admn"])]);
        let error = own.clone().unwrap_err().first().clone();
        assert_eq!((error.key, error.element), (Some(Key::AllowOrigins), Some(1)));
        assert_eq!(error.correction().as_deref(), Some("@admin"));
        assert_eq!(messages(own), [format!("CORS091 {place}: {near}")]);
    }
    let own = handler(&base, &[("allow_credentials", Operator::Set, &["@partner-ui"])]);
    assert_eq!(messages(own), [format!("CORS091 {place}: {far}")]);
    let variable = with_variables(super::base(), &[("CORS_ALLOW_ORIGINS", "@admn")]).build();
    assert_eq!(
        messages(variable),
        [format!("CORS091 environment variable CORS_ALLOW_ORIGINS: {near}")]
    );
}

#[test]
fn everything_that_is_wrong_with_groups_is_said_at_once() {
    let built = Policy::builder()
        .origin_group("admin-ui", ["https://a.example/", "https://b.example", "*", "@other"])
        .origin_group("admin_ui", ["https://a.example"])
        .origin_group("admin-ui", ["https://c.example"])
        .build();
    assert_eq!(
        messages(built),
        [
            "CORS005 origin group `admin-ui`: origin `https://a.example/` has a trailing slash; write \
             `https://a.example`",
            "CORS093 origin group `admin-ui` holds `*`, and would open every list that names it to any site; list \
             the origins, or write `allow_origins = [\"*\"]` where any site may call",
            "CORS093 origin group `admin-ui` holds the group `@other`, and a group holds origins alone; list them, \
             or name both groups where they are used",
            "CORS094 origin groups `admin-ui` and `admin_ui` would both be replaced by the environment variable \
             CORS_ORIGINS_ADMIN_UI; give one of them another name",
            "CORS092 origin group `admin-ui` is defined twice, and one list would replace the other; keep one",
        ]
    );
    let errors = Policy::builder().origin_group("a", ["https://b.example", "b"]).build();
    let error = errors.unwrap_err().first().clone();
    assert_eq!((error.key, error.element), (None, Some(1)));
}
