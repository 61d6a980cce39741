//! What a browser does, by the Fetch standard: which preflight it sends, and whether it lets the
//! script have the response.

use std::{cell::RefCell, net::SocketAddr, time::Instant};

pub use cors_core::browser::Blocked;
use cors_core::browser::{self, CredentialsMode, InvalidFetch, is_forbidden_request_header};

use crate::client::{Request, Response};

/// A browser: where it finds hosts, and what it remembers.
#[derive(Debug, Default)]
pub struct Browser {
    /// Addresses of hosts; any other is looked up.
    pub hosts: Vec<(String, SocketAddr)>,
    /// Every request that it has sent, with the answer.
    pub exchanges: RefCell<Vec<(Request, Response)>>,
    model: RefCell<Clocked>,
}

/// The model, and until when its clock has been put forward.
#[derive(Debug)]
struct Clocked {
    model: browser::Browser,
    seen: Instant,
}

impl Default for Clocked {
    fn default() -> Self {
        Self { model: browser::Browser::new(), seen: Instant::now() }
    }
}

/// A script's `fetch(url, { method, headers, body, credentials })` on a page of another origin.
#[derive(Debug, Clone)]
pub struct Fetch {
    /// The page's origin, serialised.
    pub origin: String,
    /// The request the script asks for.
    pub request: Request,
    /// Whether the credentials mode is "include".
    pub include_credentials: bool,
}

/// What the script gets.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The response, with the headers the script can read.
    Readable {
        /// The response as it came.
        response: Response,
        /// Names of the readable headers, in lower case.
        readable: Vec<String>,
    },
    /// `TypeError: Failed to fetch`.
    Blocked(Blocked),
}

impl Browser {
    /// A browser that finds hosts at these addresses.
    #[must_use]
    pub fn with_hosts<'a>(hosts: impl IntoIterator<Item = (&'a str, SocketAddr)>) -> Self {
        let hosts = hosts.into_iter().map(|(host, address)| (host.to_owned(), address)).collect();
        Self { hosts, ..Self::default() }
    }

    /// Makes a call.
    pub async fn fetch(&self, fetch: &Fetch) -> Outcome {
        self.run(fetch, false).await
    }

    /// Makes a call with the use-CORS-preflight flag, which upload listeners and streamed bodies set.
    pub async fn upload(&self, fetch: &Fetch) -> Outcome {
        self.run(fetch, true).await
    }

    async fn run(&self, fetch: &Fetch, is_forced: bool) -> Outcome {
        let mut clocked = self.model.take();
        clocked.model.wait(clocked.seen.elapsed());
        clocked.seen = Instant::now();
        let outcome = self.run_in(&mut clocked.model, &fetch.of_model(is_forced)).await;
        self.model.replace(clocked);
        outcome
    }

    async fn run_in(&self, model: &mut browser::Browser, fetch: &browser::Fetch) -> Outcome {
        let mut fetching = match model.start(fetch) {
            Ok(fetching) => fetching,
            Err(problems) => return Outcome::Blocked(Blocked::Network(text(&problems))),
        };
        let mut last = None;
        while let Some(request) = fetching.request() {
            match self.send(request).await {
                Ok(response) => {
                    fetching.receive(browser::Response {
                        status: response.status,
                        headers: response.headers.clone(),
                    });
                    last = Some(response);
                }
                Err(why) => fetching.fail(why),
            }
        }
        match (fetching.into_outcome().result, last) {
            (Ok(readable), Some(response)) => Outcome::Readable { response, readable },
            (Ok(_), None) => Outcome::Blocked(Blocked::Network("no answer".into())),
            (Err(blocked), _) => Outcome::Blocked(blocked),
        }
    }

    async fn send(&self, request: &browser::Request) -> Result<Response, String> {
        let host =
            request.authority().rsplit_once(':').map_or(request.authority(), |(host, _)| host);
        let known = self.hosts.iter().find(|(own, _)| own == host);
        let request = Request::from(request);
        let response = request.send_to(known.map(|(_, address)| *address)).await?;
        self.exchanges.borrow_mut().push((request, response.clone()));
        Ok(response)
    }
}

fn text(problems: &[InvalidFetch]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl From<&browser::Request> for Request {
    fn from(request: &browser::Request) -> Self {
        let body = request.body.as_deref().unwrap_or_default();
        Self {
            method: request.method.clone(),
            url: request.url.clone(),
            headers: request.headers.clone(),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

impl Fetch {
    /// Does what a browser does that remembers nothing, over the network.
    pub async fn run(&self) -> Outcome {
        Browser::default().fetch(self).await
    }

    /// The call as the model has it; what scripts cannot set is left out, as browsers do.
    fn of_model(&self, is_forced: bool) -> browser::Fetch {
        let Request { method, url, headers, body } = &self.request;
        let mut fetch = browser::Fetch::new(method, url).from(&self.origin);
        for (name, value) in headers {
            if !is_forbidden_request_header(name, value) {
                fetch = fetch.header(name, value);
            }
        }
        if !body.is_empty() {
            fetch = fetch.body(body.as_str());
        }
        if self.include_credentials {
            fetch = fetch.credentials(CredentialsMode::Include);
        }
        if is_forced { fetch.upload_listener() } else { fetch }
    }
}
