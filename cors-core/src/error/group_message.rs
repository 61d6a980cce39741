//! The words for what is wrong with origin groups.

use super::Problem;
use crate::group_name::group_variable;

impl Problem {
    pub(super) fn describe_group(&self, value: &str) -> String {
        let name = value.trim_start_matches('@');
        match self {
            Self::GroupName { write } => {
                let at = if value.starts_with('@') { "@" } else { "" };
                let write = write.as_ref().map(|write| format!("`{write}`"));
                let write = write.unwrap_or_else(|| format!("one like `{at}admin-ui`"));
                format!(
                    "origin group `{value}` has an invalid name; write {write}, in lower-case letters, digits, `-` and \
                     `_`, with a letter first"
                )
            }
            Self::GroupUndefined { did_you_mean } => {
                let nearest = did_you_mean.as_ref().map(|name| format!("write `@{name}`, or "));
                format!(
                    "origin group `{value}` is not defined; {}define it by `origin_group(\"{name}\", \
                     [\"https://app.example.com\"])` in the base policy, by `origin_groups` in a file, or by the environment variable {} and `from_env`",
                    nearest.unwrap_or_default(),
                    group_variable(name),
                )
            }
            Self::GroupTwice => format!(
                "origin group `{value}` is defined twice, and one list would replace the other; keep one"
            ),
            Self::GroupElement { group } if value == "*" => format!(
                "origin group `{group}` holds `*`, and would open every list that names it to any site; list the \
                 origins, or write `allow_origins = [\"*\"]` where any site may call"
            ),
            Self::GroupElement { group } => format!(
                "origin group `{group}` holds the group `{value}`, and a group holds origins alone; list them, or \
                 name both groups where they are used"
            ),
            Self::GroupVariableShared { other } => format!(
                "origin groups `{other}` and `{value}` would both be replaced by the environment variable {}; give \
                 one of them another name",
                group_variable(value),
            ),
            _ => String::new(),
        }
    }
}
