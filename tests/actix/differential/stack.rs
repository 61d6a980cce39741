//! Middlewares of a random application: what they do to a request and to its response. What they stand
//! around is boxed, so that no type tells of them.

use actix_service::{Service, ServiceExt, Transform, boxed};
use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse, Url},
    error,
    http::{
        Method, StatusCode, Uri,
        header::{HeaderName, HeaderValue},
    },
    middleware::{Next, NormalizePath, from_fn},
    rt::{self, task::yield_now},
};
use futures_util::future::LocalBoxFuture;

use super::{
    serve::trailing_slash,
    setting::{Change, Condition, Middleware, Part, Rewrite, To, Twice, When},
    spies::{self, Step, note},
};

type Answer = Result<ServiceResponse, Error>;
type Boxed = boxed::BoxService<ServiceRequest, ServiceResponse, Error>;

/// Middlewares, from the innermost on; their start takes so many polls.
pub(super) struct Stack {
    pub(super) middlewares: Vec<Middleware>,
    pub(super) polls: usize,
    /// Whether they stand inside of the middleware of this crate.
    pub(super) is_inside: bool,
}

impl<S, B> Transform<S, ServiceRequest> for Stack
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse;
    type Error = Error;
    type InitError = ();
    type Transform = Boxed;
    type Future = LocalBoxFuture<'static, Result<Boxed, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let Self { middlewares, polls, is_inside } = self;
        let (middlewares, polls, is_inside) = (middlewares.clone(), *polls, *is_inside);
        Box::pin(async move {
            for _ in 0..polls {
                yield_now().await;
            }
            let mut service = boxed::service(service.map(ServiceResponse::map_into_boxed_body));
            for middleware in middlewares {
                service = around(service, middleware, is_inside).await?;
            }
            Ok(service)
        })
    }
}

async fn around(service: Boxed, middleware: Middleware, is_inside: bool) -> Result<Boxed, ()> {
    Ok(match middleware {
        Middleware::Normalize(slashes) => {
            let normalize = NormalizePath::new(trailing_slash(slashes));
            boxed::service(normalize.new_transform(service).await?)
        }
        other => {
            let layer = from_fn(move |request, next| call(other, is_inside, request, next));
            boxed::service(layer.new_transform(service).await?)
        }
    })
}

