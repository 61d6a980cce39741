//! From the data to a real application, which answers in process.

use std::rc::Rc;

use actix_http::Request;
use actix_web::{
    App, Error, HttpResponse, Route,
    dev::{
        AppService, HttpServiceFactory, ResourceDef, Service, ServiceRequest, ServiceResponse,
        fn_service,
    },
    guard,
    http::Method,
    middleware::{Condition, NormalizePath, TrailingSlash},
    test::{TestRequest, call_service, init_service},
    web::{self, ServiceConfig},
};
use cors_actix::Cors;
use cors_tests::client::Response;
use futures_util::{
    FutureExt,
    future::{LocalBoxFuture, ready},
};

use super::{
    app::{Application, Guard, Item, Plain, Resource, Scope, Slashes},
    handlers::{OTHER_HOST, ran},
};

/// What plain routes say that they are.
pub(super) const PLAIN: &str = "plain";
/// What default services of scopes and of the application say that they are.
pub(super) const DEFAULT: &str = "default";

/// What services for all paths below theirs say that they are.
pub(super) const PREFIX: &str = "prefix";

/// The header by which an answer says which resource it was dispatched to.
pub(super) const PATTERN: &str = "x-pattern";

type Answer = LocalBoxFuture<'static, Response>;

/// An application that has started.
pub(super) struct Server(Box<dyn Fn(TestRequest) -> Answer>);

impl Server {
    pub(super) async fn start(application: &Application, cors: Cors) -> Self {
        let app = App::new().configure(|config| configure(config, application));
        let outside = normalize(application.outer);
        match application.inner {
            None => Self::of(init_service(app.wrap(cors).wrap(outside)).await),
            inner => {
                Self::of(init_service(app.wrap(normalize(inner)).wrap(cors).wrap(outside)).await)
            }
        }
    }

    fn of<B: 'static>(
        service: impl Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    ) -> Self {
        let service = Rc::new(service);
        Self(Box::new(move |request| {
            let service = Rc::clone(&service);
            let answer =
                async move { response(&call_service(&*service, request.to_request()).await) };
            answer.boxed_local()
        }))
    }

    pub(super) async fn send(&self, request: TestRequest) -> Response {
        (self.0)(request).await
    }
}

fn normalize(slashes: Option<Slashes>) -> Condition<NormalizePath> {
    let style = match slashes {
        None | Some(Slashes::Trim) => TrailingSlash::Trim,
        Some(Slashes::Merge) => TrailingSlash::MergeOnly,
        Some(Slashes::Always) => TrailingSlash::Always,
    };
    Condition::new(slashes.is_some(), NormalizePath::new(style))
}

fn configure(config: &mut ServiceConfig, application: &Application) {
    register(config, &application.items);
    if application.has_default {
        config.default_service(answering(web::route(), DEFAULT));
    }
}

fn register(config: &mut ServiceConfig, items: &[Item]) {
    for item in items {
        match item {
            Item::Annotated(handler) => (handler.register)(config),
            Item::Plain(plain) => {
                config.route(plain.pattern, route(plain));
            }
            Item::Resource(own) => {
                config.service(resource(own));
            }
            Item::Prefix(mount) => {
                config.service(Prefix(mount));
            }
            Item::Scope(own) => {
                config.service(scope(own));
            }
        }
    }
}

/// It registers as `actix_files::Files` does.
struct Prefix(&'static str);

impl HttpServiceFactory for Prefix {
    fn register(self, config: &mut AppService) {
        let definition = if config.is_root() {
            ResourceDef::root_prefix(self.0)
        } else {
            ResourceDef::prefix(self.0)
        };
        let service =
            fn_service(|request: ServiceRequest| ready(Ok(request.into_response(answer(PREFIX)))));
        config.register_service(definition, None, service, None);
    }
}

fn route(plain: &Plain) -> Route {
    let route = plain.method.map_or_else(web::route, |name| web::method(method(name)));
    let route = match plain.guard {
        Some(guard) => route.guard(check(guard)),
        None => route,
    };
    answering(route, PLAIN)
}

fn resource(own: &Resource) -> actix_web::Resource {
    let patterns: Vec<String> = own.patterns.iter().map(ToString::to_string).collect();
    let mut resource = web::resource(patterns);
    if let Some(guard) = own.guard {
        resource = resource.guard(check(guard));
    }
    for name in &own.methods {
        resource = resource.route(answering(web::method(method(name)), PLAIN));
    }
    if own.has_default {
        resource = resource.default_service(answering(web::route(), PLAIN));
    }
    resource
}

fn scope(own: &Scope) -> actix_web::Scope {
    let mut scope = web::scope(own.prefix).configure(|config| register(config, &own.items));
    if let Some(guard) = own.guard {
        scope = scope.guard(check(guard));
    }
    if own.has_default {
        scope = scope.default_service(answering(web::route(), DEFAULT));
    }
    scope
}

fn answering(route: Route, name: &'static str) -> Route {
    route.to(move || async move { answer(name) })
}

fn answer(name: &str) -> HttpResponse {
    ran(name)
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

fn response<B>(response: &ServiceResponse<B>) -> Response {
    let lines = response.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let pattern = response.request().match_pattern().unwrap_or_default();
    let headers = lines.chain([(PATTERN.to_owned(), pattern)]).collect();
    Response { status: response.status().as_u16(), headers, body: String::new() }
}
