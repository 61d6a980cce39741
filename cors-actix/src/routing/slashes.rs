//! The forms of a path: an inner middleware, such as `NormalizePath`, may add a slash at its end, take
//! slashes away from there, or merge repeated slashes into one before the router sees the path.
//!
//! It cannot be told whether there is such a middleware. So a preflight's path is looked up in each form,
//! and every route that a form leads to has to allow it, unless the builder promises that paths stay.
//!
//! Each form costs about what the router spends on a request. The forms of a long path with repeated
//! slashes, which hardly any client sends, are not looked up: nothing is allowed there.

use actix_web::dev::{Path, ResourceMap, Url};
use cors_core::{PathMatch, RouteId, ScopeId, Step};
use smallvec::SmallVec;

use super::{
    ownership::Ownership,
    resource_tree::read,
    services::{Progress, Services},
    steps::Steps,
    trie::Candidates,
};
use crate::startup::{Merged, PlainRoute};

/// Where the paths of an application lead.
#[derive(Debug)]
pub(crate) struct Paths {
    services: Services,
    rewriting: Rewriting,
}

/// Where a path may change on its way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rewriting {
    /// The builder promises that it does not.
    Nowhere,
    /// `Cors` is the innermost middleware of the application, but scopes may have others.
    InScopes,
    Anywhere,
}

/// What a path leads to, in each of its forms.
#[derive(Debug, Default)]
pub(crate) struct Routed {
    /// Those of the path as it is, then those of its other forms.
    steps: Steps,
    /// Where the steps of each form end.
    ends: SmallVec<[u32; MAX_FORMS]>,
    is_over_limit: bool,
}

/// The path as it is, four others by its slashes, and one without its beginning. Scopes with a regular
/// expression may add more.
const MAX_FORMS: usize = 6;

/// The longest path with repeated slashes whose forms are looked up, in bytes.
const MAX_REPEATED: usize = 2048;

/// The steps of each form.
pub(crate) struct Forms<'a> {
    is_over_limit: bool,
    exact: &'a [Step],
    others: SmallVec<[&'a [Step]; MAX_FORMS]>,
}

impl Forms<'_> {
    /// The same as the core wants to see it.
    #[inline]
    pub(crate) fn as_path_match(&self) -> PathMatch<'_> {
        if self.is_over_limit {
            return PathMatch::OVER_LIMIT;
        }
        PathMatch::certain(self.exact).or(&self.others)
    }
}

/// A path on the stack, if it is of a usual length.
type OwnPath = SmallVec<[u8; 256]>;

impl Paths {
    pub(crate) fn new(services: Services, rewriting: Rewriting) -> Self {
        Self { services, rewriting }
    }

    /// Those of an application that has neither handlers nor entries. `None` if actix's list cannot be read.
    pub(crate) fn of_plain(map: &ResourceMap, merged: &Merged) -> Option<Self> {
        let nodes = read(map)?;
        let ownership = Ownership::new(&nodes, &[])?;
        let services = Services::new(&nodes, &ownership, merged, &|_| true, &[]);
        Some(Self::new(services, Rewriting::Nowhere))
    }

    pub(crate) fn services(&self) -> &Services {
        &self.services
    }

    /// Whether a service without `#[cors]` takes the empty path.
    pub(crate) fn take_empty_path(&self) -> bool {
        let mut found = Routed::default();
        self.add("", &self.services.candidates(""), Progress::Ahead, &mut found);
        found.leads_to_plain()
    }

    /// What a path leads to, of what a request may have got to.
    pub(crate) fn find(&self, path: &str, progress: Progress<'_>, found: &mut Routed) {
        let candidates = self.services.candidates(path);
        self.add(path, &candidates, progress, found);
        let mut known = progress;
        while found.exact().is_empty()
            && let Some(weaker) = known.weaker()
        {
            // something that is not listed has taken a part of the path, or it was dispatched twice
            *found = Routed::default();
            known = weaker;
            self.add(path, &candidates, known, found);
        }
        // what has ended here has the form that the router saw
        if path == "/" || progress.has_ended() || !self.may_change(found) {
            return;
        }
        found.is_over_limit = path.len() > MAX_REPEATED && path.contains("//");
        if !found.is_over_limit {
            self.find_forms(path, &candidates, progress, found);
            self.find_in_greedy_scopes(path, found);
        }
    }

