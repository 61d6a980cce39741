//! The words for each mistake.

use std::fmt;

use super::warning::{Misuse, Place};

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(lint) => lint.fmt(f),
            Self::Unreachable { .. }
            | Self::Shadowed { .. }
            | Self::Doubtful { .. }
            | Self::SlashMatters { .. }
            | Self::LookAlike { .. }
            | Self::ScopesDiffer { .. }
            | Self::BehindReadOnly { .. }
            | Self::MethodUnknown { .. } => self.write_route(f),
            Self::EntryUnmatched { .. }
            | Self::EntryUnserved { .. }
            | Self::ScopeUnmatched { .. }
            | Self::ScopesAlike { .. } => self.write_entry(f),
            _ => self.write_position(f),
        }
    }
}

impl Misuse {
    /// Of the middleware and what is around or inside of it.
    fn write_position(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
                 that a guard keeps out; wrap it around the `App`, or if it is meant for a scope, build it with \
                 `.around_scope(true)`; put a resource that needs it into a `web::scope` of its own",
                cors(place)
            ),
            Self::AroundApp { place } => write!(
                f,
                "{} has `.around_scope(true)` and is wrapped around the application; wrap it around the scope, or \
                 leave `.around_scope` out, so that mistakes in policies show at start",
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
            Self::Rewritten { place } => write!(
                f,
                "a middleware inside of {} changes the paths or methods of requests, so a preflight may have \
                 been granted for another route than the one that runs, or refused although one would run; wrap \
                 `NormalizePath` and its like after `Cors`, and call `.unrewritten_paths(true)` only if no inner middleware changes paths",
                cors(place)
            ),
            _ => Ok(()),
        }
    }

    /// Of routes that others hide, or whose preflights others have to allow too.
    fn write_route(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
            Self::Doubtful { route, by } => write!(
                f,
                "{by} comes after {route} and gets the requests that a guard of that route or of its scope refuses, \
                 so both policies have to allow their preflights; if it only answers GET, such as files, wrap it \
                 in `cors_actix::read_only(..)`; if no scope has a guard, call `.unguarded_scopes(true)`, or let \
                 `.experimental_introspection(true)` find out (a cargo feature); a route without `#[cors]` can \
                 also become the `default_service`, or have its methods named by `.route`, which says that it \
                 has no guard"
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
            Self::ScopesDiffer { route, by } => write!(
                f,
                "a `Cors` is wrapped around one of several scopes of one path, and {route} is in one of them, where \
                 another has {by}; it is not known which of these scopes a preflight has come to, so both policies \
                 have to allow it; give the scopes different paths, or the same handlers"
            ),
            Self::BehindReadOnly { pattern } => write!(
                f,
                "`{pattern}` is registered behind `read_only`, which takes every path that is left, and is never \
                 reached; register `read_only` last, or in a scope of its own"
            ),
            Self::MethodUnknown { method, pattern } => write!(
                f,
                "a preflight for {method} `{pattern}` was refused, because the route has no `#[cors]` and \
                 `allow_methods` is not set, so that it is not known which methods it serves; list {method} in \
                 `allow_methods` of the base policy or of a `.scope`, name it by `.route(\"{pattern}\", \
                 [\"{method}\"], ..)`, or put `#[cors]` above the handler's route attribute"
            ),
            _ => Ok(()),
        }
    }

    /// Of entries that do not say what they should.
    fn write_entry(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EntryUnmatched { pattern, source, did_you_mean, scope } => {
                write!(f, "{source}: no route has the pattern `{pattern}`; ")?;
                match (scope, did_you_mean) {
                    (Some(path), _) => {
                        write!(f, "for all that is below, write `.scope(\"{path}\", ..)`")
                    }
                    (None, Some(other)) => write!(f, "did you mean `{other}`?"),
                    (None, None) => f.write_str("write the full pattern, scopes included"),
                }
            }
            Self::EntryUnserved { pattern, methods, source } => write!(
                f,
                "{source}: no route of the pattern `{pattern}` serves {methods}; remove the methods that \
                 are not served"
            ),
            Self::ScopeUnmatched { path, source } => write!(
                f,
                "{source}: nothing is registered below `{path}`; write the path as the patterns of the routes \
                 begin, scopes and dynamic segments included"
            ),
            Self::ScopesAlike { path, source } => write!(
                f,
                "{source}: there are several scopes of the path `{path}`, and actix does not tell which of them \
                 a route is in, so CORS is off where the overrides would apply in any of them; give them different \
                 paths, or say what they have in common by `.scope(\"{path}\", ..)` on the builder"
            ),
            _ => Ok(()),
        }
    }
}

fn cors(place: Place) -> String {
    format!("the `Cors` built at {}:{}", place.file(), place.line())
}
