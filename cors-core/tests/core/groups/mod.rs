//! Origin groups: what a name in a list stands for, what variables make of it, and that it opens nothing which the
//! list itself could not.

mod checks;
mod law;
mod names;
mod reports;
mod variables;

use cors_core::{
    ConfigErrors, Key, LayeredPolicy, Location, Operator, Override, OverrideBuilder, Policy,
    PolicyBuilder, Report, RouteReport, Setting, Source, Value,
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

fn code<T>(result: Result<T, ConfigErrors>) -> String {
    result.err().map_or_else(String::new, |errors| errors.first().code().to_owned())
}

fn messages<T: std::fmt::Debug>(result: Result<T, ConfigErrors>) -> Vec<String> {
    let errors = result.unwrap_err();
    errors.iter().map(|error| format!("{} {error}", error.code())).collect()
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
