//! Settings from environment variables: one image for development, staging and production.

use std::ffi::OsString;

use super::{
    Override,
    near_misses::{self, Ignored},
    notation,
};
use crate::{
    error::{ConfigError, Problem},
    setting::{Key, Off, Operator, Setting, Value},
    source::Source,
};

/// A variable that was found.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    target: Target,
    name: &'static str,
    value: OsString,
    /// Another variable for the same setting, with another value.
    rival: Option<&'static str>,
}

/// What a variable stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Setting(Key),
    Off(Off),
}

/// Every variable that is read, with the setting it stands for; the first name of a setting is its
/// own, a second one is accepted because deployments use it.
const NAMES: [(Target, &str, Option<&str>); 9] = [
    (Target::Setting(Key::AllowOrigins), "CORS_ALLOW_ORIGINS", Some("CORS_ALLOWED_ORIGINS")),
    (Target::Setting(Key::AllowMethods), "CORS_ALLOW_METHODS", Some("CORS_ALLOWED_METHODS")),
    (Target::Setting(Key::AllowHeaders), "CORS_ALLOW_HEADERS", Some("CORS_ALLOWED_HEADERS")),
    (Target::Setting(Key::ExposeHeaders), "CORS_EXPOSE_HEADERS", Some("CORS_EXPOSED_HEADERS")),
    (Target::Setting(Key::AllowCredentials), "CORS_ALLOW_CREDENTIALS", None),
    (Target::Setting(Key::MaxAge), "CORS_MAX_AGE", None),
    (Target::Setting(Key::ExposeAnyHeader), "CORS_DANGEROUSLY_EXPOSE_ANY_HEADER", None),
    (Target::Off(Off::Disable), "CORS_DISABLE", None),
    (Target::Off(Off::External), "CORS_EXTERNAL", None),
];

pub(crate) fn read(lookup: impl Fn(&str) -> Option<OsString>) -> Vec<Variable> {
    let found = |name: &'static str| lookup(name).map(|value| (name, value));
    NAMES
        .into_iter()
        .filter_map(|(target, name, alias)| {
            let own = found(name);
            let other = alias.and_then(found);
            let rival = match (&own, &other) {
                (Some((_, value)), Some((alias, other))) if value != other => Some(*alias),
                _ => None,
            };
            let (name, value) = own.or(other)?;
            Some(Variable { target, name, value, rival })
        })
        .collect()
}

/// The variables that are set and have nearly the name of one that is read.
pub(crate) fn ignored(
    variables: &[Variable],
    lookup: impl Fn(&str) -> Option<OsString>,
) -> Vec<Ignored> {
    let is_read = |name: &str| {
        let target = NAMES.into_iter().find(|(_, own, _)| *own == name).map(|(target, ..)| target);
        variables.iter().any(|variable| Some(variable.target) == target)
    };
    near_misses::find(lookup, is_read)
}

/// What the variables say of a way of off, if anything.
pub(crate) fn is_on(variables: &[Variable], off: Off) -> Option<bool> {
    let own = variables.iter().find(|variable| variable.target == Target::Off(off));
    own.and_then(Variable::flag)
}

/// The variable that turns CORS off in this way, if one does.
pub(crate) fn source_of(variables: &[Variable], off: Off) -> Option<Source> {
    let is_own = |own: &&Variable| own.target == Target::Off(off) && own.flag() == Some(true);
    variables.iter().find(is_own).map(Variable::source)
}

/// The error of variables that turn CORS off in both ways.
pub(crate) fn both_off(variables: &[Variable]) -> Option<ConfigError> {
    let mut on = variables
        .iter()
        .filter(|own| matches!(own.target, Target::Off(_)) && own.flag() == Some(true));
    on.next()?;
    on.next().map(|second| ConfigError::both_off().in_layer(&second.source()))
}

impl Variable {
    pub(crate) fn source(&self) -> Source {
        Source::Environment(self.name.into())
    }

    /// What the variable changes, and everything that is wrong with it. How CORS is off is no change: it is
    /// read for all layers of the base policy together.
    pub(crate) fn layer(&self) -> (Override, Vec<ConfigError>) {
        let nothing = Override::default();
        match (self.text(), self.target) {
            (Err(problem), _) => (nothing, vec![self.error("", problem)]),
            (Ok(text), Target::Setting(key)) => self.explained_changes(key, text),
            (Ok(_), Target::Off(_)) if self.flag().is_some() => (nothing, Vec::new()),
            (Ok(text), Target::Off(off)) => {
                let error = match notation::value(text).map(str::to_owned) {
                    Some(write) => self.error(text.trim(), Problem::Notation { write }),
                    None => self.error(text.trim(), Problem::Switch { of: off.as_str().into() }),
                };
                (nothing, vec![error])
            }
        }
    }

    fn text(&self) -> Result<&str, Problem> {
        if let Some(other) = self.rival {
            return Err(Problem::VariableTwice { other });
        }
        self.value.to_str().ok_or(Problem::NotUnicode)
    }

    fn flag(&self) -> Option<bool> {
        self.text().ok()?.trim().parse().ok()
    }

