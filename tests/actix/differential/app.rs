//! A random application, as data that shrinks and prints.

use std::fmt;

use cors_actix::Cors;
use proptest::{
    bool::weighted,
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
};

use super::{
    entries::{Draft, entries},
    handlers::{Handler, PALETTE},
    policies::{Base, Layer, METHODS},
};

/// An application; the middleware is wrapped around it last, but for an outer `NormalizePath`.
#[derive(Debug, Clone)]
pub(super) struct Application {
    pub(super) base: Base,
    /// `NormalizePath` between the middleware and the router.
    pub(super) inner: Option<Slashes>,
    /// `NormalizePath` around the middleware.
    pub(super) outer: Option<Slashes>,
    pub(super) has_default: bool,
    pub(super) items: Vec<Item>,
    pub(super) is_strict: bool,
    /// Whether it is said that no scope has a guard, where that holds.
    pub(super) says_unguarded: bool,
    pub(super) entries: Vec<Draft>,
}

/// How `NormalizePath` treats a slash at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slashes {
    Trim,
    Merge,
    Always,
}

/// Something that is registered in an application or a scope.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Annotated(&'static Handler),
    Plain(Plain),
    Resource(Resource),
    /// A service that takes the paths below its own, as `actix_files::Files` does.
    Prefix(&'static str),
    Scope(Scope),
}

/// `.route(pattern, web::method(…).guard(…).to(…))`.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    pub(super) pattern: &'static str,
    /// Any method where there is none.
    pub(super) method: Option<&'static str>,
    pub(super) guard: Option<Guard>,
}

/// `web::resource` with a route for each method.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) patterns: Vec<&'static str>,
    pub(super) methods: Vec<&'static str>,
    pub(super) guard: Option<Guard>,
    pub(super) has_default: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) prefix: &'static str,
    pub(super) guard: Option<Guard>,
    pub(super) has_default: bool,
    pub(super) items: Vec<Item>,
}

/// What a guard asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// The header `x-blue`.
    Blue,
    /// The header `x-red`.
    Red,
    /// Another host.
    Host,
}

/// Somewhere to go.
pub(super) struct Target {
    /// The full pattern.
    pub(super) pattern: String,
    /// The methods that are served there; none where it may be any.
    pub(super) methods: Vec<&'static str>,
}

const PATTERNS: [&str; 11] = [
    "/a",
    "/{x}",
    "/{tail:.*}",
    "/a/b",
    "/{x}/{y}",
    "/{id:[0-9]+}",
    "/a/",
    "",
    "/",
    "/{x}-{y}",
    "/{x:a|(?P<w>b)}",
];

const PREFIXES: [&str; 5] = ["/a", "/b", "/{x}", "/a/b", "/{id:[0-9]+}"];

/// Prefixes that take much or little.
const ODD_PREFIXES: [&str; 9] =
    ["", "a", "/a/", "/", "/{x}/b", "/{deep:.+}", "/{x:[a-z/]+}", "/{all}*", "/{x:(?P<u>a)?b}"];

/// Where services stand that take the paths below their own.
const MOUNTS: [&str; 5] = ["", "/a", "/a/b", "/{x}", "/b"];

/// The same with names of their own, which actix's introspection asks for.
const NAMED_APART: [&str; 9] =
    ["/a", "/b", "/{one}", "/a/b", "", "/a/", "/{two}/b", "/{three:.+}", "/{four:[a-z/]+}"];

/// Any application.
pub(super) fn application() -> impl Strategy<Value = Application> {
    let leaf = prop_oneof![
        5 => annotated(true),
        2 => plain().prop_map(Item::Plain),
        1 => resource().prop_map(Item::Resource),
        1 => select(&MOUNTS).prop_map(Item::Prefix),
    ];
    let slashes =
        || option::weighted(0.25, select(&[Slashes::Trim, Slashes::Merge, Slashes::Always]));
    let items = items(leaf, option::weighted(0.2, guard()));
    (base(), slashes(), slashes(), any::<bool>(), items, (weighted(0.2), weighted(0.3)), entries())
        .prop_map(|(base, inner, outer, has_default, items, says, entries)| Application {
            base,
            inner,
            outer,
            has_default,
            items,
            is_strict: says.0,
            says_unguarded: says.1,
            entries,
        })
        .prop_filter("actix does not start it", Application::starts)
}

