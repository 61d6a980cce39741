//! CORS for Actix-web: the policy stands next to the handler it protects.
//!
//! A base policy covers the application; `#[cors(...)]` above a handler says what that route adds,
//! takes away or replaces. When the application starts, the middleware merges them, so that it knows
//! every route's policy. It answers preflights itself, before any inner middleware, and adds the CORS
//! headers to every response, errors included.
//!
//! ```
//! use actix_web::{App, HttpResponse, get, test, web};
//! use cors_actix::{Cors, cors};
//!
//! #[cors(expose_headers += ["ETag"], max_age = "5m")]
//! #[get("/users/{id}")]
//! async fn get_user(id: web::Path<u32>) -> HttpResponse {
//!     HttpResponse::Ok().insert_header(("ETag", "\"7\"")).body(format!("user {id}"))
//! }
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), cors_actix::ConfigErrors> {
//! let cors = Cors::builder()
//!     .allow_origins(["https://app.example.com"])
//!     .expose_headers(["X-Request-Id"])
//!     .build()?;
//! let api = web::scope("/api").service(get_user);
//! let app = test::init_service(App::new().service(api).wrap(cors)).await;
//!
//! let request = test::TestRequest::get().uri("/api/users/1");
//! let request = request.insert_header(("Origin", "https://app.example.com")).to_request();
//! let response = test::call_service(&app, request).await;
//! assert_eq!(response.headers().get("access-control-expose-headers").unwrap(), "ETag, X-Request-Id");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `toml`, `json` and `yaml`, off by default: settings, scopes and routes are read from a file of this format, see
//!   [`Cors::from_file`].
//! - `serde`, off by default: the base policy is read from a part of a file, see [`CorsBuilder`].
//! - `experimental-introspection`, off by default: adds
//!   `CorsBuilder::experimental_introspection`, which asks actix-web's feature of this name for the
//!   methods of plain routes and the guards of scopes. Without the call no answer changes, but actix-web
//!   itself then panics if a scope and a route in it have a segment of the same name.
//!
//! # When not to use it
//!
//! Where one policy fits every route and nothing is known at start-up, any CORS middleware will do.
//! CORS does not protect the server: it tells browsers which scripts may read responses, and a
//! simple cross-origin POST reaches its handler whatever the policy. Check tokens or `Origin` for
//! that. Each request is judged by its own `Origin`, not by its preflight: after a redirect, Firefox sends
//! `null` where the preflight had the page's origin. WebSocket handshakes are not covered by CORS at all;
//! [`Cors::admits`] and [`CorsBuilder::reject_foreign_handshakes`] are there for them.

#[doc(hidden)]
pub mod __private;
mod builder;
mod diagnosis;
mod handler;
pub mod report;
mod routing;
mod serving;
mod startup;
pub mod test;

#[doc = include_str!("../CODES.md")]
pub mod codes {}

pub use builder::CorsBuilder;
pub use cors_core::{
    AllowCredentials, ConfigError, ConfigErrors, FileFormat, Override, OverrideBuilder,
    PolicyBuilder, PolicyFile, PreflightStatus, Problem,
};
pub use diagnosis::{Misuse, Place};
pub use serving::{Cors, CorsFuture, CorsHandle, CorsService, Watching};
pub use startup::{ReadOnly, ScopeItem, StartError, for_scope, read_only};

/// Overrides the base policy for one handler, or for the handlers of a module.
///
/// It stands above actix's route attribute (`#[get]`, `#[post]`, …, `#[route]`, `#[routes]`), reads
/// path and methods from it and leaves it in place.
///
/// | argument | meaning |
/// |---|---|
/// | `key = value` | sets |
/// | `key += [..]` | adds to the inherited list |
/// | `key -= [..]` | takes from the inherited list |
/// | `disable` | turns CORS off: no script of another origin reads the response, and preflights are refused |
/// | `external` | leaves CORS to another layer, such as a proxy: nothing is added, and preflights get a bare ok status |
/// | none | the inherited policy; the middleware learns the route's methods |
///
/// The keys are `allow_origins`, `allow_methods`, `allow_headers`, `expose_headers` (lists),
/// `allow_credentials` (`true`, `false`, or a list of origins), `max_age` (seconds, or a text such as `"10m"`) and
/// [`dangerously_expose_any_header`](CorsBuilder::dangerously_expose_any_header) (`true`, `false`). Among origins,
/// `"@admin"` stands for those of the [group](CorsBuilder::origin_group) `admin`, which is found when the application
/// starts.
///
/// ```
/// use actix_web::{HttpResponse, delete, web};
/// use cors_actix::cors;
///
/// #[cors(allow_origins = ["https://admin.example.com"], allow_headers += ["X-Csrf-Token"])]
/// #[delete("/users/{id}")]
/// async fn delete_user(id: web::Path<u32>) -> HttpResponse {
///     HttpResponse::NoContent().finish()
/// }
/// ```
///
/// Mistakes are compile errors at the token, all in one go:
///
/// ```compile_fail
/// # use actix_web::{HttpResponse, get};
/// # use cors_actix::cors;
/// #[cors(allow_origins = ["https://admin.example.com/"], expose_header += ["ETag"])]
/// #[get("/")]
/// async fn index() -> HttpResponse {
///     HttpResponse::Ok().finish()
/// }
/// ```
///
/// What shows only when the settings are merged (any origin from here, credentials from the base
/// policy) keeps the application from starting, or closes it to other origins where it is not certain whose
/// policies they are, with an error that names the handler or the module, its place and both settings.
///
/// # On a module
///
/// Its settings apply to all handlers in it, over the base policy; a handler's own apply over those:
///
/// ```
/// use cors_actix::cors;
///
/// #[cors(allow_origins = ["https://admin.example.com"], expose_headers += ["X-Admin"])]
/// mod admin {
///     use actix_web::{HttpResponse, get};
///     use cors_actix::cors;
///
///     /// As the module says.
///     #[get("/stats")]
///     pub async fn stats() -> HttpResponse {
///         HttpResponse::Ok().finish()
///     }
///
///     /// For the same origin, with both headers exposed.
///     #[cors(expose_headers += ["ETag"])]
///     #[get("/users")]
///     pub async fn users() -> HttpResponse {
///         HttpResponse::Ok().finish()
///     }
/// }
/// # _ = (admin::stats, admin::users);
/// ```
///
/// - Its handlers are the functions with a route attribute in it and in modules within, which may
///   have a `#[cors]` of their own: outer module, inner module, handler, in this order. It does not
///   see what has no such attribute (`web::get().to(..)`), nor what is in a function's body.
/// - What a macro makes in it would not inherit, so `my_macro! { .. }` among its items is a compile error.
///   A call that makes no handlers is allowed with `#[cors(no_handlers)]` above it. `macro_rules!`,
///   `thread_local!`, and assertions such as `const_assert!` need no mark, nor does anything in a module
///   with `#[cfg(test)]`.
/// - After `disable` or `external`, CORS stays off, whatever is set inside; `disable` inside of `external`
///   counts. What is registered there without a route
///   attribute would stay open, so it is a compile error in all functions of such a module (modules with
///   `#[cfg(test)]` aside): `.route(..)`, `.default_service(..)`, and calls such as `web::resource(..)`,
///   `fn_service(..)` and `Files::new(..)`, which are known by these names alone.
/// - A module's settings have to be valid over the base policy, whatever its handlers change.
/// - A module's policy covers the handlers in it and, if `#[cors]` stands above `#[scope("/x")]`, what is
///   left unrouted below the full prefix; never a route that is registered elsewhere. With `#[scope]`
///   above `#[cors]` it is a module without a prefix.
/// - The handlers have to be in the braces: the compiler does not show `mod name;` to attributes.
///
/// # Beside other macros
///
/// Attributes of other macros (`#[utoipa::path]`, `#[tracing::instrument]`, `#[protect]`, `#[api_operation]`) may stand
/// above the route attribute or below it: `#[cors]` puts them above itself, so that each sees the function with its
/// route attribute. The route attribute has to be actix-web's own. A handler that another crate registers has its
/// policy by [`CorsBuilder::route`].
///
/// Where `Cargo.toml` gives this crate another name, say so once in the crate's root:
/// `extern crate web_cors as cors_actix;`.
pub use cors_macros::cors;
