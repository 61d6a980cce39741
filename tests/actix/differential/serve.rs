//! From the data to a real application, which answers in process.

use std::rc::Rc;

use actix_http::Request;
use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{
    App, Error, HttpRequest, HttpResponse, Route,
    body::MessageBody,
    dev::{
        AppConfig, AppService, HttpServiceFactory, ResourceDef, ServiceRequest, ServiceResponse,
        fn_service,
    },
    guard,
    http::Method,
    middleware::{Condition, NormalizePath, TrailingSlash},
    test::TestRequest,
    web::{self, Data, ServiceConfig},
};
use cors_actix::{Cors, for_scope, read_only};
use cors_tests::client::Response;
use futures_util::future::{join, join_all, ready};

use super::{
    app::{Application, Guard, Item, Plain, Resource, Scope, Slashes},
    calls::{Callee, Calls, forward},
    handlers::OTHER_HOST,
    neighbours::{self, Kept},
    setting::{Middleware, Setting},
    spies::{self, DEFAULT, PLAIN, PREFIX, Place, Step, UNMAPPED, ran, ran_at},
    stack::Stack,
    targets::{join as path, matches},
};
use crate::started::{Started, head};

/// The header by which an answer says which resource it was dispatched to.
pub(super) const PATTERN: &str = "x-pattern";

/// An application that has started, and what lives beside it.
pub(super) struct Server {
    service: Started,
    kept: Kept,
}

impl Server {
    /// Fails if the application does not start.
    pub(super) async fn start(application: &Application, cors: Cors) -> Result<Self, String> {
        let neighbours = &application.setting.neighbours;
        let (first, last): (Vec<_>, Vec<_>) = neighbours.iter().partition(|own| own.is_first);
        let own = Self::start_alone(application, cors);
        let first = join_all(first.into_iter().map(neighbours::start));
        let last = join_all(last.into_iter().map(neighbours::start));
        let (first, (server, last)) = join(first, join(own, last)).await;
        let mut server = server?;
        server.kept.extend(first.into_iter().chain(last).flatten());
        Ok(server)
    }

    async fn start_alone(application: &Application, cors: Cors) -> Result<Self, String> {
        let setting = &application.setting;
        let mut app = App::new();
        if let Some(called) = &setting.called {
            app = app.app_data(Data::new(Callee::start(called).await?));
        }
        let has_inside = setting.polls > 0 || !setting.inside.is_empty();
        let inside =
            Stack { middlewares: setting.inside.clone(), polls: setting.polls, is_inside: true };
        let outside = setting.outside.iter().copied().map(Middleware::Rewrite).collect();
        let outside = Stack { middlewares: outside, polls: 0, is_inside: false };
        let app = app
            .configure(|config| configure(config, application))
            .wrap(Condition::new(has_inside, inside));
        let outside = Condition::new(!setting.outside.is_empty(), outside);
        let outer = normalize(application.outer);
        match application.inner {
            None => Self::of(app.wrap(cors).wrap(outside).wrap(outer), setting).await,
            inner => {
                let app = app.wrap(normalize(inner)).wrap(cors);
                Self::of(app.wrap(outside).wrap(outer), setting).await
            }
        }
    }

    async fn of<F, B>(
        app: impl IntoServiceFactory<F, Request>,
        setting: &Setting,
    ) -> Result<Self, String>
    where
        F: ServiceFactory<
                Request,
                Config = AppConfig,
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            > + 'static,
        F::Service: 'static,
        B: MessageBody + 'static,
    {
        let factory = app.into_factory();
        let service = factory.new_service(setting.config()).await;
        let service = Started::of(service.map_err(|()| "it does not start".to_owned())?);
        let kept: Kept = if setting.is_held { vec![Box::new(factory)] } else { Vec::new() };
        Ok(Self { service, kept })
    }

    /// Sends a request; the answer tells its steps.
    pub(super) async fn send(&self, request: TestRequest) -> (Response, Vec<Step>) {
        spies::take();
        spies::take_pattern();
        let answer = self.answer(request).await;
        (answer, spies::take())
    }

