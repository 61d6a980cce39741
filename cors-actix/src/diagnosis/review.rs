//! A review of a whole application, once it is known where its paths lead: routes that are never
//! reached, routes whose preflights other policies have to allow too, and entries that fit no route.

use std::collections::HashSet;

use cors_core::{Policy, RouteId, RouteReport, Source};

use super::warning::Misuse;
use crate::{
    routing::{Paths, Routed, Services},
    startup::Merged,
};

/// Texts that replace dynamic segments, to make a path that fits a pattern; one of them fits most.
const FILLERS: [&str; 3] = ["cors-sample", "7", "a"];

/// How many comparisons of a path with a service the review may take: among thousands of patterns that
/// start with a dynamic segment, each has to be compared with the paths of all others.
const MAX_ASKED: usize = 4_000;

/// The mistakes that show in an application's routes and entries.
pub(crate) fn review(merged: &Merged, paths: &Paths) -> Vec<Misuse> {
    let review = Review { merged, paths, services: paths.services() };
    let mut found = review.routes();
    found.extend(review.entries());
    only_first_doubts(&mut found);
    found
}

struct Review<'a> {
    merged: &'a Merged,
    paths: &'a Paths,
    services: &'a Services,
}

impl Review<'_> {
    fn routes(&self) -> Vec<Misuse> {
        let (mut found, mut seen, mut asked) = (Vec::new(), HashSet::new(), 0);
        let mut last = (String::new(), Routed::default());
        for (route, path) in FILLERS.into_iter().flat_map(|filler| self.services.samples(filler)) {
            if seen.contains(&route) {
                continue;
            }
            // handlers of one pattern have the same path
            if last.0 != path {
                asked += self.services.count_candidates(&path);
                if asked > MAX_ASKED {
                    tracing::debug!(
                        "CORS: too many routes to look for hidden ones among all of them"
                    );
                    break;
                }
                let mut routed = Routed::default();
                self.paths.find(&path, &mut routed);
                last = (path, routed);
            }
            let (path, routed) = &last;
            if routed.routes().any(|own| own == route) {
                seen.insert(route);
                found.extend(self.route(route, path, routed));
            }
        }
        found
    }

    /// The mistake that shows on a path of the route, if any.
    fn route(&self, route: RouteId, path: &str, routed: &Routed) -> Option<Misuse> {
        let report = self.report(route)?;
        let matches = routed.as_it_is();
        let table = &self.merged.routes;
        let reached = |method: &str| table.reachable(matches, method).collect::<Vec<_>>();
        let is_missed = |method: &&String| !reached(method).contains(&Some(route));
        let missed: Vec<&str> =
            report.methods.iter().filter(is_missed).map(String::as_str).collect();
        if let Some(method) = missed.first() {
            let by = reached(method).into_iter().flatten().last()?;
            let other = self.report(by)?;
            let route = format!("{} {} ({})", missed.join(", "), report.pattern, place(report));
            // the same handler, registered again
            let is_other = other.source != report.source;
            return is_other.then(|| Misuse::Unreachable { route, by: name(other) });
        }
        let is_plain = |own: Option<RouteId>| {
            let report = own.and_then(|own| self.report(own));
            report.is_none_or(|own| own.source == Source::Introspection)
        };
        let is_shadowed = |method: &String| {
            reached(method).into_iter().take_while(|own| *own != Some(route)).any(is_plain)
        };
        let plain = || self.services.first_plain(path).map(|pattern| described(&pattern));
        // of a look-alike it is said already that both policies count
        if !self.services.is_in_doubt(route) && report.methods.iter().any(is_shadowed) {
            let by = plain().unwrap_or_else(|| "another scope of the path".to_owned());
            return Some(Misuse::Shadowed { route: name(report), by });
        }
        if let Some(by) = self.doubted_by(route, report, reached, plain) {
            return Some(Misuse::Doubtful { route: name(report), by });
        }
        let by = self.reached_by_slashes(report, routed)?;
        Some(Misuse::SlashMatters { route: name(report), by })
    }

    /// What the path leads to with another slash, if that may refuse what the route allows: it has another
    /// policy, or is a plain route under the base policy, which does not list the method.
    fn reached_by_slashes(&self, report: &RouteReport, routed: &Routed) -> Option<String> {
        let table = &self.merged.routes;
        let differs = |own: Option<RouteId>| self.policy(own) != report.policy.policy();
        let forms = routed.forms();
        let in_any_form = |method: &String| {
            let may_refuse = |own: &Option<RouteId>| {
                differs(*own) || (own.is_none() && !table.base_allows_method(method))
            };
            let as_it_is = table.reachable(routed.as_it_is(), method).count();
            table.reachable(forms.as_path_match(), method).skip(as_it_is).find(may_refuse)
        };
        let is_certain =
            |method: &&String| !table.reachable(routed.as_it_is(), method).any(differs);
        let other = report.methods.iter().filter(is_certain).find_map(in_any_form)?;
        let plain = || "a route without `#[cors]`".to_owned();
        Some(other.and_then(|own| self.report(own)).map_or_else(plain, name))
    }

    /// The policy under which a candidate serves.
    fn policy(&self, candidate: Option<RouteId>) -> &Policy {
        let report = candidate.and_then(|own| self.report(own));
        report.map_or(&self.merged.report.base, |own| &own.policy).policy()
    }

    /// A service after the route, under another policy, that may get the route's requests.
    fn doubted_by(
        &self,
        route: RouteId,
        report: &RouteReport,
        reached: impl Fn(&str) -> Vec<Option<RouteId>>,
        plain: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        // the guard of the route itself is the reason, not that of its scope
        if report.guarded || self.services.is_in_doubt(route) {
            return None;
        }
        let differs = |own: &Option<RouteId>| self.policy(*own) != report.policy.policy();
        let after = |method: &String| {
            let mut after = reached(method).into_iter().skip_while(|own| *own != Some(route));
            after.find(differs)
        };
        let other = report.methods.iter().find_map(after)?;
        other.and_then(|own| self.report(own).map(name)).or_else(plain)
    }

    fn report(&self, route: RouteId) -> Option<&RouteReport> {
        self.merged.report.routes.get(route.index())
    }

    fn entries(&self) -> Vec<Misuse> {
        let known = self.services.plain_routes();
        let reports = &self.merged.report.routes;
        let plain = self.merged.routes.routes().zip(reports);
        let unused = plain.filter(|(id, own)| is_of_entry(own) && !known.contains(id));
        let misuse = |(_, own): (RouteId, &RouteReport)| {
            let (pattern, source) = (own.pattern.clone(), own.source.clone());
            let is_annotated =
                |other: &RouteReport| !is_of_entry(other) && other.pattern == pattern;
            if !reports.iter().any(is_annotated) {
                let did_you_mean = self.services.pattern_ending_with(&pattern);
                return Some(Misuse::EntryUnmatched { pattern, source, did_you_mean });
            }
            // an entry for `*` applies to whatever the handlers serve
            let methods = own.methods.join(", ");
            (methods != "*").then_some(Misuse::EntryUnserved { pattern, methods, source })
        };
        unused.filter_map(misuse).collect()
    }
}

/// Leaves one warning about each catch-all, which tends to come after many routes.
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
