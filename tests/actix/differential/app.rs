//! A random application, as data that shrinks and prints.

use std::slice;

use cors_actix::Cors;
use proptest::{
    bool::weighted,
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select, subsequence},
};

use super::{
    entries::{Draft, entries, some_entries},
    handlers::{Handler, PALETTE},
    policies::{Base, Layer, METHODS},
    scopes::{self, for_scopes},
    setting::{Keeps, Middleware, Neighbour, Setting, host, of_scope, setting},
    targets::Target,
};
use crate::support::informed;

/// An application; the middleware is wrapped around it last, but for an outer `NormalizePath`.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is chosen by itself")]
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
    /// Whether it is said that nothing changes paths further in, where that holds.
    pub(super) says_unrewritten: bool,
    pub(super) entries: Vec<Draft>,
    pub(super) scopes: Vec<scopes::Draft>,
    pub(super) setting: Setting,
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
    /// A service whose pattern has no slash at its beginning, so that actix does not list it.
    Unmapped(&'static str),
    Scope(Scope),
    /// One of the others that answers GET and HEAD alone: a resource, a service for the paths below or a scope.
    ReadOnly(Box<Item>),
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
    pub(super) name: Option<&'static str>,
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
    /// What an item in it says for all of it; it stands last.
    pub(super) own: Option<Layer>,
    pub(super) items: Vec<Item>,
    /// Its own middlewares, from the innermost on.
    pub(super) inside: Vec<Middleware>,
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

/// Prefixes of scopes that look alike.
const SIBLINGS: [&str; 3] = ["/one", "/two", "/three"];

/// Patterns without a slash at their beginning, which the paths of requests have.
const UNMAPPED: [&str; 4] = ["{tail}*", "{x:/a}", "{x:/[^/]+}", "{tail:.*}/b"];

/// Any application.
pub(super) fn application() -> impl Strategy<Value = Application> {
    prop_oneof![12 => mixed(), 1 => alike()]
        .prop_filter("actix does not start it", Application::starts)
}

/// An application of scopes that look alike, some of whose routes have an entry.
fn alike() -> impl Strategy<Value = Application> {
    let said = (some_entries(), for_scopes());
    (base(), siblings(), said, host()).prop_map(|(base, items, (entries, scopes), host)| {
        let setting = Setting { host, ..Setting::default() };
        Application { entries, scopes, setting, ..Application::of(base, items) }
    })
}

fn mixed() -> impl Strategy<Value = Application> {
    let slashes =
        || option::weighted(0.25, select(&[Slashes::Trim, Slashes::Merge, Slashes::Always]));
    let scope = (option::weighted(0.2, guard()), of_scope());
    let items = (items(leaf(), scope), option::weighted(0.15, siblings()));
    let says = (weighted(0.2), weighted(0.3), weighted(0.5));
    let said = (entries(), for_scopes());
    (base(), (slashes(), slashes()), any::<bool>(), items, says, said, setting()).prop_map(
        |(base, slashes, has_default, items, says, (entries, scopes), setting)| Application {
            base,
            inner: slashes.0,
            outer: slashes.1,
            has_default,
            items: items.0.into_iter().chain(items.1.into_iter().flatten()).collect(),
            is_strict: says.0,
            says_unguarded: says.1,
            says_unrewritten: says.2,
            entries,
            scopes,
            setting,
        },
    )
}

/// An application of annotated handlers only, with nothing but path and method to choose by. Unless
/// it is said or known, scopes may have guards, so that nothing stands behind one then.
pub(super) fn exact_application() -> impl Strategy<Value = Application> {
    let free = || items(annotated(false), (Just(None), Just(Vec::new())));
    let items = if cfg!(feature = "introspection") {
        (free(), any::<bool>()).boxed()
    } else {
        prop_oneof![(chain(), Just(false)), (free(), Just(true))].boxed()
    };
    (base(), items, weighted(0.2), (entries(), for_scopes()))
        .prop_map(|(base, (items, says_unguarded), is_strict, (entries, scopes))| Application {
            is_strict,
            says_unguarded,
            says_unrewritten: true,
            entries,
            scopes,
            ..Application::of(base, items)
        })
        .prop_filter("actix does not start it", Application::starts)
        .prop_filter("it is not known if a scope has a guard", Application::shows_guards)
}

/// Anything but a scope.
pub(super) fn leaf() -> impl Strategy<Value = Item> {
    prop_oneof![
        40 => annotated(true),
        16 => plain().prop_map(Item::Plain),
        8 => resource().prop_map(Item::Resource),
        8 => select(&MOUNTS).prop_map(Item::Prefix),
        6 => read_only(),
        1 => select(&UNMAPPED).prop_map(Item::Unmapped),
    ]
}

/// A plain resource, a service for the paths below its own or a scope, all of which only read.
fn read_only() -> impl Strategy<Value = Item> {
    let resource = || resource().prop_map(Item::Resource).boxed();
    let below = || select(&MOUNTS).prop_map(Item::Prefix).boxed();
    let annotated = annotated(true).boxed();
    let items = vec(prop_oneof![resource(), below(), annotated], 1..3);
    let scope = (prefix(), items).prop_map(|(prefix, items)| Item::Scope(Scope::of(prefix, items)));
    prop_oneof![2 => resource(), 2 => below(), 1 => scope.boxed()]
        .prop_map(|inner| Item::ReadOnly(Box::new(inner)))
}

/// Items, with what scopes have for a guard and for middlewares.
fn items(
    leaf: impl Strategy<Value = Item> + 'static,
    own: impl Strategy<Value = (Option<Guard>, Vec<Middleware>)> + Clone + 'static,
) -> impl Strategy<Value = Vec<Item>> {
    let item = leaf.prop_recursive(3, 16, 4, move |inner| {
        let parts = (prefix(), own.clone(), any::<bool>(), own_layer(), vec(inner, 1..5));
        parts.prop_map(|(prefix, (guard, inside), has_default, own, items)| {
            Item::Scope(Scope { guard, has_default, own, inside, ..Scope::of(prefix, items) })
        })
    });
    vec(item, 1..8)
}

/// Scopes that look alike: each has the same handlers and a default service of its own. One of them may
/// have a plain resource with the name and the pattern of a handler.
fn siblings() -> impl Strategy<Value = Vec<Item>> {
    let handlers = vec(annotated(true), 1..3);
    let own = option::weighted(0.3, (any::<Index>(), select(&Layer::ALL)));
    let twin = option::of((any::<Index>(), any::<bool>(), resource()));
    let outer = option::weighted(0.3, select(&NAMED_APART));
    (handlers, 2..4_usize, (twin, own), any::<Index>(), outer).prop_map(
        |(handlers, count, (twin, own), with_twin, outer)| {
            let scope = |number: usize| {
                let mut items = handlers.clone();
                if let Some((handler, is_first, resource)) = &twin
                    && with_twin.index(count) == number
                    && let Item::Annotated(handler) = handler.get(&handlers)
                {
                    let (name, patterns) = (Some(handler.name), vec![handler.path]);
                    let twin = Item::Resource(Resource { name, patterns, ..resource.clone() });
                    items.insert(if *is_first { 0 } else { items.len() }, twin);
                }
                let own = own.filter(|(one, _)| one.index(count) == number).map(|own| own.1);
                Item::Scope(Scope { has_default: true, own, ..Scope::of(SIBLINGS[number], items) })
            };
            let scopes = (0..count).map(scope).collect();
            match outer {
                None => scopes,
                Some(prefix) => vec![Item::Scope(Scope::of(prefix, scopes))],
            }
        },
    )
}

/// Handlers, and perhaps a scope behind them with the same in it.
fn chain() -> impl Strategy<Value = Vec<Item>> {
    let handlers = || vec(annotated(false), 1..8);
    handlers().prop_recursive(3, 16, 4, move |inner| {
        (handlers(), prefix(), own_layer(), inner).prop_map(|(mut items, prefix, own, inner)| {
            items.push(Item::Scope(Scope { own, ..Scope::of(prefix, inner) }));
            items
        })
    })
}

fn own_layer() -> impl Strategy<Value = Option<Layer>> {
    option::weighted(0.1, select(&Layer::ALL))
}

fn prefix() -> impl Strategy<Value = &'static str> {
    if cfg!(feature = "introspection") {
        return select(&NAMED_APART).boxed();
    }
    prop_oneof![3 => select(&PREFIXES), 1 => select(&ODD_PREFIXES)].boxed()
}

