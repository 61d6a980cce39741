//! What the values of a file mean: settings, scopes, routes and groups of origins.

use std::sync::Arc;

use super::{
    names::{self, Level, METHODS, ORIGIN_GROUPS, PATH, ROUTES, SCOPES},
    tree::{Member, Node, Value, error},
};
use crate::{
    error::{ConfigError, Problem},
    policy::{
        FileEntry, FileMethods, FileOriginGroup, OVERRIDE_NAMES, Override, OverrideBuilder, Places,
        PolicyFile, Written, WrittenValue,
    },
    setting::{Key, Off, Operator},
    source::{FilePlace, Source},
};

/// Reads what the file says into its place, and notes what is wrong with how it is put together.
pub(super) fn lay_out(file: &mut PolicyFile, root: Node) {
    let Value::Table(members) = root.value else {
        file.errors.push(shape(&root, "the file", "a table of settings"));
        return;
    };
    for Member { key, place, node } in members {
        match key.as_str() {
            SCOPES => entries(file, Level::Scope, node),
            ROUTES => entries(file, Level::Route, node),
            ORIGIN_GROUPS => groups(file, node),
            name if names::settings().any(|own| own == name) => {
                file.settings.push(written(name, Operator::Set, place, node));
            }
            unknown => file.errors.push(error(&place, unknown, Level::Base.refuse(unknown))),
        }
    }
}

fn entries(file: &mut PolicyFile, level: Level, node: Node) {
    let Value::List(elements) = node.value else {
        file.errors.push(shape(&node, &format!("`{}`", level.list()), "a list of tables"));
        return;
    };
    for element in elements {
        let place = Arc::clone(&element.place);
        let Value::Table(members) = element.value else {
            let of = format!("an entry of `{}`", level.list());
            file.errors.push(shape(&element, &of, "a table"));
            continue;
        };
        let (entry, errors) = entry(level, &place, members);
        file.errors.extend(errors);
        match level {
            Level::Scope => file.scopes.extend(entry),
            _ => file.routes.extend(entry),
        }
    }
}

/// What can be made of an entry, and what is wrong with how it is put together.
fn entry(
    level: Level,
    place: &Arc<FilePlace>,
    members: Vec<Member>,
) -> (Option<FileEntry>, Vec<ConfigError>) {
    let mut read = Entry {
        level,
        path: Part::Missing,
        methods: Part::Missing,
        overrides: Override::builder(),
        errors: Vec::new(),
    };
    for member in members {
        read.take(member);
    }
    read.finish(place)
}

/// An entry while its keys are read.
struct Entry {
    level: Level,
    path: Part<(String, Source)>,
    methods: Part<FileMethods>,
    overrides: OverrideBuilder,
    errors: Vec<ConfigError>,
}

/// What an entry has to have.
enum Part<T> {
    Missing,
    /// What is wrong with it is noted.
    Wrong,
    Right(T),
}

impl<T> Part<T> {
    fn of(read: Option<T>) -> Self {
        read.map_or(Self::Wrong, Self::Right)
    }
}

impl Entry {
    fn take(&mut self, Member { key, place, node }: Member) {
        let setting = OVERRIDE_NAMES.iter().find(|(name, ..)| *name == key);
        if key == PATH {
            self.path = Part::of(text(node, "`path`", &mut self.errors));
        } else if key == METHODS && self.level == Level::Route {
            let source = Some(Source::File(Arc::clone(&node.place)));
            let names = texts(node, "`methods`", "an element of `methods`", &mut self.errors);
            self.methods = Part::of(names.map(|names| FileMethods { source, names }));
        } else if let Some(off) = Off::parse(&key) {
            self.take_off(off, &node);
        } else if let Some((_, setting, operator)) = setting {
            self.give(written(setting, *operator, place, node));
        } else {
            self.errors.push(error(&place, key.as_str(), self.level.refuse(&key)));
        }
    }

    fn take_off(&mut self, off: Off, node: &Node) {
        let overrides = std::mem::take(&mut self.overrides);
        self.overrides = match (&node.value, off) {
            (Value::Flag(true), Off::Disable) => overrides.disable(),
            (Value::Flag(true), Off::External) => overrides.external(),
            (Value::Flag(false), _) => overrides,
            (other, _) => {
                let problem = Problem::Switch { of: off.as_str().into() };
                self.errors.push(error(&node.place, other.shown(), problem));
                overrides
            }
        };
    }

