//! Finds the full prefix of a scope, and recognises an application: actix tells a scope's children
//! nothing of its prefix, but its resource map links each node to its parent once the application is
//! complete.
//!
//! A probe is a service in the scope that no request can reach, with a resource map of its own in
//! which one leaf is named. When the maps are linked, the leaf's full pattern starts with the scope's
//! prefix, and the application's map knows the leaf's name. Users' own resources stay as they are.

use std::{cell::Cell, fmt, rc::Rc};

use actix_service::fn_service;
use actix_web::{
    HttpRequest, HttpResponse,
    dev::{AppService, ResourceDef, ResourceMap, ServiceRequest},
    error::UrlGenerationError,
    guard,
    test::TestRequest,
};

/// A service by which a scope is found.
pub(crate) struct ScopeProbe {
    /// The name of its leaf, which the resource maps of all enclosing scopes have too.
    name: String,
    map: Rc<ResourceMap>,
}

/// What the name of a probe's service starts with. Another version of this crate may register others.
const START: &str = concat!("cors-actix-", env!("CARGO_PKG_VERSION"), "-scope-");

/// How long a pattern is: what is longer than the path costs actix's router least to pass over.
const LENGTH: usize = 200;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Whether a service of this name is a probe.
pub(crate) fn is_probe(name: &str) -> bool {
    name.starts_with(START)
}

impl ScopeProbe {
    /// Adds a probe to the scope that `config` belongs to.
    pub(super) fn register(app: u64, config: &mut AppService) -> Self {
        let number = COUNT.replace(COUNT.get() + 1);
        let service = format!("{START}{app}-{number}");
        // what is left of a path starts with a slash or is empty, so that nothing equals it
        let mut definition = ResourceDef::new(format!("\u{1}{service:-<LENGTH$}"));
        definition.set_name(&service);
        let name = format!("{service}-leaf");
        let mut map = ResourceMap::new(definition.clone());
        let mut leaf = ResourceDef::new("");
        leaf.set_name(&name);
        map.add(&mut leaf, None);
        let map = Rc::new(map);
        let never = guard::fn_guard(|_| false);
        let unreachable = fn_service(|request: ServiceRequest| async {
            Ok(request.into_response(HttpResponse::NotFound()))
        });
        let nested = Some(Rc::clone(&map));
        config.register_service(definition, Some(vec![Box::new(never)]), unreachable, nested);
        Self { name, map }
    }

    /// The name of the service.
    pub(crate) fn service(&self) -> &str {
        self.name.trim_end_matches("-leaf")
    }

    /// The scope's full prefix. Known once actix has linked the resource maps.
    pub(crate) fn prefix(&self) -> Option<String> {
        let own = format!("\u{1}{:-<LENGTH$}", self.service());
        let full = self.map.match_pattern(&own)?;
        full.strip_suffix(&own).map(str::to_owned)
    }

    /// Whether it belongs to the application that a request has come to.
    pub(super) fn is_known_to(&self, request: &HttpRequest) -> bool {
        // built for this question, because the real one's `Host` is the client's
        let any = TestRequest::default().to_http_request();
        let url = request.resource_map().url_for(&any, &self.name, std::iter::empty::<&str>());
        !matches!(url, Err(UrlGenerationError::ResourceNotFound))
    }
}

impl fmt::Debug for ScopeProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopeProbe").field("name", &self.name).finish_non_exhaustive()
    }
}
