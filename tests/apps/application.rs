//! An application, with what both middlewares answered.

use std::collections::BTreeSet;

use cors_actix::{Cors, Misuse};

use crate::{
    difference::{Change, Difference},
    lines,
    question::Answered,
};

/// What is known of a public application.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Original {
    /// What people call it.
    pub(crate) name: &'static str,
    /// Owner and name at GitHub.
    pub(crate) repository: &'static str,
    pub(crate) commit: &'static str,
    /// The file that sets up CORS.
    pub(crate) file: &'static str,
    /// How many lines of that file make the policy.
    pub(crate) lines: usize,
    /// Its scopes, layers and routes, and how many of them are here.
    pub(crate) counts: &'static str,
    /// The codes of what the log says of it here.
    pub(crate) codes: &'static [&'static str],
    /// What moved over differently from what stood there, if anything.
    pub(crate) note: &'static str,
}

/// An application that has been asked.
pub(crate) struct Application {
    pub(crate) original: Original,
    /// The file that rebuilds it.
    pub(crate) source: &'static str,
    /// All differences that there are.
    pub(crate) differences: &'static [Difference],
    pub(crate) answered: Vec<Answered>,
    /// Ours, after the questions.
    pub(crate) cors: Vec<Cors>,
}

/// Starts a server on a free port of the loopback interface; answers its URL.
macro_rules! serve {
    ($factory:expr) => {{
        let server = actix_web::HttpServer::new($factory).workers(1);
        let server = server.bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        url
    }};
}
pub(crate) use serve;

/// Runs an application with `ours()` and with `theirs()` of the file, and asks both `questions()`.
macro_rules! application {
    ($original:expr, $differences:expr, |$cors:ident| $app:expr) => {{
        let kept = ours().expect("a valid policy");
        let shared = kept.clone();
        let ours = $crate::application::serve!(move || {
            let $cors = || shared.clone();
            $app
        });
        let theirs = $crate::application::serve!(move || {
            let $cors = theirs;
            $app
        });
        $crate::application::Application {
            original: $original,
            source: include_str!(concat!("../../", file!())),
            differences: $differences,
            answered: $crate::question::ask(questions(), &ours, &theirs).await,
            cors: vec![kept],
        }
    }};
}
pub(crate) use application;

impl Application {
    /// Asserts that ours answered as expected, that pages get the same, that the differences are those listed, that the
    /// log says what is expected and no more, and that it takes no more lines.
    pub(crate) fn check(&self) {
        let name = self.original.name;
        let wrong: Vec<String> = self.answered.iter().filter_map(Answered::wrong).collect();
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
        let unequal: Vec<String> = self.answered.iter().filter_map(Answered::unequal).collect();
        assert!(unequal.is_empty(), "{name}:\n{}", unequal.join("\n"));
        let changes = self.changes();
        let unexplained: Vec<&Change> =
            changes.iter().filter(|change| change.difference.is_none()).collect();
        assert!(unexplained.is_empty(), "{name}: nobody has explained {unexplained:#?}");
        let seen: BTreeSet<Difference> =
            changes.iter().filter_map(|change| change.difference).collect();
        let listed: BTreeSet<Difference> = self.differences.iter().copied().collect();
        assert_eq!(seen, listed, "{name}");
        let misuses: Vec<Misuse> = self.cors.iter().flat_map(Cors::misuses).collect();
        let codes: Vec<&str> = misuses.iter().map(Misuse::code).collect();
        assert_eq!(codes, self.original.codes, "{name}: {misuses:?}");
        let [ours, theirs] =
            ["ours", "theirs"].map(|function| lines::of(self.source, function).len());
        let most = self.original.lines.min(theirs);
        assert!(ours > 0, "{name} has no `fn ours()`");
        assert!(ours <= most, "{name}: {ours} lines, and the original has {most}");
    }

    pub(crate) fn changes(&self) -> Vec<Change> {
        self.answered.iter().flat_map(Answered::changes).collect()
    }
}
