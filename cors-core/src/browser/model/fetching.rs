//! A fetch under way: `#concept-main-fetch` and what it calls, but for the network.

use super::{
    cookie::RejectedCookie,
    cors_request::CorsRequest,
    fetch::ValidFetch,
    memory::Memory,
    message::{Exchange, Request, Response},
    outcome::Outcome,
    redirect,
};
use crate::browser::{
    client::{Blocked, names},
    safelist::unsafe_names,
};

/// A fetch under way: what to send next, until it has come to something.
///
/// [`Browser`](super::Browser) has an example.
#[derive(Debug)]
#[must_use]
pub struct Fetching<'a> {
    memory: &'a mut Memory,
    request: CorsRequest,
    next: Next,
    exchanges: Vec<Exchange>,
    rejected_cookies: Vec<(String, RejectedCookie)>,
}

#[derive(Debug)]
enum Next {
    Send(Request),
    Done(Result<Vec<String>, Blocked>),
}

impl<'a> Fetching<'a> {
    pub(super) fn new(memory: &'a mut Memory, fetch: ValidFetch) -> Self {
        for cookie in &fetch.cookies {
            memory.give_cookie(&fetch.url, cookie);
        }
        let request = CorsRequest::new(fetch);
        let next = begin(memory, &request);
        Self { memory, request, next, exchanges: Vec::new(), rejected_cookies: Vec::new() }
    }

    /// What to send now; `None` if the fetch is over.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        match &self.next {
            Next::Send(request) => Some(request),
            Next::Done(_) => None,
        }
    }

    /// Takes the answer to [`request`](Self::request). When the fetch is over it does nothing.
    pub fn receive(&mut self, response: Response) {
        let Next::Send(request) = &self.next else { return };
        let exchange = Exchange { request: request.clone(), response };
        let next = if exchange.request.is_preflight {
            self.receive_preflight(&exchange.response)
        } else {
            self.receive_response(&exchange.response)
        };
        self.exchanges.push(exchange);
        match next {
            Ok(next) => self.next = next,
            Err(blocked) => self.block(blocked),
        }
    }

    /// Says that no answer came, and why.
    pub fn fail(&mut self, why: impl Into<String>) {
        if self.request().is_some() {
            self.block(Blocked::Network(why.into()));
        }
    }

    /// What the fetch came to. One that is not over counts as one without an answer.
    #[must_use]
    pub fn into_outcome(self) -> Outcome {
        let result = match self.next {
            Next::Done(result) => result,
            Next::Send(_) => Err(Blocked::Network("no answer".to_owned())),
        };
        Outcome { exchanges: self.exchanges, rejected_cookies: self.rejected_cookies, result }
    }

    fn receive_preflight(&mut self, answer: &Response) -> Result<Next, Blocked> {
        let request = &self.request;
        let names = unsafe_names(&request.sent.headers);
        request.client().check_preflight(
            &request.sent.method,
            &names,
            request.is_forced,
            answer.status,
            &answer.headers,
        )?;
        self.memory.remember(&request.subject(&request.client(), &names), &answer.headers);
        Ok(Next::Send(actual(self.memory, request)))
    }

    /// The end of `#concept-http-fetch`, and `#concept-http-redirect-fetch`.
    fn receive_response(&mut self, response: &Response) -> Result<Next, Blocked> {
        self.store_cookies(response);
        let client = self.request.client();
        if self.request.is_cors {
            client.cors_check(&response.headers).map_err(Blocked::Response)?;
        }
        let url = &self.request.sent.url;
        if let Some(next) = redirect::location(response, url).map_err(Blocked::Redirect)? {
            self.request.redirect(response.status, next).map_err(Blocked::Redirect)?;
            return Ok(begin(self.memory, &self.request));
        }
        let names = if self.request.is_cors {
            client.readable(&response.headers)
        } else {
            names(&response.headers, |_| true)
        };
        Ok(Next::Done(Ok(names)))
    }

    fn block(&mut self, blocked: Blocked) {
        // `#concept-main-fetch` clears what it knows after a network error with a preflight
        let request = &self.request;
        if request.needs_preflight() {
            self.memory.preflights.forget(request.origin(), request.sent.url.as_str());
        }
        self.next = Next::Done(Err(blocked));
    }

    fn store_cookies(&mut self, response: &Response) {
        let request = &self.request;
        if !request.includes_credentials() {
            return;
        }
        for (_, line) in response.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let stored = self.memory.set_cookie(&request.page, &request.sent.url, line);
            if let Err(why) = stored {
                self.rejected_cookies.push((line.clone(), why));
            }
        }
    }
}

/// `#concept-main-fetch`, once for the call and once for each redirect.
fn begin(memory: &Memory, request: &CorsRequest) -> Next {
    let names = unsafe_names(&request.sent.headers);
    let is_covered = memory.covers(&request.subject(&request.client(), &names));
    if request.needs_preflight() && !is_covered {
        return Next::Send(request.preflight(&names));
    }
    Next::Send(actual(memory, request))
}

fn actual(memory: &Memory, request: &CorsRequest) -> Request {
    let cookies = memory.cookie_header(&request.page, &request.sent.url);
    request.actual(cookies.filter(|_| request.includes_credentials()))
}
