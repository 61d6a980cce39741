//! What both applications are asked, and what they answered.

use std::fmt;

use cors_tests::client::{Request, Response};

use crate::{
    browser,
    difference::{self, Change, Difference},
};

/// A request, and what ours has to answer.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    status: u16,
    cors: Vec<String>,
}

/// A question with both answers.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) question: Question,
    pub(crate) ours: Response,
    pub(crate) theirs: Response,
}

/// A page of `origin` is about to send a request, written `PUT /path`, with these headers.
pub(crate) fn preflight(request: &str, origin: &str, headers: &str) -> Question {
    let (method, path) = request.split_once(' ').expect("a method and a path");
    let question =
        actual(&format!("OPTIONS {path}"), origin).header("access-control-request-method", method);
    if headers.is_empty() {
        return question;
    }
    question.header("access-control-request-headers", headers)
}

/// A page of `origin` sends a request, written `GET /path`; without an origin, the server's own page or no page.
pub(crate) fn actual(request: &str, origin: &str) -> Question {
    let (method, path) = request.split_once(' ').expect("a method and a path");
    let question = Question {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
        status: 0,
        cors: Vec::new(),
    };
    if origin.is_empty() { question } else { question.header("origin", origin) }
}

/// What a preflight gets from a policy of any origin, any method and any header, with its `max_age` if it has one.
pub(crate) fn any_origin(method: &str, headers: &str, max_age: &str) -> Vec<String> {
    let mut lines = vec![
        "access-control-allow-origin: *".to_owned(),
        "access-control-allow-methods: *, GET, HEAD, POST".to_owned(),
        "access-control-allow-headers: *, Authorization".to_owned(),
        "vary: Access-Control-Request-Method, Access-Control-Request-Headers".to_owned(),
    ];
    let is_named = ["GET", "HEAD", "POST"].contains(&method);
    let own = [("methods", if is_named { "" } else { method }), ("headers", headers)];
    let own = own.into_iter().filter(|(_, value)| !value.is_empty());
    lines.extend(own.map(|(list, value)| format!("access-control-allow-{list}: {value}")));
    if !max_age.is_empty() {
        lines.push(format!("access-control-max-age: {max_age}"));
    }
    lines
}

/// Asks both servers.
pub(crate) async fn ask(questions: Vec<Question>, ours: &str, theirs: &str) -> Vec<Answered> {
    let mut answered = Vec::new();
    for question in questions {
        let (ours, theirs) = (question.send(ours).await, question.send(theirs).await);
        answered.push(Answered { question, ours, theirs });
    }
    answered
}

impl Question {
    /// Adds a header of the request.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets what ours has to answer: the status, and the whole of the CORS headers.
    pub(crate) fn gets(mut self, status: u16, cors: &[impl AsRef<str>]) -> Self {
        self.status = status;
        self.cors = cors.iter().map(|line| line.as_ref().to_owned()).collect();
        self.cors.sort();
        self
    }

    /// The method that a preflight asks about.
    pub(crate) fn requested(&self) -> Option<&str> {
        self.value("access-control-request-method")
    }

    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let own = self.headers.iter().find(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str())
    }

    async fn send(&self, url: &str) -> Response {
        let mut request = Request::new(&self.method, format!("{url}{}", self.path));
        request.headers.clone_from(&self.headers);
        request.send().await.expect("an answer")
    }
}

/// As the page has it: `preflight for PUT /path from https://app.example.com with api-key`.
impl fmt::Display for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.requested() {
            Some(method) => write!(formatter, "preflight for {method} {}", self.path)?,
            None => write!(formatter, "{} {}", self.method, self.path)?,
        }
        for (name, value) in &self.headers {
            match name.as_str() {
                "origin" => write!(formatter, " from {value}")?,
                "access-control-request-method" => {}
                "access-control-request-headers" => write!(formatter, " with {value}")?,
                _ => write!(formatter, ", {name}: {value}")?,
            }
        }
        Ok(())
    }
}

impl Answered {
    /// What is wrong, if ours did not answer as expected, or if another handler ran.
    pub(crate) fn wrong(&self) -> Option<String> {
        let Self { question, ours, theirs } = self;
        let Question { status, cors, .. } = question;
        if (ours.status, ours.cors()) != (*status, cors.clone()) {
            let seen = ours.cors();
            return Some(format!(
                "{question}: {status} {cors:#?}, and got {} {seen:#?}",
                ours.status
            ));
        }
        let is_other = question.requested().is_none() && ours.body != theirs.body;
        is_other.then(|| format!("{question}: {:?} for {:?}", ours.body, theirs.body))
    }

    /// What is wrong, if a page gets more here than there, or less, without a reason that is meant.
    pub(crate) fn unequal(&self) -> Option<String> {
        let Self { question, ours, theirs } = self;
        let changes = self.changes();
        let has = |one: Difference| changes.iter().any(|change| change.difference == Some(one));
        let may_be_more = has(Difference::OuterLayer);
        let may_be_less = has(Difference::NoCredentials) || has(Difference::MethodsAdded);
        let is_wrong = |has_credentials: &bool| {
            let here = browser::admits(question, ours, *has_credentials);
            let there = browser::admits(question, theirs, *has_credentials);
            here && !there && !may_be_more || there && !here && !may_be_less
        };
        let mode = [false, true].into_iter().find(is_wrong)?;
        Some(format!("{question}, credentials {mode}: a page gets something else"))
    }

    /// All that differs, status and CORS headers.
    pub(crate) fn changes(&self) -> Vec<Change> {
        difference::between(&self.question, &self.ours, &self.theirs)
    }
}
