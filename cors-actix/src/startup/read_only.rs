//! Services that answer GET and HEAD alone, so that they cannot be what a preflight for another method is for.

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{AppService, HttpServiceFactory, ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::{Next, from_fn},
    web,
};

use super::{registry::App, scope_probe::ScopeProbe};

/// Lets a service answer GET and HEAD alone; anything else is answered with 405. It is for files and pages behind
/// an API.
///
/// Behind a scope, which may have a guard, a service that takes any path may get the requests of the scope's routes.
/// Actix does not tell whether there is a guard, nor which methods the service takes, so both policies have to allow
/// a preflight (CORS211). A service in `read_only` is not asked: it can only read.
///
/// It takes every path that is left where it is registered, also those that the service does not know, so register
/// it last, as files at the root. For another place register it in a scope of that path.
///
/// That a preflight for GET does not ask it either is a promise: nothing in it may rely on a header that browsers
/// do not send without a preflight.
///
/// ```
/// use actix_web::{App, HttpResponse, http::Method, put, test, web};
/// use cors_actix::{Cors, cors, read_only};
///
/// #[cors(allow_headers = ["X-Token"])]
/// #[put("/users/{id}")]
/// async fn put_user() -> HttpResponse { HttpResponse::NoContent().finish() }
///
/// # #[actix_web::main]
/// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
/// let cors = Cors::builder().allow_origins(["https://app.example.com"]).build()?;
/// // files of a single-page application, such as `actix_files::Files::new("/", "dist")`
/// let pages = web::resource("/{tail:.*}").route(web::get().to(HttpResponse::Ok));
/// let app = App::new()
///     .service(web::scope("/api").service(put_user))
///     .service(read_only(pages))
///     .wrap(cors);
/// let app = test::init_service(app).await;
/// let preflight = test::TestRequest::default()
///     .method(Method::OPTIONS)
///     .uri("/api/users/1")
///     .insert_header(("Origin", "https://app.example.com"))
///     .insert_header(("Access-Control-Request-Method", "PUT"))
///     .insert_header(("Access-Control-Request-Headers", "x-token"));
/// assert_eq!(test::call_service(&app, preflight.to_request()).await.status(), 204);
/// let put = test::TestRequest::put().uri("/index.html").to_request();
/// assert_eq!(test::call_service(&app, put).await.status(), 405);
/// # Ok(())
/// # }
/// ```
#[must_use = "it has to be registered with `service`"]
pub fn read_only<S: HttpServiceFactory + 'static>(service: S) -> ReadOnly<S> {
    ReadOnly { service }
}

/// A service that answers GET and HEAD alone; made by [`read_only`].
#[derive(Debug, Clone)]
pub struct ReadOnly<S> {
    service: S,
}

impl<S: HttpServiceFactory + 'static> HttpServiceFactory for ReadOnly<S> {
    fn register(self, config: &mut AppService) {
        let scope = web::scope("").service(Mark).service(self.service).wrap(from_fn(only_reads));
        HttpServiceFactory::register(scope, config);
    }
}

/// Tells the middleware of the scope that it is registered in.
struct Mark;

impl HttpServiceFactory for Mark {
    fn register(self, config: &mut AppService) {
        let app = App::of(config);
        let probe = ScopeProbe::register(app.number, config, App::holder(&app));
        app.add_read_only(probe);
    }
}

/// Answers everything but GET and HEAD with 405.
async fn only_reads<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    }
    let answer =
        HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, "GET, HEAD")).finish();
    Ok(request.into_response(answer).map_into_right_body())
}
