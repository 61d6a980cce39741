//! The annotated handlers of each application, collected while actix builds it.
//!
//! Applications are told apart by the default service that all scopes of one share. The `Weak` that is
//! held here keeps its allocation, so that no other application can ever have the same.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    ops::Range,
    rc::{Rc, Weak},
    sync::atomic::{AtomicU64, Ordering},
};

use actix_service::boxed::BoxServiceFactory;
use actix_web::{
    Error,
    body::BoxBody,
    dev::{AppService, Extensions, ServiceRequest, ServiceResponse},
};

use super::{
    route_mark::{Place, RouteMark},
    scope_probe::ScopeProbe,
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
    run: RefCell<Option<Run>>,
    /// When a part of its router was built last; 0 before that.
    built: Cell<u64>,
    /// Whether a request has come to one of its annotated routes.
    has_served: Cell<bool>,
    is_claimed: Cell<bool>,
    /// Whether it was starting while another one was.
    is_contested: Cell<bool>,
    /// The middleware that had been made last when its first handler was registered.
    last_made: u64,
    /// The full prefixes of what middlewares stand around; "" for all of it.
    wrapped: RefCell<Vec<String>>,
    /// The registrations of which it is not certain where they are.
    doubts: RefCell<BTreeSet<usize>>,
}

/// One registration of an annotated handler; a handler may have several.
#[derive(Debug, Clone)]
pub(crate) struct Registration {
    pub(crate) handler: &'static Handler,
    /// The place of its first method.
    pub(crate) first: usize,
    /// The probe of its scope; `None` at the root.
    pub(crate) scope: Option<Rc<ScopeProbe>>,
    /// The probe that was registered right behind it.
    pub(crate) probe: Option<Rc<ScopeProbe>>,
}

/// A registered handler at the place where its routes are, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) handler: &'static Handler,
    /// The place of its first method.
    pub(crate) first: usize,
    /// The full prefixes that its scope may have; none if it is not known.
    pub(crate) prefixes: Vec<String>,
}

/// A route of a registered handler.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) app: Rc<App>,
    pub(crate) registration: usize,
    pub(crate) handler: &'static Handler,
    methods: &'static [&'static str],
    /// What marks a request that comes to it, for each method.
    containers: Vec<(Rc<Extensions>, Rc<RouteMark>)>,
}

/// Handlers that were registered one after the other, in one scope as far as can be told.
struct Run {
    hint: ScopeHint,
    probe: Rc<ScopeProbe>,
    handlers: Vec<&'static Handler>,
}

/// What is the same for all handlers of a scope. Two scopes may have the same, since the memory of one
/// is used again for the next, so that it is a hint and no proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ScopeHint {
    services: usize,
    defaults: usize,
}

thread_local! {
    static APPS: RefCell<Vec<Weak<App>>> = const { RefCell::new(Vec::new()) };
    /// The middleware that was made last on this thread.
    static LAST_MADE: Cell<u64> = const { Cell::new(0) };
}

/// A number that is larger than all before.
fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The number of a middleware that is being made, to be given to an application.
pub(crate) fn number_of_middleware() -> u64 {
    let number = next_number();
    LAST_MADE.set(number);
    number
}

/// The applications on this thread that something still holds, in the order of their registration.
pub(super) fn apps() -> Vec<Rc<App>> {
    APPS.with_borrow(|apps| apps.iter().filter_map(Weak::upgrade).collect())
}

impl App {
    /// The application that a service is being registered with.
    pub(crate) fn of(config: &AppService) -> Rc<Self> {
        let default = Rc::downgrade(&config.default_service());
        if let Some(app) = apps().into_iter().find(|app| app.default.ptr_eq(&default)) {
            return app;
        }
        let app = Rc::new(Self {
            number: next_number(),
            default,
            registrations: RefCell::default(),
            marks: RefCell::default(),
            run: RefCell::default(),
            built: Cell::default(),
            has_served: Cell::default(),
            is_claimed: Cell::default(),
            is_contested: Cell::default(),
            last_made: LAST_MADE.get(),
            wrapped: RefCell::default(),
            doubts: RefCell::default(),
        });
        APPS.with_borrow_mut(|apps| {
            apps.retain(|app| app.strong_count() > 0);
            apps.push(Rc::downgrade(&app));
        });
        app
    }

