//! What the first request shows: which application this is, which services it has, and whether the
//! middleware is wrapped around all of it.

use std::{collections::HashSet, rc::Rc};

use actix_web::dev::ServiceRequest;
use cors_core::RouteEntry;

use super::{
    cors::{Claim, Cors},
    table::{Around, Table},
};
use crate::{
    diagnosis::{Misuse, log, review},
    routing::{self, Introspection, Node, Ownership, Paths, Rewriting, Services, fingerprint},
    startup::{self, App, Merged, Mount, Registration, StartError},
};

/// The first request, and the middleware that it has come to.
pub(super) struct FirstRequest<'a> {
    cors: &'a Cors,
    request: &'a ServiceRequest,
    around: Around,
    app: Option<Rc<App>>,
    registrations: Vec<Registration>,
    /// What is known by introspection, if it was asked for.
    known: Option<Introspection>,
}

/// The resources of the application, as actix lists them.
struct Listed {
    nodes: Vec<Node>,
    ownership: Ownership,
}

impl<'a> FirstRequest<'a> {
    pub(super) fn new(cors: &'a Cors, request: &'a ServiceRequest, around: Around) -> Self {
        let app = startup::of_request(request.request());
        let registrations = app.as_ref().map(|app| app.registrations()).unwrap_or_default();
        let is_asked = cors.settings().introspection;
        let known = is_asked.then(|| Introspection::of(request)).flatten();
        Self { cors, request, around, app, registrations, known }
    }

    /// Makes the table; the policies that were merged at start are used if they are this application's.
    pub(super) fn table(self, claim: Option<Claim>) -> Table {
        let is_any = self.app.is_some() || self.known.is_some() || !self.cors.entries().is_empty();
        let listed = is_any.then(|| self.list()).flatten();
        let merged = self.merged(listed.as_ref(), claim);
        let paths = listed.as_ref().map(|listed| self.paths(listed, &merged));
        if is_any && paths.is_none() {
            log::unlisted();
        }
        self.review(&merged, listed.as_ref(), paths.as_ref());
        self.note_position(paths.as_ref());
        let (cors, app) = (self.cors.handle(), self.app);
        Table::new(cors, app, merged, paths, self.around)
    }

    fn list(&self) -> Option<Listed> {
        let nodes = routing::read(self.request.resource_map())?;
        let ownership = Ownership::new(&nodes, &self.registrations)?;
        Some(Listed { nodes, ownership })
    }

    /// The merged policies. If they do not fit, nothing is allowed to other origins.
    fn merged(&self, listed: Option<&Listed>, claim: Option<Claim>) -> Merged {
        let mounts = self.mounts(listed);
        let claimed = claim.map(|claim| (claim.app.map(|app| app.number), claim.merged));
        let number = self.app.as_ref().map(|app| app.number);
        let none = HashSet::new();
        let plain = listed.map_or(&none, |listed| listed.ownership.plain());
        // an entry for a handler may be meant for a plain route of the same pattern as well
        let is_shared = |merged: &Merged| {
            let mut patterns = self.cors.entries().iter().map(RouteEntry::pattern);
            patterns.any(|pattern| plain.contains(pattern) && merged.has_annotated(pattern))
        };
        let merged = match claimed {
            Some((app, merged))
                if app == number && merged.mounts == mounts && !is_shared(&merged) =>
            {
                merged
            }
            claimed => {
                if let Some((_, wrong)) = claimed {
                    self.cors.findings().forget(&wrong.report);
                }
                self.merge(mounts.clone(), &[], plain).unwrap_or_else(|error| {
                    log::closed(&error);
                    self.cors.findings().keep_error(&error);
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
        self.merge(mounts, &entries, plain).unwrap_or(merged)
    }

    fn merge(
        &self,
        mounts: Vec<Mount>,
        more: &[RouteEntry],
        plain: &HashSet<String>,
    ) -> Result<Merged, StartError> {
        let merged = self.cors.merge(mounts, more, plain)?;
        self.cors.findings().keep(&merged.report);
        Ok(merged)
    }

    /// The scopes of the handlers. If actix's list cannot be read, a handler without a probe of its own
    /// may be in another scope than it seems to be; then an entry could apply to the wrong handler, so
    /// the handler's scope counts as unknown where there are entries.
    fn mounts(&self, listed: Option<&Listed>) -> Vec<Mount> {
        if let Some(listed) = listed {
            return listed.ownership.mounts(&self.registrations);
        }
        let mut mounts = self.app.as_ref().map(|app| app.mounts()).unwrap_or_default();
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
        let services = Services::new(&listed.nodes, &listed.ownership, merged, &may_be_guarded);
        let rewriting = match (settings.unrewritten_paths, self.around) {
            (true, _) => Rewriting::Nowhere,
            (false, Around::Router) => Rewriting::InScopes,
            (false, Around::Scope | Around::Unknown) => Rewriting::Anywhere,
        };
        Paths::new(services, rewriting)
    }

    /// Notes what is in doubt, and warns of what is surely a mistake, once for all workers.
    fn review(&self, merged: &Merged, listed: Option<&Listed>, paths: Option<&Paths>) {
        let doubts = listed.map(|listed| listed.ownership.doubts()).unwrap_or_default();
        for number in &doubts {
            let handler = self.registrations[*number].handler.location;
            self.cors.say(&Misuse::LookAlike { handler });
        }
        if let Some(app) = &self.app {
            app.doubt(doubts);
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

    /// Notes what the middleware is wrapped around: the application, or a scope, which has then consumed
    /// the beginning of the path.
    fn note_position(&self, paths: Option<&Paths>) {
        let place = self.cors.place();
        let path = self.request.match_info();
        let left = path.unprocessed().len();
        let is_in_scope = left < path.as_str().len() && self.around != Around::Router;
        let mut prefix = Some(String::new());
        if is_in_scope {
            self.cors.say(&Misuse::InScope { place });
            let services = paths.map(Paths::services);
            prefix = services.and_then(|services| services.scope_leaving(path.as_str(), left));
        }
        if self.app.as_ref().is_some_and(|app| app.wrap(prefix)) {
            self.cors.say(&Misuse::Twice { place });
        }
    }
}