pub(super) fn base() -> impl Strategy<Value = Base> {
    select(&[Base::Usual, Base::Listing, Base::Open, Base::Nothing])
}

fn guard() -> impl Strategy<Value = Guard> + Clone {
    select(&[Guard::Blue, Guard::Red, Guard::Host])
}

pub(super) fn annotated(guarded_too: bool) -> impl Strategy<Value = Item> + Clone {
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
            name: None,
            patterns,
            methods,
            guard,
            has_default,
        },
    )
}

impl Scope {
    fn of(prefix: &'static str, items: Vec<Item>) -> Self {
        Self { prefix, guard: None, has_default: false, own: None, items, inside: Vec::new() }
    }
}

impl Application {
    /// Nothing but these items.
    pub(super) fn of(base: Base, items: Vec<Item>) -> Self {
        Self {
            base,
            inner: None,
            outer: None,
            has_default: false,
            items,
            is_strict: false,
            says_unguarded: false,
            says_unrewritten: false,
            entries: Vec::new(),
            scopes: Vec::new(),
            setting: Setting::default(),
        }
    }

    /// The middleware around it.
    pub(super) fn cors(&self) -> Cors {
        let entries = self.entries().into_iter();
        let builder = entries.fold(self.base.builder(), |builder, entry| {
            builder.route(&entry.pattern, entry.methods, entry.layer.overrides())
        });
        let scopes = self.given_for_scopes().into_iter();
        let builder =
            scopes.fold(builder, |own, entry| own.scope(&entry.path, entry.layer.overrides()));
        let is_unguarded = self.says_unguarded && !has_guarded_scope(&self.items);
        informed(builder)
            .strict_routes(self.is_strict)
            .unguarded_scopes(is_unguarded)
            .unrewritten_paths(self.says_unrewritten && !self.may_rewrite())
            .build()
            .expect("a policy that is valid")
    }

