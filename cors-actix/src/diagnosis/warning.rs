//! Misuse: what makes policies come to nothing, or hold elsewhere than they seem to.

use std::fmt;

use cors_core::{Location, Source};

/// Something about an application that its author can hardly want, found when it starts or when a
/// request shows it.
///
/// It is said in the log, once, and kept in [`Cors::misuses`](crate::Cors::misuses), so that a test
/// can insist on none. What `#[cors]` outside of any middleware does is in the log alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Misuse {
    /// CORS201: a handler with `#[cors]` runs outside of the middleware.
    NotWrapped {
        /// The handler.
        handler: &'static Location,
    },
    /// CORS202: two middlewares stand around one application, or one of its scopes.
    Twice {
        /// Where the middleware was built.
        place: Place,
    },
    /// CORS203: the middleware stands in a scope, so that it sees only what gets that far.
    InScope {
        /// Where the middleware was built.
        place: Place,
    },
    /// CORS204: browsers send what needs a preflight, and no preflight arrives.
    NoPreflights {
        /// Where the middleware was built.
        place: Place,
    },
    /// CORS205: a handler or a middleware further in sets CORS headers itself.
    OwnHeaders {
        /// The route.
        route: String,
    },
    /// CORS206: other routes take all that a route might serve.
    Unreachable {
        /// The route.
        route: String,
        /// What comes before it.
        by: String,
    },
    /// CORS207: a service without `#[cors]` stands before a route and may take its requests, so that
    /// preflights need the consent of the base policy too.
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
    /// CORS210: a middleware further in, or further out and behind actix's back, changes the paths of
    /// requests.
    Rewritten {
        /// Where the middleware was built.
        place: Place,
    },
    /// CORS211: something under another policy stands behind the scope of a route, and gets its requests
    /// if the scope has a guard, so that preflights need the consent of both policies.
    Doubtful {
        /// The first such route.
        route: String,
        /// What comes after it.
        by: String,
    },
    /// CORS212: a route without `#[cors]` has the name and the pattern of a handler, so that it is not
    /// certain which of them is the handler: preflights of both need the consent of both policies.
    LookAlike {
        /// The handler.
        handler: &'static Location,
    },
    /// CORS213: a path of a route leads to something under another policy if a slash is added at its end,
    /// as a middleware further in may do, so that preflights need the consent of both policies.
    SlashMatters {
        /// The first such route.
        route: String,
        /// What the path leads to with the slash.
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
            Self::NotWrapped { handler } => write!(
                f,
                "{handler} has `#[cors]` and runs outside of the middleware, so that its settings have \
                 no effect; add `.wrap(cors)` to its `App`, after all other wraps"
            ),
            Self::Twice { place } => write!(
                f,
                "{} stands inside of another one, which replaces its headers; keep the outer one, and \
                 give scopes their settings by `#[cors(...)]` on modules and handlers, or by `.route`",
                cors(place)
            ),
            Self::InScope { place } => write!(
                f,
                "{} stands in a scope or a resource, so that it sees neither other paths nor preflights \
                 that a guard keeps out; wrap the `App` instead",
                cors(place)
            ),
            Self::NoPreflights { place } => write!(
                f,
                "requests that need a preflight come from other origins, and {} has seen no preflight; \
                 if an authentication or another middleware outside of it answers them, wrap `Cors` \
                 after it: the last `.wrap` is the outermost",
                cors(place)
            ),
            Self::OwnHeaders { route } => {
                write!(
                    f,
                    "CORS headers on responses of {route} were replaced; what sets them further in has to leave \
                     them to its policy"
                )
            }
            Self::Unreachable { route, by } => write!(
                f,
                "{route} is never reached, because {by} comes before it and takes all its requests; \
                 register it earlier, or remove it"
            ),
            Self::Shadowed { route, by } => write!(
                f,
                "{by} comes before {route} and may take its requests, so that preflights need the \
                 consent of the base policy too; register the annotated route first, or give the other \
                 one a `#[cors]`"
            ),
            Self::EntryUnmatched { pattern, source, did_you_mean } => {
                write!(f, "{source}: no route has the pattern `{pattern}`; ")?;
                match did_you_mean {
                    Some(other) => write!(f, "did you mean `{other}`?"),
                    None => f.write_str("write it as `match_pattern` has it, scopes included"),
                }
            }
            Self::EntryUnserved { pattern, methods, source } => write!(
                f,
                "{source}: no route of the pattern `{pattern}` serves {methods}; remove what is not \
                 served"
            ),
            Self::Rewritten { place } => write!(
                f,
                "a middleware inside of {} changes the paths of requests, so that preflights are judged by \
                 paths that no route may ever see; wrap `NormalizePath` and its like after `Cors`, and say \
                 `.unrewritten_paths(true)` only where nothing further in changes paths",
                cors(place)
            ),
            Self::Doubtful { route, by } => write!(
                f,
                "{by} comes after the scope of {route}, which may have a guard for all that is known, so \
                 that preflights need the consent of both policies; if no scope has a guard, say so by \
                 `.unguarded_scopes(true)` or find out by the feature `experimental-introspection`; a route without \
                 `#[cors]` can also become the `default_service`, or have its methods named by `.route`"
            ),
            Self::SlashMatters { route, by } => write!(
                f,
                "with a slash at its end, a path of {route} leads to {by}, under another policy; a middleware \
                 inside of `Cors` may add that slash, so that preflights need the consent of both policies; if \
                 none does, say so by `.unrewritten_paths(true)`"
            ),
            Self::LookAlike { handler } => write!(
                f,
                "a route without `#[cors]` has the name and the pattern of {handler}, so that it is not certain \
                 which is which, and preflights of both need the consent of both policies; give one of them \
                 another name, by `.name(..)` or `name = \"..\"`"
            ),
        }
    }
}
