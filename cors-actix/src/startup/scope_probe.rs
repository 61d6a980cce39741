//! Probes, which find the full prefix of a scope and recognise an application.
//!
//! A service that is registered in a scope does not learn the scope's prefix. But once the application
//! is complete, actix links the resource map of each scope to the one around it. So a probe is registered
//! in the scope: a service that no request can reach, with a resource map of its own that has one named
//! leaf. After linking, the leaf's full pattern starts with the scope's prefix, and the application's map
//! knows the leaf's name. The user's own resources stay as they are.

use std::{cell::Cell, fmt, future::ready, rc::Rc};

use actix_service::{fn_factory, fn_service};
use actix_web::{
    HttpRequest, HttpResponse,
    dev::{AppService, ResourceDef, ResourceMap, ServiceRequest},
    error::UrlGenerationError,
    guard,
    test::TestRequest,
};

/// A service that no request reaches; it finds its scope and its application.
pub(crate) struct ScopeProbe {
    /// The name of its leaf, which the resource maps of all enclosing scopes have too.
    name: String,
    map: Rc<ResourceMap>,
}

/// What the name of a probe's service starts with. Another version of this crate may register others.
const START: &str = concat!("cors-actix-", env!("CARGO_PKG_VERSION"), "-scope-");

/// How long its pattern is: actix's router is quickest to pass over a pattern longer than the path.
const LENGTH: usize = 200;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Whether a service of this name is a probe.
pub(crate) fn is_probe(name: &str) -> bool {
    name.starts_with(START)
}

impl ScopeProbe {
    /// Adds a probe to the scope that `config` belongs to. `note_built` is called when the application's router
    /// is built, and what it returns is kept as long as the router is.
    pub(super) fn register<K: Clone + 'static>(
        app: u64,
        config: &mut AppService,
        note_built: impl Fn() -> K + 'static,
    ) -> Self {
        let number = COUNT.replace(COUNT.get() + 1);
        let service = format!("{START}{app}-{number}");
        // what a scope leaves of a path is empty or starts with a slash, so no request matches this
        let mut definition = ResourceDef::new(format!("\u{1}{service:-<LENGTH$}"));
        definition.set_name(&service);
        let name = format!("{service}-leaf");
        let mut map = ResourceMap::new(definition.clone());
        let mut leaf = ResourceDef::new("");
        leaf.set_name(&name);
        map.add(&mut leaf, None);
        let map = Rc::new(map);
        let never = guard::fn_guard(|_| false);
        let unreachable = fn_factory(move || {
            let kept = note_built();
            ready(Ok(fn_service(move |request: ServiceRequest| {
                let _ = &kept;
                ready(Ok(request.into_response(HttpResponse::NotFound())))
            })))
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
        // made for this question, because the real one's `Host` comes from the client
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
