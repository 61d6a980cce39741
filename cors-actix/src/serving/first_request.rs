//! What the first request shows: which application this is, which services it has, and whether the
//! middleware is wrapped around all of it.

use std::{
    collections::{BTreeSet, HashSet},
    rc::Rc,
};

use actix_web::dev::ServiceRequest;
use cors_core::{ConfigErrors, RouteEntry, ScopeEntry};

use super::{
    cors::{Claim, Cors},
    neighbours,
    part::{OwnScopes, Part},
    position::{Around, Extent, address},
    table::Table,
};
use crate::{
    diagnosis::{Misuse, log, review, unmatched},
    routing::{
        self, Introspection, Node, Ownership, Paths, Rewriting, ScopeTree, Services, fingerprint,
        scope_prefixes,
    },
    startup::{self, App, Inside, Merged, Mount, Registered, Registration, StartError, Wrapped},
};

/// The first request, and the middleware that it has come to.
pub(super) struct FirstRequest<'a> {
    cors: &'a Cors,
    request: &'a ServiceRequest,
    around: Around,
    app: Option<Rc<App>>,
    registrations: Vec<Registration>,
    listed: Option<Listed>,
    extent: Extent,
    /// The part of the application whose policies count.
    part: Part,
    /// What is known by introspection, if it was asked for.
    known: Option<Introspection>,
}

/// The resources of the application, as actix lists them.
struct Listed {
    nodes: Vec<Node>,
    tree: ScopeTree,
    ownership: Ownership,
}

impl<'a> FirstRequest<'a> {
    pub(super) fn new(cors: &'a Cors, request: &'a ServiceRequest, around: Around) -> Self {
        let app = startup::of_request(request.request());
        let registrations = app.as_ref().map(|app| app.registrations()).unwrap_or_default();
        let settings = cors.settings();
        let known = settings.introspection.then(|| Introspection::of(request)).flatten();
        let is_declared = !cors.entries().is_empty() || !cors.scopes().is_empty();
        let is_any = app.is_some() || known.is_some() || is_declared || settings.around_scope;
        let is_needed = is_any || neighbours::has_any(address(request.resource_map()));
        let listed = is_needed.then(|| Listed::of(request, &registrations)).flatten();
        if is_any && listed.is_none() {
            log::unlisted();
        }
        let tree = listed.as_ref().map(|listed| &listed.tree);
        let extent = Extent::of(request, around, settings.around_scope, tree);
        let part = if settings.around_scope { Part::in_scope(&extent, tree) } else { Part::All };
        Self { cors, request, around, app, registrations, listed, extent, part, known }
    }

    /// Makes the table; the policies that were merged at start are used if they are this application's.
    pub(super) fn table(self, claim: Option<Claim>) -> Rc<Table> {
        let listed = self.listed.as_ref();
        let merged = self.merged(claim);
        let paths = listed.map(|listed| self.paths(listed, &merged));
        self.review(&merged, paths.as_ref());
        self.note_position();
        let map = address(self.request.resource_map());
        let position = (self.around, self.extent);
        let table = Table::new(self.cors.handle(), self.app, merged, paths, position, map);
        let table = Rc::new(table);
        neighbours::note(&table, listed.map(|listed| &listed.tree));
        table
    }

    /// The merged policies. If they do not fit, nothing is allowed to other origins.
    fn merged(&self, claim: Option<Claim>) -> Merged {
        let mounts = self.mounts();
        let (scopes, are_certain) = self.scopes();
        let registered = |mounts| Registered { mounts, scopes: scopes.clone() };
        let claimed = claim.map(|claim| (claim.app.map(|app| app.number), claim.merged));
        let number = self.app.as_ref().map(|app| app.number);
        let none = HashSet::new();
        let listed = self.listed.as_ref();
        let plain = listed.map_or(&none, |listed| listed.ownership.plain());
        // an entry for a handler may be meant for a plain route of the same pattern as well
        let is_shared = |merged: &Merged| {
            let mut patterns = self.cors.entries().iter().map(RouteEntry::pattern);
            patterns.any(|pattern| plain.contains(pattern) && merged.has_annotated(pattern))
        };
        let merged = match claimed {
            Some((app, merged))
                if app == number
                    && merged.mounts == mounts
                    && are_certain
                    && !is_shared(&merged) =>
            {
                merged
            }
            claimed => {
                if let Some((_, wrong)) = claimed {
                    self.cors.findings().forget(&wrong.report);
                }
                self.merge(registered(mounts.clone()), &[], plain).unwrap_or_else(|error| {
                    self.say_closed(&error);
                    Merged::closed(mounts.clone())
                })
            }
        };
        // introspection adds routes of the base policy only; a strict table is for what was declared
        let known = self.known.as_ref().filter(|_| !self.cors.settings().strict);
        let entries = known.map(Introspection::entries).unwrap_or_default();
        if entries.is_empty() {
            return merged;
        }
        self.cors.findings().forget(&merged.report);
        self.merge(registered(mounts), &entries, plain).unwrap_or(merged)
    }

