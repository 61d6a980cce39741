//! Origin groups: what a name in a list stands for, what variables make of it, and that it opens nothing which the
//! list itself could not.

use cors_core::{
    ConfigErrors, Key, LayeredPolicy, Location, Operator, Override, OverrideBuilder, Policy,
    PolicyBuilder, Report, RouteEntry, RouteReport, ScopeEntry, Setting, Source, Value,
};

static PLACE: Location = Location { handler: "shop::admin", file: "src/shop.rs", line: 12 };

/// Groups `admin` and `empty`, and an origin of the base policy's own.
fn base() -> PolicyBuilder {
    Policy::builder()
        .origin_group("admin", ["https://admin.example", "https://root.example"])
        .origin_group("empty", [""; 0])
        .allow_origins(["https://app.example"])
}

fn with_variables(builder: PolicyBuilder, variables: &[(&str, &str)]) -> PolicyBuilder {
    builder.from_env_with(|name| {
        variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into())
    })
}

fn source() -> Source {
    Source::Attribute(&PLACE)
}

/// The policy of a handler whose attribute has these settings.
fn handler(
    base: &LayeredPolicy,
    settings: &[(&str, Operator, &[&str])],
) -> Result<LayeredPolicy, ConfigErrors> {
    let settings: Vec<Setting<'_>> = settings
        .iter()
        .map(|(key, operator, list)| Setting { key, operator: *operator, value: Value::List(list) })
        .collect();
    base.apply(&Override::from_settings(&settings, &source())?, &source(), &[])
}

fn layer(base: &LayeredPolicy, builder: &OverrideBuilder) -> Result<LayeredPolicy, ConfigErrors> {
    base.apply(&builder.build(&source())?, &source(), &[])
}

fn origins(policy: &LayeredPolicy) -> String {
    policy.policy().value_of(Key::AllowOrigins).unwrap_or_default()
}

fn messages<T: std::fmt::Debug>(result: Result<T, ConfigErrors>) -> Vec<String> {
    let errors = result.unwrap_err();
    errors.iter().map(|error| format!("{} {error}", error.code())).collect()
}

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
            "CORS090 origin group `{written}` has a name with other characters than lower-case letters, digits, `-` \
             and `_`, or does not begin with a letter; write {write}"
        )
    };
    let table = [
        ("@Admin", name("@Admin", "`@admin`")),
        ("@admin ui", name("@admin ui", "`@admin-ui`")),
        ("@1", name("@1", "one like `admin-ui`")),
        ("@", name("@", "one like `admin-ui`")),
        ("@@admin", name("@@admin", "`@admin`")),
        ("@*", name("@*", "one like `admin-ui`")),
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
            "define it by `origin_group(\"{name}\", [\"https://app.example.com\"])` in the base policy, or by the \
             environment variable {variable} and `from_env`"
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
    let variable = with_variables(self::base(), &[("CORS_ALLOW_ORIGINS", "@admn")]).build();
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

#[test]
fn a_variable_replaces_the_list_of_its_group() {
    let builder = base()
        .origin_group("admin-ui", ["https://ui.example"])
        .add_allow_origins(["@admin", "@admin-ui"]);
    let both = "https://admin.example, https://app.example, https://root.example";
    let table: [(&[(&str, &str)], String); 6] = [
        (&[], format!("{both}, https://ui.example")),
        (&[("CORS_ORIGINS_ADMIN_UI", "https://x.example")], format!("{both}, https://x.example")),
        (&[("CORS_ORIGINS_ADMIN_UI", " ,")], both.to_owned()),
        (
            &[("CORS_ORIGINS_ADMIN", " https://x.example, https://y.example:*,")],
            "https://app.example, https://ui.example, https://x.example, https://y.example:*"
                .to_owned(),
        ),
        (&[("CORS_ORIGINS_OTHER", "b")], format!("{both}, https://ui.example")),
        // a list that is replaced as a whole names groups as well
        (
            &[("CORS_ALLOW_ORIGINS", "@admin"), ("CORS_ORIGINS_ADMIN", "https://x.example")],
            "https://x.example".to_owned(),
        ),
    ];
    for (variables, expected) in table {
        let built = with_variables(builder.clone(), variables).build_layered();
        assert_eq!(origins(&built.unwrap()), expected, "{variables:?}");
    }
}

#[test]
fn a_variable_lists_the_groups_that_have_credentials() {
    for (value, expected) in [
        ("@admin", Some("https://admin.example, https://root.example")),
        (
            "@admin , https://app.example",
            Some("https://admin.example, https://app.example, https://root.example"),
        ),
        ("@empty", None),
    ] {
        let built = with_variables(base(), &[("CORS_ALLOW_CREDENTIALS", value)]).build().unwrap();
        assert_eq!(built.value_of(Key::AllowCredentials).as_deref(), expected, "{value}");
    }
}

#[test]
fn errors_of_a_variable_name_it_with_the_element_and_the_correction() {
    let table = [
        (
            "https://a.example,https://b.example/",
            "CORS005 environment variable CORS_ORIGINS_ADMIN: origin `https://b.example/` has a trailing slash; \
             write `https://b.example`",
        ),
        (
            "*",
            "CORS093 environment variable CORS_ORIGINS_ADMIN: origin group `admin` holds `*`, and would open every \
             list that names it to any site; list the origins, or write `allow_origins = [\"*\"]` where any site may \
             call",
        ),
        (
            "@empty",
            "CORS093 environment variable CORS_ORIGINS_ADMIN: origin group `admin` holds the group `@empty`, and a \
             group holds origins alone; list them, or name both groups where they are used",
        ),
        (
            "[\"https://a.example\", \"b.example\"]",
            "CORS073 environment variable CORS_ORIGINS_ADMIN: `[\"https://a.example\", \"b.example\"]` has quotes, \
             brackets or other separators, and commas alone separate the elements of a list; write \
             `https://a.example, https://b.example`",
        ),
    ];
    for (value, message) in table {
        let built = with_variables(base(), &[("CORS_ORIGINS_ADMIN", value)]).build();
        assert_eq!(messages(built), [message], "{value}");
    }
}

fn code<T>(result: Result<T, ConfigErrors>) -> String {
    result.err().map_or_else(String::new, |errors| errors.first().code().to_owned())
}

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
    // the list itself has it, and no group
    let own = base.build_layered().unwrap();
    let own = handler(&own, &[("allow_origins", Operator::Set, &["http://a.example", "@admin"])]);
    assert_eq!(messages(own), [format!("{place}: {what}")]);
}

