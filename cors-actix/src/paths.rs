//! Where a path leads, as it is and as inner middleware may make it.

use std::collections::HashSet;

use cors_core::{PathMatch, RouteId, Step};
use smallvec::SmallVec;

use crate::{
    level::{Level, Steps},
    linker::Linker,
    listing::Service,
};

/// What a path leads to.
#[derive(Debug, Default)]
pub(crate) struct Matches<'a> {
    steps: Steps<'a>,
    is_possible: bool,
}

impl Matches<'_> {
    /// The same as the core wants to see it.
    #[inline]
    pub(crate) fn as_path_match(&self) -> PathMatch<'_> {
        if self.is_possible {
            PathMatch::possible(&self.steps)
        } else {
            PathMatch::certain(&self.steps)
        }
    }

    /// Whether one of the routes is in a set.
    pub(crate) fn contain_any_of(&self, routes: &[RouteId]) -> bool {
        self.routes().any(|route| routes.contains(&route))
    }

    /// Whether a resource without `#[cors]` is among the services.
    pub(crate) fn contain_plain(&self) -> bool {
        self.steps.iter().any(|step| step.is_other())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(crate) fn make_possible(mut self) -> Self {
        self.is_possible = true;
        self
    }

    fn routes(&self) -> impl Iterator<Item = RouteId> {
        self.steps.iter().filter_map(|step| step.table_route())
    }
}

/// The services of an application.
#[derive(Debug)]
pub(crate) enum Paths {
    Known {
        root: Level,
        /// Whether a middleware further in is known to change slashes.
        are_normalized: bool,
    },
    /// Any route of the table may be meant by any path, or a service outside of it.
    Unknown(Vec<Step>),
}

impl Paths {
    /// The services of an application, where the registered handlers are among them.
    pub(crate) fn new(
        services: &[Service],
        linker: &Linker<'_>,
        are_normalized: bool,
    ) -> Option<Self> {
        let mut root = linker.root(services)?;
        root.declare_last(&mut HashSet::new());
        root.prepare(&work);
        Some(Self::Known { root, are_normalized })
    }

    /// The services that match the path; and the routes of the table that match the path which inner
    /// middleware such as `NormalizePath` may make of it.
    #[inline]
    pub(crate) fn find<'a>(&'a self, path: &str, found: &mut Matches<'a>) {
        match self {
            Self::Known { root, are_normalized } => found.find(root, path, *are_normalized),
            Self::Unknown(steps) => {
                found.steps = Steps::ready(steps);
                found.is_possible = true;
            }
        }
    }

    /// What entries say of the plain resource that a request was dispatched to, by its full pattern.
    pub(crate) fn plain_matches(&self, path: &str, pattern: &str) -> Matches<'_> {
        let mut found = Matches::default();
        if let Self::Known { root, .. } = self {
            root.add_plain_steps(path, pattern, &mut found.steps);
        }
        found
    }
}

impl<'a> Matches<'a> {
    #[inline]
    fn find(&mut self, root: &'a Level, path: &str, are_normalized: bool) {
        let known = root.add_steps(path, &mut self.steps);
        let are_single = known.are_single || !path.contains("//");
        let is_clean = are_single && !path.ends_with('/');
        let is_final = || !known.one_more_matters || self.routes().next().is_some();
        if path == "/" || (is_clean && !are_normalized && is_final()) {
            return;
        }
        self.find_variants(root, path, is_clean);
    }

    /// Adds the services that a path with other slashes leads to.
    // a preflight without any would pay for its frame
    #[inline(never)]
    fn find_variants(&mut self, root: &'a Level, path: &str, is_clean: bool) {
        let exact = self.steps.len();
        let slashed = if is_clean { slashed(path) } else { normalized(path) };
        let slashed = std::str::from_utf8(&slashed).unwrap_or(path);
        let trimmed = slashed.trim_end_matches('/');
        for variant in [trimmed, slashed].into_iter().filter(|variant| *variant != path) {
            let mut other = Steps::default();
            root.add_steps(variant, &mut other);
            if other[..] != self.steps[..exact] {
                self.add_possible(&other);
            }
        }
    }

    /// Adds the services that another path leads to.
    fn add_possible(&mut self, others: &[Step]) {
        let is_service = |step: &Step| step.is_other() || step.table_route().is_some();
        for step in others {
            if is_service(step) {
                self.is_possible = true;
                if !self.steps.contains(step) {
                    self.steps.own().push(*step);
                }
            } else if step.is_last() {
                // a scope without a guard keeps all its paths
                return;
            }
        }
    }
}

/// How much a start prepares for requests, in proportion to the services: an application of thousands
/// that all start alike takes half a second; one of a few hundred is prepared whatever they are.
fn work(services: usize) -> usize {
    64 * services.max(1_000)
}

/// A path on the stack, if it is of a usual length.
type OwnPath = SmallVec<[u8; 256]>;

/// The path with a slash at its end.
fn slashed(path: &str) -> OwnPath {
    let mut slashed = OwnPath::from_slice(path.as_bytes());
    slashed.push(b'/');
    slashed
}

/// The path with single slashes, and one at its end.
fn normalized(path: &str) -> OwnPath {
    let mut merged = OwnPath::new();
    for byte in path.bytes().chain([b'/']) {
        if byte != b'/' || merged.last() != Some(&b'/') {
            merged.push(byte);
        }
    }
    merged
}
