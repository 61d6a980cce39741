//! The policies of scopes: which entries lie over the base policy for a pattern, and what they and the modules
//! with a `#[scope]` add up to for what is no annotated route.

use cors_core::{
    ConfigErrors, LayeredPolicy, Method, Override, ScopeEntry, ScopeId, ScopeReport, Source,
    is_below,
};

use super::mount::{Inside, Mount};
use crate::handler::Layer;

/// The base policy with the entries of scopes, the outer ones first.
pub(super) struct ScopePolicies<'a> {
    base: &'a LayeredPolicy,
    entries: Vec<&'a ScopeEntry>,
}

/// A part of the application with a policy of its own.
#[derive(Debug, Clone)]
pub(crate) struct Area {
    pub(crate) path: String,
    pub(crate) id: ScopeId,
}

/// A module with `#[cors]` above a `#[scope]`, at a path that its handlers may have.
#[derive(Clone, PartialEq)]
pub(super) struct ScopeModule {
    path: String,
    layer: &'static Layer,
    is_certain: bool,
}

type Reported = Result<ScopeReport, ConfigErrors>;

impl<'a> ScopePolicies<'a> {
    pub(super) fn new(base: &'a LayeredPolicy, entries: &'a [ScopeEntry]) -> Self {
        let mut entries: Vec<&ScopeEntry> = entries.iter().collect();
        entries.sort_by_key(|entry| entry.path().len());
        Self { base, entries }
    }

    /// The policy over which a route of this full pattern says what it says.
    pub(super) fn at(
        &self,
        pattern: &str,
        methods: &[Method],
    ) -> Result<LayeredPolicy, ConfigErrors> {
        let mut covering = self.entries.iter().filter(|entry| entry.covers(pattern));
        covering.try_fold(self.base.clone(), |policy, entry| policy.apply_scope(entry, methods))
    }

    /// The policies of plain routes, a scope each, the inner ones first.
    pub(super) fn of_routes(&self) -> Vec<Reported> {
        let report = |entry: &&ScopeEntry| {
            let policy = self.at(entry.path(), &[])?;
            Ok(ScopeReport::new(entry.path(), entry.source().clone(), policy))
        };
        self.innermost_first().iter().map(report).collect()
    }

    /// The policies of what no route takes where modules have a say, the inner ones first. Modules lie over
    /// scopes, so scopes in a module are among them.
    pub(super) fn of_unrouted(&self, modules: &[ScopeModule]) -> Vec<Reported> {
        let scopes = self.innermost_first().into_iter().map(ScopeEntry::path);
        let mut paths: Vec<&str> = modules.iter().map(|own| &*own.path).chain(scopes).collect();
        paths.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        paths.dedup();
        paths.into_iter().flat_map(|path| self.unrouted_at(path, modules)).collect()
    }

    /// The policies of the innermost modules that cover a path, each once.
    fn unrouted_at(&self, path: &str, modules: &[ScopeModule]) -> Vec<Reported> {
        let covering = || modules.iter().filter(|own| is_below(path, &own.path));
        let longest = covering().map(|own| own.path.len()).max();
        let mut found: Vec<Reported> = Vec::new();
        for module in covering().filter(|own| Some(own.path.len()) == longest) {
            let report = self.report(path, module);
            let is_same = |own: &Reported| match (own, &report) {
                (Ok(own), Ok(report)) => own.policy.policy() == report.policy.policy(),
                _ => false,
            };
            if !found.iter().any(is_same) {
                found.push(report);
            }
        }
        found
    }

    fn report(&self, path: &str, module: &ScopeModule) -> Reported {
        let source = Source::Attribute(module.layer.location);
        let scopes = self.at(path, &[])?;
        let policy = if module.is_certain {
            module.layer.apply(&scopes, &[])?
        } else {
            scopes.apply(&Override::disable(), &source, &[])?
        };
        Ok(ScopeReport::new(path, source, policy).of_unrouted_only())
    }

    fn innermost_first(&self) -> Vec<&'a ScopeEntry> {
        let mut entries = self.entries.clone();
        entries.reverse();
        entries.dedup_by(|one, other| one.path() == other.path());
        entries
    }
}

impl ScopeModule {
    /// The modules of registered handlers whose paths begin with the prefix of the module's `#[scope]`.
    pub(super) fn all(mounts: &[Mount]) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for mount in mounts.iter().filter(|own| own.inside != Inside::No) {
            for module in Self::of(mount) {
                if !found.contains(&module) {
                    found.push(module);
                }
            }
        }
        found
    }

    fn of(mount: &Mount) -> impl Iterator<Item = Self> {
        let layer = mount.handler.layer.over;
        let prefix = layer.and_then(|layer| layer.scope);
        let is_in = |prefix: &&str| {
            let mut routes = mount.handler.routes.iter();
            routes.any(|route| is_below(&route.pattern(), prefix))
        };
        let own = layer.zip(prefix.filter(is_in)).into_iter();
        own.flat_map(move |(layer, prefix)| {
            let is_certain = mount.prefixes.len() == 1 && mount.inside == Inside::Surely;
            mount.prefixes.iter().map(move |outside| Self {
                path: format!("{outside}{prefix}"),
                layer,
                is_certain,
            })
        })
    }
}

/// The innermost of the areas, which are sorted so, that a pattern is below.
pub(super) fn innermost(areas: &[Area], pattern: &str) -> Option<ScopeId> {
    areas.iter().find(|area| is_below(pattern, &area.path)).map(|area| area.id)
}
