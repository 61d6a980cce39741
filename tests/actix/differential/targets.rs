//! Where requests to a random application may go, and what they may find there.

use actix_web::dev::ResourceDef;

use super::{
    app::{Application, Item},
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
            serves && ResourceDef::new(with_own_names(&own.pattern)).is_match(path)
        })
    }

    /// What the annotated handlers say.
    pub(super) fn layers(&self) -> Vec<Layer> {
        let mut found = Vec::new();
        collect_layers(&self.items, &mut found);
        found
    }
}

/// The pattern with another name for each segment and none for groups, since actix takes no name twice.
fn with_own_names(pattern: &str) -> String {
    let pattern = pattern.replace("?P<u>", "").replace("?P<w>", "");
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
            let is_annotated = matches!(item, Item::Annotated(_));
            found.push(Target { pattern: join(prefix, pattern), methods, is_annotated });
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
        _ => false,
    })
}