/// An application of annotated handlers only, with nothing but path and method to choose by. Unless
/// it is said or known, scopes may have guards, so that nothing stands behind one then.
pub(super) fn exact_application() -> impl Strategy<Value = Application> {
    let free = || items(annotated(false), Just(None));
    let items = if cfg!(feature = "introspection") {
        (free(), any::<bool>()).boxed()
    } else {
        prop_oneof![(chain(), Just(false)), (free(), Just(true))].boxed()
    };
    (base(), items, weighted(0.2), entries())
        .prop_map(|(base, (items, says_unguarded), is_strict, entries)| Application {
            base,
            inner: None,
            outer: None,
            has_default: false,
            items,
            is_strict,
            says_unguarded,
            entries,
        })
        .prop_filter("actix does not start it", Application::starts)
        .prop_filter("it is not known if a scope has a guard", Application::shows_guards)
}

fn items(
    leaf: impl Strategy<Value = Item> + 'static,
    guard: impl Strategy<Value = Option<Guard>> + Clone + 'static,
) -> impl Strategy<Value = Vec<Item>> {
    let item = leaf.prop_recursive(3, 16, 4, move |inner| {
        let parts = (prefix(), guard.clone(), any::<bool>(), vec(inner, 1..5));
        parts.prop_map(|(prefix, guard, has_default, items)| {
            Item::Scope(Scope { prefix, guard, has_default, items })
        })
    });
    vec(item, 1..8)
}

/// Handlers, and perhaps a scope behind them with the same in it.
fn chain() -> impl Strategy<Value = Vec<Item>> {
    let handlers = || vec(annotated(false), 1..8);
    handlers().prop_recursive(3, 16, 4, move |inner| {
        (handlers(), prefix(), inner).prop_map(|(mut items, prefix, inner)| {
            items.push(Item::Scope(Scope {
                prefix,
                guard: None,
                has_default: false,
                items: inner,
            }));
            items
        })
    })
}

fn prefix() -> impl Strategy<Value = &'static str> {
    if cfg!(feature = "introspection") {
        return select(&NAMED_APART).boxed();
    }
    prop_oneof![3 => select(&PREFIXES), 1 => select(&ODD_PREFIXES)].boxed()
}

fn base() -> impl Strategy<Value = Base> {
    select(&[Base::Usual, Base::Listing, Base::Open, Base::Nothing])
}

fn guard() -> impl Strategy<Value = Guard> + Clone {
    select(&[Guard::Blue, Guard::Red, Guard::Host])
}

fn annotated(guarded_too: bool) -> impl Strategy<Value = Item> {
    let handlers = PALETTE.iter().filter(|handler| guarded_too || !handler.is_guarded());
    select(handlers.collect::<Vec<_>>()).prop_map(Item::Annotated)
}

fn plain() -> impl Strategy<Value = Plain> {
    let method = option::weighted(0.8, select(&METHODS));
    (select(&PATTERNS), method, option::weighted(0.2, guard()))
        .prop_map(|(pattern, method, guard)| Plain { pattern, method, guard })
}

fn resource() -> impl Strategy<Value = Resource> {
    let methods = subsequence(&METHODS[..5], 0..4);
    (vec(select(&PATTERNS), 1..3), methods, option::weighted(0.2, guard()), any::<bool>()).prop_map(
        |(patterns, methods, guard, has_default)| Resource {
            patterns,
            methods,
            guard,
            has_default,
        },
    )
}

impl Application {
    /// The middleware around it.
    pub(super) fn cors(&self) -> Cors {
        let entries = self.entries().into_iter();
        let builder = entries.fold(self.base.builder(), |builder, entry| {
            builder.route(&entry.pattern, entry.methods, entry.layer.overrides())
        });
        let is_unguarded = self.says_unguarded && !has_guarded_scope(&self.items);
        builder
            .strict_routes(self.is_strict)
            .unguarded_scopes(is_unguarded)
            .build()
            .expect("a policy that is valid")
    }