    async fn answer(&self, request: TestRequest) -> Response {
        match self.service.call(request).await {
            Ok(answer) => response(answer.response(), answer.request().match_pattern()),
            Err(error) => response(&error.error_response(), spies::take_pattern()),
        }
    }

    /// Sends requests at once.
    pub(super) async fn send_all(
        &self,
        requests: impl Iterator<Item = TestRequest>,
    ) -> Vec<Response> {
        join_all(requests.map(|request| self.answer(request))).await
    }
}

impl Setting {
    fn config(&self) -> AppConfig {
        // no other way to a name is public but a server on a socket
        self.host.map_or_else(AppConfig::default, |length| {
            AppConfig::__priv_test_new(false, "h".repeat(length), ([127, 0, 0, 1], 8080).into())
        })
    }
}

pub(super) fn trailing_slash(slashes: Slashes) -> TrailingSlash {
    match slashes {
        Slashes::Trim => TrailingSlash::Trim,
        Slashes::Merge => TrailingSlash::MergeOnly,
        Slashes::Always => TrailingSlash::Always,
    }
}

fn normalize(slashes: Option<Slashes>) -> Condition<NormalizePath> {
    let style = trailing_slash(slashes.unwrap_or(Slashes::Trim));
    Condition::new(slashes.is_some(), NormalizePath::new(style))
}

fn configure(config: &mut ServiceConfig, application: &Application) {
    let calls = application.setting.called.is_some();
    register_all(config, &application.items, &Around { calls, ..Around::default() });
    if application.has_default {
        config.default_service(default_service(calls));
    }
}

/// Registers what calls no other application.
pub(super) fn register(config: &mut ServiceConfig, items: &[Item]) {
    register_all(config, items, &Around::default());
}

/// What a service is registered in.
#[derive(Clone, Default)]
struct Around {
    prefix: String,
    /// Whether default services call another application.
    calls: bool,
    only_reads: bool,
}

impl Around {
    fn place(&self, pattern: &str) -> Place {
        Place { pattern: Some(path(&self.prefix, pattern)), only_reads: self.only_reads }
    }
}

fn register_all(config: &mut ServiceConfig, items: &[Item], around: &Around) {
    for item in items {
        match item {
            Item::Annotated(handler) => (handler.register)(config),
            Item::Plain(plain) => {
                config.route(plain.pattern, route(plain, around.place(plain.pattern)));
            }
            Item::Resource(own) => {
                config.service(resource(own, around));
            }
            Item::Prefix(mount) => {
                config.service(Raw::of(mount, PREFIX, around));
            }
            Item::Unmapped(pattern) => {
                config.service(Raw::of(pattern, UNMAPPED, around));
            }
            Item::Scope(own) if own.inside.is_empty() => {
                config.service(scope(own, around));
            }
            Item::Scope(own) => {
                let middlewares = own.inside.clone();
                config.service(scope(own, around).wrap(Stack {
                    middlewares,
                    polls: 0,
                    is_inside: true,
                }));
            }
            Item::ReadOnly(inner) => register_read_only(config, inner, around),
        }
    }
}

fn register_read_only(config: &mut ServiceConfig, inner: &Item, around: &Around) {
    let around = &Around { only_reads: true, ..around.clone() };
    match inner {
        Item::Resource(own) => config.service(read_only(resource(own, around))),
        Item::Prefix(mount) => config.service(read_only(Raw::of(mount, PREFIX, around))),
        Item::Scope(own) => config.service(read_only(scope(own, around))),
        other => unreachable!("{other:?} in one that only reads"),
    };
}

/// A service of its own kind: one that registers as `actix_files::Files` does, or one whose pattern has
/// no slash at its beginning, so that actix leaves it out of its resource map.
struct Raw {
    pattern: &'static str,
    name: &'static str,
    place: Place,
}

