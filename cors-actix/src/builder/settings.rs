//! How the middleware answers, and what it may take for granted of the application.

use cors_core::PreflightStatus;

use super::policy::CorsBuilder;

impl CorsBuilder {
    /// Sets the status of a granted preflight, and of one that is left to another layer.
    pub fn preflight_status(mut self, status: PreflightStatus) -> Self {
        self.settings.status = status;
        self
    }

    /// Sets whether the browser's console names the method or the header that is not allowed. To do
    /// so, answers to refused preflights show allowed origins what the policy allows; the browser still
    /// blocks the request.
    ///
    /// The reason of every decision on a preflight is also in the log, at level debug.
    pub fn debug(mut self, debug: bool) -> Self {
        self.settings.debug = debug;
        self
    }

    /// Sets whether preflights are refused for everything that has neither a `#[cors]` nor a
    /// [`route`](Self::route) entry: 403 for such a path, 405 for such a method of a known path. By
    /// default the base policy decides on them, since a plain route may serve them.
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, http::Method, test, web};
    /// use cors_actix::Cors;
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = Cors::builder()
    ///     .allow_origins(["https://app.example.com"])
    ///     .allow_methods(["PUT"])
    ///     .strict_routes(true)
    ///     .build()?;
    /// let app = App::new().route("/plain", web::put().to(HttpResponse::Ok)).wrap(cors);
    /// let app = test::init_service(app).await;
    /// let preflight = test::TestRequest::default()
    ///     .method(Method::OPTIONS)
    ///     .uri("/plain")
    ///     .insert_header(("Origin", "https://app.example.com"))
    ///     .insert_header(("Access-Control-Request-Method", "PUT"));
    /// assert_eq!(test::call_service(&app, preflight.to_request()).await.status(), 403);
    /// # Ok(())
    /// # }
    /// ```
    pub fn strict_routes(mut self, strict: bool) -> Self {
        self.settings.strict = strict;
        self
    }

    /// Promises that no scope of the application has a guard. Actix does not tell, and a request that a
    /// guard refuses goes on to what comes after the scope, such as `/{tail:.*}` or files under `/`. So
    /// by default both policies have to allow the preflight (CORS211 in the log).
    ///
    /// If a scope has a guard after all, a request that it refuses may be served by something after it,
    /// although only the policies inside the scope have allowed the preflight. With
    /// `experimental_introspection` the promise is not needed, unless a resource has the very path of the
    /// scope.
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, http::Method, put, test, web};
    /// use cors_actix::{Cors, cors};
    ///
    /// #[cors(allow_headers = ["X-Token"])]
    /// #[put("/users/{id}")]
    /// async fn put_user() -> HttpResponse { HttpResponse::NoContent().finish() }
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = Cors::builder()
    ///     .allow_origins(["https://app.example.com"])
    ///     .unguarded_scopes(true)
    ///     .build()?;
    /// let app = App::new()
    ///     .service(web::scope("/api").service(put_user))
    ///     .route("/{tail:.*}", web::get().to(HttpResponse::Ok))
    ///     .wrap(cors);
    /// let app = test::init_service(app).await;
    /// let preflight = test::TestRequest::default()
    ///     .method(Method::OPTIONS)
    ///     .uri("/api/users/1")
    ///     .insert_header(("Origin", "https://app.example.com"))
    ///     .insert_header(("Access-Control-Request-Method", "PUT"))
    ///     .insert_header(("Access-Control-Request-Headers", "x-token"));
    /// assert_eq!(test::call_service(&app, preflight.to_request()).await.status(), 204);
    /// # Ok(())
    /// # }
    /// ```
    pub fn unguarded_scopes(mut self, unguarded: bool) -> Self {
        self.settings.unguarded_scopes = unguarded;
        self
    }

    /// Promises that no inner middleware changes the paths of requests: neither actix's `NormalizePath`
    /// nor one of your own. By default the path of a preflight is looked up with and without a slash at
    /// its end, and if the two lead to different routes, both policies have to allow it (CORS213 in the
    /// log). If such a path has more than 2048 bytes and repeated slashes, nothing is allowed: neither the
    /// preflight nor what a middleware answers instead of a handler, such as a 401.
    ///
    /// If a path is changed after all, the request may run another route than the one whose policy
    /// granted the preflight; CORS210 in the log says so. `NormalizePath` may be outside: wrap it after
    /// `Cors`.
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, http::Method, put, test, web};
    /// use cors_actix::{Cors, cors};
    ///
    /// #[cors(allow_headers = ["X-Token"])]
    /// #[put("/users/{id}")]
    /// async fn put_user() -> HttpResponse { HttpResponse::NoContent().finish() }
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = Cors::builder()
    ///     .allow_origins(["https://app.example.com"])
    ///     .unrewritten_paths(true)
    ///     .build()?;
    /// // `/users/1/` would lead to the page
    /// let app = App::new()
    ///     .service(put_user)
    ///     .route("/{tail:.*}", web::get().to(HttpResponse::Ok))
    ///     .wrap(cors);
    /// let app = test::init_service(app).await;
    /// let preflight = test::TestRequest::default()
    ///     .method(Method::OPTIONS)
    ///     .uri("/users/1")
    ///     .insert_header(("Origin", "https://app.example.com"))
    ///     .insert_header(("Access-Control-Request-Method", "PUT"))
    ///     .insert_header(("Access-Control-Request-Headers", "x-token"));
    /// assert_eq!(test::call_service(&app, preflight.to_request()).await.status(), 204);
    /// # Ok(())
    /// # }
    /// ```
    pub fn unrewritten_paths(mut self, unrewritten: bool) -> Self {
        self.settings.unrewritten_paths = unrewritten;
        self
    }

    /// Sets whether actix-web's experimental introspection is asked for the methods of plain routes and
    /// the guards of scopes. Preflights are then granted for the methods that a plain route serves, and
    /// fewer preflights have to be allowed by several policies.
    ///
    /// What it tells may change in any release of actix-web. It shows neither a `default_service`, nor a
    /// route that takes any method if other routes have its pattern; the base policy decides on
    /// preflights for what only these serve.
    #[cfg(feature = "experimental-introspection")]
    pub fn experimental_introspection(mut self, introspection: bool) -> Self {
        self.settings.introspection = introspection;
        self
    }

    /// Sets whether `WebSocket` handshakes of foreign pages are refused with 403 before any inner middleware sees them;
    /// off by default. [`Cors::admits`](crate::Cors::admits) says who is admitted: the origins of the route's policy, the server's own
    /// pages, and what is no browser. If more than one route could serve the handshake, each has to admit it.
    ///
    /// CORS does not cover handshakes, so that without this, or a check in the handler, any page can open a socket with
    /// the visitor's cookies and read what comes. Nothing else is refused: other requests reach their handlers
    /// whatever their origin.
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, test, web};
    /// use cors_actix::Cors;
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = Cors::builder()
    ///     .allow_origins(["https://app.example.com"])
    ///     .reject_foreign_handshakes(true)
    ///     .build()?;
    /// let socket = web::get().to(HttpResponse::SwitchingProtocols);
    /// let app = test::init_service(App::new().route("/socket", socket).wrap(cors)).await;
    /// for (origin, status) in [("https://app.example.com", 101), ("https://evil.example", 403)] {
    ///     let request = test::TestRequest::with_uri("/socket")
    ///         .insert_header(("Connection", "Upgrade"))
    ///         .insert_header(("Upgrade", "websocket"))
    ///         .insert_header(("Origin", origin));
    ///     assert_eq!(test::call_service(&app, request.to_request()).await.status(), status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn reject_foreign_handshakes(mut self, reject: bool) -> Self {
        self.settings.reject_foreign_handshakes = reject;
        self
    }

    /// Says that this middleware is wrapped around a scope, not around the application, such as one for each of
    /// several tenants, or for an administration that is embedded. It then merges and answers for what is
    /// registered in that scope alone: annotated handlers, and the entries of [`route`](Self::route) and
    /// [`scope`](Self::scope) whose full patterns are below the full prefix of the scope. CORS203 is not said.
    ///
    /// What such a middleware cannot see:
    ///
    /// - Paths outside of the scope, and the router's 404 for them: they go without CORS headers.
    /// - Preflights that a guard of the scope keeps out, such as one for a header or a method. A preflight has the
    ///   `Host` and the `Origin` of the request that it announces, and none of its other headers.
    /// - What middlewares outside of it answer, those of the application included, and errors that arise there.
    /// - At start, which scope it is in: the first request shows that, and policies are merged then, so that
    ///   [`Cors::reports`](crate::Cors::reports) is empty before. What does not fit keeps no application from
    ///   starting. It closes the scope to other origins, with an error in the log and in
    ///   [`Cors::start_error`](crate::Cors::start_error).
    /// - Which one it is of several scopes that have the same path. The policy of a response is always that of
    ///   the handler which made it. But a preflight is granted only if it would be in each of these scopes
    ///   (CORS219 in the log, where their handlers differ), and a 404 is shared on the same condition; policies are
    ///   laid over the base policy of this middleware each time. A handler that may be in another scope and does
    ///   not fit is closed alone.
    ///
    /// A middleware around the application must not stand outside of it (CORS202). Around the application itself it is
    /// a mistake (CORS216), which shows unless the application has a `web::scope("")` and yet another middleware
    /// stands inside: then it is taken to be around that scope.
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, get, guard, test, web};
    /// use cors_actix::{Cors, cors};
    ///
    /// #[cors(expose_headers = ["ETag"])]
    /// #[get("/users")]
    /// async fn users() -> HttpResponse { HttpResponse::Ok().finish() }
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = |origin: &str| Cors::builder().allow_origins([origin]).around_scope(true).build();
    /// let tenant = |host| web::scope("/api").guard(guard::Host(host)).service(users);
    /// let one = tenant("one.example").wrap(cors("https://app.one.example")?);
    /// let two = tenant("two.example").wrap(cors("https://app.two.example")?);
    /// let app = test::init_service(App::new().service(one).service(two)).await;
    ///
    /// for (host, is_shared) in [("one.example", true), ("two.example", false)] {
    ///     let request = test::TestRequest::with_uri("/api/users").insert_header(("Host", host));
    ///     let request = request.insert_header(("Origin", "https://app.one.example")).to_request();
    ///     let response = test::call_service(&app, request).await;
    ///     let header = response.headers().get("access-control-allow-origin");
    ///     assert_eq!(header.is_some(), is_shared, "{host}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn around_scope(mut self, around_scope: bool) -> Self {
        self.settings.around_scope = around_scope;
        self
    }
}