    /// If anything is wrong, the notation is the cause where another one would be right.
    fn explained_changes(&self, key: Key, text: &str) -> (Override, Vec<ConfigError>) {
        let (layer, errors) = self.changes(key, text);
        match self.meant(key, text).filter(|_| !errors.is_empty()) {
            Some(write) => {
                let problem = Problem::Notation { write };
                (Override::default(), vec![self.error(text.trim(), problem)])
            }
            None => (layer, errors),
        }
    }

    /// What the author of a value means that is written in another notation.
    fn meant(&self, key: Key, text: &str) -> Option<String> {
        if !is_list(key, text) {
            return notation::value(text).map(str::to_owned);
        }
        let correct = |element: &str| {
            let (_, errors) = self.changes(key, element);
            let correction = errors.first().and_then(ConfigError::correction);
            correction.unwrap_or_else(|| element.to_owned())
        };
        let elements: Vec<String> = notation::elements(text)?.into_iter().map(correct).collect();
        Some(elements.join(", "))
    }

    fn changes(&self, key: Key, text: &str) -> (Override, Vec<ConfigError>) {
        let elements = notation::as_read(text);
        let is_list = is_list(key, text);
        let value = if is_list { Value::List(&elements) } else { Value::Text(text.trim()) };
        let setting = Setting { key: key.as_str(), operator: Operator::Set, value };
        Override::read(&[setting], &self.source())
    }

    fn error(&self, value: &str, problem: Problem) -> ConfigError {
        let key = match self.target {
            Target::Setting(key) => Some(key),
            Target::Off(_) => None,
        };
        ConfigError { key, ..ConfigError::new(value, problem) }.in_layer(&self.source())
    }
}

/// Whether a value is one: `allow_credentials` is a flag or a list.
fn is_list(key: Key, text: &str) -> bool {
    let is_listed = |element: &&str| *element == "*" || element.starts_with('@');
    let has_origins = || text.contains("://") || notation::as_read(text).iter().any(is_listed);
    key.is_list() || (key == Key::AllowCredentials && has_origins())
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
            ("CORS_DANGEROUSLY_EXPOSE_ANY_HEADER", "true"),
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
            Some("true"),
        ];
        assert_eq!(values.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
        let source = &layered.contributions(Key::AllowOrigins)[0].source;
        assert_eq!(*source, crate::Source::Environment("CORS_ALLOWED_ORIGINS".into()));
        assert_eq!(layered.contributions(Key::ExposeHeaders)[0].source, crate::Source::Base);
    }

    #[test]
    fn credentials_are_a_flag_or_a_list() {
        let message = |what: &str| {
            format!(
                "environment variable CORS_ALLOW_CREDENTIALS: `allow_credentials` is `{what}`; write `true`, \
                 `false` or a list of origins"
            )
        };
        let any = "environment variable CORS_ALLOW_CREDENTIALS: `*` in `allow_credentials` would let any site \
                   use its visitors' cookies; list the origins, or write `true` for all of `allow_origins`";
        let rows: [(&str, Result<Option<&str>, String>); 9] = [
            ("true", Ok(Some("true"))),
            (" true ", Ok(Some("true"))),
            ("false", Ok(None)),
            ("https://code.example", Ok(Some("https://code.example"))),
            (
                " https://b.example , https://a.example,",
                Ok(Some("https://a.example, https://b.example")),
            ),
            ("yes", Err(message("yes"))),
            ("", Err(message(""))),
            ("app.example.com", Err(message("app.example.com"))),
            ("*", Err(any.to_owned())),
        ];
        for (text, expected) in rows {
            let built = build(&[("CORS_ALLOW_CREDENTIALS", text)]);
            let value = built.map(|own| own.policy().value_of(Key::AllowCredentials));
            let value = value.map_err(|errors| errors.first().to_string());
            assert_eq!(value, expected.map(|own| own.map(str::to_owned)), "{text}");
        }
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
        let table: [(&[(&str, &str)], &str); 8] = [
            (
                &[("CORS_ALLOW_ORIGINS", "https://a.example,https://b.example/")],
                "environment variable CORS_ALLOW_ORIGINS: origin `https://b.example/` has a \
                 trailing slash; write `https://b.example`",
            ),
            (
                &[("CORS_ALLOW_METHODS", "PUT,PA(TCH")],
                "environment variable CORS_ALLOW_METHODS: method `PA(TCH` is no RFC 9110 token; \
                 write one like `PUT`",
            ),
            (
                &[("CORS_ALLOW_CREDENTIALS", "yes")],
                "environment variable CORS_ALLOW_CREDENTIALS: `allow_credentials` is `yes`; write \
                 `true`, `false` or a list of origins",
            ),
            (
                &[("CORS_MAX_AGE", "soon")],
                "environment variable CORS_MAX_AGE: `max_age` is `soon`, which is no whole number \
                 of seconds; write `600` or `\"10m\"`",
            ),
            (
                &[("CORS_MAX_AGE", "-1")],
                "environment variable CORS_MAX_AGE: `max_age` is `-1`, which is less than nothing; \
                 write `0`, so that browsers remember no preflight",
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
                 CORS_ALLOW_CREDENTIALS); list the origins, or name those that may send cookies, as in \
                 `allow_credentials = [\"https://app.example.com\"]`",
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