    /// Makes room for a handler; one slot for each of its routes.
    pub(crate) fn slots(self: &Rc<Self>, handler: &'static Handler) -> Vec<Rc<Slot>> {
        let registration = self.registrations.borrow().len();
        let slot = |route: &'static Route| {
            let containers = route.methods.iter().map(|_| self.add_mark()).collect();
            let app = Rc::clone(self);
            Rc::new(Slot { app, registration, handler, methods: route.methods, containers })
        };
        handler.routes.iter().map(slot).collect()
    }

    fn add_mark(&self) -> (Rc<Extensions>, Rc<RouteMark>) {
        let mut marks = self.marks.borrow_mut();
        let mark = Rc::new(RouteMark::new(Place { app: self.number, index: marks.len() }));
        marks.push(Rc::clone(&mark));
        let mut container = Extensions::new();
        container.insert(Rc::clone(&mark));
        (Rc::new(container), mark)
    }

    /// Notes that a handler with these slots has just been registered, and registers a probe behind it
    /// where the scope has none yet.
    pub(crate) fn add(
        &self,
        handler: &'static Handler,
        slots: &[Rc<Slot>],
        config: &mut AppService,
    ) {
        let count: usize = slots.iter().map(|slot| slot.methods.len()).sum();
        let first = self.marks.borrow().len() - count;
        let (scope, probe) = if config.is_root() {
            // the application has to be recognised by some probe
            let is_first = self.registrations.borrow().iter().all(|own| own.probe.is_none());
            (None, is_first.then(|| Rc::new(ScopeProbe::register(self.number, config))))
        } else {
            let (scope, is_new) = self.probe(handler, config);
            (Some(Rc::clone(&scope)), is_new.then_some(scope))
        };
        self.registrations.borrow_mut().push(Registration { handler, first, scope, probe });
    }

    /// The probe of the scope that a handler has been registered in, and whether it is a new one.
    ///
    /// A handler that is there already begins another: it is rarely registered twice in one scope,
    /// but often once in each of several that look the same.
    fn probe(&self, handler: &'static Handler, config: &mut AppService) -> (Rc<ScopeProbe>, bool) {
        let hint = ScopeHint::of(config);
        let mut run = self.run.borrow_mut();
        if let Some(run) = run.as_mut().filter(|run| run.hint == hint)
            && !run.handlers.contains(&handler)
        {
            run.handlers.push(handler);
            return (Rc::clone(&run.probe), false);
        }
        let probe = Rc::new(ScopeProbe::register(self.number, config));
        *run = Some(Run { hint, probe: Rc::clone(&probe), handlers: vec![handler] });
        (probe, true)
    }

    pub(crate) fn registrations(&self) -> Vec<Registration> {
        self.registrations.borrow().clone()
    }

    /// The handlers where they seem to be before the first request has shown it.
    pub(crate) fn mounts(&self) -> Vec<Mount> {
        let registrations = self.registrations.borrow();
        let mount = |own: &Registration| Mount {
            handler: own.handler,
            first: own.first,
            prefixes: match &own.scope {
                Some(probe) => probe.prefix().into_iter().collect(),
                None => vec![String::new()],
            },
        };
        registrations.iter().map(mount).collect()
    }

    /// The place that a phrase marks.
    #[cold]
    pub(crate) fn place_of_phrase(&self, phrase: &'static str) -> Option<Place> {
        self.marks.borrow().iter().find(|own| own.is_on(phrase)).map(|own| own.place)
    }

    /// The full pattern of a place that was in doubt, if a request has told it.
    pub(crate) fn pattern_of(&self, place: Place) -> Option<String> {
        self.marks.borrow().get(place.index)?.pattern.get().cloned().flatten()
    }

    /// Notes the registrations of which it is not certain where they are.
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

    /// Whether it may be the one whose start goes on: its router is built, what it is made from is
    /// still held, no request has come yet, and no middleware has claimed it.
    pub(super) fn is_starting(&self) -> bool {
        let is_new = !self.has_served.get() && !self.is_claimed.get();
        is_new && self.built.get() > 0 && self.default.strong_count() > 0
    }

    pub(crate) fn claim(&self) {
        self.is_claimed.set(true);
    }

    pub(super) fn contest(&self) {
        self.is_contested.set(true);
    }

    /// Whether it starts alone, and a middleware is the one that was made for it, as far as can be told.
    pub(crate) fn is_surely_of(&self, made: u64) -> bool {
        !self.is_contested.get() && self.last_made == made
    }

    pub(crate) fn note_served(&self) {
        self.has_served.set(true);
    }

    /// Notes that a middleware stands around what has this full prefix; whether another stands around
    /// that already.
    pub(crate) fn wrap(&self, prefix: String) -> bool {
        let is_wrapped = self.is_wrapped(&prefix);
        self.wrapped.borrow_mut().push(prefix);
        is_wrapped
    }

    /// How many middlewares have had their first request.
    #[inline]
    pub(crate) fn count_middlewares(&self) -> usize {
        self.wrapped.borrow().len()
    }

    /// Whether a middleware stands around what has this full prefix.
    pub(crate) fn is_wrapped(&self, prefix: &str) -> bool {
        let is_around = |own: &String| {
            prefix
                .strip_prefix(own.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.wrapped.borrow().iter().any(is_around)
    }

    /// Whether a probe of this application is in the resource map of a request.
    pub(super) fn has_probe(&self, is_there: impl Fn(&ScopeProbe) -> bool) -> bool {
        self.registrations.borrow().iter().filter_map(|own| own.probe.as_deref()).any(is_there)
    }
}

impl Slot {
    /// The container for a request with this method, and the mark in it.
    #[inline]
    pub(crate) fn container(&self, method: &str) -> &(Rc<Extensions>, Rc<RouteMark>) {
        let position = match self.methods {
            [_] => 0,
            methods => methods.iter().position(|own| *own == method).unwrap_or_default(),
        };
        &self.containers[position]
    }

    /// Whether it is not certain where it is.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.app.doubts.borrow().contains(&self.registration)
    }

    /// Whether the handler runs inside of a middleware.
    pub(crate) fn is_wrapped(&self) -> bool {
        let registrations = self.app.registrations.borrow();
        let scope = registrations[self.registration].scope.as_ref();
        let prefix = scope.map_or(Some(String::new()), |probe| probe.prefix());
        // what is not known is no reason for a warning
        prefix.is_none_or(|prefix| self.app.is_wrapped(&prefix))
    }
}

impl Mount {
    /// The places of the methods of a route.
    pub(crate) fn places(&self, route: usize) -> Range<usize> {
        let before = self.handler.routes[..route].iter().map(|route| route.methods.len());
        let first = self.first + before.sum::<usize>();
        first..first + self.handler.routes[route].methods.len()
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
