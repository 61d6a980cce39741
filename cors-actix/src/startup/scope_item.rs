//! Overrides for a scope that are registered in it, beside its handlers.

use std::panic::Location;

use actix_web::dev::{AppService, HttpServiceFactory};
use cors_core::OverrideBuilder;

use super::{registered_scope::RegisteredScope, registry::App, scope_probe::ScopeProbe};

/// Overrides the base policy for a whole scope, by an item that is registered in it like a handler.
///
/// It is for code that does not know the prefix of its scope, such as a function for
/// [`configure`](actix_web::Scope::configure). Otherwise [`CorsBuilder::scope`](crate::CorsBuilder::scope) says
/// the same by the path. It covers everything that is registered in the scope, before and after it: annotated
/// handlers, plain routes, files, and the 404 and 405 in between.
///
/// At the root of the application it keeps the application from starting: the policy of all is that of the
/// builder. If two scopes of the same path have different guards, actix does not tell which of them a route is
/// in, so that the item turns CORS off for both (CORS215 in the log); say what both have in common with
/// [`CorsBuilder::scope`](crate::CorsBuilder::scope).
///
/// ```
/// use actix_web::{App, HttpResponse, test, web};
/// use cors_actix::{Cors, Override};
///
/// fn admin(config: &mut web::ServiceConfig) {
///     config
///         .service(cors_actix::for_scope(Override::builder().allow_origins(["https://admin.example.com"])))
///         .route("/stats", web::get().to(HttpResponse::Ok));
/// }
///
/// # #[actix_web::main]
/// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
/// let cors = Cors::builder().allow_origins(["https://app.example.com"]).build()?;
/// let app = App::new().service(web::scope("/admin").configure(admin)).wrap(cors);
/// let app = test::init_service(app).await;
/// for path in ["/admin/stats", "/admin/no-such-page"] {
///     let request = test::TestRequest::with_uri(path);
///     let request = request.insert_header(("Origin", "https://admin.example.com"));
///     let response = test::call_service(&app, request.to_request()).await;
///     assert!(response.headers().contains_key("access-control-allow-origin"));
/// }
/// # Ok(())
/// # }
/// ```
#[track_caller]
#[must_use = "it has to be registered with `service`"]
pub fn for_scope(overrides: OverrideBuilder) -> ScopeItem {
    ScopeItem { overrides, location: Location::caller() }
}

/// Overrides for the scope that it is registered in; made by [`for_scope`].
#[derive(Debug, Clone)]
pub struct ScopeItem {
    overrides: OverrideBuilder,
    location: &'static Location<'static>,
}

impl HttpServiceFactory for ScopeItem {
    fn register(self, config: &mut AppService) {
        let app = App::of(config);
        let probe = ScopeProbe::register(app.number, config, App::holder(&app));
        let Self { overrides, location } = self;
        app.add_scope(RegisteredScope { overrides, location, probe });
    }
}
