//! What a file may hold, for editors and for other programs that check it.

/// A JSON Schema (draft 7, which editors know best) of the files that
/// [`PolicyBuilder::from_file`](crate::PolicyBuilder::from_file) reads, whatever their format.
///
/// It says which keys may stand where, and what kind of value each takes. Whether an origin is right, or two settings
/// may stand together, is for [`build`](crate::PolicyBuilder::build) to say.
///
/// ```
/// assert!(cors_core::SCHEMA.contains("\"allow_origins\""));
/// ```
pub const SCHEMA: &str = include_str!("../../cors.schema.json");

#[cfg(test)]
mod tests {
    //! The schema is made from the names that the parser knows, and from what is said of the setters.
    //! `UPDATE=1 cargo test -p cors-policy-core --lib schema` writes it anew.

    use serde_json::{Map, Value, json};

    use super::SCHEMA;
    use crate::{
        file::names::{self, Level, METHODS, ORIGIN_GROUPS, PATH, ROUTES, SCOPES},
        policy::{OVERRIDE_NAMES, policy_setters},
        setting::{Key, Off},
    };

    /// What is said of each setter.
    macro_rules! docs {
        (
            lists {
                $($(#[doc = $list_doc:literal])* $list:ident($values:ident: $form:ty), $add:ident, $remove:ident: $what:literal;)*
            }
            values { $($(#[doc = $doc:literal])* $name:ident($value:ident: $type:ty) as $own:ty;)* }
            switches { $($(#[doc = $switch_doc:literal])* $switch:ident($is_on:ident: bool);)* }
        ) => {
            &[
                $(
                    (stringify!($list), concat!($($list_doc, "\n"),*)),
                    (stringify!($add), concat!("Adds to ", $what, ".")),
                    (stringify!($remove), concat!("Takes away from ", $what, ".")),
                )*
                $((stringify!($name), concat!($($doc, "\n"),*)),)*
                $((stringify!($switch), concat!($($switch_doc, "\n"),*)),)*
            ]
        };
    }

    const DOCS: &[(&str, &str)] = policy_setters!(docs);

    /// The first sentence of what is said of a key, without a link.
    fn description(name: &str) -> String {
        let (_, text) = DOCS.iter().find(|(own, _)| *own == name).expect("a setter");
        let lines = text.lines().map(str::trim).take_while(|line| !line.is_empty());
        let paragraph = lines.collect::<Vec<_>>().join(" ");
        let sentence = paragraph.split_once(". ").map_or(paragraph.as_str(), |(first, _)| first);
        let sentence = format!("{}.", sentence.trim_end_matches('.'));
        let Some((before, rest)) = sentence.split_once("](") else { return sentence };
        let (before, linked) = before.rsplit_once('[').expect("the start of a link");
        let (_, after) = rest.split_once(')').expect("the end of a link");
        [before, linked, after].concat()
    }

    fn texts() -> Value {
        json!({ "type": "array", "items": { "type": "string" } })
    }

    fn setting(name: &str) -> Value {
        let setting = OVERRIDE_NAMES.iter().find(|(own, ..)| *own == name);
        let mut schema = match setting.and_then(|(_, setting, _)| Key::parse(setting)) {
            Some(key) if key.is_list() => texts(),
            Some(Key::AllowCredentials) => {
                json!({ "type": ["boolean", "array"], "items": { "type": "string" } })
            }
            Some(Key::MaxAge) => json!({
                "type": ["integer", "string"],
                "minimum": 0,
                "maximum": u32::MAX,
                "pattern": "^[0-9]+[smhd]?$",
            }),
            _ => json!({ "type": "boolean" }),
        };
        schema["description"] = description(name).into();
        schema
    }

    fn described(mut schema: Value, description: &str) -> Value {
        schema["description"] = description.into();
        schema
    }

    fn properties(settings: impl IntoIterator<Item = &'static str>) -> Map<String, Value> {
        settings.into_iter().map(|name| (name.to_owned(), setting(name))).collect()
    }

    fn entry(level: Level) -> Value {
        let mut properties = properties(OVERRIDE_NAMES.iter().map(|(name, ..)| *name));
        for off in Off::ALL {
            let what = match off {
                Off::Disable => {
                    "Turns CORS off here: preflights are refused, and no other setting belongs beside it."
                }
                Off::External => {
                    "Leaves CORS to another layer here, and no other setting belongs beside it."
                }
            };
            properties
                .insert(off.as_str().to_owned(), described(json!({ "type": "boolean" }), what));
        }
        let (what, path) = match level {
            Level::Scope => (
                "Everything that is registered below a path.",
                "The path, spelled as the framework has it, such as `/api`.",
            ),
            _ => (
                "The routes of one pattern.",
                "The full pattern, spelled as the framework has it, such as `/users/{id}`.",
            ),
        };
        properties.insert(PATH.to_owned(), described(json!({ "type": "string" }), path));
        let mut required = vec![PATH];
        if level == Level::Route {
            let mut methods = described(texts(), "The methods; `[\"*\"]` for all.");
            methods["minItems"] = 1.into();
            properties.insert(METHODS.to_owned(), methods);
            required.push(METHODS);
        }
        json!({
            "type": "object",
            "description": what,
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }

    fn schema() -> String {
        let mut properties = properties(names::settings());
        let mut list = |name: &str, definition: &str, what: &str| {
            let items = json!({ "$ref": format!("#/definitions/{definition}") });
            properties.insert(
                name.to_owned(),
                json!({ "type": "array", "description": what, "items": items }),
            );
        };
        list(SCOPES, "scope", "Overrides for parts of the application, the outer ones first.");
        list(ROUTES, "route", "Overrides for single routes; later ones win.");
        let groups = json!({ "type": "object", "additionalProperties": texts() });
        properties.insert(
            ORIGIN_GROUPS.to_owned(),
            described(groups, "Lists of origins by the names that stand for them."),
        );
        let schema = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "CORS policy",
            "description": "Which origins may call what, as cors-actix and cors-policy-core read it from a file.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "definitions": { "scope": entry(Level::Scope), "route": entry(Level::Route) },
        });
        serde_json::to_string_pretty(&schema).expect("text") + "\n"
    }

    #[test]
    fn the_schema_is_what_the_parser_knows() {
        if std::env::var_os("UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/cors.schema.json");
            std::fs::write(path, schema()).expect("a file");
        } else {
            // another crate of the build may have serde_json keep the order of keys
            let [shipped, known] = [SCHEMA, &schema()].map(serde_json::from_str::<Value>);
            let is_same = shipped.expect("JSON") == known.expect("JSON");
            assert!(is_same, "cors.schema.json is stale; write it anew with UPDATE=1");
        }
    }
}
