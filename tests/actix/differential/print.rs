//! How a random application prints.

use std::{fmt, slice};

use super::{
    app::{Application, Item, Scope},
    setting::Setting,
};

impl fmt::Display for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base, inner, outer, has_default, items, is_strict, says_unguarded, .. } = self;
        write!(f, "base {base:?}, NormalizePath inside {inner:?}, outside {outer:?}")?;
        let default = default_service(*has_default);
        write!(f, "{default}, strict {is_strict}, says unguarded {says_unguarded}")?;
        writeln!(f, ", says unrewritten {}", self.says_unrewritten)?;
        print_setting(f, &self.setting)?;
        for entry in self.entries() {
            writeln!(f, "  {entry:?}")?;
        }
        for entry in self.for_scopes() {
            writeln!(f, "  of a scope: {entry:?}")?;
        }
        print(f, items, 1)
    }
}

fn print(f: &mut fmt::Formatter<'_>, items: &[Item], depth: usize) -> fmt::Result {
    for item in items {
        write!(f, "{:indent$}", "", indent = 2 * depth)?;
        match item {
            Item::Annotated(handler) => writeln!(f, "{handler:?}")?,
            Item::Plain(plain) => writeln!(f, "{plain:?}")?,
            Item::Resource(resource) => writeln!(f, "{resource:?}")?,
            Item::Prefix(mount) => writeln!(f, "Prefix {mount:?}")?,
            Item::Unmapped(pattern) => writeln!(f, "Unmapped {pattern:?}")?,
            Item::Scope(scope) => {
                let Scope { prefix, guard, has_default, own, items, inside } = scope;
                let default = default_service(*has_default);
                write!(f, "Scope {prefix:?}, guard {guard:?}{default}, inside {inside:?}")?;
                writeln!(f, ", own {own:?}")?;
                print(f, items, depth + 1)?;
            }
            Item::ReadOnly(inner) => {
                writeln!(f, "ReadOnly")?;
                print(f, slice::from_ref(inner), depth + 1)?;
            }
        }
    }
    Ok(())
}

fn default_service(has_default: bool) -> &'static str {
    if has_default { ", default service" } else { "" }
}

/// What there is of it.
fn print_setting(f: &mut fmt::Formatter<'_>, setting: &Setting) -> fmt::Result {
    let Setting { inside, outside, called, neighbours, polls, is_held, host } = setting;
    if !inside.is_empty() {
        writeln!(f, "  inside: {inside:?}")?;
    }
    if !outside.is_empty() {
        writeln!(f, "  outside: {outside:?}")?;
    }
    if let Some(called) = called {
        writeln!(f, "  {called:?}")?;
    }
    for neighbour in neighbours {
        writeln!(f, "  {neighbour:?}")?;
    }
    if *polls > 0 || *is_held {
        writeln!(f, "  waits for {polls} polls, factory is held: {is_held}")?;
    }
    if let Some(length) = host {
        writeln!(f, "  a host's name of {length} bytes")?;
    }
    Ok(())
}