async fn call(
    middleware: Middleware,
    is_inside: bool,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Answer {
    match middleware {
        Middleware::Spawn => {
            let task = async move { next.call(request).await };
            rt::spawn(task).await.expect("a task that ends")
        }
        Middleware::Twice(twice) if twice.is_spawned => {
            rt::spawn(twice.call(request, next)).await.expect("a task that ends")
        }
        Middleware::Twice(twice) => twice.call(request, next).await,
        Middleware::Early(condition) if condition.holds(&request) => {
            Ok(request.into_response(HttpResponse::Accepted()))
        }
        Middleware::Fail(condition, when) if condition.holds(&request) => {
            if when == When::After {
                spies::note_pattern(next.call(request).await?.request().match_pattern());
            }
            Err(error::ErrorBadGateway("a middleware"))
        }
        Middleware::Replace(condition) if condition.holds(&request) => {
            let (request, _) = next.call(request).await?.into_parts();
            Ok(ServiceResponse::new(request, HttpResponse::Accepted().finish()))
        }
        _ => {
            change(&mut request, middleware, is_inside);
            next.call(request).await
        }
    }
}

/// What a middleware does to the request of its only call.
fn change(request: &mut ServiceRequest, middleware: Middleware, is_inside: bool) {
    match middleware {
        Middleware::AddSlash | Middleware::TrimSlash => change_slash(request, middleware),
        Middleware::Rewrite(rewrite) => {
            let goes_another_way = rewrite.apply(request);
            if goes_another_way && is_inside {
                note(Step::Moved);
            }
        }
        _ => {}
    }
}

/// A middleware of another kind may have left a path in the head that the router does not look at.
fn change_slash(request: &mut ServiceRequest, middleware: Middleware) {
    let path = request.path();
    if path != request.match_info().as_str() {
        return;
    }
    let trimmed = path.trim_end_matches('/');
    let path = match middleware {
        Middleware::AddSlash if path.ends_with('/') => return,
        Middleware::AddSlash => format!("{path}/"),
        _ if trimmed.is_empty() => "/".to_owned(),
        _ => trimmed.to_owned(),
    };
    replace_path(request, Part::Both, &path);
}

impl Condition {
    fn holds(self, request: &ServiceRequest) -> bool {
        match self {
            Self::Blue => request.headers().contains_key("x-blue"),
            Self::Red => request.headers().contains_key("x-red"),
            Self::Any => true,
        }
    }
}

impl Twice {
    async fn call(self, request: ServiceRequest, next: Next<BoxBody>) -> Answer {
        let (taken, path) = (taken(&request), request.match_info().as_str().to_owned());
        let first = next.call(request).await?;
        if self.if_not_found && first.status() != StatusCode::NOT_FOUND {
            return Ok(first);
        }
        let (request, first) = first.into_parts();
        let mut request = ServiceRequest::from_request(request);
        // a default service may have answered with what another application has made of another path
        if request.match_info().as_str() != path {
            note(Step::Moved);
        }
        self.change.apply(&mut request, taken);
        let second = next.call(request).await?;
        if !self.returns_first {
            return Ok(second);
        }
        let (request, _) = second.into_parts();
        Ok(ServiceResponse::new(request, first))
    }
}

/// How much of a path the scopes around a middleware have taken.
fn taken(request: &ServiceRequest) -> usize {
    let path = request.match_info();
    path.as_str().len() - path.unprocessed().len()
}

impl Change {
    fn apply(self, request: &mut ServiceRequest, taken: usize) {
        if self == Self::Nothing {
            note(Step::Moved);
            return;
        }
        // otherwise the router goes on where it has stopped
        request.match_info_mut().reset();
        match self {
            Self::Nothing => {}
            Self::Header(name) => {
                let name = HeaderName::from_static(name);
                request.headers_mut().insert(name, HeaderValue::from_static("1"));
            }
            Self::Method(method) => {
                request.head_mut().method = method.parse::<Method>().expect("a method");
                note(Step::Moved);
            }
            Self::Path(path) => {
                let scope = request.match_info().as_str().get(..taken).unwrap_or_default();
                let path = format!("{scope}{path}");
                replace_path(request, Part::Both, &path);
                note(Step::Moved);
            }
        }
        request.match_info_mut().skip(u16::try_from(taken).expect("a short path"));
    }
}

impl Rewrite {
    /// Whether the router goes another way.
    fn apply(self, request: &mut ServiceRequest) -> bool {
        let own = request.path().to_owned();
        let path = match self.to {
            To::Path(path) => path.to_owned(),
            To::Below(prefix) => format!("{prefix}{own}"),
            To::Without(prefix) => match own.strip_prefix(prefix) {
                Some(rest) if rest.starts_with('/') => rest.to_owned(),
                _ => return false,
            },
            To::Skip(prefix) => {
                let rest = request.match_info().unprocessed().strip_prefix(prefix);
                let begins = rest.is_some_and(|rest| rest.starts_with('/'));
                if begins {
                    let length = u16::try_from(prefix.len()).expect("a short prefix");
                    request.match_info_mut().skip(length);
                }
                return begins;
            }
        };
        replace_path(request, self.what, &path) && self.what != Part::Uri
    }
}

/// Gives a request another path, of which the router has taken as much as before. Answers whether it
/// can be one.
fn replace_path(request: &mut ServiceRequest, part: Part, path: &str) -> bool {
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    let Ok(uri) = format!("{path}{query}").parse::<Uri>() else { return false };
    if part != Part::Uri {
        let taken = taken(request);
        let own = request.match_info_mut();
        *own.get_mut() = Url::new(uri.clone());
        if !own.as_str().is_char_boundary(taken) {
            own.reset();
        }
    }
    if part != Part::MatchInfo {
        request.head_mut().uri = uri;
    }
    true
}
