//! Requests and their responses, and the middleware's own start.
//!
//! - In: a request, the merged table, and where the request's path leads.
//! - Out: the answer to a preflight, or the CORS headers of a response.
//! - Invariant: a response gets the policy of the route that made it. If more than one route could have
//!   made it, it gets only what all of their policies allow.

mod answers;
mod application;
mod cors;
mod current;
mod dispatch;
mod exchange;
mod first_request;
mod future;
mod handshake;
mod middleware;
mod neighbours;
mod part;
mod policies;
mod position;
mod refusal;
mod reload;
mod request;
mod response;
mod settings;
mod table;
mod watch;

pub use cors::Cors;
pub use dispatch::{RouteTag, register};
pub use future::CorsFuture;
pub use middleware::CorsService;
pub(crate) use policies::Policies;
pub use reload::CorsHandle;
pub(crate) use reload::Reading;
pub(crate) use settings::Settings;
pub use watch::Watching;
