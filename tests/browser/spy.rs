//! What a server sees of a row's calls.

use std::sync::{Arc, Mutex};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
    web,
};
use serde::Deserialize;

/// Every request so far, of all servers that share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spy(Arc<Mutex<Vec<(String, Seen)>>>);

/// A request, as far as rows speak of it.
#[derive(Debug, Clone)]
struct Seen {
    method: String,
    origin: Option<String>,
    /// What a preflight announces.
    announced: Option<(String, Option<String>)>,
    cookie: bool,
    authorization: bool,
    worker: bool,
}

/// Which row a request belongs to; who sends it.
#[derive(Debug, Deserialize)]
struct Mark {
    id: Option<String>,
    by: Option<String>,
}

impl Spy {
    /// The requests of a row in words, such as `preflight PUT x-one` and `PUT with cookie`; the
    /// origin is named where it is not the page's.
    pub(crate) fn seen(&self, id: &str, page: &str) -> Vec<String> {
        let requests = self.0.lock().unwrap();
        let own = requests.iter().filter(|(own, _)| own == id);
        own.map(|(_, seen)| seen.describe(page)).collect()
    }

    /// Keeps a request that belongs to a row.
    fn note(&self, request: &ServiceRequest) {
        let mark = web::Query::<Mark>::from_query(request.query_string());
        if let Ok(Mark { id: Some(id), by }) = mark.map(web::Query::into_inner) {
            self.0.lock().unwrap().push((id, Seen::of(request, by.as_deref())));
        }
    }
}

impl Seen {
    fn of(request: &ServiceRequest, by: Option<&str>) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let announced = header("access-control-request-method")
            .map(|method| (method, header("access-control-request-headers")));
        Self {
            method: request.method().to_string(),
            origin: header("origin"),
            announced,
            cookie: header("cookie").is_some(),
            authorization: header("authorization").is_some(),
            worker: by == Some("worker"),
        }
    }

    fn describe(&self, page: &str) -> String {
        let mut text = match &self.announced {
            Some((method, None)) => format!("preflight {method}"),
            Some((method, Some(names))) => format!("preflight {method} {names}"),
            None => self.method.clone(),
        };
        match &self.origin {
            None => text.push_str(" without origin"),
            Some(origin) if origin == page => {}
            Some(origin) => text = format!("{text} from {origin}"),
        }
        let marks = [
            (self.cookie, " with cookie"),
            (self.authorization, " with authorization"),
            (self.worker, " by worker"),
        ];
        marks.into_iter().filter(|(is, _)| *is).for_each(|(_, mark)| text.push_str(mark));
        text
    }
}

/// Middleware outside of everything else.
pub(crate) async fn watch(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    request.app_data::<web::Data<Spy>>().expect("the servers have a spy").note(&request);
    next.call(request).await
}