    /// Whether actix starts it: its introspection panics where a scope and a service below it have a
    /// segment of the same name.
    pub(super) fn starts(&self) -> bool {
        let has_twins = |target: &Target| {
            let names =
                || target.pattern.split('{').skip(1).map(|part| part.split([':', '}']).next());
            names().enumerate().any(|(index, name)| names().take(index).any(|own| own == name))
        };
        !cfg!(feature = "introspection") || !self.targets().iter().any(has_twins)
    }

    /// Whether it is said that scopes have no guards, or introspection tells, which knows paths but not
    /// what has them.
    fn shows_guards(&self) -> bool {
        if self.says_unguarded {
            return true;
        }
        let targets = self.targets();
        let (scopes, resources): (Vec<&Target>, Vec<&Target>) =
            targets.iter().partition(|target| target.methods.is_empty());
        // introspection has a slash for the empty path
        let path = |target: &Target| match target.pattern.as_str() {
            "" => "/".to_owned(),
            pattern => pattern.to_owned(),
        };
        let is_doubtful =
            |scope: &&Target| resources.iter().any(|resource| path(resource) == path(scope));
        !cfg!(feature = "introspection") || !scopes.iter().any(is_doubtful)
    }

    /// Everything a request may be dispatched to.
    pub(super) fn targets(&self) -> Vec<Target> {
        let mut found = Vec::new();
        collect_targets("", &self.items, &mut found);
        found
    }

    /// What the annotated handlers say.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let mut found = Vec::new();
        collect_layers(&self.items, &mut found);
        found
    }
}

fn collect_targets(prefix: &str, items: &[Item], found: &mut Vec<Target>) {
    for item in items {
        let mut add = |pattern, methods| {
            found.push(Target { pattern: join(prefix, pattern), methods });
        };
        match item {
            Item::Annotated(handler) => add(handler.path, handler.methods()),
            Item::Plain(plain) => add(plain.pattern, plain.method.into_iter().collect()),
            Item::Resource(resource) => {
                for pattern in &resource.patterns {
                    add(pattern, resource.methods.clone());
                }
            }
            Item::Prefix(mount) => add(mount, Vec::new()),
            Item::Scope(scope) => {
                add(scope.prefix, Vec::new());
                collect_targets(&join(prefix, scope.prefix), &scope.items, found);
            }
        }
    }
}

pub(super) fn join(prefix: &str, pattern: &str) -> String {
    let slash = if pattern.is_empty() || pattern.starts_with('/') { "" } else { "/" };
    format!("{prefix}{slash}{pattern}")
}

fn collect_layers(items: &[Item], found: &mut Vec<Layer>) {
    for item in items {
        match item {
            Item::Annotated(handler) if !found.contains(&handler.layer) => {
                found.push(handler.layer);
            }
            Item::Scope(scope) => collect_layers(&scope.items, found),
            Item::Annotated(_) | Item::Plain(_) | Item::Resource(_) | Item::Prefix(_) => {}
        }
    }
}

fn has_guarded_scope(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Scope(scope) => scope.guard.is_some() || has_guarded_scope(&scope.items),
        _ => false,
    })
}

impl fmt::Display for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base, inner, outer, has_default, items, is_strict, says_unguarded, .. } = self;
        write!(f, "base {base:?}, NormalizePath inside {inner:?}, outside {outer:?}")?;
        let default = default_service(*has_default);
        writeln!(f, "{default}, strict {is_strict}, says unguarded {says_unguarded}")?;
        for entry in self.entries() {
            writeln!(f, "  {entry:?}")?;
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
            Item::Scope(scope) => {
                let Scope { prefix, guard, has_default, items } = scope;
                let default = default_service(*has_default);
                writeln!(f, "Scope {prefix:?}, guard {guard:?}{default}")?;
                print(f, items, depth + 1)?;
            }
        }
    }
    Ok(())
}

fn default_service(has_default: bool) -> &'static str {
    if has_default { ", default service" } else { "" }
}
