//! Which services of an application are annotated handlers.
//!
//! Actix lists the services of a scope in the order of their registration, which is the order in
//! which handlers were registered; name and pattern tell handlers and plain routes apart. Where a
//! plain route has the name and the pattern of a handler, either may be meant.

use std::collections::{HashMap, VecDeque};

use actix_web::dev::ResourceDef;
use cors_core::RouteId;

use crate::{
    collect::{Registration, leaf_pattern},
    level::{Level, Node, Taker},
    listing::Service,
    table::{Places, PlainRoutes},
};

/// Finds registered handlers among the services of an application.
pub(crate) struct Linker<'a> {
    places: &'a Places,
    plain: &'a PlainRoutes,
    /// Whether a scope of a full prefix may have a guard.
    may_be_guarded: Box<dyn Fn(&str) -> bool>,
    at_root: Vec<&'a Registration>,
    by_marker: HashMap<&'a str, &'a Registration>,
}

/// What tells the resources of one scope apart: name and pattern.
type Key = (String, String);

/// The handlers of one key.
enum Handlers {
    /// There are as many resources.
    InOrder(VecDeque<Vec<RouteId>>),
    /// There are more: plain routes that look the same.
    Among(Vec<RouteId>),
}

impl<'a> Linker<'a> {
    pub(crate) fn new(
        registrations: &'a [Registration],
        places: &'a Places,
        plain: &'a PlainRoutes,
        may_be_guarded: Box<dyn Fn(&str) -> bool>,
    ) -> Self {
        let marked =
            registrations.iter().filter_map(|own| Some((own.marker.as_ref()?.service(), own)));
        Self {
            places,
            plain,
            may_be_guarded,
            at_root: registrations.iter().filter(|own| own.marker.is_none()).collect(),
            by_marker: marked.collect(),
        }
    }

    /// The services of the application; fails if a handler is not among them.
    pub(crate) fn root(&self, services: &[Service]) -> Option<Level> {
        self.nodes(services, &self.at_root, "")
    }

    fn scope(&self, services: &[Service], prefix: &str) -> Option<Level> {
        let own: Vec<&Registration> = services.iter().filter_map(|own| self.marked(own)).collect();
        self.nodes(services, &own, prefix)
    }

    /// The handler that a marker belongs to.
    fn marked(&self, service: &Service) -> Option<&'a Registration> {
        self.by_marker.get(service.name()?).copied()
    }

    /// Fails if a handler is missing.
    fn nodes(&self, services: &[Service], own: &[&Registration], prefix: &str) -> Option<Level> {
        let mut handlers = self.handlers(services, own);
        let mut nodes = Vec::with_capacity(services.len());
        for service in services.iter().filter(|service| self.marked(service).is_none()) {
            let full = format!("{prefix}{}", service.patterns().first()?);
            nodes.push(if let Some(below) = &service.services {
                let own = service.definition(service.patterns().first()?);
                let level = self.scope(below, &full)?;
                Node::Scope { prefix: own, may_be_guarded: (self.may_be_guarded)(&full), level }
            } else {
                let handlers = key(service).and_then(|key| handlers.get_mut(&key));
                let patterns = match handlers {
                    None => self.plain(service, prefix),
                    Some(handlers) => {
                        let pattern = service.definition(service.patterns().first()?);
                        vec![(pattern, handlers.next()?)]
                    }
                };
                Node::Resource { patterns, full }
            });
        }
        let is_found = |own: &Handlers| !matches!(own, Handlers::InOrder(left) if !left.is_empty());
        handlers.values().all(is_found).then(|| Level::new(nodes))
    }

    fn handlers(&self, services: &[Service], own: &[&Registration]) -> HashMap<Key, Handlers> {
        let mut by_key: HashMap<Key, VecDeque<Vec<RouteId>>> = HashMap::new();
        for registration in own {
            for (route, slot) in registration.handler.routes.iter().zip(&registration.slots) {
                let key = (route.name.to_owned(), leaf_pattern(route.path));
                by_key.entry(key).or_default().push_back(self.places.routes(slot));
            }
        }
        let mut resources: HashMap<Key, usize> = HashMap::new();
        for key in services.iter().filter_map(key) {
            *resources.entry(key).or_default() += 1;
        }
        let handlers = by_key.into_iter().map(|(key, own)| {
            let has_twins = resources.get(&key).is_some_and(|count| *count > own.len());
            let own = if has_twins {
                Handlers::Among(own.into_iter().flatten().collect())
            } else {
                Handlers::InOrder(own)
            };
            (key, own)
        });
        handlers.collect()
    }

    fn plain(&self, service: &Service, prefix: &str) -> Vec<(ResourceDef, Taker)> {
        let taker = |pattern: &String| {
            let routes = self.plain.get(&format!("{prefix}{pattern}")).cloned();
            (service.definition(pattern), Taker::Plain(routes.unwrap_or_default()))
        };
        service.patterns().iter().map(taker).collect()
    }
}

impl Handlers {
    /// What takes the requests of the next resource of the key.
    fn next(&mut self) -> Option<Taker> {
        Some(match self {
            Self::InOrder(left) => Taker::Annotated(left.pop_front()?),
            Self::Among(routes) => Taker::Either(routes.clone()),
        })
    }
}

/// The key of a service that may be a handler: those are resources of one pattern.
fn key(service: &Service) -> Option<Key> {
    let [pattern] = service.patterns() else { return None };
    let is_resource = service.services.is_none() && !service.is_prefix();
    is_resource.then(|| (service.name().unwrap_or_default().to_owned(), pattern.clone()))
}
