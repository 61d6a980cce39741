//! The services of an application as levels: what stands for which routes of the table.

use std::collections::HashMap;

use crate::{
    alignment::{Alignment, Own, Owner},
    collect::Registration,
    level::{Builder, Level},
    listing::Service,
    pattern::Pattern,
    resource::{Resource, Taker},
    table::{Places, PlainRoutes},
};

/// Turns services into levels.
pub(crate) struct Linker<'a> {
    pub(crate) registrations: &'a [Registration],
    pub(crate) places: &'a Places,
    pub(crate) plain: &'a PlainRoutes,
    /// Whether a scope of a full prefix may have a guard.
    pub(crate) may_be_guarded: &'a dyn Fn(&str) -> bool,
}

/// Where the walk over all services is.
struct Walk<'a> {
    alignment: &'a Alignment,
    /// The number of the next service that is no scope.
    place: usize,
    patterns: Patterns,
}

/// Patterns as actix matches them, each of which is compiled once.
#[derive(Default)]
struct Patterns(HashMap<(String, bool), Pattern>);

impl Patterns {
    fn of(&mut self, service: &Service, text: &str) -> Pattern {
        let key = (text.to_owned(), service.is_prefix());
        self.0.entry(key).or_insert_with(|| Pattern::new(service.definition(text))).clone()
    }
}

impl Linker<'_> {
    /// The services of the application; fails if a handler is not among them.
    pub(crate) fn root(&self, services: &[Service]) -> Option<Level> {
        let alignment = Alignment::new(services, self.registrations)?;
        let mut walk = Walk { alignment: &alignment, place: 0, patterns: Patterns::default() };
        let mut root = Builder::default();
        self.add(services, "", &mut walk, &mut root);
        Some(root.build())
    }

    fn add(&self, services: &[Service], prefix: &str, walk: &mut Walk<'_>, level: &mut Builder) {
        for service in services.iter().filter(|service| !service.is_marker()) {
            let pattern = service.patterns().first().map(String::as_str).unwrap_or_default();
            let full = format!("{prefix}{pattern}");
            if let Some(below) = &service.services {
                let may_be_guarded = (self.may_be_guarded)(&full);
                let prefix = walk.patterns.of(service, pattern);
                level.scope(prefix, may_be_guarded, |level| {
                    self.add(below, &full, walk, level);
                });
            } else {
                let owner = walk.alignment.owner(walk.place);
                walk.place += 1;
                let patterns = match owner {
                    None => self.plain(service, prefix, &mut walk.patterns),
                    Some(owner) => {
                        vec![(walk.patterns.of(service, pattern), self.taker(owner))]
                    }
                };
                level.resource(Resource::new(patterns, prefix));
            }
        }
    }

    fn taker(&self, owner: &Owner) -> Taker {
        let routes =
            |(number, route): &Own| self.places.routes(&self.registrations[*number].slots[*route]);
        match owner {
            Owner::Handler(own) => Taker::Annotated(routes(own)),
            Owner::Either(all) => Taker::Either(all.iter().flat_map(routes).collect()),
        }
    }

    fn plain(
        &self,
        service: &Service,
        prefix: &str,
        patterns: &mut Patterns,
    ) -> Vec<(Pattern, Taker)> {
        let taker = |pattern: &String| {
            let routes = self.plain.get(&format!("{prefix}{pattern}")).cloned();
            (patterns.of(service, pattern), Taker::Plain(routes.unwrap_or_default()))
        };
        service.patterns().iter().map(taker).collect()
    }
}
