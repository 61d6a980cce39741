//! The scopes of an application: which of them a request has entered, and what is in them.

use std::ops::Range;

use actix_web::dev::{Path, Url};

use super::{pattern::Pattern, resource_tree::Node};

/// The scopes of an application, numbered as they are entered.
#[derive(Debug, Default)]
pub(crate) struct ScopeTree {
    branches: Vec<Branch>,
    /// How many resources were visited so far.
    resources: usize,
}

#[derive(Debug)]
struct Branch {
    outer: Option<usize>,
    prefix: Pattern,
    full: String,
    /// The numbers of the resources in it.
    resources: Range<usize>,
    /// The names of the probes in it.
    probes: Vec<String>,
}

impl ScopeTree {
    pub(crate) fn new(nodes: &[Node]) -> Self {
        let mut tree = Self::default();
        tree.add(nodes, None, "");
        tree
    }

    fn add(&mut self, nodes: &[Node], scope: Option<usize>, outside: &str) {
        for node in nodes {
            if let Some(name) = node.name().filter(|_| node.is_probe()) {
                let around: Vec<usize> = self.around(scope).collect();
                for own in around {
                    self.branches[own].probes.push(name.to_owned());
                }
            } else if let Some(below) = &node.below {
                let (number, start) = (self.branches.len(), self.resources);
                let full = format!("{outside}{}", node.pattern());
                self.branches.push(Branch {
                    outer: scope,
                    prefix: Pattern::new(node.pattern(), true),
                    full: full.clone(),
                    resources: start..start,
                    probes: Vec::new(),
                });
                self.add(below, Some(number), &full);
                self.branches[number].resources.end = self.resources;
            } else {
                self.resources += 1;
            }
        }
    }

    /// A scope and those around it, from the inside out.
    fn around(&self, scope: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(scope, |own| self.branches[*own].outer)
    }

    /// The scopes that a request may have entered last when so much of its path was taken: those that leave the
    /// same, and have named the same, if any has.
    pub(crate) fn entered(&self, path: &Path<Url>) -> Vec<usize> {
        let left = path.unprocessed().len();
        let leaves =
            |own: &usize| self.rest(*own, path.as_str()).is_some_and(|it| it.len() == left);
        let all: Vec<usize> = (0..self.branches.len()).filter(leaves).collect();
        let named = all.iter().copied().filter(|own| self.names_same(*own, path));
        let named: Vec<usize> = named.collect();
        if named.is_empty() { all } else { named }
    }

    /// What a scope leaves of a path, with those around it; `None` if the path does not match.
    fn rest<'p>(&self, scope: usize, path: &'p str) -> Option<&'p str> {
        let own = &self.branches[scope];
        let outside = own.outer.map_or(Some(path), |outer| self.rest(outer, path))?;
        own.prefix.behind(outside)
    }

    fn names_same(&self, scope: usize, path: &Path<Url>) -> bool {
        let mut captured = Path::new(path.as_str());
        let mut around: Vec<usize> = self.around(Some(scope)).collect();
        around.reverse();
        around.iter().all(|own| self.branches[*own].prefix.capture(&mut captured))
            && captured.iter().eq(path.iter())
    }

    /// Whether a scope is another one, or in it.
    pub(crate) fn is_within(&self, scope: usize, outer: usize) -> bool {
        self.around(Some(scope)).any(|own| own == outer)
    }

    /// Whether there is a scope without a path, which takes nothing of that of a request.
    pub(crate) fn has_open_scope(&self) -> bool {
        self.branches.iter().any(|own| own.full.is_empty())
    }

    /// The full prefix of a scope.
    pub(crate) fn prefix(&self, scope: usize) -> &str {
        &self.branches[scope].full
    }

    /// Whether a probe of this name is in a scope.
    pub(crate) fn has_probe(&self, scope: usize, name: &str) -> bool {
        self.branches[scope].probes.iter().any(|own| own == name)
    }

    /// The numbers of the resources in a scope.
    pub(crate) fn resources(&self, scope: usize) -> &Range<usize> {
        &self.branches[scope].resources
    }
}
