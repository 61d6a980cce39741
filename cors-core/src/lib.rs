//! CORS policy without a framework: parse, validate, merge, compile, decide.
//!
//! A [`Policy`] is plain, validated data. A [`RouteTable`] compiles a base policy and the policies
//! of single routes into lookups and ready header values; a [`Decision`] says what to answer to one
//! request, and why. An adapter implements [`RequestHead`] for its framework's request, tells the
//! table which routes match a path, and writes what the decision lists.
//!
//! ```
//! use cors_core::{
//!     PathMatch, Policy, Presented, Reason, RequestHead, RequestHeader, ResponseHeader, RouteTable,
//! };
//!
//! struct Request(&'static str, Vec<(RequestHeader, &'static str)>);
//!
//! impl RequestHead for Request {
//!     fn method(&self) -> &str {
//!         self.0
//!     }
//!     fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
//!         self.1.iter().filter(move |(name, _)| *name == header).map(|(_, value)| value.as_bytes())
//!     }
//! }
//!
//! let policy = Policy::builder()
//!     .allow_origins(["https://app.example.com", "https://*.preview.example.com"])
//!     .allow_methods(["PUT"])
//!     .allow_headers(["Content-Type"])
//!     .build()?;
//! let table = RouteTable::new(&policy, &[], str::to_owned);
//!
//! let request = Request("OPTIONS", vec![
//!     (RequestHeader::Origin, "https://pr-7.preview.example.com"),
//!     (RequestHeader::AccessControlRequestMethod, "PUT"),
//!     (RequestHeader::AccessControlRequestHeaders, "content-type"),
//! ]);
//! assert!(cors_core::is_preflight(&request));
//! let decision = table.preflight(PathMatch::NONE, &request);
//! assert_eq!(decision.reason(), Reason::PreflightGranted);
//! assert!(decision.fields().any(|(header, _)| header == ResponseHeader::AllowOrigin));
//!
//! let decision = table.actual(PathMatch::NONE, "GET", Presented::One(b"https://evil.example"));
//! assert_eq!(decision.reason(), Reason::OriginNotAllowed);
//! assert_eq!(decision.fields().count(), 0);
//! # Ok::<(), cors_core::ConfigErrors>(())
//! ```
//!
//! # Features
//!
//! None is on by default, so that the core depends on next to nothing; `cors-actix` turns on the
//! first three.
//!
//! - `public-suffix` tells `https://*.github.io` and its like, which are refused beside credentials,
//!   from other subdomain patterns. Without it, every subdomain pattern beside credentials needs
//!   [`dangerously_allow_public_suffixes`](PolicyBuilder::dangerously_allow_public_suffixes).
//! - `idna` tells hosts whose `xn--` labels no browser sends, which are refused, from others, and offers
//!   the `xn--` form of a Unicode host. Without it, every host with an `xn--` label is refused.
//! - `browser` adds [`browser::Browser`](browser), a model of a browser that plays whole calls, for tests and tools.
//! - `toml`, `json` and `yaml` read a file of this format; see [`PolicyBuilder::from_file`].
//! - `serde` reads a [`Policy`] or a [`PolicyBuilder`] from a file, and writes a policy, a [`Report`] and a
//!   [`Comparison`].
//!
//! Another crate of the build may turn any of them on, so none changes what a request gets: what
//! builds without a feature builds with it, and answers the same.
//!
//! # When not to use it
//!
//! An Actix-web application wants `cors-actix`, which is built on this. CORS is no protection of
//! the server: it tells browsers which scripts may read responses, and does not stop a request.

pub mod browser;
mod compare;
mod decide;
mod error;
mod fields;
mod file;
mod group_name;
mod headers;
mod max_age;
mod methods;
mod origin;
mod policy;
mod report;
mod routes;
mod setting;
mod source;
mod token;
mod vary;

#[doc = include_str!("../CODES.md")]
pub mod codes {}

pub use compare::{Change, Comparison, Difference, Direction, Place, Standing, Subject, Witness};
pub use decide::{
    Decision, ExposedNames, FieldValue, Handshake, PreflightStatus, Presented, Reason, RequestHead,
    SentTo, applies_to_status, is_preflight, is_websocket_upgrade, needs_preflight,
    requested_names,
};
pub use error::{ConfigError, ConfigErrors, Endless, Problem};
pub use fields::{RequestHeader, ResponseHeader};
pub use file::{FileFormat, SCHEMA};
pub use headers::HeaderName;
pub use max_age::MaxAge;
pub use methods::Method;
pub use origin::{Origin, OriginPattern, TupleOrigin};
pub use policy::{
    AllowCredentials, Allowed, Contribution, Credentials, FileOriginGroup, LayeredPolicy, Override,
    OverrideBuilder, Policy, PolicyBuilder, PolicyFile, RouteEntry, ScopeEntry, is_below,
    scope_path,
};
pub use report::{Concern, Lint, Report, RouteReport, ScopeReport};
pub use routes::{PathMatch, Reached, RouteId, RouteSpec, RouteTable, ScopeId, Step};
pub use setting::{Key, Off, Operator, Setting, Value};
pub use source::{FilePlace, ListedGroup, Location, Source};
pub use vary::Vary;
