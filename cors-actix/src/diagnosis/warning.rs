//! Mistakes in how an application uses CORS: settings without effect, and preflights that are refused
//! more often than they need be.

use std::fmt;

use cors_core::{Lint, Location, Source};

/// A mistake in how an application uses CORS, found when the application starts or when a request
/// shows it.
///
/// Each is written to the log once and kept in [`Cors::misuses`](crate::Cors::misuses), so that a test
/// can assert that there are none. CORS201 is in the log alone, because there is no middleware that could
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
    /// CORS211: something under another policy comes after the scope of the route. It gets the route's
    /// requests if the scope has a guard, so both policies have to allow their preflights.
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
        }
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cors = |place: Place| format!("the `Cors` built at {}:{}", place.file(), place.line());
        match self {
            Self::Setting(lint) => lint.fmt(f),
            Self::NotWrapped { handler } => write!(
                f,
                "{handler} has `#[cors]` but runs without the middleware, so its settings have no effect; \
                 add `.wrap(cors)` to its `App`, after all other wraps"
            ),
            Self::Twice { place } => write!(
                f,
                "{} is inside of another `Cors`, which replaces its headers; keep the outer one, and \
                 give scopes their settings by `#[cors(...)]` on modules and handlers, or by `.route`",
                cors(place)
            ),
            Self::InScope { place } => write!(
                f,
                "{} is wrapped around a scope or a resource, so it sees neither other paths nor preflights \
                 that a guard keeps out; wrap it around the `App`",
                cors(place)
            ),
            Self::NoPreflights { place } => write!(
                f,
                "{} sees requests from other origins that need a preflight, but no preflight; if a \
                 middleware outside of it answers them, such as an authentication, wrap `Cors` after that \
                 one: the last `.wrap` is the outermost",
                cors(place)
            ),
            Self::OwnHeaders { route } => write!(
                f,
                "a response of {route} had CORS headers already, which were replaced by those of its \
                 policy; remove the code that sets them, in the handler or in an inner middleware"
            ),
            Self::Unreachable { route, by } => write!(
                f,
                "{route} is never reached, because {by} comes before it and takes all its requests; \
                 register it earlier, or remove it"
            ),
            Self::Shadowed { route, by } => write!(
                f,
                "{by} comes before {route} and may serve its requests, so the base policy has to allow \
                 their preflights too; register the annotated route first, give the other one a \
                 `#[cors]`, or name its methods by `.route`"
            ),
            Self::EntryUnmatched { pattern, source, did_you_mean } => {
                write!(f, "{source}: no route has the pattern `{pattern}`; ")?;
                match did_you_mean {
                    Some(other) => write!(f, "did you mean `{other}`?"),
                    None => f.write_str("write the full pattern, scopes included"),
                }
            }
            Self::EntryUnserved { pattern, methods, source } => write!(
                f,
                "{source}: no route of the pattern `{pattern}` serves {methods}; remove the methods that \
                 are not served"
            ),
            Self::Rewritten { place } => write!(
                f,
                "a middleware inside of {} changes the paths or methods of requests, so a preflight may have \
                 been granted for another route than the one that runs; wrap `NormalizePath` and its like \
                 after `Cors`, and call `.unrewritten_paths(true)` only if no inner middleware changes paths",
                cors(place)
            ),
            Self::Doubtful { route, by } => write!(
                f,
                "{by} comes after the scope of {route} and gets its requests if the scope has a guard, so \
                 both policies have to allow their preflights; if no scope has a guard, call \
                 `.unguarded_scopes(true)`, or let `.experimental_introspection(true)` find out (a cargo \
                 feature); a route without `#[cors]` can also become the `default_service`, or have its \
                 methods named by `.route`"
            ),
            Self::SlashMatters { route, by } => write!(
                f,
                "with a slash added at its end or taken away, a path of {route} leads to {by}, which has \
                 another policy, or a base policy that does not list the method; an inner middleware may do \
                 that, so both have to allow its preflights; if none does, call `.unrewritten_paths(true)`"
            ),
            Self::LookAlike { handler } => write!(
                f,
                "a route without `#[cors]` has the name and the pattern of {handler}, so it is not certain \
                 which of the two is the handler, and both policies have to allow preflights of either; give \
                 one of them another name, by `.name(..)` or `name = \"..\"`"
            ),
        }
    }
}