    fn merge(
        &self,
        registered: Registered,
        more: &[RouteEntry],
        plain: &HashSet<String>,
    ) -> Result<Merged, StartError> {
        let merged = self.cors.merge(registered, more, plain, &self.part)?;
        self.cors.findings().keep(&merged.report);
        Ok(merged)
    }

    fn say_closed(&self, error: &StartError) {
        match self.part.scopes() {
            None => log::closed(error),
            Some(own) => log::scope_closed(own.prefix(), error),
        }
        self.cors.findings().keep_error(error);
    }

    /// The overrides that were registered in scopes, and whether each is in the only scope of its path, and surely
    /// inside of the middleware. Others turn CORS off: patterns do not tell which scope a route is in.
    fn scopes(&self) -> (Vec<Result<ScopeEntry, ConfigErrors>>, bool) {
        let all = self.app.as_ref().map(|app| app.scopes()).unwrap_or_default();
        if all.is_empty() {
            return (Vec::new(), true);
        }
        let listed = self.listed.as_ref();
        let read_only = self.app.as_ref().map(|app| app.read_only()).unwrap_or_default();
        let prefixes = listed.map(|listed| scope_prefixes(&listed.nodes, &read_only));
        let prefixes = prefixes.unwrap_or_default();
        let is_only = |path: &str| prefixes.iter().filter(|own| *own == path).count() == 1;
        let (mut found, mut are_certain) = (Vec::new(), true);
        for (probe, scope) in all {
            let inside =
                listed.map_or(Inside::Surely, |own| self.part.has_probe(&probe, &own.tree));
            if inside == Inside::No {
                continue;
            }
            found.push(match scope {
                Ok(entry) if inside == Inside::Perhaps || !is_only(entry.path()) => {
                    are_certain = false;
                    let own = self.part.scopes().filter(|_| inside == Inside::Perhaps);
                    let path = own.map_or(entry.path(), OwnScopes::prefix).to_owned();
                    self.cors.say(&Misuse::ScopesAlike { path, source: entry.source().clone() });
                    Ok(entry.disabled())
                }
                scope => scope,
            });
        }
        (found, are_certain)
    }

    /// The scopes of the handlers. If actix's list cannot be read, a handler without a probe of its own
    /// may be in another scope than it seems to be; then an entry could apply to the wrong handler, so
    /// the handler's scope counts as unknown where there are entries.
    fn mounts(&self) -> Vec<Mount> {
        if let Some(Listed { tree, ownership, .. }) = &self.listed {
            return match self.part.scopes() {
                Some(own) => own.mounts(&self.registrations, tree, ownership),
                None => ownership.mounts(&self.registrations),
            };
        }
        let registered = self.app.as_ref().map(|app| app.registered()).unwrap_or_default();
        let mut mounts = registered.mounts;
        for (mount, own) in mounts.iter_mut().zip(&self.registrations) {
            let is_certain = own.scope.is_none() || own.probe.is_some();
            if !is_certain && !self.cors.entries().is_empty() {
                mount.prefixes.clear();
            }
        }
        mounts
    }

