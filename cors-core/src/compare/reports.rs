//! Two tables, compared place by place.

use std::collections::HashMap;

use super::{
    difference::{Change, Comparison, Difference},
    policies::Pair,
    rows::{self, Row},
};
use crate::report::Report;

impl Comparison {
    /// Compares the tables of two starts, or of one start before and after a change: the base policy, the scopes by
    /// their paths, and the routes by pattern and method. Of several with the same, the first is compared with the
    /// first.
    ///
    /// A route that only one table has is compared with what answers there in the other: another route of its pattern,
    /// the scope around it, or the base policy. [`Difference::standing`] says so. If they do the same, there is no
    /// difference.
    ///
    /// ```
    /// use cors_core::{Comparison, Override, Policy, Report, RouteReport, Source};
    ///
    /// let base = Policy::builder().allow_origins(["https://app.example.com"]).build_layered()?;
    /// let layer = Override::builder().add_allow_origins(["https://evil.example"]);
    /// let wider = base.apply(&layer.build(&Source::Here)?, &Source::Here, &[])?;
    /// let report = |policy: &cors_core::LayeredPolicy| {
    ///     let methods = vec!["PUT".to_owned()];
    ///     let route = RouteReport::new("/users/{id}", methods, Source::Here, policy.clone());
    ///     Report::new(base.clone(), vec![route])
    /// };
    /// let comparison = Comparison::of_reports(&report(&base), &report(&wider));
    /// assert_eq!(
    ///     comparison.to_string(),
    ///     "PUT /users/{id}: wider: https://evil.example may read responses (allow_origins)\n"
    /// );
    /// # Ok::<(), cors_core::ConfigErrors>(())
    /// ```
    #[must_use]
    pub fn of_reports(before: &Report, now: &Report) -> Self {
        let mut known = Known::default();
        let rows = rows::of_reports(before, now);
        rows.into_iter().flat_map(|row| known.differences(row)).collect()
    }
}

/// What is known of pairs of policies: most routes of an application have the policies of others.
#[derive(Default)]
struct Known<'r>(HashMap<Pair<'r>, Vec<Change>>);

impl<'r> Known<'r> {
    fn differences(&mut self, row: Row<'r>) -> Vec<Difference> {
        let Row { place, standing, pair } = row;
        let changes = self.0.entry(pair).or_insert_with_key(Pair::changes);
        let difference = |own: &Change| Difference::new(&place, &standing, own.clone());
        changes.iter().map(difference).collect()
    }
}