    fn may_rewrite(&self) -> bool {
        self.inner.is_some() || !self.setting.inside.is_empty() || has_middlewares(&self.items)
    }

    pub(super) fn has_guarded_scope(&self) -> bool {
        has_guarded_scope(&self.items)
    }

    /// Whether a request comes to the router as it is, and is answered there or by what it is dispatched to.
    pub(super) fn is_still(&self) -> bool {
        let is_outside = self.outer.is_some() || !self.setting.outside.is_empty();
        !self.may_rewrite() && !is_outside && self.setting.called.is_none()
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

    /// Whether its middleware may take a neighbour's policies for its own, which keep it from starting: it
    /// has no annotated handlers, and one without a middleware has registered its own meanwhile, and is
    /// held or not done with its start.
    pub(super) fn may_be_taken_for_a_neighbour(&self) -> bool {
        let is_like_own = |neighbour: &Neighbour| {
            let is_held = matches!(neighbour.keeps, Keeps::Factory | Keeps::Both);
            (is_held || neighbour.polls > 0) && neighbour.has_misfit && neighbour.cors.is_none()
        };
        self.layers().is_empty() && self.setting.neighbours.iter().any(is_like_own)
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
}

fn has_middlewares(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Scope(scope) => !scope.inside.is_empty() || has_middlewares(&scope.items),
        Item::ReadOnly(inner) => has_middlewares(slice::from_ref(inner)),
        _ => false,
    })
}

fn has_guarded_scope(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Scope(scope) => scope.guard.is_some() || has_guarded_scope(&scope.items),
        Item::ReadOnly(inner) => has_guarded_scope(slice::from_ref(inner)),
        _ => false,
    })
}
