//! Requests and their responses.
//!
//! In: a request, the merged table and where its path leads. Out: the answer to a preflight, or the
//! headers of the response. Invariant: a response gets the policy of the route that made it; where that
//! is not certain, what all policies that may be meant agree on.

mod cors;
mod dispatch;
mod exchange;
mod first_request;
mod future;
mod middleware;
mod request;
mod response;
mod table;

pub use cors::Cors;
pub(crate) use cors::Settings;
pub use dispatch::{RouteTag, register};
pub use future::CorsFuture;
pub use middleware::CorsService;
