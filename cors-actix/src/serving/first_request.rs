//! What the first request shows: which application this is, which services it has, and whether the
//! middleware is wrapped around all of it.

use std::{collections::BTreeSet, rc::Rc, sync::Arc};

use actix_web::dev::ServiceRequest;
use cors_core::{ConfigErrors, RouteEntry, ScopeEntry};

use super::{
    answers::Answers,
    application::{Application, Listed},
    cors::{Claim, Cors},
    neighbours,
    part::{OwnScopes, Part},
    policies::Policies,
    position::{Around, Extent, address},
    table::Table,
};
use crate::{
    diagnosis::{Misuse, log},
    routing::{self, Introspection, Ownership, ScopeTree, scope_prefixes},
    startup::{self, App, Inside, Merged, Mount, Registration, StartError, Wrapped},
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
    policies: Arc<Policies>,
    /// The number of these policies.
    version: u64,
}

impl<'a> FirstRequest<'a> {
    pub(super) fn new(cors: &'a Cors, request: &'a ServiceRequest, around: Around) -> Self {
        let app = startup::of_request(request.request());
        let registrations = app.as_ref().map(|app| app.registrations()).unwrap_or_default();
        let settings = cors.settings();
        let known = settings.introspection.then(|| Introspection::of(request)).flatten();
        let (version, policies) = cors.current().numbered();
        let is_declared = has_entries(cors, &policies) || !policies.scopes.is_empty();
        let is_any = app.is_some() || known.is_some() || is_declared || settings.around_scope;
        let is_needed = is_any || neighbours::has_any(address(request.resource_map()));
        let listed = is_needed.then(|| Listed::of(request, &registrations)).flatten();
        if is_any && listed.is_none() {
            log::unlisted();
        }
        let tree = listed.as_ref().map(|listed| &listed.tree);
        let extent = Extent::of(request, around, settings.around_scope, tree);
        let part = if settings.around_scope { Part::in_scope(&extent, tree) } else { Part::All };
        Self {
            cors,
            request,
            around,
            app,
            registrations,
            listed,
            extent,
            part,
            known,
            policies,
            version,
        }
    }

    /// Makes the table, and notes its application where policies may be replaced; the policies that were merged at
    /// start are used if they are this application's.
    pub(super) fn table(mut self, mut claim: Option<Claim>) -> Rc<Table> {
        self.note_position();
        let (scopes, are_certain) = self.scopes();
        let application = Arc::new(self.application(scopes));
        let (answers, error) = loop {
            let (answers, error) = self.answers(&application, claim.take(), are_certain);
            let answers = Arc::new(answers);
            if !self.cors.is_reloadable()
                || self.cors.current().note_served(self.version, &application, &answers)
            {
                break (answers, error);
            }
            self.cors.findings().forget(&answers.merged.report);
            (self.version, self.policies) = self.cors.current().numbered();
        };
        if let Some(error) = error {
            self.say_closed(&application, &error);
        }
        self.review(&application, &answers);
        let map = address(self.request.resource_map());
        let position = (self.around, self.extent);
        let known = (application, self.version, answers);
        let table = Rc::new(Table::new(self.cors.handle(), self.app, known, position, map));
        let listed = table.application.listed.as_ref();
        neighbours::note(&table, listed.map(|listed| &listed.tree));
        table
    }

    fn application(&mut self, scopes: Vec<Result<ScopeEntry, ConfigErrors>>) -> Application {
        let mounts = self.mounts();
        Application {
            mounts,
            scopes,
            listed: self.listed.take(),
            part: std::mem::replace(&mut self.part, Part::All),
            read_only: self.app.as_ref().map(|app| app.read_only()).unwrap_or_default(),
            known: self.known.take(),
            around: self.around,
            settings: *self.cors.settings(),
        }
    }

    /// What answers. If the policies do not fit, which is answered too, nothing is allowed to other origins.
    fn answers(
        &self,
        application: &Application,
        claim: Option<Claim>,
        are_certain: bool,
    ) -> (Answers, Option<StartError>) {
        let number = self.app.as_ref().map(|app| app.number);
        let plain = application.plain();
        // an entry for a handler may be meant for a plain route of the same pattern as well
        let is_shared = |merged: &Merged| {
            let mut patterns = self.policies.entries.iter().map(RouteEntry::pattern);
            patterns.any(|pattern| plain.contains(pattern) && merged.has_annotated(pattern))
        };
        let is_right = |own: &Claim| {
            own.version == self.version
                && own.app.as_ref().map(|app| app.number) == number
                && own.merged.mounts == application.mounts
                && are_certain
                && !is_shared(&own.merged)
        };
        let is_whole = || application.known_entries().is_empty();
        let claim = match claim {
            Some(claim) if is_right(&claim) && is_whole() => {
                return (application.answers_of(claim.merged), None);
            }
            claim => claim,
        };
        let findings = self.cors.findings();
        let (answers, error) = match application.answers(&self.policies) {
            Ok(answers) => (answers, None),
            Err(error) => {
                let closed = Merged::closed(application.mounts.clone());
                (application.answers_of(closed), Some(error))
            }
        };
        findings.keep(&answers.merged.report);
        // those of other policies have been forgotten with these
        if let Some(wrong) = claim.filter(|own| own.version == self.version) {
            findings.forget(&wrong.merged.report);
        }
        (answers, error)
    }

    fn say_closed(&self, application: &Application, error: &StartError) {
        match application.part.scopes() {
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
            if !is_certain && has_entries(self.cors, &self.policies) {
                mount.prefixes.clear();
            }
        }
        mounts
    }

    /// Notes what is in doubt, and warns of what is surely a mistake, once for all workers.
    fn review(&self, application: &Application, answers: &Answers) {
        let listed = application.listed.as_ref();
        let doubts = listed.map(|listed| listed.ownership.doubts()).unwrap_or_default();
        for number in &doubts {
            let handler = self.registrations[*number].handler.location;
            self.cors.say(&Misuse::LookAlike { handler });
        }
        if let Some(app) = &self.app {
            app.doubt(doubts);
        }
        self.cors.review(application, &self.policies, answers);
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

/// Whether there are entries for routes, or some may come.
fn has_entries(cors: &Cors, policies: &Policies) -> bool {
    !policies.entries.is_empty() || cors.is_reloadable()
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
