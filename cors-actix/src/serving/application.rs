//! What is known of an application once its first request has come: its handlers, scopes and resources. Of that
//! and of policies is made what answers its requests, on any thread.

use std::{collections::HashSet, sync::LazyLock};

use cors_core::{ConfigErrors, RouteEntry, ScopeEntry};

use super::{
    answers::Answers, part::Part, policies::Policies, position::Around, settings::Settings,
};
use crate::{
    diagnosis::{Misuse, unmatched},
    routing::{Introspection, Node, Ownership, Paths, Rewriting, ScopeTree, Services, fingerprint},
    startup::{Merged, Mount, Registered, StartError},
};

/// An application as its first request shows it.
pub(super) struct Application {
    pub(super) mounts: Vec<Mount>,
    /// The overrides that were registered in scopes, or what is wrong with them.
    pub(super) scopes: Vec<Result<ScopeEntry, ConfigErrors>>,
    /// `None` if actix's list cannot be read, or nobody asks for it.
    pub(super) listed: Option<Listed>,
    /// The part of the application whose policies count.
    pub(super) part: Part,
    /// The names of the probes in scopes that answer GET and HEAD alone.
    pub(super) read_only: Vec<String>,
    /// What is known by introspection, if it was asked for.
    pub(super) known: Option<Introspection>,
    pub(super) around: Around,
    pub(super) settings: Settings,
}

/// The resources of an application, as actix lists them.
pub(super) struct Listed {
    pub(super) nodes: Vec<Node>,
    pub(super) tree: ScopeTree,
    pub(super) ownership: Ownership,
}

impl Application {
    /// What answers its requests by these policies.
    ///
    /// # Errors
    ///
    /// Fails if they do not fit its handlers.
    pub(super) fn answers(&self, policies: &Policies) -> Result<Answers, StartError> {
        let merged = self.merge(policies, &[])?;
        let more = self.known_entries();
        if more.is_empty() {
            return Ok(self.answers_of(merged));
        }
        Ok(self.answers_of(self.merge(policies, &more).unwrap_or(merged)))
    }

    /// The same of policies that are merged already.
    pub(super) fn answers_of(&self, merged: Merged) -> Answers {
        let merged = merged.answering(self.settings.debug, self.settings.strict);
        let paths = self.listed.as_ref().map(|listed| self.paths(listed, &merged));
        Answers::new(merged, paths)
    }

    /// What introspection adds: routes of the base policy only; a strict table is for what was declared.
    pub(super) fn known_entries(&self) -> Vec<RouteEntry> {
        let known = self.known.as_ref().filter(|_| !self.settings.strict);
        known.map(Introspection::entries).unwrap_or_default()
    }

    fn merge(&self, policies: &Policies, more: &[RouteEntry]) -> Result<Merged, StartError> {
        let registered = Registered { mounts: self.mounts.clone(), scopes: self.scopes.clone() };
        policies.merge(registered, more, self.plain(), &self.part)
    }

    /// The full patterns of the resources that may be plain ones.
    pub(super) fn plain(&self) -> &HashSet<String> {
        static NONE: LazyLock<HashSet<String>> = LazyLock::new(HashSet::new);
        self.listed.as_ref().map_or(&NONE, |listed| listed.ownership.plain())
    }

    fn paths(&self, listed: &Listed, merged: &Merged) -> Paths {
        let may_be_guarded = |prefix: &str| {
            let is_known = |known: &Introspection| known.may_be_guarded(prefix);
            !self.settings.unguarded_scopes && self.known.as_ref().is_none_or(is_known)
        };
        let Listed { nodes, ownership, .. } = listed;
        let services = Services::new(nodes, ownership, merged, &may_be_guarded, &self.read_only);
        let services = match self.part.scopes() {
            Some(own) => services.around(&own.numbers),
            None => services,
        };
        let rewriting = match (self.settings.unrewritten_paths, self.around) {
            (true, _) => Rewriting::Nowhere,
            (false, Around::Router) => Rewriting::InScopes,
            (false, Around::Scope | Around::Unknown) => Rewriting::Anywhere,
        };
        Paths::new(services, rewriting)
    }

    /// What tells its resources from those of another application.
    pub(super) fn fingerprint(&self) -> Option<u64> {
        self.listed.as_ref().map(|listed| fingerprint(&listed.nodes))
    }

    /// Entries that are not for the scope that the middleware is wrapped around, nor for anything else: the value may
    /// be around other scopes, too.
    pub(super) fn left_out(&self, policies: &Policies, answers: &Answers) -> Vec<Misuse> {
        let Some(services) = answers.paths.as_ref().map(Paths::services) else { return Vec::new() };
        let entries = policies.entries.iter().filter(|own| !self.part.has_route(own));
        let entries = entries.filter(|own| !services.has_pattern(own.pattern()));
        let of_entries =
            entries.map(|own| unmatched(services, own.pattern(), own.source().clone()));
        let scopes = policies.scopes.iter().filter(|own| !self.part.has_scope(own));
        let scopes = scopes.filter(|own| !services.has_below(own.path()));
        let of_scopes = scopes.map(|own| {
            let (path, source) = (own.path().to_owned(), own.source().clone());
            Misuse::ScopeUnmatched { path, source }
        });
        of_entries.chain(of_scopes).collect()
    }
}
