//! Variables that replace the list of a group, or define it.

use cors_core::{Key, Override, Policy};

use super::{base, layer, lints, messages, origins, with_variables};

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

/// The variables of a process are set from outside, so this runs itself again.
#[test]
fn the_environment_of_the_process_defines_groups() {
    if std::env::var_os("CORS_ORIGINS_DEV_UI").is_none() {
        let own = "groups::variables::the_environment_of_the_process_defines_groups";
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

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStringExt;

    let value = || std::ffi::OsString::from_vec(vec![0xff]);
    let built =
        base().from_env_with(|name| (name == "CORS_ORIGINS_ADMIN").then(value)).build_layered();
    let message =
        "CORS070 environment variable CORS_ORIGINS_ADMIN: the value is not UTF-8; write ASCII";
    assert_eq!(messages(built), [message]);
}