impl Raw {
    fn of(pattern: &'static str, name: &'static str, around: &Around) -> Self {
        Self { pattern, name, place: around.place(pattern) }
    }
}

impl HttpServiceFactory for Raw {
    fn register(self, config: &mut AppService) {
        let Self { pattern, name, place } = self;
        let definition = if name == UNMAPPED {
            ResourceDef::new(pattern)
        } else if config.is_root() {
            ResourceDef::root_prefix(pattern)
        } else {
            ResourceDef::prefix(pattern)
        };
        let answer = move || ran_at(name, place.clone());
        let service =
            fn_service(move |request: ServiceRequest| ready(Ok(request.into_response(answer()))));
        config.register_service(definition, None, service, None);
    }
}

fn route(plain: &Plain, place: Place) -> Route {
    let route = plain.method.map_or_else(web::route, |name| web::method(method(name)));
    let route = match plain.guard {
        Some(guard) => route.guard(check(guard)),
        None => route,
    };
    answering(route, vec![place])
}

fn resource(own: &Resource, around: &Around) -> actix_web::Resource {
    let patterns: Vec<String> = own.patterns.iter().map(ToString::to_string).collect();
    let places = || own.patterns.iter().map(|pattern| around.place(pattern)).collect();
    let mut resource = web::resource(patterns);
    if let Some(name) = own.name {
        resource = resource.name(name);
    }
    if let Some(guard) = own.guard {
        resource = resource.guard(check(guard));
    }
    for name in &own.methods {
        resource = resource.route(answering(web::method(method(name)), places()));
    }
    if own.has_default {
        resource = resource.default_service(answering(web::route(), places()));
    }
    resource
}

fn scope(own: &Scope, around: &Around) -> actix_web::Scope {
    let prefix = path(&around.prefix, own.prefix);
    let item = own.own.filter(|_| !prefix.is_empty());
    let inside = Around { prefix, ..around.clone() };
    let configure = |config: &mut ServiceConfig| {
        register_all(config, &own.items, &inside);
        if let Some(layer) = item {
            config.service(for_scope(layer.overrides()));
        }
    };
    let mut scope = web::scope(own.prefix).configure(configure);
    if let Some(guard) = own.guard {
        scope = scope.guard(check(guard));
    }
    if own.has_default {
        scope = scope.default_service(default_service(around.calls));
    }
    scope
}

/// Lets a route say where it is: at the first of these places whose pattern is the request's.
fn answering(route: Route, places: Vec<Place>) -> Route {
    route.to(move |calls: Calls, request: HttpRequest| {
        let path = request.match_info().as_str();
        let is_own = |own: &&Place| own.pattern.as_ref().is_some_and(|own| matches(own, path));
        let own = match &places[..] {
            [only] => Some(only),
            places => places.iter().find(is_own),
        };
        let place = own.cloned().unwrap_or_default();
        async move {
            calls.run().await;
            ran_at(PLAIN, place)
        }
    })
}

/// A default service, which may answer with what another application has made.
fn default_service(
    calls: bool,
) -> impl ServiceFactory<
    ServiceRequest,
    Config = (),
    Response = ServiceResponse,
    Error = Error,
    InitError = (),
> {
    fn_service(move |request: ServiceRequest| async move {
        if calls {
            return forward(request).await;
        }
        Ok(request.into_response(ran(DEFAULT)))
    })
}

fn method(name: &str) -> Method {
    name.parse().expect("a method")
}

fn check(own: Guard) -> Rc<dyn guard::Guard> {
    match own {
        Guard::Blue => Rc::new(guard::Header("x-blue", "1")),
        Guard::Red => Rc::new(guard::Header("x-red", "1")),
        Guard::Host => Rc::new(guard::Host(OTHER_HOST)),
    }
}

fn response<B>(response: &HttpResponse<B>, pattern: Option<String>) -> Response {
    let mut head = head(response);
    head.headers.push((PATTERN.to_owned(), pattern.unwrap_or_default()));
    head
}
