//! The routes of the applications, plain and annotated with overrides.

use std::fmt;

use actix_web::web::{self, ServiceConfig};

use crate::suites::grouped;

/// The routes of an application; there are always [`FIRST`] for GET and PUT before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routes {
    /// All at the root.
    Flat(usize),
    /// All in one scope, `/scope`.
    OneScope(usize),
    /// Ten in each of as many scopes as it takes: `/s0`, `/s1`, …
    Scopes(usize),
}

/// The path of the first route.
pub const FIRST: &str = "/resource";

/// The path of the last route in its scope or at the root.
const LAST: &str = "/last";

impl Routes {
    /// The path of the last route.
    #[must_use]
    pub fn last(self) -> String {
        match self {
            Self::Flat(_) => LAST.to_owned(),
            Self::OneScope(_) => format!("/scope{LAST}"),
            Self::Scopes(count) => format!("/s{}{LAST}", count / 10 - 1),
        }
    }

    /// A path beside the last route, which leads nowhere.
    #[must_use]
    pub fn nowhere(self) -> String {
        format!("{}-but-not-quite", self.last())
    }

    /// A path that a pattern with a dynamic segment matches.
    #[must_use]
    pub fn dynamic(self) -> String {
        self.last().replace(LAST, "/invoices/7")
    }

    /// Registers the routes; `is_annotated` says whether they have overrides.
    pub fn register(self, config: &mut ServiceConfig, is_annotated: bool) {
        let handlers = if is_annotated { annotated::register } else { plain::register };
        let first = if is_annotated { annotated::first } else { plain::first };
        first(config);
        match self {
            Self::Flat(count) => handlers(config, count),
            Self::OneScope(count) => {
                config.service(web::scope("/scope").configure(|scope| handlers(scope, count)));
            }
            Self::Scopes(count) => {
                for number in 0..count / 10 {
                    let scope = web::scope(&format!("/s{number}"));
                    config.service(scope.configure(|scope| handlers(scope, 10)));
                }
            }
        }
    }
}

impl fmt::Display for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flat(count) => write!(f, "{} routes", grouped(*count)),
            Self::OneScope(count) => write!(f, "{} routes in a scope", grouped(*count)),
            Self::Scopes(count) => {
                write!(f, "{} routes in {} scopes", grouped(*count), grouped(count / 10))
            }
        }
    }
}

/// The handlers, with more attributes or without.
macro_rules! handlers {
    ($name:ident, $(#[$attribute:meta])*) => {
        mod $name {
            use actix_web::{HttpResponse, get, put, web::ServiceConfig};

            handlers!(@ [$(#[$attribute])*]
                get resource "/resource", put put_resource "/resource", get last "/last",
                get users "/users", get user "/users/{id}", get posts "/users/{id}/posts",
                get post "/users/{id}/posts/{post}", get orders "/orders", get order "/orders/{id}",
                get invoices "/invoices", get invoice "/invoices/{id}",
                put put_invoice "/invoices/{id}",
            );

            pub(super) fn first(config: &mut ServiceConfig) {
                config.service(resource).service(put_resource);
            }

            /// The last of them is `last`; the others are repeated as often as needed.
            pub(super) fn register(config: &mut ServiceConfig, count: usize) {
                for number in 0..count - 1 {
                    match number % 9 {
                        0 => config.service(users),
                        1 => config.service(user),
                        2 => config.service(posts),
                        3 => config.service(post),
                        4 => config.service(orders),
                        5 => config.service(order),
                        6 => config.service(invoices),
                        7 => config.service(invoice),
                        _ => config.service(put_invoice),
                    };
                }
                config.service(last);
            }
        }
    };
    (@ $attributes:tt $($method:ident $handler:ident $path:literal,)*) => {
        $(handlers!(@@ $attributes $method $handler $path);)*
    };
    (@@ [$($attribute:tt)*] $method:ident $handler:ident $path:literal) => {
        $($attribute)*
        #[$method($path)]
        async fn $handler() -> HttpResponse {
            HttpResponse::Ok().body("hello")
        }
    };
}

handlers!(plain,);
handlers!(annotated, #[cors_actix::cors(max_age = "2h")]);
