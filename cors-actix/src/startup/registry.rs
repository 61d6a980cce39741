//! The annotated handlers of each application, collected while actix registers its services.
//!
//! All services of one application are registered with the same default service, by which applications
//! are told apart. The `Weak` pointer that is kept here holds the default service's memory, so no other
//! application can ever get the same address.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    rc::{Rc, Weak},
};

use actix_service::boxed::BoxServiceFactory;
use actix_web::{
    Error,
    body::BoxBody,
    dev::{AppService, Extensions, ServiceRequest, ServiceResponse},
};
use cors_core::{ConfigErrors, ScopeEntry};

use super::{
    mount::{Inside, Mount, Registered},
    numbers::{Given, ValueNumbers, next_number},
    registered_scope::RegisteredScope,
    route_mark::{Endpoint, RouteMark},
    scope_probe::ScopeProbe,
    wrapped::{AllWrapped, Wrapped},
};
use crate::handler::{Handler, Route};

type DefaultService = BoxServiceFactory<(), ServiceRequest, ServiceResponse<BoxBody>, Error, ()>;

/// An application with annotated handlers.
pub(crate) struct App {
    /// Given out once in the process, when its first handler is registered.
    pub(crate) number: u64,
    default: Weak<DefaultService>,
    registrations: RefCell<Vec<Registration>>,
    marks: RefCell<Vec<Rc<RouteMark>>>,
    scopes: RefCell<Vec<RegisteredScope>>,
    /// The probes of the scopes that answer GET and HEAD alone.
    read_only: RefCell<Vec<ScopeProbe>>,
    run: RefCell<Option<Run>>,
    /// A number given out when a part of its router was built last; 0 before that.
    built: Cell<u64>,
    /// Whether a request has come to one of its annotated routes.
    has_served: Cell<bool>,
    is_claimed: Cell<bool>,
    /// Whether a middleware that started could have belonged to another application as well.
    is_contested: Cell<bool>,
    /// The middleware's values that had been made when its first handler was registered.
    given: Given,
    /// What its middlewares are wrapped around.
    wrapped: AllWrapped,
    /// The registrations whose place among actix's resources is not certain.
    doubts: RefCell<BTreeSet<usize>>,
}

/// One registration of an annotated handler; a handler may have several.
#[derive(Debug, Clone)]
pub(crate) struct Registration {
    pub(crate) handler: &'static Handler,
    /// The endpoint of its first method.
    pub(crate) first: usize,
    /// The probe of its scope; `None` at the root.
    pub(crate) scope: Option<Rc<ScopeProbe>>,
    /// The probe that was registered right after it.
    pub(crate) probe: Option<Rc<ScopeProbe>>,
}

/// A route of a registered handler, as its tag needs it.
#[derive(Debug)]
pub(crate) struct TaggedRoute {
    pub(crate) app: Rc<App>,
    pub(crate) registration: usize,
    pub(crate) handler: &'static Handler,
    methods: &'static [&'static str],
    /// For each method, the mark, and the data container that puts it on a request.
    containers: Vec<(Rc<Extensions>, Rc<RouteMark>)>,
}

/// Handlers that were registered one after the other, and seem to be in one scope.
struct Run {
    hint: ScopeHint,
    probe: Rc<ScopeProbe>,
    handlers: Vec<&'static Handler>,
}

/// What is the same for all handlers of a scope. It proves nothing, because the next scope may get the
/// memory of this one; at the first request actix's own list says which scope each handler is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ScopeHint {
    services: usize,
    defaults: usize,
}

thread_local! {
    static APPS: RefCell<Vec<Weak<App>>> = const { RefCell::new(Vec::new()) };
}

/// Notes that a middleware's value stands around something.
pub(crate) fn note_use(value: ValueNumbers) {
    for app in apps() {
        app.given.note_use(value);
    }
}

/// The applications on this thread that something still holds, in the order of their registration.
pub(super) fn apps() -> Vec<Rc<App>> {
    APPS.with_borrow(|apps| apps.iter().filter_map(Weak::upgrade).collect())
}

impl App {
    /// The application that `config` belongs to.
    pub(crate) fn of(config: &AppService) -> Rc<Self> {
        let default = Rc::downgrade(&config.default_service());
        if let Some(app) = apps().into_iter().find(|app| app.default.ptr_eq(&default)) {
            return app;
        }
        let number = next_number();
        let app = Rc::new(Self {
            number,
            default,
            registrations: RefCell::default(),
            marks: RefCell::default(),
            scopes: RefCell::default(),
            read_only: RefCell::default(),
            run: RefCell::default(),
            built: Cell::default(),
            has_served: Cell::default(),
            is_claimed: Cell::default(),
            is_contested: Cell::default(),
            given: Given::before(number),
            wrapped: AllWrapped::default(),
            doubts: RefCell::default(),
        });
        APPS.with_borrow_mut(|apps| {
            apps.retain(|app| app.strong_count() > 0);
            apps.push(Rc::downgrade(&app));
        });
        app
    }