    /// Adds what another path leads to that may be meant, where that is something else.
    pub(crate) fn find_beside(&self, path: &str, progress: Progress<'_>, found: &mut Routed) {
        self.add(path, &self.services.candidates(path), progress, found);
        found.drop_last_if_exact();
    }

    /// Adds what a path leads to in one form.
    #[inline]
    fn add(&self, path: &str, candidates: &Candidates, progress: Progress<'_>, found: &mut Routed) {
        if self.services.is_around_scope() {
            return self.add_in_own(path, candidates, progress, found);
        }
        found.add(|steps| self.services.add_steps(path, candidates, progress, steps));
    }

    /// The same in each scope that the middleware may be wrapped around.
    #[inline(never)]
    fn add_in_own(
        &self,
        path: &str,
        candidates: &Candidates,
        progress: Progress<'_>,
        found: &mut Routed,
    ) {
        for own in &self.services.own {
            if self.services.taken_by(own.scope, path).is_some() {
                found.add(|steps| {
                    self.services.add_steps_in(*own, path, candidates, progress, steps);
                });
                found.drop_last_if_exact();
            }
        }
    }

    fn may_change(&self, found: &Routed) -> bool {
        match self.rewriting {
            Rewriting::Nowhere => false,
            Rewriting::InScopes => found.exact().iter().any(|step| step.is_fallback()),
            Rewriting::Anywhere => true,
        }
    }

    /// Adds what the other forms of a path lead to, if that is something else.
    fn find_forms(
        &self,
        path: &str,
        candidates: &Candidates,
        progress: Progress<'_>,
        found: &mut Routed,
    ) {
        let is_clean = candidates.is_clean || (!path.ends_with('/') && !path.contains("//"));
        if is_clean && !candidates.may_take_slash {
            return;
        }
        for form in OtherForms::of(path).iter() {
            let mut candidates = self.services.candidates(form);
            if self.rewriting == Rewriting::InScopes {
                // a scope's middleware changes paths that have entered the scope
                self.services.leave_out_root(&mut candidates);
            }
            self.add(form, &candidates, progress, found);
            found.drop_last_if_exact();
        }
    }

    /// Adds all services of the scopes that would take more or less of another form of the path. A
    /// middleware of such a scope changes what is behind that which the scope has taken of the path as it is,
    /// and there is no whole path that leads to the same.
    fn find_in_greedy_scopes(&self, path: &str, found: &mut Routed) {
        if self.services.greedy.is_empty() {
            return;
        }
        let forms = OtherForms::of(path);
        for scope in self.services.greedy.iter().filter(|own| self.services.is_in_own(**own)) {
            let Some(taken) = self.services.taken_by(*scope, path) else { continue };
            let takes_other = |form| self.services.taken_by(*scope, form) != Some(taken);
            if forms.iter().any(takes_other) {
                found.add(|steps| self.services.add_all_in(*scope, steps));
                found.drop_last_if_exact();
            }
        }
    }

    /// The plain routes with an entry, at the full pattern that actix has dispatched a request to, and the scopes
    /// of those without. `None` if no resource of this pattern takes the path.
    pub(crate) fn find_plain(&self, path: &str, pattern: &str) -> Option<Routed> {
        let mut found = Routed::default();
        let mut is_found = false;
        found.add(|steps| {
            let scopes = self.services.add_plain_steps(path, pattern, None, steps);
            is_found = !scopes.is_empty();
            if scopes[..] != [None] {
                steps.extend(scopes.into_iter().map(|scope| Step::other().under(scope)));
            }
        });
        is_found.then_some(found)
    }

    /// The same where a scope of just this path may have answered instead, and what the scope says.
    pub(crate) fn find_plain_or_end(&self, path: &Path<Url>, pattern: &str) -> Routed {
        let mut found = Routed::default();
        found.add(|steps| {
            let own = path.as_str();
            let scopes = self.services.add_plain_steps(own, pattern, Some(path), steps);
            steps.extend(scopes.into_iter().map(|scope| Step::other().under(scope)));
            self.services.add_ends(path, steps);
        });
        found
    }
}

impl Routed {
    /// Where nothing is known of paths: any path may lead to any route of the table, or to another one.
    pub(crate) fn anywhere(
        routes: impl Iterator<Item = RouteId>,
        scopes: impl Iterator<Item = ScopeId>,
    ) -> Self {
        let mut found = Self::default();
        found.add(|steps| {
            let scopes = scopes.map(|scope| Step::other().under(Some(scope)));
            let all = routes.map(Step::route).chain(scopes).chain([Step::other()]).zip(1..);
            steps.extend(all.map(|(step, next)| step.continue_at(next)));
        });
        found
    }

