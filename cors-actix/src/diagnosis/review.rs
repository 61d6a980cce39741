//! A review of a whole application, once it is known where its paths lead: routes that are never
//! reached, routes whose preflights other policies have to allow too, and entries that fit no route.

use std::collections::HashSet;

use cors_core::{Policy, Reached, Report, RouteId, RouteReport, Source, scope_path};

use super::{log, warning::Misuse};
use crate::{
    routing::{Paths, Progress, Routed, Services},
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
    found.extend(review.plain_in_scopes());
    found.extend(review.entries());
    found.extend(review.scopes());
    let behind = review.services.behind_read_only();
    found.extend(behind.map(|pattern| Misuse::BehindReadOnly { pattern }));
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
                        target: log::TARGET,
                        "CORS: too many routes to look for hidden ones among all of them"
                    );
                    break;
                }
                let mut routed = Routed::default();
                self.paths.find(&path, Progress::Ahead, &mut routed);
                last = (path, routed);
            }
            let (path, routed) = &last;
            if routed.routes().any(|own| own == route) {
                seen.insert(route);
                found.extend(self.route(route, path, routed));
            } else if routed.leads_to(route) && self.services.has_several_own() {
                seen.insert(route);
                found.extend(self.report(route).and_then(|own| self.differing(own, routed)));
            }
        }
        found
    }

    /// Routes without `#[cors]` under the policy of a scope, where another policy counts for their preflights.
    fn plain_in_scopes(&self) -> Vec<Misuse> {
        let (mut found, mut asked) = (Vec::new(), 0);
        for (pattern, scope, path) in self.services.samples_in_scopes(FILLERS[0]) {
            asked += self.services.count_candidates(&path);
            if asked > MAX_ASKED {
                break;
            }
            let mut routed = Routed::default();
            self.paths.find(&path, Progress::Ahead, &mut routed);
            let own = Reached::Scope(scope);
            let reached = self.merged.routes.reachable(routed.as_it_is(), "GET");
            let differs = |other: &Reached| self.policy(*other) != self.policy(own);
            let Some(other) = reached.skip_while(|it| *it != own).find(differs) else { continue };
            let plain = || self.services.first_plain_outside(&path, scope);
            let by = other.route().and_then(|own| self.report(own)).map(name);
            if let Some(by) = by.or_else(|| plain().map(|pattern| described(&pattern))) {
                found.push(Misuse::Doubtful { route: format!("`{pattern}`"), by });
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
        let plain = || self.services.first_plain(path, route).map(|pattern| described(&pattern));
        if !matches!(report.source, Source::Attribute(_)) {
            let by = self.doubted_by(route, report, reached, plain)?;
            return Some(Misuse::Doubtful { route: name(report), by });
        }
        let is_missed = |method: &&String| !reached(method).contains(&Reached::Route(route));
        let missed: Vec<&str> =
            report.methods.iter().filter(is_missed).map(String::as_str).collect();
        if let Some(method) = missed.first() {
            let by = reached(method).into_iter().filter_map(Reached::route).next_back()?;
            let other = self.report(by)?;
            let route = format!("{} {} ({})", missed.join(", "), report.pattern, place(report));
            // the same handler, registered again
            let is_other = other.source != report.source;
            return is_other.then(|| Misuse::Unreachable { route, by: name(other) });
        }
        let is_plain = |own: Reached| {
            let report = own.route().and_then(|own| self.report(own));
            report.is_none_or(|own| own.source == Source::Introspection)
        };
        let is_shadowed = |method: &String| {
            reached(method).into_iter().take_while(|own| own.route() != Some(route)).any(is_plain)
        };
        // of a look-alike it is said already that both policies count
        if !self.services.is_in_doubt(route) && report.methods.iter().any(is_shadowed) {
            let by = plain().unwrap_or_else(|| "another scope of the path".to_owned());
            return Some(Misuse::Shadowed { route: name(report), by });
        }
        if let Some(by) = self.doubted_by(route, report, reached, plain) {
            return Some(Misuse::Doubtful { route: name(report), by });
        }
        if self.services.has_several_own() {
            return self.differing(report, routed);
        }
        let by = self.reached_by_slashes(report, routed)?;
        Some(Misuse::SlashMatters { route: name(report), by })
    }

    fn differing(&self, report: &RouteReport, routed: &Routed) -> Option<Misuse> {
        let by = self.in_another_scope(report, routed)?;
        Some(Misuse::ScopesDiffer { route: name(report), by })
    }

    /// What the path leads to with another slash, if that may refuse what the route allows.
    fn reached_by_slashes(&self, report: &RouteReport, routed: &Routed) -> Option<String> {
        let table = &self.merged.routes;
        let forms = routed.forms();
        let in_any_form = |method: &String| {
            let as_it_is = table.reachable(routed.as_it_is(), method).count();
            let mut others = table.reachable(forms.as_path_match(), method).skip(as_it_is);
            others.find(|own| self.may_refuse(*own, report, method))
        };
        let differs = |own: Reached| self.policy(own) != report.policy.policy();
        let is_certain =
            |method: &&String| !table.reachable(routed.as_it_is(), method).any(differs);
        let other = report.methods.iter().filter(is_certain).find_map(in_any_form)?;
        let plain = || "a route without `#[cors]`".to_owned();
        Some(other.route().and_then(|own| self.report(own)).map_or_else(plain, name))
    }

    /// What the path leads to in another scope that the middleware may be wrapped around, if that may refuse what
    /// the route allows.
    fn in_another_scope(&self, report: &RouteReport, routed: &Routed) -> Option<String> {
        let forms = routed.forms();
        let in_any_form = |method: &String| {
            let mut all = self.merged.routes.reachable(forms.as_path_match(), method);
            all.find(|own| self.may_refuse(*own, report, method))
        };
        let other = report.methods.iter().find_map(in_any_form)?;
        let nothing = || "nothing with `#[cors]` for its path".to_owned();
        Some(other.route().and_then(|own| self.report(own)).map_or_else(nothing, name))
    }

    /// Whether a candidate has another policy than a route, or is a plain route under the base policy, which does
    /// not list the method.
    fn may_refuse(&self, own: Reached, report: &RouteReport, method: &str) -> bool {
        let is_unknown = || own.route().is_none();
        self.policy(own) != report.policy.policy()
            || (is_unknown() && !self.merged.routes.allows_unknown_method(own, method))
    }

    /// The policy under which a candidate serves.
    fn policy(&self, candidate: Reached) -> &Policy {
        let Report { base, scopes, routes, .. } = &self.merged.report;
        let own = match candidate {
            Reached::Route(own) => routes.get(own.index()).map(|own| &own.policy),
            Reached::Scope(own) => scopes.get(own.index()).map(|own| &own.policy),
            Reached::Base => None,
        };
        own.unwrap_or(base).policy()
    }

    /// A service after the route, under another policy, that may get the route's requests.
    fn doubted_by(
        &self,
        route: RouteId,
        report: &RouteReport,
        reached: impl Fn(&str) -> Vec<Reached>,
        plain: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        // the guard of the route itself is the reason, not that of its scope
        if report.guarded || self.services.is_in_doubt(route) {
            return None;
        }
        let differs = |own: &Reached| self.policy(*own) != report.policy.policy();
        let after = |method: &String| {
            let mut after =
                reached(method).into_iter().skip_while(|own| own.route() != Some(route));
            after.find(differs)
        };
        let other = report.methods.iter().find_map(after)?;
        other.route().and_then(|own| self.report(own)).map(name).or_else(plain)
    }

    fn report(&self, route: RouteId) -> Option<&RouteReport> {
        self.merged.report.routes.get(route.index())
    }

    fn scopes(&self) -> impl Iterator<Item = Misuse> {
        let unmatched = self
            .merged
            .report
            .scopes
            .iter()
            .filter(|own| !own.unrouted_only && !self.services.has_below(&own.path));
        unmatched.map(|own| Misuse::ScopeUnmatched {
            path: own.path.clone(),
            source: own.source.clone(),
        })
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
                return Some(unmatched(self.services, &pattern, source));
            }
            // an entry for `*` applies to whatever the handlers serve
            let methods = own.methods.join(", ");
            (methods != "*").then_some(Misuse::EntryUnserved { pattern, methods, source })
        };
        unused.filter_map(misuse).collect()
    }
}

/// A mistake in an entry of a pattern that no route has.
pub(crate) fn unmatched(services: &Services, pattern: &str, source: Source) -> Misuse {
    let did_you_mean = services.pattern_ending_with(pattern);
    // such as `/path`, `/path/*` or `/path/{tail:.*}`
    let scope = scope_path(pattern).filter(|path| services.has_below(path));
    Misuse::EntryUnmatched { pattern: pattern.to_owned(), source, did_you_mean, scope }
}

/// Leaves one warning about each catch-all, which tends to come after many routes, and one about scopes that differ,
/// which may do so in all they have.
fn only_first_doubts(found: &mut Vec<Misuse>) {
    let (mut seen, mut is_said) = (HashSet::new(), false);
    found.retain(|misuse| match misuse {
        Misuse::Doubtful { by, .. } => seen.insert(by.clone()),
        Misuse::ScopesDiffer { .. } => !std::mem::replace(&mut is_said, true),
        _ => true,
    });
}

fn is_of_entry(report: &RouteReport) -> bool {
    report.source.is_entry()
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
