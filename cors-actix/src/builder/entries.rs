//! What the builder says of scopes and of routes, beside their handlers.

use std::panic::Location;

use cors_core::{OverrideBuilder, Source};

use super::{
    given::{Entry, Scope},
    policy::CorsBuilder,
};

impl CorsBuilder {
    /// Overrides the policy of a part of the application: of everything that is registered below `path`,
    /// annotated handlers, plain routes and files alike, and of the 404 and 405 of paths that no route takes.
    ///
    /// Full patterns are compared, not the paths of requests: `/api` covers what is registered as `/api` and
    /// `/api/users/{id}`, and not `/apix`; `/{tenant}` covers what is registered below `/{tenant}`, and not
    /// `/admin`. A path that no route takes belongs to the scope that actix enters for it; where actix has no
    /// scope of this path, to the one that it would enter.
    ///
    /// Scopes apply over the base policy, the outer ones first; modules, handlers and route entries apply over
    /// them. [`for_scope`](crate::for_scope) says the same for code that does not know its prefix.
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, test, web};
    /// use cors_actix::{Cors, Override};
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = Cors::builder()
    ///     .allow_origins(["https://app.example.com"])
    ///     .scope("/api", Override::builder().allow_credentials(true).allow_methods(["PUT"]))
    ///     .build()?;
    /// let api = web::scope("/api").route("/users/{id}", web::put().to(HttpResponse::Ok));
    /// let app = test::init_service(App::new().service(api).wrap(cors)).await;
    /// for (path, has_credentials) in [("/api/users/7", true), ("/api/no-such-page", true), ("/", false)] {
    ///     let request = test::TestRequest::with_uri(path);
    ///     let request = request.insert_header(("Origin", "https://app.example.com"));
    ///     let response = test::call_service(&app, request.to_request()).await;
    ///     let header = response.headers().get("access-control-allow-credentials");
    ///     assert_eq!(header.is_some(), has_credentials, "{path}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn scope(mut self, path: &str, overrides: OverrideBuilder) -> Self {
        let (path, source) = (path.to_owned(), Source::Scope(Location::caller()));
        self.scopes.push(Scope { path, overrides, source });
        self
    }

    /// Overrides the policy of the routes of one pattern, for `methods`, or `["*"]` for all.
    ///
    /// It is for routes that cannot have a `#[cors]`, such as `web::resource`. It also applies to routes
    /// that have one, over what they say, and later entries over earlier ones. `pattern` is the full
    /// pattern of the route, scopes included, as actix's `HttpRequest::match_pattern` returns it; a
    /// resource of several patterns needs an entry for each.
    ///
    /// The entries of a pattern are taken at their word about plain routes: that these have no guard,
    /// and that together they serve these methods and no others.
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, test, web};
    /// use cors_actix::{Cors, Override};
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = Cors::builder()
    ///     .allow_origins(["https://app.example.com"])
    ///     .route("/files/{name}", ["GET"], Override::builder().add_expose_headers(["ETag"]))
    ///     .build()?;
    /// let files = web::scope("/files").route("/{name}", web::get().to(HttpResponse::Ok));
    /// let app = test::init_service(App::new().service(files).wrap(cors)).await;
    /// let request = test::TestRequest::with_uri("/files/a.txt");
    /// let request = request.insert_header(("Origin", "https://app.example.com"));
    /// let response = test::call_service(&app, request.to_request()).await;
    /// assert_eq!(response.headers().get("access-control-expose-headers").unwrap(), "ETag");
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn route<I: IntoIterator<Item: AsRef<str>>>(
        mut self,
        pattern: &str,
        methods: I,
        overrides: OverrideBuilder,
    ) -> Self {
        self.entries.push(Entry {
            pattern: pattern.to_owned(),
            methods: methods.into_iter().map(|method| method.as_ref().to_owned()).collect(),
            overrides,
            source: Source::Entry(Location::caller()),
        });
        self
    }
}
