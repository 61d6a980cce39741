//! What is compared.

pub(crate) mod actix;
mod core;
mod tower;

use std::fmt;

use crate::{case::Case, wire::Runner};

/// Something that answers requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An actix application without CORS.
    Bare,
    /// The same with `#[cors]` on its handlers and no middleware.
    BareAnnotated,
    /// The middleware of this workspace, no handler annotated.
    Ours,
    /// The same with `#[cors]` on the handlers.
    Overrides,
    /// The least a middleware for actix could do.
    Floor,
    /// The crate `actix-cors`.
    ActixCors,
    /// A tower service without CORS.
    TowerBare,
    /// The same with `CorsLayer` of `tower-http`.
    Tower,
    /// Nothing at all: what measuring costs.
    Nothing,
    /// The decision of `cors-core`, without a framework.
    Core,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bare => "bare",
            Self::BareAnnotated => "bare, annotated",
            Self::Ours => "ours",
            Self::Overrides => "ours, overrides",
            Self::Floor => "floor",
            Self::ActixCors => "actix-cors",
            Self::TowerBare => "bare (tower)",
            Self::Tower => "tower-http",
            Self::Nothing => "nothing",
            Self::Core => "core",
        })
    }
}

impl Subject {
    /// Sets the subject up for a case. Must be called in an actix runtime.
    pub async fn start(self, case: &Case) -> Runner {
        match self {
            Self::Bare => actix::bare(case, false).await,
            Self::BareAnnotated => actix::bare(case, true).await,
            Self::Ours => actix::ours(case, false).await,
            Self::Overrides => actix::ours(case, true).await,
            Self::Floor => actix::floor(case).await,
            Self::ActixCors => actix::actix_cors(case).await,
            Self::TowerBare => tower::bare(case),
            Self::Tower => tower::cors_layer(case),
            Self::Nothing => Box::new(|_| {}),
            Self::Core => core::decide(case),
        }
    }
}
