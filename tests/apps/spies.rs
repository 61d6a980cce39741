//! Handlers that answer their name, and layers that stand for those of the applications.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::{ErrorHandlerResponse, Next},
};

/// Handlers that answer their name, each with actix's attribute of its method.
macro_rules! spies {
    ($($name:ident: $method:ident $path:tt;)*) => {
        $(
            #[actix_web::$method($path)]
            async fn $name() -> &'static str {
                stringify!($name)
            }
        )*
    };
}
pub(crate) use spies;

/// A layer that looks on, as for metrics, traces and sessions.
pub(crate) async fn passes(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    next.call(request).await
}

/// A layer that answers 401 to what has neither of the headers that carry keys.
pub(crate) async fn ask_for_key<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let has = |name| request.headers().contains_key(name);
    if has("api-key") || has("authorization") {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    Ok(request.into_response(HttpResponse::Unauthorized().body("no key")).map_into_right_body())
}

/// A handler of plain routes: it answers the method and the pattern of the route that ran.
pub(crate) async fn spy(request: HttpRequest) -> String {
    format!("{} {}", request.method(), request.match_pattern().unwrap_or_default())
}

/// What stands for a layer that writes errors anew, such as in JSON.
#[expect(clippy::unnecessary_wraps, reason = "that is what `ErrorHandlers` takes")]
pub(crate) fn rewritten<B>(
    response: ServiceResponse<B>,
) -> actix_web::Result<ErrorHandlerResponse<B>> {
    Ok(ErrorHandlerResponse::Response(response.map_into_left_body()))
}