    fn paths(&self, listed: &Listed, merged: &Merged) -> Paths {
        let settings = self.cors.settings();
        let may_be_guarded = |prefix: &str| {
            let is_known = |known: &Introspection| known.may_be_guarded(prefix);
            !settings.unguarded_scopes && self.known.as_ref().is_none_or(is_known)
        };
        let read_only = self.app.as_ref().map(|app| app.read_only()).unwrap_or_default();
        let services =
            Services::new(&listed.nodes, &listed.ownership, merged, &may_be_guarded, &read_only);
        let services = match self.part.scopes() {
            Some(own) => services.around(&own.numbers),
            None => services,
        };
        let rewriting = match (settings.unrewritten_paths, self.around) {
            (true, _) => Rewriting::Nowhere,
            (false, Around::Router) => Rewriting::InScopes,
            (false, Around::Scope | Around::Unknown) => Rewriting::Anywhere,
        };
        Paths::new(services, rewriting)
    }

    /// Notes what is in doubt, and warns of what is surely a mistake, once for all workers.
    fn review(&self, merged: &Merged, paths: Option<&Paths>) {
        let listed = self.listed.as_ref();
        let doubts = listed.map(|listed| listed.ownership.doubts()).unwrap_or_default();
        for number in &doubts {
            let handler = self.registrations[*number].handler.location;
            self.cors.say(&Misuse::LookAlike { handler });
        }
        if let Some(app) = &self.app {
            app.doubt(doubts);
        }
        if let (Some(error), Some(own)) = (&merged.doubtful, self.part.scopes())
            && self.cors.findings().keep_error(error)
        {
            log::handlers_closed(own.prefix(), error);
        }
        if let Some(paths) = paths {
            self.review_left_out(paths.services());
        }
        let resources = listed.map(|listed| fingerprint(&listed.nodes));
        if let (Some(paths), Some(resources)) = (paths, resources)
            && self.cors.findings().is_first_look(&merged.report, resources)
        {
            for misuse in review(merged, paths) {
                self.cors.say(&misuse);
            }
        }
    }

    /// Warns of entries that are not for the scope that the middleware is wrapped around, nor for anything else: the
    /// value may be around other scopes, too.
    fn review_left_out(&self, services: &Services) {
        for entry in self.cors.entries().iter().filter(|own| !self.part.has_route(own)) {
            if !services.has_pattern(entry.pattern()) {
                self.cors.say(&unmatched(services, entry.pattern(), entry.source().clone()));
            }
        }
        for scope in self.cors.scopes().iter().filter(|own| !self.part.has_scope(own)) {
            let (path, source) = (scope.path().to_owned(), scope.source().clone());
            if !services.has_below(&path) {
                self.cors.say(&Misuse::ScopeUnmatched { path, source });
            }
        }
    }

    /// Notes what the middleware is wrapped around, and says so if it should not be.
    fn note_position(&self) {
        let (place, is_told) = (self.cors.place(), self.cors.settings().around_scope);
        match (&self.extent, &self.listed) {
            (Extent::Whole, _) if is_told => self.cors.say(&Misuse::AroundApp { place }),
            (Extent::Scopes(_), _) | (Extent::Unknown, None) if is_told => {}
            (Extent::Whole | Extent::AtRoot, _) => {}
            (Extent::Scopes(_) | Extent::Unknown, _) => self.cors.say(&Misuse::InScope { place }),
        }
        let Some(app) = &self.app else { return };
        app.wrap(match (&self.extent, &self.listed) {
            (Extent::Whole | Extent::AtRoot, _) => Wrapped::Whole,
            (Extent::Scopes(scopes), Some(listed)) => Wrapped::Handlers(listed.handlers_in(scopes)),
            (Extent::Scopes(_) | Extent::Unknown, _) => Wrapped::Unknown,
        });
    }
}

impl Listed {
    fn of(request: &ServiceRequest, registrations: &[Registration]) -> Option<Self> {
        let nodes = routing::read(request.resource_map())?;
        let ownership = Ownership::new(&nodes, registrations)?;
        let tree = ScopeTree::new(&nodes);
        Some(Self { nodes, tree, ownership })
    }

    /// The registrations that may be in one of these scopes.
    fn handlers_in(&self, scopes: &[usize]) -> BTreeSet<usize> {
        let among = |scope: &usize| self.ownership.among(self.tree.resources(*scope));
        scopes.iter().flat_map(among).collect()
    }
}
