//! One application as two servers, with and without CORS, and the comparison of their answers.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
    time::Duration,
};

use actix_http::Request as HttpRequest;
use actix_service::{
    IntoServiceFactory, ServiceFactoryExt as _,
    boxed::{self, BoxServiceFactory},
};
use actix_web::{
    Error,
    body::MessageBody,
    dev::{AppConfig, ServiceFactory, ServiceResponse},
};
use cors_actix::Cors;
use cors_tests::client::{Request, Response};

use crate::support::{APP, EVIL, send, serve};

/// The host that every request names, so that the URLs in answers do not differ by the port.
pub(super) const HOST: &str = "api.example.com";

/// Defines handlers twice: in `annotated` under `#[cors]`, in `plain` without.
macro_rules! twice {
    ($($(#[$($route:tt)*])+ async fn $name:ident($($arguments:tt)*) -> $output:ty $body:block)*) => {
        mod annotated {
            use super::*;
            $(
                #[cors_actix::cors(expose_headers += ["X-Own"])]
                $(#[$($route)*])+
                pub(super) async fn $name($($arguments)*) -> $output $body
            )*
        }
        mod plain {
            use super::*;
            $(
                $(#[$($route)*])+
                pub(super) async fn $name($($arguments)*) -> $output $body
            )*
        }
    };
}

/// Starts an application twice; in it, `handlers` is `annotated` once and `plain` once. What comes
/// after a semicolon is wrapped around the middleware; the values after `sharing` are cloned for both.
macro_rules! pair {
    (sharing { $($shared:ident)* } $app:expr $(; $($outer:tt)+)?) => {{
        let with = {
            use self::annotated as handlers;
            $(let $shared = $shared.clone();)*
            let cors = super::pair::cors();
            super::pair::start(move || $app.wrap(cors.clone()) $($($outer)+)?)
        };
        let without = {
            use self::plain as handlers;
            $(let $shared = $shared.clone();)*
            super::pair::start(move || $app $($($outer)+)?)
        };
        super::pair::Pair { with, without }
    }};
    ($app:expr $(; $($outer:tt)+)?) => { super::pair::pair!(sharing {} $app $(; $($outer)+)?) };
}
pub(super) use {pair, twice};

pub(super) fn cors() -> Cors {
    Cors::builder().allow_origins([APP]).allow_credentials(true).build().unwrap()
}

/// An application without its type, so that the compiler makes one server of all of them.
type AnyApp = BoxServiceFactory<AppConfig, HttpRequest, ServiceResponse, Error, ()>;

/// Starts a server; answers its URL.
pub(super) fn start<A, S, B>(app: impl Fn() -> A + Send + Sync + 'static) -> String
where
    A: IntoServiceFactory<S, HttpRequest>,
    S: ServiceFactory<
            HttpRequest,
            Config = AppConfig,
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    start_any(Arc::new(move || {
        let app = app().into_factory();
        boxed::factory(app.map(|response: ServiceResponse<B>| response.map_into_boxed_body()))
    }))
}

fn start_any(app: Arc<dyn Fn() -> AnyApp + Send + Sync>) -> String {
    serve!(move || app())
}

/// The URLs of the two servers.
pub(super) struct Pair {
    pub(super) with: String,
    pub(super) without: String,
}

/// A request without the server's URL.
pub(super) fn get(path: &str) -> Request {
    Request::new("GET", path)
}

/// A request with a body.
pub(super) fn post(path: &str, content_type: &str, body: &str) -> Request {
    let body = body.to_owned();
    Request { body, ..Request::new("POST", path).header("content-type", content_type) }
}

impl Pair {
    /// Sends a request to both, from an allowed origin, another one, and none, and compares the
    /// answers; answers the plain one to the allowed origin.
    pub(super) async fn same(&self, request: &Request) -> Response {
        for origin in [EVIL, ""] {
            self.same_from(origin, request).await;
        }
        self.same_from(APP, request).await
    }

    /// The same, for one origin.
    pub(super) async fn same_from(&self, origin: &str, request: &Request) -> Response {
        let [with, without] = [&self.with, &self.without].map(|url| {
            let request = Request { url: format!("{url}{}", request.url), ..request.clone() };
            let request = request.header("host", HOST);
            if origin.is_empty() { request } else { request.header("origin", origin) }
        });
        let what = format!("{} {} {:?} from {origin:?}", with.method, with.url, with.headers);
        let (with, without) = (send(with).await, send(without).await);
        assert_same(&with, &without, origin, &what);
        without
    }

    /// Sends bytes as they are, waiting before each but the first for a text in what has come so
    /// far, and compares all that came in answer, but for the headers of CORS.
    pub(super) async fn same_conversation(&self, steps: &[(&str, &str)]) -> String {
        let with = converse(&self.with, steps).await;
        let without = converse(&self.without, steps).await;
        assert!(with.contains(&format!("access-control-allow-origin: {APP}\r\n")), "{with}");
        assert_eq!(without_cors(&with), without_cors(&without), "{steps:?}");
        without
    }
}

/// Compares two answers: the one of the server with CORS has its headers besides, and no others.
pub(super) fn assert_same(with: &Response, without: &Response, origin: &str, what: &str) {
    assert_eq!((with.status, &with.body), (without.status, &without.body), "{what}");
    assert_eq!(own_headers(with), own_headers(without), "{what}");
    let mut vary = members(without);
    if !vary.iter().any(|member| member == "*" || member.eq_ignore_ascii_case("origin")) {
        vary.push("Origin".into());
        vary.sort();
    }
    assert_eq!(members(with), vary, "{what}");
    let allowed = with.get("access-control-allow-origin");
    assert_eq!(allowed.as_deref(), (origin == APP).then_some(APP), "{what}");
    assert_eq!(without.get("access-control-allow-origin"), None, "{what}");
}

/// The headers that are none of CORS, sorted by name.
pub(super) fn own_headers(response: &Response) -> Vec<(String, String)> {
    let is_cors = |name: &str| name == "vary" || name.starts_with("access-control-");
    let mut lines = response.headers.clone();
    lines.retain(|(name, _)| !is_cors(name) && name != "date");
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    lines
}

/// The members of `Vary`, sorted: what is wrapped around the middleware adds to it later.
fn members(response: &Response) -> Vec<String> {
    let members = response.lines("vary").flat_map(|line| line.split(','));
    let mut members: Vec<_> = members.map(|member| member.trim().to_owned()).collect();
    members.sort();
    members
}

/// How long a server may be silent before a test fails.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

async fn converse(url: &str, steps: &[(&str, &str)]) -> String {
    let address = url.strip_prefix("http://").unwrap().to_owned();
    let steps: Vec<_> =
        steps.iter().map(|(send, until)| (send.to_string(), until.to_string())).collect();
    let exchange = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut seen = String::new();
        for (send, until) in steps {
            stream.write_all(send.as_bytes()).unwrap();
            let from = seen.len();
            while !seen[from..].contains(&until) {
                let mut buffer = [0; 1024];
                let read = stream.read(&mut buffer).unwrap_or_else(|_| panic!("only {seen:?}"));
                assert!(read > 0, "closed after {seen:?}");
                seen.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
            }
        }
        seen
    };
    actix_web::rt::task::spawn_blocking(exchange).await.unwrap()
}

/// The lines of an answer that are none of CORS; those of each head sorted.
fn without_cors(answer: &str) -> Vec<&str> {
    let is_compared = |line: &&str| {
        !["access-control-", "vary: ", "date: "].iter().any(|start| line.starts_with(start))
    };
    let mut lines: Vec<&str> = answer.split("\r\n").filter(is_compared).collect();
    lines.sort_unstable();
    lines
}
