//! One row: a request to an application with a policy.

use crate::{
    policy::{HEADERS, Policy, REFUSED},
    request::Request,
    routes::{self, Routes},
};

/// A request to an application with a policy.
#[derive(Debug, Clone)]
pub struct Case {
    /// What the row is called.
    pub name: String,
    /// The policy.
    pub policy: Policy,
    /// The application's routes.
    pub routes: Routes,
    /// The request.
    pub request: Request,
}

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The same origin: no `Origin` is sent.
    Own,
    /// A listed origin.
    Allowed,
    /// An origin that is not listed.
    Refused,
}

impl Case {
    /// An actual request.
    #[must_use]
    pub fn actual(name: &str, policy: Policy, caller: Caller) -> Self {
        let request = match caller {
            Caller::Own => Request::plain(routes::FIRST),
            Caller::Allowed => Request::actual(routes::FIRST, &policy.caller()),
            Caller::Refused => Request::actual(routes::FIRST, REFUSED),
        };
        Self::new(name, policy, request)
    }

    /// A preflight of an allowed origin that names these headers.
    #[must_use]
    pub fn preflight(name: &str, policy: Policy, names: &str) -> Self {
        let request = Request::preflight(routes::FIRST, &policy.caller(), "PUT", names);
        Self::new(name, policy, request)
    }

    fn new(name: &str, policy: Policy, request: Request) -> Self {
        Self { name: name.to_owned(), policy, routes: Routes::Flat(1), request }
    }

    /// Gives a header of the request another value.
    pub fn replace(&mut self, name: &str, value: &str) {
        for (_, own) in self.request.headers.iter_mut().filter(|(own, _)| *own == name) {
            value.clone_into(own);
        }
    }

    /// The same request to a path of an application with these routes.
    #[must_use]
    pub fn at(mut self, routes: Routes, path: &str) -> Self {
        self.routes = routes;
        path.clone_into(&mut self.request.path);
        self
    }
}

/// The first `count` allowed names, as a browser lists them.
#[must_use]
pub fn names(count: usize) -> String {
    HEADERS[..count].join(",")
}
