//! `WebSocket` handshakes: whether the page that opens one may.

use std::rc::Rc;

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BoxBody, EitherBody},
    dev::ServiceRequest,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use cors_core::{Decision, Handshake, Presented, is_websocket_upgrade};

use super::{
    cors::Cors,
    neighbours,
    position::address,
    request::Head,
    response::{self, Present},
    table::Table,
};
use crate::{
    diagnosis::log,
    routing::Progress,
    startup::{Endpoint, RouteMark},
};

impl Cors {
    /// Whether the page that sends a request may open a `WebSocket`, for the handler of the handshake.
    ///
    /// CORS does not cover handshakes: any page may open one, with the visitor's cookies, and this middleware leaves
    /// a 101 alone. So a handler that answers by a session has to ask here, or the builder is told to
    /// [`reject_foreign_handshakes`](crate::CorsBuilder::reject_foreign_handshakes).
    ///
    /// Admitted are:
    ///
    /// - the origins that the policy of the route lets read its responses; if `allow_credentials` lists origins, these
    ///   alone, since a handshake has cookies. Under `allow_origins(["*"])` without such a list that is everybody: give
    ///   the route of a socket that uses cookies a list of its own;
    /// - pages of the server's own origin, by `Sec-Fetch-Site`, or by `Host` if the browser does not send it;
    /// - clients that send no `Origin`, which are no browsers.
    ///
    /// Where this middleware is not around the application, no other origin is. Where policies are replaced while the
    /// application serves, those of the moment decide.
    ///
    /// ```
    /// use actix_web::{App, HttpRequest, HttpResponse, test, web};
    /// use cors_actix::Cors;
    ///
    /// async fn socket(request: HttpRequest, cors: web::Data<Cors>) -> HttpResponse {
    ///     if !cors.admits(&request) {
    ///         return HttpResponse::Forbidden().finish();
    ///     }
    ///     // `actix_ws::handle(&request, body)`
    ///     HttpResponse::SwitchingProtocols().finish()
    /// }
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = Cors::builder().allow_origins(["https://app.example.com"]).build()?;
    /// let app = App::new()
    ///     .app_data(web::Data::new(cors.clone()))
    ///     .route("/socket", web::get().to(socket))
    ///     .wrap(cors);
    /// let app = test::init_service(app).await;
    /// for (origin, status) in [("https://app.example.com", 101), ("https://evil.example", 403)] {
    ///     let request = test::TestRequest::with_uri("/socket").insert_header(("Origin", origin));
    ///     assert_eq!(test::call_service(&app, request.to_request()).await.status(), status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn admits(&self, request: &HttpRequest) -> bool {
        let handshake = handshake(request);
        let tables = neighbours::of(address(request.resource_map()));
        let mut own = tables.iter().filter(|table| table.cors.is_same(self)).peekable();
        if own.peek().is_none() {
            return handshake.needs_no_policy();
        }
        own.all(|table| {
            let replaced = table.replaced();
            let table = replaced.as_ref().unwrap_or(table);
            handshake.is_admitted(&decide_inside(table, request, handshake.origin()))
        })
    }
}

/// The answer to a handshake that no policy admits; `None` to what is none, or is admitted. Every route that could
/// serve it has to admit it.
pub(super) fn refuse<B>(
    table: &Table,
    request: &ServiceRequest,
    head: &Head<'_>,
) -> Option<HttpResponse<EitherBody<B>>> {
    let upgrades = request.headers().get_all(header::UPGRADE).map(HeaderValue::as_bytes);
    if !is_websocket_upgrade(upgrades) {
        return None;
    }
    let handshake = handshake(request.request());
    let decision = decide_ahead(table, request, handshake.origin());
    let reason = handshake.refusal(&decision)?;
    if log::takes_debug() {
        table.log_handshake(request, (head, &handshake), reason);
    }
    let mut answer =
        HttpResponse::with_body(StatusCode::FORBIDDEN, EitherBody::right(BoxBody::new(())));
    response::vary(answer.headers_mut(), Present::default(), &decision, &table.merged().routes);
    Some(answer)
}

/// Decides on a request before it is known which route it is dispatched to.
fn decide_ahead<'t>(
    table: &'t Table,
    request: &ServiceRequest,
    origin: Presented<&[u8]>,
) -> Decision<'t, HeaderValue> {
    if !table.merged().has_any {
        return table.decide_by_base(origin);
    }
    let path = request.match_info();
    let taken = path.as_str().len() - path.unprocessed().len();
    table.decide_by_path(path.as_str(), taken, Progress::Ahead, request.method(), origin).0
}

/// Decides on a request in its handler.
fn decide_inside<'t>(
    table: &'t Table,
    request: &HttpRequest,
    origin: Presented<&[u8]>,
) -> Decision<'t, HeaderValue> {
    if !table.merged().has_any {
        return table.decide_by_base(origin);
    }
    let entered = request.app_data::<Rc<RouteMark>>().map(|mark| mark.endpoint);
    let is_own = |own: &Endpoint| table.app.as_ref().is_some_and(|app| app.number == own.app);
    if let Some(endpoint) = entered.filter(is_own) {
        return table.decide_at(endpoint, origin);
    }
    let plain = table.decide_plain(request, origin);
    plain.unwrap_or_else(|| table.decide_by_all(origin))
}

fn handshake(request: &HttpRequest) -> Handshake<'_> {
    let headers = request.headers();
    let origin = headers.get_all(header::ORIGIN).map(HeaderValue::as_bytes);
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    // HTTP/2 has it there
    let authority = || request.uri().authority().map(|own| own.as_str().as_bytes());
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    Handshake::new(Presented::from_lines(origin), host.or_else(authority), site)
}
