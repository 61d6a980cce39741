//! The two ways of off: where they are said, what is said of settings beside them, and how they show.

use cors_core::{
    ConfigError, ConfigErrors, Key, LayeredPolicy, Location, Off, Override, OverrideBuilder,
    Policy, PolicyBuilder, Reason, Report, RouteReport, Source,
};

static MODULE: Location = Location { handler: "shop", file: "src/shop.rs", line: 1 };

static HANDLER: Location = Location { handler: "shop::rates", file: "src/shop.rs", line: 12 };

/// Names and values in the environment.
type Variables<'a> = &'a [(&'a str, &'a str)];

fn list() -> PolicyBuilder {
    Policy::builder().allow_origins(["https://a.example"]).expose_headers(["ETag"])
}

fn with(builder: PolicyBuilder, variables: Variables<'_>) -> Result<Policy, ConfigErrors> {
    let value =
        |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into());
    builder.from_env_with(value).build()
}

/// Code and file are one layer, and the environment is the next; of both ways the stricter one counts.
#[test]
fn the_environment_replaces_what_the_code_says_of_the_base_policy() {
    let (disable, external) = (Some(Off::Disable), Some(Off::External));
    let rows: [(PolicyBuilder, Variables<'_>, Option<Off>); 14] = [
        (list(), &[], None),
        (list().disable(true), &[], disable),
        (list().external(true), &[], external),
        (list().disable(false).external(false), &[], None),
        (list().disable(false).external(true), &[], external),
        (list(), &[("CORS_DISABLE", "true")], disable),
        (list(), &[("CORS_EXTERNAL", " true ")], external),
        (list().disable(true), &[("CORS_DISABLE", "false")], None),
        (list().external(true), &[("CORS_EXTERNAL", "false")], None),
        (list().external(true), &[("CORS_DISABLE", "false")], external),
        (list().external(true), &[("CORS_DISABLE", "true")], disable),
        (list().disable(true), &[("CORS_EXTERNAL", "true")], disable),
        (list().disable(true), &[("CORS_DISABLE", "false"), ("CORS_EXTERNAL", "true")], external),
        // what else the environment says has no effect then
        (list().external(true), &[("CORS_ALLOW_ORIGINS", "https://b.example")], external),
    ];
    for (builder, variables, off) in rows {
        let policy = with(builder.clone(), variables).unwrap();
        assert_eq!(policy.off(), off, "{builder:?} {variables:?}");
        let origins = policy.value_of(Key::AllowOrigins);
        assert_eq!(origins.is_none(), off.is_some(), "{builder:?} {variables:?}");
    }
}

#[test]
fn what_is_wrong_with_the_switches_is_said() {
    let both = "`disable` refuses preflights, and `external` leaves them to another layer; keep one of \
                the two";
    let rows: [(PolicyBuilder, Variables<'_>, &str, String); 6] = [
        (list().disable(true).external(true), &[], "CORS072", both.into()),
        (
            list(),
            &[("CORS_DISABLE", "true"), ("CORS_EXTERNAL", "true")],
            "CORS072",
            format!("environment variable CORS_EXTERNAL: {both}"),
        ),
        (
            list(),
            &[("CORS_DISABLE", "yes")],
            "CORS052",
            "environment variable CORS_DISABLE: `disable` is `yes`; write `true` or `false`".into(),
        ),
        (
            list(),
            &[("CORS_EXTERNAL", "")],
            "CORS052",
            "environment variable CORS_EXTERNAL: `external` is ``; write `true` or `false`".into(),
        ),
        // whatever is off, the settings are checked
        (
            list().external(true).allow_methods(["P UT"]),
            &[],
            "CORS030",
            "method `P UT` is no RFC 9110 token; write one like `PUT`".into(),
        ),
        (
            list().external(true),
            &[("CORS_MAX_AGE", "soon")],
            "CORS050",
            "environment variable CORS_MAX_AGE: `max_age` is `soon`, which is no whole number of \
             seconds; write `600` or `\"10m\"`"
                .into(),
        ),
    ];
    for (builder, variables, code, message) in rows {
        let errors = with(builder, variables).unwrap_err();
        assert_eq!(errors.iter().count(), 1, "{errors}");
        assert_eq!((errors.first().code(), errors.first().to_string()), (code, message));
    }
}

#[test]
fn an_override_that_is_off_has_nothing_beside() {
    let layer = Override::builder;
    let rows: [(OverrideBuilder, &[&str]); 6] = [
        (layer().disable(), &[]),
        (layer().external().external(), &[]),
        (layer().external().disable(), &["CORS072"]),
        (layer().external().allow_credentials(false), &["CORS066"]),
        (layer().allow_credentials(false).disable(), &["CORS066"]),
        (layer().external().disable().allow_credentials(false), &["CORS072", "CORS066"]),
    ];
    for (builder, expected) in rows {
        let errors = builder.build(&Source::Here).err();
        let codes: Vec<_> = errors.iter().flatten().map(ConfigError::code).collect();
        assert_eq!(codes, expected, "{builder:?}");
    }
    let beside = layer().external().allow_credentials(false).build(&Source::Here).unwrap_err();
    let message = "`external` leaves CORS to another layer, so no other setting belongs beside it; \
                   remove one";
    assert_eq!(beside.first().message(), message);
}

fn route(base: &LayeredPolicy, layers: &[(&Source, OverrideBuilder)]) -> RouteReport {
    let policy = layers.iter().fold(base.clone(), |policy, (source, layer)| {
        policy.apply(&layer.build(source).unwrap(), source, &[]).unwrap()
    });
    RouteReport::new("/rates", vec!["PUT".into()], Source::Attribute(&HANDLER), policy)
}

#[test]
fn what_has_no_effect_where_cors_is_off_is_said() {
    let (module, handler) = (Source::Attribute(&MODULE), Source::Attribute(&HANDLER));
    let layer = Override::builder;
    let link = || layer().add_expose_headers(["Link"]);
    let (at_module, at_handler) =
        ("#[cors] on `shop` at src/shop.rs:1", "#[cors] on `shop::rates` at src/shop.rs:12");
    let said = |code: &str, at: &str, key: &str, why: &str, by: &str, remedy: &str| {
        vec![format!("{code} {at}: `{key}` {why} ({by}); {remedy}")]
    };
    let off = |at: &str, key: &str, is: &str, by: &str| {
        let why = format!("has no effect, because CORS {is} there");
        said("CORS114", at, key, &why, by, "remove one of the two")
    };
    let same = |key: &str| {
        let why = "changes nothing, because it was so before";
        said("CORS113", at_handler, key, why, at_module, "leave it out")
    };
    let left = "is left to another layer";
    let nothing = Vec::<String>::new;
    // the last list is for a base policy that is off, whichever way: it is a switch for all
    let rows = [
        (layer().external(), layer(), nothing(), nothing()),
        (layer(), layer().external(), nothing(), nothing()),
        (layer(), link(), nothing(), nothing()),
        (
            layer().external(),
            layer().disable(),
            off(at_module, "external", "is off", at_handler),
            nothing(),
        ),
        (
            layer().disable(),
            layer().external(),
            off(at_handler, "external", "is off", at_module),
            off(at_handler, "external", "is off", at_module),
        ),
        (layer().external(), layer().external(), same("external"), same("external")),
        (
            layer().external(),
            link(),
            off(at_handler, "expose_headers", left, at_module),
            off(at_handler, "expose_headers", left, at_module),
        ),
        (link(), layer().external(), off(at_module, "expose_headers", left, at_handler), nothing()),
    ];
    for (of_module, of_handler, on, off) in rows {
        let layers = [(&module, of_module), (&handler, of_handler)];
        let bases =
            [(list(), on), (list().external(true), off.clone()), (list().disable(true), off)];
        for (base, expected) in bases {
            let base = base.build_layered().unwrap();
            let report = Report::new(base.clone(), vec![route(&base, &layers)]);
            let lints: Vec<String> =
                report.lints().iter().map(|lint| format!("{} {lint}", lint.code())).collect();
            assert_eq!(lints, expected, "{layers:?} over {:?}", base.policy().off());
        }
    }
}

/// Everything else in it is a setting that waits for CORS to be on again.
#[test]
fn a_base_policy_that_is_off_has_no_lints() {
    let odd = || {
        let origins = Policy::builder().allow_origins(["http://localhost:*"]);
        origins.allow_credentials(true).allow_methods(["put"])
    };
    let odd = || odd().dangerously_allow_insecure_origins(true).allow_headers(["Accept"]);
    let none = || Policy::builder().allow_headers(["X-A"]).dangerously_allow_null_origin(true);
    for builder in [odd(), none()] {
        assert!(!builder.build_layered().unwrap().lints().is_empty());
        for off in [builder.clone().disable(true), builder.clone().external(true)] {
            assert_eq!(off.build_layered().unwrap().lints(), []);
            let off = off.from_env_with(|name| (name == "CORS_MAX_AGE").then(|| "1d".into()));
            assert_eq!(off.build_layered().unwrap().lints(), []);
        }
    }
}

#[test]
fn a_report_says_how_cors_is_off() {
    let handler = Source::Attribute(&HANDLER);
    let text = |base: PolicyBuilder, layer: OverrideBuilder| {
        let base = base.build_layered().unwrap();
        let routes = vec![route(&base, &[(&handler, layer)])];
        let text = format!("{:#}", Report::new(base, routes));
        let lines = text.lines().filter(|line| line.starts_with(' '));
        lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>().join(" / ")
    };
    let layer = Override::builder;
    let (left, off) = ("CORS left to another layer", "CORS disabled");
    assert_eq!(text(list().external(true), layer()), format!("{left} / {left}"));
    assert_eq!(text(list().external(true), layer().disable()), format!("{left} / {off}"));
    assert_eq!(text(list().disable(true), layer().external()), format!("{off} / {off}"));
    assert!(text(list(), layer().external()).ends_with(&format!("browser / {left}")));
}

#[cfg(feature = "serde")]
#[test]
fn a_file_can_say_both() {
    for off in Off::ALL {
        let text = format!("allow_origins = [\"https://a.example\"]\n{off} = true\n");
        let policy: Policy = toml::from_str(&text).unwrap();
        assert_eq!(policy.off(), Some(off));
        assert_eq!(toml::to_string(&policy).unwrap(), format!("{off} = true\n"));
        let builder: PolicyBuilder = toml::from_str(&text).unwrap();
        let code = match off {
            Off::Disable => builder.disable(false),
            Off::External => builder.external(false),
        };
        assert_eq!(code.build().unwrap().off(), None, "the code replaces what the file says");
    }
    let both: PolicyBuilder = toml::from_str("disable = true\nexternal = true").unwrap();
    assert_eq!(both.build().unwrap_err().first().code(), "CORS072");
}

/// The log called a variable the base policy.
#[test]
fn what_turned_cors_off_is_named() {
    let of = |builder: PolicyBuilder, variables: Variables<'_>| {
        let value = |name: &str| {
            variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into())
        };
        builder.from_env_with(value).build_layered().unwrap()
    };
    let whose = |policy: &LayeredPolicy| policy.setting_behind(Reason::Disabled);
    let variable = || Some(("disable", Source::Environment("CORS_DISABLE".into())));
    let by_code = || Some(("disable", Source::Base));
    assert_eq!(whose(&of(list(), &[("CORS_DISABLE", "true")])), variable());
    assert_eq!(whose(&of(list().disable(true), &[("CORS_DISABLE", "true")])), variable());
    assert_eq!(whose(&of(list().disable(true), &[("CORS_MAX_AGE", "60")])), by_code());
    // a layer on top turns nothing off that is off already, and one over an open policy does
    let handler = Source::Attribute(&HANDLER);
    let open = of(list(), &[]).apply(&Override::disable(), &handler, &[]).unwrap();
    assert_eq!(whose(&open), Some(("disable", handler)));
}
