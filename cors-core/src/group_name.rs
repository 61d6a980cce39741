//! The names of origin groups, and of the environment variables that replace their lists.

use std::{fmt, sync::Arc};

/// What the names of such variables begin with.
pub(crate) const VARIABLE_PREFIX: &str = "CORS_ORIGINS_";

/// The name of an origin group: lower-case letters, digits, `-` and `_`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupName(Arc<str>);

impl GroupName {
    /// The name, if it is one.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
        (begins && name.chars().all(is_allowed)).then(|| Self(name.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The environment variable that replaces the list of the group.
    pub(crate) fn variable(&self) -> String {
        group_variable(&self.0)
    }
}

/// As it is written in a list.
impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}", self.0)
    }
}

/// The environment variable of a group of this name.
pub(crate) fn group_variable(name: &str) -> String {
    format!("{VARIABLE_PREFIX}{}", name.to_ascii_uppercase().replace('-', "_"))
}

/// The name that the author of a wrong one may have meant.
pub(crate) fn similar_name(wrong: &str) -> Option<String> {
    let own = |c: char| if is_allowed(c) { c } else { '-' };
    let name: String = wrong.to_ascii_lowercase().chars().map(own).collect();
    let name = name.trim_start_matches(|c: char| !c.is_ascii_lowercase()).trim_end_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::{GroupName, similar_name};

    #[test]
    fn a_name_is_lower_case_and_begins_with_a_letter() {
        for name in ["a", "admin", "admin-ui", "admin_ui", "a1", "a-", "a__"] {
            assert!(GroupName::parse(name).is_some(), "{name}");
        }
        let table = [
            ("", None),
            ("Admin", Some("admin")),
            ("1", None),
            ("1a", Some("a")),
            ("-a", Some("a")),
            ("_a", Some("a")),
            ("@a", Some("a")),
            ("admin ui", Some("admin-ui")),
            ("admin.ui ", Some("admin-ui")),
            ("*", None),
            ("ä", None),
        ];
        for (name, similar) in table {
            assert!(GroupName::parse(name).is_none(), "{name}");
            assert_eq!(similar_name(name).as_deref(), similar, "{name}");
            assert!(similar.is_none_or(|own| GroupName::parse(own).is_some()), "{name}");
        }
    }

    #[test]
    fn a_variable_has_the_name_in_capitals() {
        for (name, variable) in
            [("admin", "CORS_ORIGINS_ADMIN"), ("admin-ui_2", "CORS_ORIGINS_ADMIN_UI_2")]
        {
            assert_eq!(GroupName::parse(name).unwrap().variable(), variable);
        }
    }
}
