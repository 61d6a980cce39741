//! The routes of the applications, plain and annotated with overrides.

use std::fmt;

use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};

use crate::numbers::grouped;

/// The routes of an application; there are always [`FIRST`] for GET and PUT before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routes {
    /// Those of an API, many of which start alike, at the root.
    Api,
    /// All at the root.
    Flat(usize),
    /// All at the root, each on a path of its own: `/r0`, `/r1/{id}`, `/r2`, … The last two of
    /// every ten have overrides, as route entries, since an attribute's path is written out.
    Distinct(usize),
    /// All in one scope, `/scope`.
    OneScope(usize),
    /// Ten in each of as many scopes as it takes: `/s0`, `/s1`, …
    Scopes(usize),
    /// The same with a dynamic segment in each prefix: `/s0/{tenant}`.
    DynamicScopes(usize),
    /// A scope, and forty patterns with a regular expression that reads all of a path.
    CatchAlls,
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
            Self::Api | Self::Flat(_) | Self::CatchAlls => LAST.to_owned(),
            Self::Distinct(count) => distinct(count - 2),
            Self::OneScope(_) => format!("/scope{LAST}"),
            Self::Scopes(count) => format!("/s{}{LAST}", count / 10 - 1),
            Self::DynamicScopes(count) => format!("/s{}/7{LAST}", count / 10 - 1),
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
        match self {
            Self::Api => "/users/7/projects/7/tasks/7".to_owned(),
            Self::Distinct(count) => distinct(count - 1).replace("{id}", "7"),
            _ => self.last().replace(LAST, "/invoices/7"),
        }
    }

    /// Paths that patterns with regular expressions of their own match.
    #[must_use]
    pub fn expressions(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Api => &[
                ("number", "/versions/7"),
                ("UUID", "/documents/0f8fad5b-d9cb-469f-a165-70867728950e"),
                ("words", "/tags/web-security"),
            ],
            _ => &[],
        }
    }

    /// Registers the routes; `is_annotated` says whether they have overrides.
    pub fn register(self, config: &mut ServiceConfig, is_annotated: bool) {
        let handlers = if is_annotated { annotated::register } else { plain::register };
        let first = if is_annotated { annotated::first } else { plain::first };
        first(config);
        match self {
            Self::Api if is_annotated => annotated::api(config),
            Self::Api => plain::api(config),
            Self::Flat(count) => handlers(config, count),
            Self::Distinct(count) => {
                for pattern in (0..count).map(distinct) {
                    config.route(&pattern, web::get().to(hello));
                }
            }
            Self::OneScope(count) => {
                config.service(web::scope("/scope").configure(|scope| handlers(scope, count)));
            }
            Self::Scopes(count) => ten_in_each_scope(config, count, "", handlers),
            Self::DynamicScopes(count) => {
                ten_in_each_scope(config, count, "/{tenant}", handlers);
            }
            Self::CatchAlls => {
                config.service(web::scope("/s").configure(|scope| handlers(scope, 10)));
                for number in 0..40 {
                    config.route(&format!("/{{tail:.*}}/end{number}"), web::get().to(hello));
                }
            }
        }
    }

    /// The patterns of the routes whose overrides are route entries.
    pub fn entries(self) -> impl Iterator<Item = String> {
        let count = if let Self::Distinct(count) = self { count } else { 0 };
        (0..count).filter(|number| number % 10 > 7).map(distinct)
    }
}

async fn hello() -> HttpResponse {
    HttpResponse::Ok().body("hello")
}

/// The pattern of a route on a path of its own; every other one has a dynamic segment.
fn distinct(number: usize) -> String {
    let segment = if number.is_multiple_of(2) { "" } else { "/{id}" };
    format!("/r{number}{segment}")
}

fn ten_in_each_scope(
    config: &mut ServiceConfig,
    count: usize,
    segment: &str,
    handlers: fn(&mut ServiceConfig, usize),
) {
    for number in 0..count / 10 {
        let scope = web::scope(&format!("/s{number}{segment}"));
        config.service(scope.configure(|scope| handlers(scope, 10)));
    }
}

impl fmt::Display for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api => f.write_str("35 routes of an API"),
            Self::CatchAlls => f.write_str("forty catch-alls"),
            Self::Flat(count) => write!(f, "{} routes", grouped(*count)),
            Self::Distinct(count) => write!(f, "{} routes on as many paths", grouped(*count)),
            Self::OneScope(count) => write!(f, "{} routes in a scope", grouped(*count)),
            Self::Scopes(count) => {
                write!(f, "{} routes in {} scopes", grouped(*count), grouped(count / 10))
            }
            Self::DynamicScopes(count) => {
                write!(f, "{}, each with a segment", Self::Scopes(*count))
            }
        }
    }
}

/// The handlers, with more attributes or without.
macro_rules! handlers {
    ($name:ident, $(#[$attribute:meta])*) => {
        mod $name {
            use actix_web::{HttpResponse, delete, get, put, web::ServiceConfig};

            handlers!(@ [$(#[$attribute])*]
                get resource "/resource", put put_resource "/resource", get last "/last",
                get users "/users", get user "/users/{id}", get posts "/users/{id}/posts",
                get post "/users/{id}/posts/{post}", get orders "/orders", get order "/orders/{id}",
                get invoices "/invoices", get invoice "/invoices/{id}",
                put put_invoice "/invoices/{id}",
                get session "/session",
                put put_session "/session",
                delete delete_session "/session",
                put put_user "/users/{id}",
                delete delete_user "/users/{id}",
                get me "/users/me",
                put put_me "/users/me",
                get avatar "/users/{id}/avatar",
                put put_avatar "/users/{id}/avatar",
                get settings "/users/{id}/settings",
                put put_settings "/users/{id}/settings",
                get teams "/users/{id}/teams",
                get projects "/users/{id}/projects",
                get project "/users/{id}/projects/{project}",
                put put_project "/users/{id}/projects/{project}",
                get members "/users/{id}/projects/{project}/members",
                get tasks "/users/{id}/projects/{project}/tasks",
                get task "/users/{id}/projects/{project}/tasks/{task}",
                put put_task "/users/{id}/projects/{project}/tasks/{task}",
                get files "/files/{tail:.*}",
                get version "/versions/{number:[0-9]+}",
                get document "/documents/{id:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}",
                get tag "/tags/{words:[a-z]+(?:-[a-z]+)*}",
            );

            pub(super) fn first(config: &mut ServiceConfig) {
                config.service(resource).service(put_resource);
            }

            pub(super) fn api(config: &mut ServiceConfig) {
                config.service((users, user, posts, post, orders, order, invoices, invoice, put_invoice));
                config.service((session, put_session, delete_session, put_user, delete_user));
                config.service((me, put_me, avatar, put_avatar, settings, put_settings, teams));
                config.service((projects, project, put_project, members, tasks, task, put_task));
                config.service((files, version, document, tag, last));
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
