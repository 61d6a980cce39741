//! Settings from environment variables: one image for development, staging and production.

use std::ffi::OsString;

use super::Override;
use crate::{
    error::{ConfigError, Problem},
    setting::{Key, Operator, Setting, Value},
    source::Source,
};

/// A variable that was found.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    key: Key,
    name: &'static str,
    value: OsString,
    /// Another variable for the same setting, with another value.
    rival: Option<&'static str>,
}

/// Every variable that is read, with the setting it stands for; the first name of a setting is its
/// own, a second one is accepted because deployments use it.
const NAMES: [(Key, &str, Option<&str>); 6] = [
    (Key::AllowOrigins, "CORS_ALLOW_ORIGINS", Some("CORS_ALLOWED_ORIGINS")),
    (Key::AllowMethods, "CORS_ALLOW_METHODS", None),
    (Key::AllowHeaders, "CORS_ALLOW_HEADERS", None),
    (Key::ExposeHeaders, "CORS_EXPOSE_HEADERS", None),
    (Key::AllowCredentials, "CORS_ALLOW_CREDENTIALS", None),
    (Key::MaxAge, "CORS_MAX_AGE", None),
];

pub(crate) fn read(lookup: impl Fn(&str) -> Option<OsString>) -> Vec<Variable> {
    let found = |name: &'static str| lookup(name).map(|value| (name, value));
    NAMES
        .into_iter()
        .filter_map(|(key, name, alias)| {
            let own = found(name);
            let other = alias.and_then(found);
            let rival = match (&own, &other) {
                (Some((_, value)), Some((alias, other))) if value != other => Some(*alias),
                _ => None,
            };
            let (name, value) = own.or(other)?;
            Some(Variable { key, name, value, rival })
        })
        .collect()
}

impl Variable {
    pub(crate) fn source(&self) -> Source {
        Source::Environment(self.name)
    }

    /// What the variable changes, and everything that is wrong with it.
    pub(crate) fn layer(&self) -> (Override, Vec<ConfigError>) {
        let fail = |problem| {
            let error = ConfigError::of_key(self.key, "", problem).in_layer(&self.source());
            (Override::default(), vec![error])
        };
        if let Some(other) = self.rival {
            return fail(Problem::VariableTwice { other });
        }
        let Some(text) = self.value.to_str() else {
            return fail(Problem::NotUnicode);
        };
        let elements: Vec<&str> =
            text.split(',').map(str::trim).filter(|element| !element.is_empty()).collect();
        let value =
            if self.key.is_list() { Value::List(&elements) } else { Value::Text(text.trim()) };
        let setting = Setting { key: self.key.as_str(), operator: Operator::Set, value };
        Override::read(&[setting], &self.source())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Key, Policy};

    fn build(variables: &[(&str, &str)]) -> Result<crate::LayeredPolicy, crate::ConfigErrors> {
        Policy::builder()
            .from_env_with(|name| {
                variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into())
            })
            .allow_origins(["https://code.example"])
            .expose_headers(["X-Code"])
            .build_layered()
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn variables_win_over_the_code_and_say_so() {
        let layered = build(&[
            ("CORS_ALLOWED_ORIGINS", " https://a.example ,, https://*.b.example,"),
            ("CORS_ALLOW_METHODS", "PUT"),
            ("CORS_ALLOW_HEADERS", "Content-Type,X-A"),
            ("CORS_ALLOW_CREDENTIALS", "true"),
            ("CORS_MAX_AGE", "10m"),
        ])
        .unwrap();
        let values: Vec<_> = Key::ALL.iter().map(|key| layered.policy().value_of(*key)).collect();
        let expected = [
            Some("https://*.b.example, https://a.example"),
            Some("PUT"),
            Some("Content-Type, X-A"),
            Some("X-Code"),
            Some("true"),
            Some("600 s"),
        ];
        assert_eq!(values.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
        let source = &layered.contributions(Key::AllowOrigins)[0].source;
        assert_eq!(*source, crate::Source::Environment("CORS_ALLOWED_ORIGINS"));
        assert_eq!(layered.contributions(Key::ExposeHeaders)[0].source, crate::Source::Base);
    }

    #[test]
    fn both_names_may_be_set_to_the_same() {
        let value = "https://a.example";
        let both = [("CORS_ALLOW_ORIGINS", value), ("CORS_ALLOWED_ORIGINS", value)];
        let layered = build(&both).unwrap();
        assert_eq!(layered.policy().value_of(Key::AllowOrigins).as_deref(), Some(value));
    }

    #[test]
    fn an_empty_list_allows_nothing() {
        let layered = build(&[("CORS_ALLOW_ORIGINS", " , ")]).unwrap();
        assert_eq!(layered.policy().value_of(Key::AllowOrigins), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_no_text_is_refused() {
        use std::os::unix::ffi::OsStringExt;

        let builder = Policy::builder().from_env_with(|name| {
            (name == "CORS_ALLOW_ORIGINS").then(|| std::ffi::OsString::from_vec(vec![0xff]))
        });
        assert_eq!(
            builder.build().unwrap_err().to_string(),
            "[CORS070] environment variable CORS_ALLOW_ORIGINS: the value is not UTF-8; write ASCII"
        );
    }

    #[test]
    fn errors_name_the_variable_and_the_element() {
        let table: [(&[(&str, &str)], &str); 7] = [
            (
                &[("CORS_ALLOW_ORIGINS", "https://a.example,https://b.example/")],
                "environment variable CORS_ALLOW_ORIGINS: origin `https://b.example/` has a \
                 trailing slash; write `https://b.example`",
            ),
            (
                &[("CORS_ALLOW_METHODS", "PUT,PA TCH")],
                "environment variable CORS_ALLOW_METHODS: method `PA TCH` is no RFC 9110 token; \
                 write one like `PUT`",
            ),
            (
                &[("CORS_ALLOW_CREDENTIALS", "yes")],
                "environment variable CORS_ALLOW_CREDENTIALS: `allow_credentials` is `yes`; write \
                 `true` or `false`",
            ),
            (
                &[("CORS_MAX_AGE", "soon")],
                "environment variable CORS_MAX_AGE: `max_age` is `soon`, which is no whole number \
                 of seconds; write `600` or `\"10m\"`",
            ),
            (
                &[("CORS_MAX_AGE", "")],
                "environment variable CORS_MAX_AGE: `max_age` is ``, which is no whole number of \
                 seconds; write `600` or `\"10m\"`",
            ),
            (
                &[("CORS_ALLOW_ORIGINS", "*"), ("CORS_ALLOW_CREDENTIALS", "true")],
                "`allow_origins = [\"*\"]` (environment variable CORS_ALLOW_ORIGINS) cannot be \
                 combined with `allow_credentials = true` (environment variable \
                 CORS_ALLOW_CREDENTIALS); list the origins, or set `allow_credentials = false`",
            ),
            (
                &[("CORS_ALLOW_ORIGINS", "https://a.example"), ("CORS_ALLOWED_ORIGINS", "*")],
                "environment variable CORS_ALLOW_ORIGINS: CORS_ALLOWED_ORIGINS is set as well, to \
                 another value; keep one of the two",
            ),
        ];
        for (variables, message) in table {
            assert_eq!(build(variables).unwrap_err().first().to_string(), message);
        }
    }
}
