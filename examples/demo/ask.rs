//! A question that the page's user types: what a browser would do with such a call.

use std::net::SocketAddr;

use actix_web::{HttpResponse, post, web};
use cors_tests::{
    browser::{Blocked, Browser, Fetch, Outcome},
    client::{Request, Response},
};
use serde::{Deserialize, Serialize};

/// Where the API is, and where it is once more in debug mode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Apis {
    pub(crate) api: SocketAddr,
    pub(crate) explaining: SocketAddr,
}

/// A call by a script on a page of an origin.
#[derive(Debug, Deserialize)]
struct Question {
    origin: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    credentials: bool,
}

#[derive(Debug, Serialize)]
struct Answer {
    is_readable: bool,
    reason: String,
    /// What goes over the network, preflights included.
    exchanges: Vec<Exchange>,
}

#[derive(Debug, Serialize)]
struct Exchange {
    title: &'static str,
    request: Message,
    response: Message,
}

/// A first line, and headers.
type Message = (String, Vec<(String, String)>);

#[post("/ask")]
pub(crate) async fn ask(apis: web::Data<Apis>, question: web::Json<Question>) -> HttpResponse {
    let browser = Browser::default();
    let outcome = browser.fetch(&fetch(&question, apis.api)).await;
    let (is_readable, reason) = match outcome {
        Outcome::Readable { response, readable } => {
            (true, format!("status {}, with {}", response.status, readable.join(", ")))
        }
        Outcome::Blocked(blocked) => (false, explain(&question, apis.explaining, blocked).await),
    };
    let exchanges = browser.exchanges.take().iter().map(Exchange::of).collect();
    HttpResponse::Ok().json(Answer { is_readable, reason, exchanges })
}

fn fetch(question: &Question, api: SocketAddr) -> Fetch {
    let url = format!("http://{api}/{}", question.path.trim_start_matches('/'));
    let headers = question.headers.clone();
    Fetch {
        origin: question.origin.clone(),
        request: Request { headers, ..Request::new(&question.method, url) },
        include_credentials: question.credentials,
    }
}

/// The reason that debug mode gives; a refused preflight alone does not tell what is missing.
async fn explain(question: &Question, explaining: SocketAddr, blocked: Blocked) -> String {
    let blocked = match fetch(question, explaining).run().await {
        Outcome::Blocked(blocked) => blocked,
        Outcome::Readable { .. } => blocked,
    };
    match blocked {
        Blocked::Method => format!("the route does not allow the method {}", question.method),
        Blocked::Header(name) => format!("the route does not allow the header {name}"),
        Blocked::PreflightOrigin(why) | Blocked::Response(why) => {
            let credentials = if question.credentials { " with cookies" } else { "" };
            format!("the route does not allow {}{credentials} ({why})", question.origin)
        }
        other => other.to_string(),
    }
}

impl Exchange {
    fn of((request, response): &(Request, Response)) -> Self {
        let is_preflight = request
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("access-control-request-method"));
        let mut headers = response.headers.clone();
        headers.sort();
        let path = request.url.splitn(4, '/').last().unwrap_or_default();
        Self {
            title: if is_preflight { "The preflight" } else { "The request" },
            request: (format!("{} /{path}", request.method), request.headers.clone()),
            response: (response.status.to_string(), headers),
        }
    }
}