    /// What entries say of a plain route, by its pattern.
    pub(crate) fn of_plain(routes: Option<&Vec<PlainRoute>>, scope: Option<ScopeId>) -> Self {
        let mut found = Self::default();
        let routes = routes.into_iter().flatten().map(|own| Step::route(own.id));
        found.add(|steps| steps.extend(routes.chain(rest_of_plain(scope))));
        found
    }

    /// Adds a form.
    fn add(&mut self, add: impl FnOnce(&mut Steps)) {
        add(&mut self.steps);
        // no more than there are services
        self.ends.push(u32::try_from(self.steps.len()).unwrap_or(u32::MAX));
    }

    /// Takes the last form back if it leads to what the path leads to as it is.
    fn drop_last_if_exact(&mut self) {
        let [.., start, _] = self.ends[..] else { return };
        if self.steps[start as usize..] == *self.exact() {
            self.steps.truncate(start as usize);
            self.ends.pop();
        }
    }

    /// The steps of the path as it is.
    #[inline]
    fn exact(&self) -> &[Step] {
        self.ends.first().map_or(&[], |end| &self.steps[..*end as usize])
    }

    #[inline]
    pub(crate) fn forms(&self) -> Forms<'_> {
        let mut others = SmallVec::new();
        if self.ends.len() > 1 {
            others.extend(
                self.ends.windows(2).map(|ends| &self.steps[ends[0] as usize..ends[1] as usize]),
            );
        }
        Forms { is_over_limit: self.is_over_limit, exact: self.exact(), others }
    }

    /// The path as it is, if no other form of it leads elsewhere.
    #[inline]
    pub(crate) fn only_form(&self) -> Option<PathMatch<'_>> {
        (self.ends.len() <= 1).then(|| self.as_it_is())
    }

    /// The path as it is alone.
    #[inline]
    pub(crate) fn as_it_is(&self) -> PathMatch<'_> {
        if self.is_over_limit {
            return PathMatch::OVER_LIMIT;
        }
        PathMatch::certain(self.exact())
    }

    /// Whether a service outside of the table is among them.
    pub(crate) fn leads_to_plain(&self) -> bool {
        self.exact().iter().any(|step| step.is_other())
    }

    /// Whether the path leads to a route of the table in any form.
    pub(crate) fn leads_to(&self, route: RouteId) -> bool {
        self.steps.iter().any(|step| step.table_route() == Some(route))
    }

    /// The routes of the table that the path leads to as it is.
    pub(crate) fn routes(&self) -> impl Iterator<Item = RouteId> {
        self.exact().iter().filter_map(|step| step.table_route())
    }
}

/// The step of plain routes of which nothing is known, if they do not have the base policy.
fn rest_of_plain(scope: Option<ScopeId>) -> Option<Step> {
    scope.map(|scope| Step::other().under(Some(scope)))
}

/// The forms of a path beside its own.
struct OtherForms<'p> {
    path: &'p str,
    slashed: OwnPath,
    merged: OwnPath,
}

impl<'p> OtherForms<'p> {
    fn of(path: &'p str) -> Self {
        Self { path, slashed: with_slash(path.bytes()), merged: merged(path) }
    }

    /// Each once, and none that is the path itself.
    fn iter(&self) -> impl Iterator<Item = &str> {
        let (slashed, merged) = (text(&self.slashed), text(&self.merged));
        let trimmed = self.path.trim_end_matches('/');
        let forms = [trimmed, slashed, merged.trim_end_matches('/'), merged];
        let is_other = move |(index, form): &(usize, &str)| {
            !form.is_empty() && *form != self.path && !forms[..*index].contains(form)
        };
        forms.into_iter().enumerate().filter(is_other).map(|(_, form)| form)
    }
}

/// The path with a slash at its end.
fn with_slash(path: impl Iterator<Item = u8>) -> OwnPath {
    let mut own: OwnPath = path.collect();
    if own.last() != Some(&b'/') {
        own.push(b'/');
    }
    own
}

/// The same with single slashes.
fn merged(path: &str) -> OwnPath {
    let mut last = 0;
    with_slash(
        path.bytes().filter(|byte| (std::mem::replace(&mut last, *byte), *byte) != (b'/', b'/')),
    )
}

fn text(path: &OwnPath) -> &str {
    std::str::from_utf8(path).unwrap_or_default()
}
