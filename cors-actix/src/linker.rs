//! The services of an application as levels: what stands for which routes of the table.

use actix_web::dev::ResourceDef;

use crate::{
    alignment::{Alignment, Own, Owner},
    collect::Registration,
    level::{Builder, Level},
    listing::Service,
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

impl Linker<'_> {
    /// The services of the application; fails if a handler is not among them.
    pub(crate) fn root(&self, services: &[Service]) -> Option<Level> {
        let alignment = Alignment::new(services, self.registrations)?;
        let mut root = Builder::default();
        self.add(services, "", &alignment, &mut 0, &mut root);
        Some(root.build())
    }

    /// `place` counts the services that are no scope.
    fn add(
        &self,
        services: &[Service],
        prefix: &str,
        alignment: &Alignment,
        place: &mut usize,
        level: &mut Builder,
    ) {
        for service in services.iter().filter(|service| !service.is_marker()) {
            let pattern = service.patterns().first().map(String::as_str).unwrap_or_default();
            let full = format!("{prefix}{pattern}");
            if let Some(below) = &service.services {
                let may_be_guarded = (self.may_be_guarded)(&full);
                level.scope(service.definition(pattern), may_be_guarded, |level| {
                    self.add(below, &full, alignment, place, level);
                });
            } else {
                *place += 1;
                let patterns = match alignment.owner(*place - 1) {
                    None => self.plain(service, prefix),
                    Some(owner) => vec![(service.definition(pattern), self.taker(owner))],
                };
                level.resource(Resource::new(patterns, full));
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

    fn plain(&self, service: &Service, prefix: &str) -> Vec<(ResourceDef, Taker)> {
        let taker = |pattern: &String| {
            let routes = self.plain.get(&format!("{prefix}{pattern}")).cloned();
            (service.definition(pattern), Taker::Plain(routes.unwrap_or_default()))
        };
        service.patterns().iter().map(taker).collect()
    }
}
