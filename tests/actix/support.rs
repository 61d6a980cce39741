//! Servers on a socket, the header sets that answers are compared with, and the log.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    sync::{Mutex, Once},
};

use cors_actix::CorsBuilder;
use cors_tests::client::{Request, Response};

pub(crate) const APP: &str = "https://app.example.com";
pub(crate) const ADMIN: &str = "https://admin.example.com";
pub(crate) const EVIL: &str = "https://evil.example";

/// Starts a server on a free port of the loopback interface; answers its URL.
macro_rules! serve {
    ($factory:expr) => {{
        let server = actix_web::HttpServer::new($factory)
            .workers(1)
            .bind(("127.0.0.1", 0))
            .expect("a free port");
        let url = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        url
    }};
}
pub(crate) use serve;

/// Asks for introspection, if the tests are compiled with it.
pub(crate) fn informed(builder: CorsBuilder) -> CorsBuilder {
    #[cfg(feature = "introspection")]
    let builder = builder.experimental_introspection(true);
    builder
}

pub(crate) fn get(url: &str, path: &str, origin: &str) -> Request {
    call("GET", url, path, origin)
}

pub(crate) fn call(method: &str, url: &str, path: &str, origin: &str) -> Request {
    let request = Request::new(method, format!("{url}{path}"));
    if origin.is_empty() { request } else { request.header("origin", origin) }
}

pub(crate) fn preflight(
    url: &str,
    path: &str,
    origin: &str,
    method: &str,
    headers: &str,
) -> Request {
    let request =
        call("OPTIONS", url, path, origin).header("access-control-request-method", method);
    if headers.is_empty() {
        request
    } else {
        request.header("access-control-request-headers", headers)
    }
}

pub(crate) async fn send(request: Request) -> Response {
    request.send().await.expect("an answer")
}

/// Sends a request and compares its status and the whole of its CORS headers.
pub(crate) async fn expect(request: Request, status: u16, cors: &[String]) -> Response {
    let response = send(request.clone()).await;
    let mut cors = cors.to_vec();
    cors.sort();
    let seen = (response.status, response.cors());
    assert_eq!(seen, (status, cors), "{} {} {:?}", request.method, request.url, request.headers);
    response
}

/// What an actual response to an allowed origin carries.
pub(crate) fn shared(origin: &str, credentials: bool, exposed: &str) -> Vec<String> {
    let mut lines = vec![format!("access-control-allow-origin: {origin}"), refused()[0].clone()];
    if credentials {
        lines.push("access-control-allow-credentials: true".into());
    }
    if !exposed.is_empty() {
        lines.push(format!("access-control-expose-headers: {exposed}"));
    }
    lines
}

/// What an actual response to another origin, or to none, carries.
pub(crate) fn refused() -> Vec<String> {
    vec!["vary: Origin".into()]
}

/// What the answer to a refused preflight carries.
pub(crate) fn refused_preflight() -> Vec<String> {
    let vary = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    vec![vary.into()]
}

/// What the answer to a granted preflight carries, with credentials. One policy decides on the path, so that its
/// methods are listed, and the safelisted ones.
pub(crate) fn granted(origin: &str, methods: &str, headers: &str, max_age: &str) -> Vec<String> {
    granted_alone(origin, &listed(methods), headers, max_age)
}

/// These methods and the safelisted ones, in order.
pub(crate) fn listed(methods: &str) -> String {
    let own = methods.split(", ").filter(|method| !method.is_empty());
    let all: BTreeSet<&str> = own.chain(["GET", "HEAD", "POST"]).collect();
    all.into_iter().collect::<Vec<_>>().join(", ")
}

/// The same where other policies match the path too, so that these methods alone are named.
pub(crate) fn granted_alone(
    origin: &str,
    methods: &str,
    headers: &str,
    max_age: &str,
) -> Vec<String> {
    let mut lines = refused_preflight();
    lines.push("access-control-allow-credentials: true".into());
    let optional = [
        ("access-control-allow-origin", origin),
        ("access-control-allow-methods", methods),
        ("access-control-allow-headers", headers),
        ("access-control-max-age", max_age),
    ];
    let present = optional.into_iter().filter(|(_, value)| !value.is_empty());
    lines.extend(present.map(|(name, value)| format!("{name}: {value}")));
    lines
}

/// Sends a head as it is; answers the status, the CORS headers in order, and which handler ran.
pub(crate) async fn raw(
    url: &str,
    line: &str,
    headers: &[&[u8]],
) -> (u16, Vec<String>, Option<String>) {
    let address = url.strip_prefix("http://").unwrap().to_owned();
    let mut head =
        format!("{line} HTTP/1.1\r\nhost: api.example.com\r\nconnection: close\r\n").into_bytes();
    for header in headers {
        head.extend([*header, b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    let exchange = move || {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(&head)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).map(|_| answer)
    };
    let answer = actix_web::rt::task::spawn_blocking(exchange).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let mut lines = answer.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let lines: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let is_cors = |line: &&&str| line.starts_with("access-control-") || line.starts_with("vary");
    let mut cors: Vec<String> = lines.iter().filter(is_cors).map(ToString::to_string).collect();
    cors.sort();
    let ran = lines.iter().find_map(|line| line.strip_prefix("ran: ")).map(str::to_owned);
    (status, cors, ran)
}

static LOG: Log = Log(Mutex::new(Vec::new()));

struct Log(Mutex<Vec<String>>);

impl log::Log for Log {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        ["cors_actix", "cors_tests"].iter().any(|own| metadata.target().starts_with(own))
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            // what is kept here is no allocation of the application that says it
            allocation_counter::opt_out(|| {
                let line = format!("{} {}", record.level(), record.args());
                self.0.lock().unwrap().push(line);
            });
        }
    }

    fn flush(&self) {}
}

/// Listens to the log from now on.
pub(crate) fn listen_to_log() {
    static SET: Once = Once::new();
    SET.call_once(|| {
        log::set_logger(&LOG).expect("the only logger");
        log::set_max_level(log::LevelFilter::Debug);
    });
}

/// The lines of the log so far that contain a text.
pub(crate) fn logged(part: &str) -> Vec<String> {
    let lines = LOG.0.lock().unwrap();
    lines.iter().filter(|line| line.contains(part)).cloned().collect()
}
