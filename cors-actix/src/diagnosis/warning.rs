//! Mistakes in how an application uses CORS: settings without effect, and preflights that are refused
//! more often than they need be.

use cors_core::{Lint, Location, Source};

/// A mistake in how an application uses CORS, found when the application starts or when a request
/// shows it.
///
/// Each is written to the log once and kept in [`Cors::misuses`](crate::Cors::misuses), so that a test
/// can assert that there are none. Of a middleware whose base policy is off, only settings are said. CORS201 is in the log alone, because there is no middleware that could
/// keep it. [`codes`](crate::codes) has an example of each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Misuse {
    /// CORS101 to CORS199: a setting that is legal and seldom meant, or that has no effect;
    /// [`report::codes`](crate::report::codes) has an example of each.
    Setting(Lint),
    /// CORS201: a handler with `#[cors]` runs in an application without the middleware.
    NotWrapped {
        /// The handler.
        handler: &'static Location,
    },
    /// CORS202: two middlewares are wrapped around one application, or around one of its scopes.
    Twice {
        /// Where the inner middleware was built.
        place: Place,
    },
    /// CORS203: the middleware is wrapped around a scope, so it sees only requests that get that far.
    InScope {
        /// Where the middleware was built.
        place: Place,
    },
    /// CORS204: browsers send requests that need a preflight, and no preflight arrives.
    NoPreflights {
        /// Where the middleware was built.
        place: Place,
    },
    /// CORS205: a handler or an inner middleware sets CORS headers itself.
    OwnHeaders {
        /// The route.
        route: String,
    },
    /// CORS206: other routes take every request that the route could serve.
    Unreachable {
        /// The route.
        route: String,
        /// What comes before it.
        by: String,
    },
    /// CORS207: a service without `#[cors]` comes before the route and may serve its requests, so
    /// the base policy has to allow their preflights too.
    Shadowed {
        /// The route.
        route: String,
        /// What comes before it.
        by: String,
    },
    /// CORS208: a route entry has a pattern that no route has.
    EntryUnmatched {
        /// The pattern.
        pattern: String,
        /// Where it was written.
        source: Source,
        /// The pattern of a route that ends in the same way.
        did_you_mean: Option<String>,
        /// The path of a scope entry that covers what the pattern may have been meant for.
        scope: Option<String>,
    },
    /// CORS209: a route entry has methods that no route of its pattern serves.
    EntryUnserved {
        /// The pattern.
        pattern: String,
        /// The methods.
        methods: String,
        /// Where it was written.
        source: Source,
    },
    /// CORS210: an inner middleware changes the paths or the methods of requests.
    Rewritten {
        /// Where the middleware was built.
        place: Place,
    },
    /// CORS211: something under another policy comes after the route, and gets the requests that a guard of the route
    /// or of its scope refuses, so both policies have to allow their preflights.
    Doubtful {
        /// The first such route.
        route: String,
        /// What comes after it.
        by: String,
    },
    /// CORS212: a route without `#[cors]` has the name and the pattern of a handler. It is not certain
    /// which of the two is the handler, so both policies have to allow preflights of either.
    LookAlike {
        /// The handler.
        handler: &'static Location,
    },
    /// CORS213: a path of the route leads to something under another policy once a slash is added at
    /// its end, or taken away. An inner middleware may do that, so both policies have to allow preflights
    /// of the path.
    SlashMatters {
        /// The first such route.
        route: String,
        /// What the path leads to with the other slash.
        by: String,
    },
    /// CORS214: nothing is registered below the path of a scope entry.
    ScopeUnmatched {
        /// The path.
        path: String,
        /// Where it was written.
        source: Source,
    },
    /// CORS215: overrides are registered in one of several scopes of the same path, or in a scope within. It is not
    /// certain which of them a route is in, so CORS is off where the overrides would apply in any of them.
    ScopesAlike {
        /// The full path of the scopes.
        path: String,
        /// Where the overrides were written.
        source: Source,
    },
    /// CORS216: the middleware was built to be wrapped around a scope, and is wrapped around the application.
    AroundApp {
        /// Where the middleware was built.
        place: Place,
    },
    /// CORS217: something is registered behind [`read_only`](crate::read_only), which takes every path that is
    /// left.
    BehindReadOnly {
        /// The first such pattern.
        pattern: String,
    },
    /// CORS218: a preflight was refused only because it is not known which methods a route without `#[cors]`
    /// serves. Said once for each route and method.
    MethodUnknown {
        /// The method that was asked for.
        method: String,
        /// The full pattern of the route.
        pattern: String,
    },
    /// CORS219: there are several scopes of the path of the one that the middleware is wrapped around, and what
    /// they have under a path of the route has different policies. Each of them has to allow the preflights.
    ScopesDiffer {
        /// The first such route.
        route: String,
        /// What another scope has.
        by: String,
    },
}

/// Where something was built.
pub type Place = &'static std::panic::Location<'static>;

impl Misuse {
    /// The stable code, such as `CORS201`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Setting(lint) => lint.code(),
            Self::NotWrapped { .. } => "CORS201",
            Self::Twice { .. } => "CORS202",
            Self::InScope { .. } => "CORS203",
            Self::NoPreflights { .. } => "CORS204",
            Self::OwnHeaders { .. } => "CORS205",
            Self::Unreachable { .. } => "CORS206",
            Self::Shadowed { .. } => "CORS207",
            Self::EntryUnmatched { .. } => "CORS208",
            Self::EntryUnserved { .. } => "CORS209",
            Self::Rewritten { .. } => "CORS210",
            Self::Doubtful { .. } => "CORS211",
            Self::LookAlike { .. } => "CORS212",
            Self::SlashMatters { .. } => "CORS213",
            Self::ScopeUnmatched { .. } => "CORS214",
            Self::ScopesAlike { .. } => "CORS215",
            Self::AroundApp { .. } => "CORS216",
            Self::BehindReadOnly { .. } => "CORS217",
            Self::MethodUnknown { .. } => "CORS218",
            Self::ScopesDiffer { .. } => "CORS219",
        }
    }
}
