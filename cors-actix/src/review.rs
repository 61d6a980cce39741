//! A look at a whole application, once it is known where its paths lead: routes that are never
//! reached, and entries that are meant for none.

use std::collections::HashSet;

use cors_core::{PathMatch, RouteId, RouteReport, Source};

use crate::{
    level::{Level, Steps},
    misuse::Misuse,
    paths::Paths,
    table::Table,
};

/// What dynamic segments are filled with to make a path of a pattern; one of them fits most.
const FILLERS: [&str; 3] = ["cors-sample", "7", "a"];

impl Table {
    /// What the application makes of its routes that can hardly be meant.
    pub(crate) fn review(&self) -> Vec<Misuse> {
        let Some(Paths::Known { root, .. }) = self.paths() else { return Vec::new() };
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for filler in FILLERS {
            for (route, path) in root.samples(filler) {
                let mut steps = Steps::new();
                root.add_steps(&path, &mut steps);
                let fits = steps.iter().any(|step| step.table_route() == Some(route));
                if fits && seen.insert(route) {
                    found.extend(self.review_route(root, route, &path, &steps));
                }
            }
        }
        found.extend(self.review_entries(root));
        found
    }

    /// Whether another service takes what the route might serve, on a path of its pattern.
    fn review_route(
        &self,
        root: &Level,
        route: RouteId,
        path: &str,
        steps: &Steps,
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
        let is_shadowed = |method: &String| {
            reached(method)
                .into_iter()
                .take_while(|own| *own != Some(route))
                .any(|own| own.is_none())
        };
        report.methods.iter().any(is_shadowed).then(|| {
            let plain = root.first_plain(path).map(|pattern| format!("the route `{pattern}`"));
            let by = plain.unwrap_or_else(|| "another scope of the path".to_owned());
            Misuse::Shadowed { route: name(report), by }
        })
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

fn is_of_entry(report: &RouteReport) -> bool {
    matches!(report.source, Source::Entry(_))
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