    fn give(&mut self, setting: Written) {
        self.overrides = std::mem::take(&mut self.overrides).give(setting);
    }

    fn finish(mut self, place: &Arc<FilePlace>) -> (Option<FileEntry>, Vec<ConfigError>) {
        let is_route = self.level == Level::Route;
        if let Part::Missing = self.path {
            self.miss(
                place,
                PATH,
                if is_route { "path = \"/users/{id}\"" } else { "path = \"/api\"" },
            );
        }
        match self.methods {
            Part::Missing if is_route => self.miss(place, METHODS, "methods = [\"PUT\"]"),
            Part::Missing => self.methods = Part::Right(FileMethods::default()),
            _ => {}
        }
        let (Part::Right(path), Part::Right(methods)) = (self.path, self.methods) else {
            // its settings are checked all the same
            let source = Source::File(Arc::clone(place));
            self.errors.extend(self.overrides.build(&source).err().into_iter().flatten());
            return (None, self.errors);
        };
        (
            Some(FileEntry { place: Arc::clone(place), path, methods, overrides: self.overrides }),
            self.errors,
        )
    }

    fn miss(&mut self, place: &Arc<FilePlace>, key: &'static str, write: &'static str) {
        self.errors.push(error(place, self.level.list(), Problem::KeyMissing { key, write }));
    }
}

fn groups(file: &mut PolicyFile, node: Node) {
    let Value::Table(members) = node.value else {
        file.errors.push(shape(&node, "`origin_groups`", "a table of lists"));
        return;
    };
    for Member { key, place, node } in members {
        let of = format!("the group `{key}`");
        if let Some(origins) = texts(node, &of, &format!("an element of {of}"), &mut file.errors) {
            let source = Source::File(place);
            file.origin_groups.push(FileOriginGroup { name: key, source, origins });
        }
    }
}

/// A setting as it stands in the file.
fn written(setting: &str, operator: Operator, key: Arc<FilePlace>, node: Node) -> Written {
    let elements = match &node.value {
        Value::List(elements) => elements.iter().map(|own| Arc::clone(&own.place)).collect(),
        _ => Vec::new(),
    };
    let places = Some(Places { key, value: node.place, elements });
    let is_flag =
        [Key::AllowCredentials, Key::ExposeAnyHeader].iter().any(|own| own.as_str() == setting);
    let value = match node.value {
        Value::Flag(flag) => WrittenValue::Flag(flag),
        Value::Number(number) => WrittenValue::Number(number),
        // in a variable they are flags, which have no other form there
        Value::Text(text) if is_flag => WrittenValue::Other(format!("{text:?}")),
        Value::Text(text) => WrittenValue::Text(text),
        Value::List(elements) => of_list(elements),
        other => WrittenValue::Other(other.shown()),
    };
    Written { places, ..Written::new(setting, operator, value) }
}

fn of_list(elements: Vec<Node>) -> WrittenValue {
    let text = |element: Node| match element.value {
        Value::Text(text) => Ok(text),
        other => Err(other.shown()),
    };
    let elements: Vec<Result<String, String>> = elements.into_iter().map(text).collect();
    match elements.iter().cloned().collect() {
        Ok(texts) => WrittenValue::List(texts),
        Err(_) => WrittenValue::Mixed(elements),
    }
}

fn text(node: Node, of: &str, errors: &mut Vec<ConfigError>) -> Option<(String, Source)> {
    if let Value::Text(text) = node.value {
        return Some((text, Source::File(node.place)));
    }
    errors.push(shape(&node, of, "a text"));
    None
}

/// The texts of a list; none if it is no list, or has something else in it.
fn texts(
    node: Node,
    of: &str,
    element: &str,
    errors: &mut Vec<ConfigError>,
) -> Option<Vec<(String, Source)>> {
    if let Value::List(elements) = node.value {
        let texts: Vec<_> = elements.into_iter().map(|own| text(own, element, errors)).collect();
        return texts.into_iter().collect();
    }
    errors.push(shape(&node, of, "a list of texts"));
    None
}

fn shape(node: &Node, of: &str, expected: &'static str) -> ConfigError {
    error(&node.place, node.value.shown(), Problem::FileShape { of: of.into(), expected })
}