    /// Makes the marks of a handler that is about to be registered.
    pub(crate) fn tag_routes(self: &Rc<Self>, handler: &'static Handler) -> Vec<Rc<TaggedRoute>> {
        let registration = self.registrations.borrow().len();
        let route = |route: &'static Route| {
            let containers = route.methods.iter().map(|_| self.add_mark()).collect();
            let app = Rc::clone(self);
            Rc::new(TaggedRoute { app, registration, handler, methods: route.methods, containers })
        };
        handler.routes.iter().map(route).collect()
    }

    fn add_mark(&self) -> (Rc<Extensions>, Rc<RouteMark>) {
        let mut marks = self.marks.borrow_mut();
        let mark = Rc::new(RouteMark::new(Endpoint { app: self.number, index: marks.len() }));
        marks.push(Rc::clone(&mark));
        let mut container = Extensions::new();
        container.insert(Rc::clone(&mark));
        (Rc::new(container), mark)
    }

    /// Notes that a handler with these routes has just been registered, and registers a probe after it
    /// if the scope has none yet.
    pub(crate) fn add(
        &self,
        handler: &'static Handler,
        routes: &[Rc<TaggedRoute>],
        config: &mut AppService,
    ) {
        let count: usize = routes.iter().map(|route| route.methods.len()).sum();
        let first = self.marks.borrow().len() - count;
        let (scope, probe) = if config.is_root() {
            // one probe, by which a request shows which application it is in
            let is_first = self.registrations.borrow().iter().all(|own| own.probe.is_none());
            (None, is_first.then(|| Rc::new(ScopeProbe::register(self.number, config, || ()))))
        } else {
            let (scope, is_new) = self.probe(handler, config);
            (Some(Rc::clone(&scope)), is_new.then_some(scope))
        };
        self.registrations.borrow_mut().push(Registration { handler, first, scope, probe });
    }

    /// The probe of the scope that a handler has been registered in, and whether it is a new one.
    ///
    /// A handler that the scope has already is taken for the start of another scope: handlers are rarely
    /// registered twice in one, but often once in each of several that look the same.
    fn probe(&self, handler: &'static Handler, config: &mut AppService) -> (Rc<ScopeProbe>, bool) {
        let hint = ScopeHint::of(config);
        let mut run = self.run.borrow_mut();
        if let Some(run) = run.as_mut().filter(|run| run.hint == hint)
            && !run.handlers.contains(&handler)
        {
            run.handlers.push(handler);
            return (Rc::clone(&run.probe), false);
        }
        let probe = Rc::new(ScopeProbe::register(self.number, config, || ()));
        *run = Some(Run { hint, probe: Rc::clone(&probe), handlers: vec![handler] });
        (probe, true)
    }

    pub(crate) fn registrations(&self) -> Vec<Registration> {
        self.registrations.borrow().clone()
    }

    /// The handlers in the scopes that they seem to be in, before the first request has shown it.
    fn mounts(&self) -> Vec<Mount> {
        let registrations = self.registrations.borrow();
        let mount = |own: &Registration| Mount {
            handler: own.handler,
            first: own.first,
            prefixes: match &own.scope {
                Some(probe) => probe.prefix().into_iter().collect(),
                None => vec![String::new()],
            },
            inside: Inside::Surely,
        };
        registrations.iter().map(mount).collect()
    }

    /// The endpoint that a phrase marks.
    #[cold]
    pub(crate) fn endpoint_of_phrase(&self, phrase: &'static str) -> Option<Endpoint> {
        self.marks.borrow().iter().find(|own| own.is_on(phrase)).map(|own| own.endpoint)
    }

    /// The full pattern of an endpoint that was in doubt, if a request has told it.
    pub(crate) fn pattern_of(&self, endpoint: Endpoint) -> Option<String> {
        self.marks.borrow().get(endpoint.index)?.pattern.get().cloned().flatten()
    }

    /// Notes the registrations whose place among actix's resources is not certain.
    pub(crate) fn doubt(&self, registrations: BTreeSet<usize>) {
        self.doubts.borrow_mut().extend(registrations);
    }

    /// Notes that a part of its router has been built.
    pub(crate) fn note_built(&self) {
        self.built.set(next_number());
    }

    pub(super) fn built(&self) -> u64 {
        self.built.get()
    }

    /// Whether it has registered its first handler after a middleware's value was made.
    pub(super) fn is_younger_than(&self, value: ValueNumbers) -> bool {
        self.number > value.own
    }

    /// Whether it may be starting right now: its router is built, actix still holds its default service,
    /// and no request has come yet.
    pub(super) fn is_starting(&self) -> bool {
        !self.has_served.get() && self.built.get() > 0 && self.default.strong_count() > 0
    }

    /// Whether a middleware has claimed it.
    pub(super) fn is_claimed(&self) -> bool {
        self.is_claimed.get()
    }

    pub(crate) fn claim(&self) {
        self.is_claimed.set(true);
    }

    pub(super) fn contest(&self) {
        self.is_contested.set(true);
    }

    /// Whether a middleware is surely its own: it was the last that had been made when the application
    /// registered its first handler, and no other application with handlers was starting.
    pub(crate) fn is_surely_of(&self, value: ValueNumbers) -> bool {
        !self.is_contested.get() && self.given.is_last(value)
    }

    /// Whether a middleware was made for it, as it seems, and none stands around anything, as by
    /// `Condition::new(false, cors)`.
    pub(crate) fn is_unwrapped_on_purpose(&self) -> bool {
        self.given.are_unused()
    }

    pub(crate) fn note_served(&self) {
        self.has_served.set(true);
    }

    /// Notes what a middleware is wrapped around that has got its first request.
    pub(crate) fn wrap(&self, wrapped: Wrapped) {
        self.wrapped.add(wrapped);
    }

    /// Whether a middleware stands around all of it.
    pub(crate) fn is_wrapped_whole(&self) -> bool {
        self.wrapped.is_whole()
    }

    /// How many middlewares have had their first request.
    #[inline]
    pub(crate) fn count_middlewares(&self) -> usize {
        self.wrapped.count()
    }

    /// Whether a probe of this application is in the resource map of a request.
    pub(super) fn has_probe(&self, is_there: impl Fn(&ScopeProbe) -> bool) -> bool {
        let of_handlers = self.registrations.borrow();
        let (of_scopes, read_only) = (self.scopes.borrow(), self.read_only.borrow());
        let of_handlers = of_handlers.iter().filter_map(|own| own.probe.as_deref());
        let of_scopes = of_scopes.iter().map(|own| &own.probe);
        of_handlers.chain(of_scopes).chain(&*read_only).any(is_there)
    }

    /// For the probe of something that is no handler: it notes that the router is built, and keeps the
    /// application as long as that is there.
    pub(super) fn holder(app: &Rc<Self>) -> impl Fn() -> Rc<Self> + 'static {
        let app = Rc::clone(app);
        move || {
            app.note_built();
            Rc::clone(&app)
        }
    }

    /// Notes the probe of a scope that answers GET and HEAD alone.
    pub(super) fn add_read_only(&self, probe: ScopeProbe) {
        self.read_only.borrow_mut().push(probe);
    }

    /// The names of the probes in scopes that answer GET and HEAD alone.
    pub(crate) fn read_only(&self) -> Vec<String> {
        self.read_only.borrow().iter().map(|probe| probe.service().to_owned()).collect()
    }

    /// Notes overrides for a scope that were registered in it.
    pub(super) fn add_scope(&self, scope: RegisteredScope) {
        self.scopes.borrow_mut().push(scope);
    }

    /// What has been registered, in the scopes that it seems to be in, before the first request has shown it.
    pub(crate) fn registered(&self) -> Registered {
        let scopes = self.scopes().into_iter().map(|(_, scope)| scope).collect();
        Registered { mounts: self.mounts(), scopes }
    }

    /// The overrides for scopes, as entries, each with the name of the probe beside it.
    pub(crate) fn scopes(&self) -> Vec<(String, Result<ScopeEntry, ConfigErrors>)> {
        let scopes = self.scopes.borrow();
        scopes.iter().map(|own| (own.probe.service().to_owned(), own.entry())).collect()
    }
}

impl TaggedRoute {
    /// The container for a request with this method, and the mark in it.
    #[inline]
    pub(crate) fn container(&self, method: &str) -> &(Rc<Extensions>, Rc<RouteMark>) {
        let position = match self.methods {
            [_] => 0,
            methods => methods.iter().position(|own| *own == method).unwrap_or_default(),
        };
        &self.containers[position]
    }

    /// Whether its place among actix's resources is not certain.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.app.doubts.borrow().contains(&self.registration)
    }

    /// Whether the handler runs inside of a middleware, as far as is known.
    pub(crate) fn is_wrapped(&self) -> bool {
        self.app.wrapped.may_contain(self.registration)
    }
}

impl ScopeHint {
    fn of(config: &AppService) -> Self {
        Self {
            services: std::ptr::from_ref(config).addr(),
            defaults: Rc::strong_count(&config.default_service()),
        }
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("number", &self.number).finish_non_exhaustive()
    }
}
