//! The palette: annotated handlers on paths that overlap, each saying in its response that it ran.

use std::fmt;

use actix_web::{
    HttpResponse, delete, get, guard::GuardContext, http::header, options, patch, post, put, route,
    routes, web::ServiceConfig,
};
use cors_actix::cors;

use super::{
    calls::Calls,
    policies::{Layer, METHODS},
    spies::ran,
};

pub(super) const OTHER_HOST: &str = "other.example";

/// A handler of the palette.
pub(super) struct Handler {
    pub(super) name: &'static str,
    /// Its route attributes.
    pub(super) routes: &'static str,
    /// The path of its first route.
    pub(super) path: &'static str,
    pub(super) layer: Layer,
    pub(super) register: fn(&mut ServiceConfig),
}

impl Handler {
    pub(super) fn is_guarded(&self) -> bool {
        self.routes.contains("guard")
    }

    /// The paths of its routes.
    pub(super) fn paths(&self) -> Vec<&'static str> {
        let attributes = self.routes.split("#[").filter_map(|own| own.split_once('"'));
        attributes.filter_map(|(_, rest)| rest.split('"').next()).collect()
    }

    /// The methods of its routes.
    pub(super) fn methods(&self) -> Vec<&'static str> {
        let named = |method: &&str| {
            let (attribute, argument) =
                (format!("#[{}(", method.to_lowercase()), format!("\"{method}\""));
            self.routes.contains(&attribute) || self.routes.contains(&argument)
        };
        METHODS.into_iter().filter(named).collect()
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.name, self.layer, self.routes)
    }
}

/// An item under `#[cors]` with the words of a layer.
macro_rules! layered {
    (Inherit $($item:tt)*) => { #[cors] $($item)* };
    (One $($item:tt)*) => {
        #[cors(
            allow_origins = ["https://one.example"],
            allow_headers = ["X-One"],
            expose_headers = ["X-Of-One"],
        )]
        $($item)*
    };
    (Two $($item:tt)*) => {
        #[cors(
            allow_origins = ["https://app.example.com", "https://two.example"],
            allow_headers = ["X-Base", "X-Two"],
            expose_headers = ["X-Of-Two"],
            allow_credentials = true,
        )]
        $($item)*
    };
    (Open $($item:tt)*) => {
        #[cors(
            allow_origins = ["*"],
            allow_headers = ["*"],
            expose_headers = ["X-Of-Open"],
            allow_credentials = false,
        )]
        $($item)*
    };
    (Narrow $($item:tt)*) => {
        #[cors(
            allow_origins = ["https://app.example.com", "https://one.example"],
            allow_methods = ["PUT"],
            allow_headers = ["X-Base"],
            expose_headers = ["X-Of-Narrow"],
        )]
        $($item)*
    };
    (Disable $($item:tt)*) => { #[cors(disable)] $($item)* };
    (External $($item:tt)*) => { #[cors(external)] $($item)* };
}

macro_rules! palette {
    ($($layer:ident $name:ident at $path:literal $(#[$($route:tt)*])+;)*) => {
        $(
            layered! {
                $layer
                $(#[$($route)*])+
                async fn $name(calls: Calls) -> HttpResponse {
                    calls.run().await;
                    ran(stringify!($name))
                }
            }
        )*

        pub(super) static PALETTE: &[Handler] = &[$(
            Handler {
                name: stringify!($name),
                routes: stringify!($(#[$($route)*])+),
                path: $path,
                layer: Layer::$layer,
                register: |config| {
                    config.service($name);
                },
            },
        )*];
    };
}

palette! {
    One one_put_a at "/a" #[put("/a")];
    Two two_put_a at "/a" #[put("/a")];
    Disable disable_put_a at "/a" #[put("/a")];
    External external_put_a at "/a" #[put("/a")];
    Inherit inherit_put_a at "/a" #[put("/a")];
    Inherit inherit_get_a at "/a" #[get("/a")];
    One one_get_a at "/a" #[get("/a")];
    Two two_delete_a at "/a" #[delete("/a")];
    Open open_delete_a at "/a" #[delete("/a")];
    Two two_options_a at "/a" #[options("/a")];
    Two two_purge_a at "/a" #[route("/a", method = "GET", method = "PURGE", method = "PUT")];
    Narrow narrow_put_a at "a" #[put("a")];
    Open open_put_x at "/{x}" #[put("/{x}")];
    Inherit inherit_put_x at "/{x}" #[put("/{x}")];
    Narrow narrow_x at "/{x}" #[route("/{x}", method = "PUT", method = "DELETE")];
    Disable disable_get_x at "/{x}" #[get("/{x}")];
    External external_x at "/{x}" #[route("/{x}", method = "PUT", method = "DELETE")];
    One one_delete_x at "/{x}" #[delete("/{x}")];
    Two two_get_id at "/{id:[0-9]+}" #[get("/{id:[0-9]+}")];
    Open open_patch_id at "/{id:[0-9]+}" #[patch("/{id:[0-9]+}")];
    One one_put_id at "/{id:[0-9]+}" #[put("/{id:[0-9]+}")];
    Two two_put_x_y at "/{x}/{y}" #[put("/{x}/{y}")];
    Open open_put_named at "/{x:a(?P<w>b)?}" #[put("/{x:a(?P<w>b)?}")];
    Disable disable_put_named at "/{x:a|(?P<w>b)}" #[put("/{x:a|(?P<w>b)}")];
    Open open_put_a_b at "/a/b" #[put("/a/b")];
    Narrow narrow_put_a_y at "/a/{y}" #[put("/a/{y}")];
    One one_routes at "/a/b" #[routes] #[put("/a/b")] #[delete("/{x}")];
    Disable disable_routes at "" #[routes] #[get("")] #[put("/a")];
    One one_put_tail at "/{tail:.*}" #[put("/{tail:.*}")];
    Open open_delete_tail at "/{tail}*" #[delete("/{tail}*")];
    External external_put_tail at "/{tail:.*}" #[put("/{tail:.*}")];
    Disable disable_delete_tail at "/{tail:.*}" #[delete("/{tail:.*}")];
    One one_get_empty at "" #[get("")];
    Two two_put_empty at "" #[put("")];
    Open open_put_slash at "/" #[put("/")];
    Open open_post_a_slash at "/a/" #[post("/a/")];
    Two two_put_a_slash at "/a/" #[put("/a/")];
    Two blue_put_a at "/a" #[put("/a", guard = "is_blue")];
    External blue_put_x at "/{x}" #[put("/{x}", guard = "is_blue")];
    Open blue_delete_x at "/{x}" #[delete("/{x}", guard = "is_blue")];
    Disable red_put_x_y at "/{x}/{y}" #[put("/{x}/{y}", guard = "is_red")];
    Open host_put_a at "/a" #[put("/a", guard = "is_other_host")];
    One host_tail at "/{tail:.*}" #[route("/{tail:.*}", method = "PUT", method = "DELETE", guard = "is_other_host")];
}

fn is_blue(context: &GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-blue")
}

fn is_red(context: &GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-red")
}

fn is_other_host(context: &GuardContext<'_>) -> bool {
    let host = context.head().headers().get(header::HOST);
    host.is_some_and(|host| host == OTHER_HOST)
}
