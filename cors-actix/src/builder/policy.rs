//! The base policy, and what becomes of all that the builder is told.

use std::{
    panic::Location,
    path::{Path, PathBuf},
    sync::Arc,
};

use cors_core::{
    Comparison, ConfigErrors, Policy, PolicyBuilder, PolicyFile, RouteEntry, ScopeEntry,
};

use super::given::{Entry, Scope};
use crate::serving::{Cors, CorsHandle, Policies, Reading, Settings};

/// Collects the base policy; [`build`](Self::build) checks all of it at once.
///
/// Every setting of the policy can be given once (CORS075). `add_…` adds to a list and can be called in a loop;
/// [`scope`](Self::scope) and [`route`](Self::route) add an entry.
#[derive(Debug, Clone)]
#[must_use]
pub struct CorsBuilder {
    policy: PolicyBuilder,
    /// Where the file is, if it has to be read again.
    file: Option<PathBuf>,
    pub(super) scopes: Vec<Scope>,
    pub(super) entries: Vec<Entry>,
    pub(super) settings: Settings,
}

impl Default for CorsBuilder {
    fn default() -> Self {
        Self {
            policy: Policy::builder(),
            file: None,
            scopes: Vec::new(),
            entries: Vec::new(),
            settings: Settings::default(),
        }
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
            $($(#[$list_doc:meta])* $list:ident($values:ident: $form:ty), $add:ident, $remove:ident: $what:literal;)*
        }
        values { $($(#[$doc:meta])* $name:ident($value:ident: $type:ty) as $own:ty;)* }
        switches { $($(#[$switch_doc:meta])* $switch:ident($is_on:ident: bool);)* }
    ) => {
        $(
            $(#[$list_doc])*
            pub fn $list<I: IntoIterator<Item: AsRef<$form>>>(mut self, $values: I) -> Self {
                self.policy = self.policy.$list($values);
                self
            }

            #[doc = concat!("Adds to ", $what, ", as often as it is called.")]
            pub fn $add<I: IntoIterator<Item: AsRef<$form>>>(mut self, $values: I) -> Self {
                self.policy = self.policy.$add($values);
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
            $(#[$switch_doc])*
            pub fn $switch(mut self, $is_on: bool) -> Self {
                self.policy = self.policy.$switch($is_on);
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

    /// Starts with what a file says: [`CorsBuilder::from_file`] on a builder that says nothing yet.
    pub fn from_file(path: impl AsRef<Path>) -> CorsBuilder {
        Self::builder().from_file(path)
    }
}

impl CorsHandle {
    /// Replaces the policies by those of a builder, and answers what has changed by it, as [`reload`](Self::reload)
    /// does.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with them, or does not fit a route; then nothing changes.
    pub fn replace(&self, builder: &CorsBuilder) -> Result<Vec<Comparison>, ConfigErrors> {
        self.replace_reading(builder.reading())
    }
}

impl CorsBuilder {
    cors_core::policy_setters!(methods);

    /// Defines an origin group: origins that several places share, under a name. Wherever origins are listed,
    /// `"@admin"` stands for those of the group `admin`, above a handler too; an operator gives it others by the
    /// variable `CORS_ORIGINS_ADMIN`, if [`from_env`](Self::from_env) is called.
    ///
    /// See [`PolicyBuilder::origin_group`] for names and lists. A name that is not defined keeps the application from
    /// starting (CORS091).
    ///
    /// ```
    /// use actix_web::{App, HttpResponse, get, test};
    /// use cors_actix::{Cors, cors};
    ///
    /// #[cors(allow_origins = ["@admin"])]
    /// #[get("/admin/users")]
    /// async fn users() -> HttpResponse { HttpResponse::Ok().finish() }
    ///
    /// # #[actix_web::main]
    /// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
    /// let cors = Cors::builder()
    ///     .origin_group("admin", ["https://admin.example.com"])
    ///     .allow_origins(["https://app.example.com"])
    ///     .from_env()
    ///     .build()?;
    /// let app = test::init_service(App::new().service(users).wrap(cors)).await;
    /// let request = test::TestRequest::with_uri("/admin/users");
    /// let request = request.insert_header(("Origin", "https://admin.example.com"));
    /// let response = test::call_service(&app, request.to_request()).await;
    /// let header = response.headers().get("access-control-allow-origin").unwrap();
    /// assert_eq!(header, "https://admin.example.com");
    /// # Ok(())
    /// # }
    /// ```
    pub fn origin_group<I: IntoIterator<Item: AsRef<[u8]>>>(
        mut self,
        name: &str,
        origins: I,
    ) -> Self {
        self.policy = self.policy.origin_group(name, origins);
        self
    }

    /// Lets the variables `CORS_ALLOW_ORIGINS`, `CORS_ALLOW_METHODS`, `CORS_ALLOW_HEADERS` (or `CORS_ALLOWED_…`),
    /// `CORS_EXPOSE_HEADERS` (or `CORS_EXPOSED_HEADERS`), `CORS_ALLOW_CREDENTIALS`, `CORS_MAX_AGE`,
    /// `CORS_DANGEROUSLY_EXPOSE_ANY_HEADER`, `CORS_DISABLE` and `CORS_EXTERNAL` replace what the code says, and
    /// `CORS_ORIGINS_ADMIN` the list of the [origin group](Self::origin_group) `admin`.
    ///
    /// See [`PolicyBuilder::from_env`].
    pub fn from_env(mut self) -> Self {
        self.policy = self.policy.from_env();
        self
    }

    /// Lets a file replace what the code says, setting by setting. Its format is told by its extension, and each is a
    /// feature of this crate: `toml`, `json`, `yaml`.
    ///
    /// What a route gets is put together in layers, and later ones win, wherever the calls stand:
    ///
    /// 1. the base policy: the code, the file, the [environment](Self::from_env). What is nearer to where the program
    ///    runs knows more: the code is the same everywhere, a file is the operator's, a variable is set for one process.
    /// 2. [scopes](Self::scope), the outer ones first; of one path, the code's before the file's.
    /// 3. `#[cors(...)]` of modules, then of the handler: what stands nearest to a route knows it best.
    /// 4. entries for [routes](Self::route), the code's before the file's, so that the operator has the last word.
    ///
    /// The keys are the names of the methods here. Beside them there are `scopes` and `routes`:
    ///
    /// ```toml
    /// allow_origins = ["https://app.example.com"]
    /// max_age = "10m"
    ///
    /// [[scopes]]
    /// path = "/api"
    /// allow_credentials = true
    /// add_allow_headers = ["X-Csrf-Token"]
    ///
    /// [[routes]]
    /// path = "/api/users/{id}"
    /// methods = ["PUT"]                 # or ["*"] for all
    /// allow_origins = ["https://admin.example.com"]
    /// ```
    ///
    /// The file is read now. Everything that is wrong with it comes out of [`build`](Self::build), beside what is wrong
    /// with the code, each with line and column. See [`PolicyBuilder::from_file`].
    ///
    /// ```
    /// # #[cfg(feature = "toml")] {
    /// use cors_actix::Cors;
    ///
    /// let errors = Cors::from_file("no-such-file.toml").build().unwrap_err();
    /// let message = "no-such-file.toml: the file does not exist; create it, or correct the path";
    /// assert_eq!(errors.first().to_string(), message);
    /// # }
    /// ```
    pub fn from_file(mut self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        self.policy = self.policy.from_file(path);
        self.file = Some(path.to_owned());
        self
    }

    /// Lays what a file says over what the code says, in place of what another file has said.
    ///
    /// ```
    /// # #[cfg(feature = "json")] {
    /// use cors_actix::{Cors, FileFormat, PolicyFile};
    ///
    /// let text = r#"{"allow_origins": ["https://app.example.com"]}"#;
    /// let file = PolicyFile::parse("cors.json", FileFormat::Json, text);
    /// assert!(Cors::builder().with_file(file).build().is_ok());
    /// # }
    /// ```
    pub fn with_file(mut self, file: PolicyFile) -> Self {
        self.policy = self.policy.with_file(file);
        self.file = None;
        self
    }

    /// Checks the base policy and the entries of scopes and routes.
    ///
    /// Call it once, before `HttpServer::new`, and give each worker a clone. In the closure, which returns an `App`, `?`
    /// does not compile, and each worker would have a `Cors` that knows nothing of the others:
    ///
    /// ```compile_fail
    /// # use actix_web::{App, HttpServer};
    /// # use cors_actix::Cors;
    /// HttpServer::new(|| App::new().wrap(Cors::builder().build()?));
    /// ```
    ///
    /// ```
    /// # use actix_web::{App, HttpServer};
    /// # use cors_actix::Cors;
    /// let cors = Cors::builder().build()?;
    /// HttpServer::new(move || App::new().wrap(cors.clone()));
    /// # Ok::<(), cors_actix::ConfigErrors>(())
    /// ```
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
        let policies = self.policies()?;
        Ok(Cors::new(policies, self.settings, false, Location::caller()))
    }

    /// The same with a handle that replaces the policies while the application serves.
    ///
    /// ```
    /// # use cors_actix::Cors;
    /// let builder = Cors::builder().allow_origins(["https://app.example.com"]);
    /// let (cors, handle) = builder.build_reloadable()?;
    /// // once there is another list of origins
    /// handle.replace(&Cors::builder().allow_origins(["https://new.example.com"]))?;
    /// # Ok::<(), cors_actix::ConfigErrors>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails like [`build`](Self::build).
    #[track_caller]
    pub fn build_reloadable(&self) -> Result<(Cors, CorsHandle), ConfigErrors> {
        let cors = Cors::new(self.policies()?, self.settings, true, Location::caller());
        let handle = CorsHandle::new(&cors, self.reading());
        Ok((cors, handle))
    }

    fn reading(&self) -> Reading {
        let own = self.clone();
        let read = move || match &own.file {
            Some(path) => own.clone().with_file(PolicyFile::read(path)).policies(),
            None => own.policies(),
        };
        Reading { read: Arc::new(read), file: self.file.clone() }
    }

    /// What it says of policies.
    fn policies(&self) -> Result<Policies, ConfigErrors> {
        let mut errors = Vec::new();
        let base = self.policy.build_layered().map_err(|found| errors.extend(found)).ok();
        let mut scopes = Vec::new();
        for Scope { path, overrides, source } in &self.scopes {
            match ScopeEntry::new(path, overrides, source.clone()) {
                Ok(entry) => scopes.push(entry),
                Err(found) => errors.extend(found),
            }
        }
        let mut entries = Vec::new();
        for Entry { pattern, methods, overrides, source } in &self.entries {
            match RouteEntry::new(pattern, methods, overrides, source.clone()) {
                Ok(entry) => entries.push(entry),
                Err(found) => errors.extend(found),
            }
        }
        if let Some(file) = self.policy.file() {
            // what is wrong with them is among the errors of the base policy
            scopes.extend(file.scope_entries());
            entries.extend(file.route_entries());
        }
        // of a base policy that is wrong, no groups are known
        if let Some(base) = &base {
            let of_scopes = scopes.iter().map(|entry| entry.check_groups(base));
            let of_routes = entries.iter().map(|entry| entry.check_groups(base));
            errors.extend(of_scopes.chain(of_routes).filter_map(Result::err).flatten());
        }
        let base = base.unwrap_or_default();
        ConfigErrors::check(Policies { base, scopes, entries }, errors)
    }
}
