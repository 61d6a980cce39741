//! Finding the full path of a scope: actix tells a scope's children nothing of its prefix, but the
//! resource map links each node to its parent once the application is complete.
//!
//! A marker is a service in the scope that no request can reach, with a resource map of its own in
//! which one leaf is named. When the maps are linked, the leaf's full pattern starts with the
//! scope's prefix. Users' own resources stay as they are.

use std::{cell::Cell, fmt, rc::Rc};

use actix_service::fn_service;
use actix_web::{
    HttpResponse,
    dev::{AppService, ResourceDef, ResourceMap, ServiceRequest},
    guard,
};

pub(crate) struct Marker {
    /// The name of its leaf, which the resource maps of all enclosing scopes have too.
    name: String,
    /// The name of the service itself.
    service: String,
    map: Rc<ResourceMap>,
}

/// What the names of their services start with.
pub(crate) const SERVICE: &str = "cors-marker-";

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

impl Marker {
    /// Adds a marker to the scope that `config` belongs to.
    pub(crate) fn register(config: &mut AppService) -> Self {
        let number = COUNT.replace(COUNT.get() + 1);
        let name = format!("cors-scope-{number}");
        // a path may spell it out, but the guard below lets nothing through
        let mut prefix = ResourceDef::prefix(format!("/\u{1}{name}"));
        let marker = format!("{SERVICE}{number}");
        prefix.set_name(&marker);
        let mut map = ResourceMap::new(prefix.clone());
        let mut leaf = ResourceDef::new("");
        leaf.set_name(&name);
        map.add(&mut leaf, None);
        let map = Rc::new(map);
        let never = guard::fn_guard(|_| false);
        let unreachable = fn_service(|request: ServiceRequest| async {
            Ok(request.into_response(HttpResponse::NotFound()))
        });
        config.register_service(
            prefix,
            Some(vec![Box::new(never)]),
            unreachable,
            Some(Rc::clone(&map)),
        );
        Self { name, service: marker, map }
    }

    /// The name of the service that marks the scope.
    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    /// The name under which the application's resource map knows the scope.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The scope's full prefix. Known once actix has linked the resource maps.
    pub(crate) fn prefix(&self) -> Option<String> {
        let own = format!("/\u{1}{}", self.name);
        let full = self.map.match_pattern(&own)?;
        full.strip_suffix(&own).map(str::to_owned)
    }
}

impl fmt::Debug for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Marker").field("name", &self.name).finish_non_exhaustive()
    }
}