fn lints(base: &PolicyBuilder, routes: &[&OverrideBuilder]) -> Vec<String> {
    let base = base.build_layered().unwrap();
    let route = |own: &&OverrideBuilder| {
        let policy = layer(&base, own).unwrap();
        RouteReport::new("/admin", vec!["PUT".into()], source(), policy)
    };
    let report = Report::new(base.clone(), routes.iter().map(route).collect());
    report.lints().iter().map(|lint| format!("{} {lint}", lint.code())).collect()
}

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

/// The variables of a process are set from outside, so this runs itself again.
#[test]
fn the_environment_of_the_process_defines_groups() {
    if std::env::var_os("CORS_ORIGINS_DEV_UI").is_none() {
        let own = "groups::the_environment_of_the_process_defines_groups";
        let again = std::process::Command::new(std::env::current_exe().unwrap())
            .args([own, "--exact"])
            .env("CORS_ORIGINS_ADMIN", "https://x.example")
            .env("CORS_ORIGINS_DEV_UI", "https://dev.example")
            .env("CORS_ORIGINS_REGEX", "a.example")
            .env("CORS_ORIGINS_ADMN", "https://y.example")
            .env("CORS_ORIGINS_admin", "https://z.example")
            .env("CORS_ORIGINS_", "")
            .output()
            .unwrap();
        let text = String::from_utf8(again.stdout).unwrap();
        assert!(again.status.success() && text.contains("1 passed"), "{text}");
        return;
    }
    // whichever call comes first
    let builder = Policy::builder()
        .from_env()
        .origin_group("admin", ["https://admin.example"])
        .allow_origins(["@admin"]);
    let base = builder.build_layered().unwrap();
    assert_eq!(origins(&base), "https://x.example");
    for name in ["@dev-ui", "@dev_ui"] {
        let own = layer(&base, &Override::builder().allow_origins([name])).unwrap();
        assert_eq!(origins(&own), "https://dev.example", "{name}");
    }
    let beside = layer(
        &builder.clone().allow_credentials(true).build_layered().unwrap(),
        &Override::builder().allow_origins(["@dev-ui"]),
    );
    assert!(beside.is_ok());
    // only who uses a variable has to read what is in it
    let of_regex = layer(&base, &Override::builder().allow_origins(["@regex"]));
    assert_eq!(
        messages(of_regex),
        [
            "CORS003 environment variable CORS_ORIGINS_REGEX: origin `a.example` has no scheme; write `https://a.example`"
        ]
    );
    // a variable belongs to the group that is defined, however similar another name is
    let defined = builder.clone().origin_group("dev_ui", ["https://ui.example"]);
    let defined = defined.build_layered().unwrap();
    let own = layer(&defined, &Override::builder().allow_origins(["@dev-ui"]));
    assert_eq!(own.unwrap_err().first().correction().as_deref(), Some("@dev_ui"));

    let unused = |variable: &str, name: &str, nearest: &str| {
        format!(
            "CORS122 environment variable {variable}: origin group `{name}` is in no list of the base policy, a scope \
             or a route; {nearest}list `@{name}`, or leave it out"
        )
    };
    let not_one = |variable: &str, nearest: &str| {
        format!(
            "CORS122 environment variable {variable}: `{variable}` is the variable of no origin group; \
             {nearest}leave it out"
        )
    };
    let nearest = "write `CORS_ORIGINS_ADMIN`, or ";
    assert_eq!(
        lints(&builder, &[&Override::builder().allow_origins(["@dev-ui"])]),
        [
            not_one("CORS_ORIGINS_", ""),
            unused("CORS_ORIGINS_ADMN", "admn", nearest),
            unused("CORS_ORIGINS_REGEX", "regex", ""),
            not_one("CORS_ORIGINS_admin", nearest),
        ]
    );
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
