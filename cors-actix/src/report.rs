//! The merged policies of an application as data: what [`Cors::reports`](crate::Cors::reports) returns, and
//! the types that occur in it and in errors.
//!
//! ```
//! use actix_web::{App, HttpResponse, get, test};
//! use cors_actix::{Cors, cors, report::Source};
//!
//! #[cors(expose_headers += ["ETag"])]
//! #[get("/users/{id}")]
//! async fn get_user() -> HttpResponse {
//!     HttpResponse::Ok().finish()
//! }
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), cors_actix::ConfigErrors> {
//! let cors = Cors::builder().allow_origins(["https://app.example.com"]).build()?;
//! let _app = test::init_service(App::new().service(get_user).wrap(cors.clone())).await;
//!
//! let report = &cors.reports()[0];
//! assert_eq!(report.routes[0].pattern, "/users/{id}");
//! assert!(matches!(report.routes[0].source, Source::Attribute(_)));
//! # Ok(())
//! # }
//! ```

pub use cors_core::codes;
pub use cors_core::{
    Allowed, Change, Comparison, Concern, Contribution, Credentials, Difference, Direction,
    HeaderName, Key, LayeredPolicy, Lint, ListedGroup, Location, MaxAge, Method, Off, Operator,
    OriginPattern, Place, Policy, Report, RouteReport, SCHEMA, Source, Standing, Subject, Witness,
};
