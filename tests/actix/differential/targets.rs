//! Where requests to a random application may go, and what they may find there.

use std::slice;

use actix_web::dev::ResourceDef;

use super::{
    app::{Application, Item},
    handlers::Handler,
    policies::Layer,
    setting::{Middleware, Part, Rewrite},
};

/// Somewhere to go.
pub(super) struct Target {
    /// The full pattern.
    pub(super) pattern: String,
    /// The methods that are served there; none where it may be any.
    pub(super) methods: Vec<&'static str>,
    is_annotated: bool,
    is_scope: bool,
    /// Whether it takes the paths below as well.
    takes_below: bool,
}

impl Application {
    /// Everything a request may be dispatched to.
    pub(super) fn targets(&self) -> Vec<Target> {
        let mut found = Vec::new();
        collect_targets("", &self.items, &mut found);
        found
    }

    /// Whether an annotated handler before the service of this full pattern serves the method at the path.
    pub(super) fn is_served_before(&self, pattern: &str, path: &str, method: &str) -> bool {
        let targets = self.targets();
        let mut before =
            targets.iter().take_while(|own| own.is_annotated || own.pattern != pattern);
        before.any(|own| {
            let serves = own.is_annotated && own.methods.contains(&method);
            serves && matches(&own.pattern, path)
        })
    }

    /// Whether the guard of a scope may have kept a request from a route in it: from an annotated one that serves
    /// the method, or from any other, whose methods are not known.
    pub(super) fn may_be_kept_from_route(&self, path: &str, method: &str) -> bool {
        let serves = |own: &Target| !own.is_annotated || own.methods.contains(&method);
        let leads = |own: &Target| {
            if own.takes_below { begins(&own.pattern, path) } else { matches(&own.pattern, path) }
        };
        let targets = self.targets();
        let mut routes = targets.iter().filter(|own| !own.is_scope && serves(own));
        self.has_guarded_scope() && routes.any(leads)
    }

    /// The full patterns of an annotated handler.
    pub(super) fn patterns_of(&self, handler: &Handler) -> Vec<String> {
        let mut found = Vec::new();
        collect_patterns("", &self.items, handler, &mut found);
        found
    }

    /// What the annotated handlers say.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let mut found = Vec::new();
        collect_layers(&self.items, &mut found);
        found
    }
}

/// Whether a path begins as this full pattern.
fn begins(pattern: &str, path: &str) -> bool {
    ResourceDef::prefix(with_own_names(pattern)).is_match(path)
}

/// Whether a path is one of this full pattern.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    ResourceDef::new(with_own_names(pattern)).is_match(path)
}

/// The pattern with another name for each segment and none for groups, since actix takes no name twice.
fn with_own_names(pattern: &str) -> String {
    with_own_segments(&pattern.replace("?P<u>", "").replace("?P<w>", ""))
}

/// The same with the names of groups.
pub(super) fn with_own_segments(pattern: &str) -> String {
    let parts = pattern.split('{').enumerate();
    parts
        .map(
            |(number, part)| {
                if number == 0 { part.to_owned() } else { format!("{{_{number}{part}") }
            },
        )
        .collect()
}

fn collect_targets(prefix: &str, items: &[Item], found: &mut Vec<Target>) {
    for item in items {
        let mut add = |pattern, methods| {
            found.push(Target {
                pattern: join(prefix, pattern),
                methods,
                is_annotated: matches!(item, Item::Annotated(_)),
                is_scope: matches!(item, Item::Scope(_)),
                takes_below: matches!(item, Item::Prefix(_) | Item::Scope(_)),
            });
        };
        match item {
            Item::Annotated(handler) => add(handler.path, handler.methods()),
            Item::Plain(plain) => add(plain.pattern, plain.method.into_iter().collect()),
            Item::Resource(resource) => {
                for pattern in &resource.patterns {
                    add(pattern, resource.methods.clone());
                }
            }
            Item::Prefix(path) | Item::Unmapped(path) => add(path, Vec::new()),
            Item::Scope(scope) => {
                add(scope.prefix, Vec::new());
                collect_targets(&join(prefix, scope.prefix), &scope.items, found);
            }
            Item::ReadOnly(inner) => collect_targets(prefix, slice::from_ref(inner), found),
        }
    }
}

pub(super) fn join(prefix: &str, pattern: &str) -> String {
    let slash = if pattern.is_empty() || pattern.starts_with('/') { "" } else { "/" };
    format!("{prefix}{slash}{pattern}")
}

fn collect_patterns(prefix: &str, items: &[Item], handler: &Handler, found: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Annotated(own) if own.name == handler.name => {
                found.extend(own.paths().iter().map(|path| join(prefix, path)));
            }
            Item::Scope(scope) => {
                collect_patterns(&join(prefix, scope.prefix), &scope.items, handler, found);
            }
            Item::ReadOnly(inner) => {
                collect_patterns(prefix, slice::from_ref(inner), handler, found);
            }
            _ => {}
        }
    }
}

fn collect_layers(items: &[Item], found: &mut Vec<Layer>) {
    for item in items {
        match item {
            Item::Annotated(handler) if !found.contains(&handler.layer) => {
                found.push(handler.layer);
            }
            Item::Scope(scope) => collect_layers(&scope.items, found),
            Item::ReadOnly(inner) => collect_layers(slice::from_ref(inner), found),
            _ => {}
        }
    }
}

impl Application {
    /// Whether a middleware may call the service twice.
    pub(super) fn calls_twice(&self) -> bool {
        self.has(|own| matches!(own, Middleware::Twice(_)))
    }

    /// Whether a middleware leaves another path in the head than the router looks at, and `NormalizePath`,
    /// which looks at the head, may then lead the router there.
    pub(super) fn is_led_by_head(&self) -> bool {
        let is_partial = |rewrite: &Rewrite| rewrite.what != Part::Both;
        let normalizes =
            self.inner.is_some() || self.has(|own| matches!(own, Middleware::Normalize(_)));
        let rewrites =
            self.has(|own| matches!(own, Middleware::Rewrite(rewrite) if is_partial(rewrite)));
        normalizes && (rewrites || self.setting.outside.iter().any(is_partial))
    }

    /// Whether it has such a middleware, around all of it or around a scope.
    fn has(&self, is_such: impl Fn(&Middleware) -> bool + Copy) -> bool {
        self.setting.inside.iter().any(is_such) || in_scopes(&self.items, is_such)
    }
}

fn in_scopes(items: &[Item], is_such: impl Fn(&Middleware) -> bool + Copy) -> bool {
    items.iter().any(|item| match item {
        Item::Scope(scope) => scope.inside.iter().any(is_such) || in_scopes(&scope.items, is_such),
        Item::ReadOnly(inner) => in_scopes(slice::from_ref(inner), is_such),
        _ => false,
    })
}
