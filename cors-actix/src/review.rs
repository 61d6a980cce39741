//! A look at a whole application, once it is known where its paths lead: routes that are never
//! reached, and entries that are meant for none.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use cors_core::{PathMatch, RouteId, RouteReport, Source, Step};

use crate::{
    level::{Level, Steps},
    misuse::Misuse,
    paths::Paths,
    table::Table,
};

/// What dynamic segments are filled with to make a path of a pattern; one of them fits most.
const FILLERS: [&str; 3] = ["cors-sample", "7", "a"];

/// How long the first request waits for it: thousands of patterns that start with a dynamic segment
/// are compared with each other.
const PATIENCE: Duration = Duration::from_millis(100);

impl Table {
    /// What the application makes of its routes that can hardly be meant.
    pub(crate) fn review(&self) -> Vec<Misuse> {
        let Some(Paths::Known { root, .. }) = self.paths() else { return Vec::new() };
        let start = Instant::now();
        let (mut found, mut seen, mut reached) = (Vec::new(), HashSet::new(), Reached::default());
        for (route, path) in FILLERS.into_iter().flat_map(|filler| root.samples(filler)) {
            if seen.contains(&route) {
                continue;
            }
            if start.elapsed() > PATIENCE {
                tracing::debug!("CORS: too many routes to look for hidden ones among all of them");
                break;
            }
            let steps = reached.steps(root, &path);
            if steps.iter().any(|step| step.table_route() == Some(route)) {
                seen.insert(route);
                found.extend(self.review_route(root, route, &path, steps));
            }
        }
        found.extend(self.review_entries(root));
        only_first_doubts(&mut found);
        found
    }

    /// Whether another service takes what the route might serve, on a path of its pattern.
    fn review_route(
        &self,
        root: &Level,
        route: RouteId,
        path: &str,
        steps: &[Step],
    ) -> Option<Misuse> {
        let report = self.report.routes.get(route.index())?;
        let matches = PathMatch::certain(steps);
        let reached = |method: &str| self.routes.reachable(matches, method).collect::<Vec<_>>();
        let is_missed = |method: &&String| !reached(method).contains(&Some(route));
        let missed: Vec<&str> =
            report.methods.iter().filter(is_missed).map(String::as_str).collect();
        if let Some(method) = missed.first() {
            let by = reached(method).into_iter().flatten().last()?;
            let other = self.report.routes.get(by.index())?;
            let route = format!("{} {} ({})", missed.join(", "), report.pattern, place(report));
            // the same handler, registered again
            let is_other = other.source != report.source;
            return is_other.then(|| Misuse::Unreachable { route, by: name(other) });
        }
        let is_plain = |own: Option<RouteId>| {
            let report = own.and_then(|own| self.report.routes.get(own.index()));
            report.is_none_or(|own| own.source == Source::Introspection)
        };
        let is_shadowed = |method: &String| {
            reached(method).into_iter().take_while(|own| *own != Some(route)).any(is_plain)
        };
        let plain = || root.first_plain(path).map(described);
        if report.methods.iter().any(is_shadowed) {
            let by = plain().unwrap_or_else(|| "another scope of the path".to_owned());
            return Some(Misuse::Shadowed { route: name(report), by });
        }
        let by = self.doubted_by(route, report, reached, plain)?;
        Some(Misuse::Doubtful { route: name(report), by })
    }

    /// What comes after a route under another policy, if the route's requests may get there.
    fn doubted_by(
        &self,
        route: RouteId,
        report: &RouteReport,
        reached: impl Fn(&str) -> Vec<Option<RouteId>>,
        plain: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        // a route that is in doubt itself has its guard to blame
        if report.guarded {
            return None;
        }
        let policy_of = |own: Option<RouteId>| {
            let report = own.and_then(|own| self.report.routes.get(own.index()));
            report.map_or(&self.report.base, |own| &own.policy).policy()
        };
        let differs = |own: &Option<RouteId>| policy_of(*own) != report.policy.policy();
        let after = |method: &String| {
            let mut after = reached(method).into_iter().skip_while(|own| *own != Some(route));
            after.find(differs)
        };
        let other = report.methods.iter().find_map(after)?;
        other.and_then(|own| self.name(own)).or_else(plain)
    }

    fn review_entries(&self, root: &Level) -> Vec<Misuse> {
        let known = root.plain_routes();
        let plain = self.routes.routes().zip(&self.report.routes);
        let unused = plain.filter(|(id, own)| is_of_entry(own) && !known.contains(id));
        let misuse = |(_, own): (RouteId, &RouteReport)| {
            let (pattern, source) = (own.pattern.clone(), own.source.clone());
            let is_annotated =
                |other: &RouteReport| !is_of_entry(other) && other.pattern == pattern;
            if !self.report.routes.iter().any(is_annotated) {
                let did_you_mean = root.pattern_ending_with(&pattern);
                return Some(Misuse::EntryUnmatched { pattern, source, did_you_mean });
            }
            // `*` stands for what the handlers serve
            let methods = own.methods.join(", ");
            (methods != "*").then_some(Misuse::EntryUnserved { pattern, methods, source })
        };
        unused.filter_map(misuse).collect()
    }
}

/// What the path asked for last leads to: handlers of one pattern have the same.
#[derive(Default)]
struct Reached<'a> {
    path: String,
    steps: Steps<'a>,
}

impl<'a> Reached<'a> {
    fn steps(&mut self, root: &'a Level, path: &str) -> &[Step] {
        if self.path != path {
            path.clone_into(&mut self.path);
            self.steps = Steps::default();
            root.add_steps(path, &mut self.steps);
        }
        &self.steps
    }
}

/// Leaves one doubt about each service: it tends to stand behind many routes.
fn only_first_doubts(found: &mut Vec<Misuse>) {
    let mut seen = HashSet::new();
    found.retain(|misuse| match misuse {
        Misuse::Doubtful { by, .. } => seen.insert(by.clone()),
        _ => true,
    });
}

fn is_of_entry(report: &RouteReport) -> bool {
    matches!(report.source, Source::Entry(_))
}

/// A service without `#[cors]` for messages.
fn described(pattern: &str) -> String {
    if pattern.is_empty() {
        return "the service at the root, which has the pattern \"\",".to_owned();
    }
    format!("the route `{pattern}`")
}

/// A route for messages.
pub(crate) fn name(report: &RouteReport) -> String {
    format!("{} {} ({})", report.methods.join(", "), report.pattern, place(report))
}

fn place(report: &RouteReport) -> String {
    match &report.source {
        Source::Attribute(location) => location.to_string(),
        source => source.to_string(),
    }
}
