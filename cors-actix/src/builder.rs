//! The builder of the middleware.

use std::panic::Location;

use cors_core::{
    ConfigErrors, LayeredPolicy, OverrideBuilder, Policy, PolicyBuilder, PreflightStatus,
    RouteEntry, Source,
};

use crate::serving::{Cors, Settings};

/// Collects the base policy; [`build`](Self::build) checks all of it at once.
///
/// Calling a method again replaces what was given before, but for [`route`](Self::route), which adds an
/// entry.
#[derive(Debug, Clone)]
#[must_use]
pub struct CorsBuilder {
    policy: PolicyBuilder,
    entries: Vec<Entry>,
    settings: Settings,
}

/// A route entry as it was given.
#[derive(Debug, Clone)]
struct Entry {
    pattern: String,
    methods: Vec<String>,
    overrides: OverrideBuilder,
    source: Source,
}

impl Default for CorsBuilder {
    fn default() -> Self {
        Self { policy: Policy::builder(), entries: Vec::new(), settings: Settings::default() }
    }
}

/// Takes a base policy that was put together elsewhere, such as in a file (feature `serde`).
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use cors_actix::{CorsBuilder, PolicyBuilder};
///
/// let file = r#"allow_origins = ["https://app.example.com"]"#;
/// let policy: PolicyBuilder = toml::from_str(file).unwrap();
/// assert!(CorsBuilder::from(policy).from_env().build().is_ok());
/// # }
/// ```
impl From<PolicyBuilder> for CorsBuilder {
    fn from(policy: PolicyBuilder) -> Self {
        Self { policy, ..Self::default() }
    }
}

/// The setters of the policy's builder, passed on.
macro_rules! methods {
    (
        lists {
            $($(#[$list_doc:meta])* $list:ident($values:ident), $add:ident, $remove:ident: $what:literal;)*
        }
        values { $($(#[$doc:meta])* $name:ident($value:ident: $type:ty);)* }
        consents { $($(#[$consent_doc:meta])* $consent:ident($is_given:ident: bool);)* }
    ) => {
        $(
            $(#[$list_doc])*
            pub fn $list<I: IntoIterator<Item: Into<String>>>(mut self, $values: I) -> Self {
                self.policy = self.policy.$list($values);
                self
            }
        )*
        $(
            $(#[$doc])*
            pub fn $name(mut self, $value: $type) -> Self {
                self.policy = self.policy.$name($value);
                self
            }
        )*
        $(
            $(#[$consent_doc])*
            pub fn $consent(mut self, $is_given: bool) -> Self {
                self.policy = self.policy.$consent($is_given);
                self
            }
        )*
    };
}

impl Cors {
    /// Starts a base policy that allows nothing yet.
    pub fn builder() -> CorsBuilder {
        CorsBuilder::default()
    }
}

impl CorsBuilder {
    cors_core::policy_setters!(methods);

    /// Lets the variables `CORS_ALLOW_ORIGINS` (or `CORS_ALLOWED_ORIGINS`), `CORS_ALLOW_METHODS`,
    /// `CORS_ALLOW_HEADERS`, `CORS_EXPOSE_HEADERS`, `CORS_ALLOW_CREDENTIALS` and `CORS_MAX_AGE`
    /// replace what the code says.
    ///
    /// See [`PolicyBuilder::from_env`].
    pub fn from_env(mut self) -> Self {
        self.policy = self.policy.from_env();
        self
    }

    /// Sets the status of a granted preflight.
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
    /// preflight nor a response that no handler has made, such as a 404.
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
    pub fn route<I: IntoIterator<Item: Into<String>>>(
        mut self,
        pattern: &str,
        methods: I,
        overrides: OverrideBuilder,
    ) -> Self {
        self.entries.push(Entry {
            pattern: pattern.to_owned(),
            methods: methods.into_iter().map(Into::into).collect(),
            overrides,
            source: Source::Entry(Location::caller()),
        });
        self
    }

    /// Checks the base policy and the route entries.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with them, each with the value and the fix.
    ///
    /// ```
    /// use cors_actix::Cors;
    ///
    /// let errors = Cors::builder()
    ///     .allow_origins(["https://app.example.com/", "app.example.com"])
    ///     .allow_headers(["Content Type"])
    ///     .build()
    ///     .unwrap_err();
    /// let codes: Vec<_> = errors.iter().map(|error| error.code()).collect();
    /// assert_eq!(codes, ["CORS005", "CORS003", "CORS040"]);
    /// ```
    #[track_caller]
    pub fn build(&self) -> Result<Cors, ConfigErrors> {
        let mut errors = Vec::new();
        let base = self.policy.build_layered().unwrap_or_else(|found| {
            errors.extend(found);
            LayeredPolicy::default()
        });
        let mut entries = Vec::new();
        for Entry { pattern, methods, overrides, source } in &self.entries {
            match RouteEntry::new(pattern, methods, overrides, source.clone()) {
                Ok(entry) => entries.push(entry),
                Err(found) => errors.extend(found),
            }
        }
        let cors = Cors::new(base, entries, self.settings, Location::caller());
        ConfigErrors::check(cors, errors)
    }
}
