//! Random applications, random requests: what actix dispatched to, against the policy of the
//! response and of the preflight that announced it.
//!
//! Without `PROPTEST_CASES` it tries the same few each time, so that a change is not blamed for what
//! chance has found. `PROPTEST_CASES=50000 cargo test --release -p cors-tests --test actix
//! differential` tries a million others; `PROPTEST_RNG_SEED` repeats a run.

mod app;
mod check;
mod counts;
mod entries;
mod handlers;
mod policies;
mod requests;
mod serve;
mod smaller;

use std::cell::RefCell;

use actix_web::rt::System;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestError, TestRunner},
};

use app::{Application, application, exact_application};
use check::{Case, Oracle};
use requests::{Ask, Draft, draft};
use serve::Server;

/// How many requests one application gets at most.
const REQUESTS: usize = 40;

/// How often a failure is made smaller.
const SHRINKS: u32 = 2_000;

/// How many applications each property tries: `PROPTEST_CASES`, or a few seconds' worth.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(600)
}

/// No response has another route's policy, and no preflight grants what the route would not.
#[test]
fn every_answer_has_the_policy_of_the_route_that_runs() {
    compare(application(), false);
}

/// Where path and method decide alone, a preflight is granted exactly if the route grants it.
#[test]
fn without_guards_and_plain_routes_every_preflight_is_exact() {
    compare(exact_application(), true);
}

fn compare(applications: impl Strategy<Value = Application>, is_exact: bool) {
    let system = System::new();
    let oracle = RefCell::new(Oracle::default());
    let config = ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: SHRINKS,
        ..ProptestConfig::default()
    };
    let is_chosen = ["PROPTEST_CASES", "PROPTEST_RNG_SEED"].map(std::env::var_os);
    let rng_seed = if is_chosen == [None, None] { RngSeed::Fixed(25) } else { config.rng_seed };
    let config = ProptestConfig { rng_seed, ..config };
    // requests first: they shrink first, and then the application, for the one that is left
    let cases = (vec(draft(), 1..=REQUESTS), applications);
    let result = TestRunner::new(config).run(&cases, |(drafts, application)| {
        let mut oracle = oracle.borrow_mut();
        let tried = try_all(&mut oracle, &application, &drafts, is_exact);
        system.block_on(tried).map_err(|failure| TestCaseError::fail(failure.problem))
    });
    println!("{}", oracle.borrow().counts);
    match result {
        Ok(()) => {}
        Err(TestError::Fail(_, (drafts, application))) => {
            let mut oracle = oracle.borrow_mut();
            let Failure { application, ask, problem } =
                system.block_on(minimal(&mut oracle, application, &drafts, is_exact));
            panic!("{ask}\n{problem}\n{application}");
        }
        Err(error @ TestError::Abort(_)) => panic!("{error}"),
    }
}

/// A request that went wrong.
struct Failure {
    application: Application,
    ask: Ask,
    problem: String,
}

/// Sends an application all requests; fails with the first that goes wrong.
async fn try_all(
    oracle: &mut Oracle,
    application: &Application,
    drafts: &[Draft],
    is_exact: bool,
) -> Result<(), Failure> {
    let server = Server::start(application, application.cors()).await;
    for ask in drafts.iter().map(|draft| draft.along(application)) {
        try_one(oracle, &server, application, ask, is_exact).await?;
    }
    Ok(())
}

async fn try_one(
    oracle: &mut Oracle,
    server: &Server,
    application: &Application,
    ask: Ask,
    is_exact: bool,
) -> Result<(), Failure> {
    // what a middleware further in makes of other paths is not known outside of it
    let is_exact = is_exact && ask.is_clean();
    let checked = oracle.check(Case { server, application, ask: &ask }, is_exact).await;
    checked.map_err(|problem| Failure { application: application.clone(), ask, problem })
}

/// The first failure, with all taken away that it can do without.
async fn minimal(
    oracle: &mut Oracle,
    application: Application,
    drafts: &[Draft],
    is_exact: bool,
) -> Failure {
    let failed = try_all(oracle, &application, drafts, is_exact).await;
    let mut failure = failed.expect_err("it fails as before");
    'smaller: loop {
        for (application, ask) in failure.smaller() {
            let server = Server::start(&application, application.cors()).await;
            if let Err(smaller) = try_one(oracle, &server, &application, ask, is_exact).await {
                failure = smaller;
                continue 'smaller;
            }
        }
        return failure;
    }
}

impl Failure {
    /// Cases that may fail as well, with one thing less.
    fn smaller(&self) -> Vec<(Application, Ask)> {
        let applications = self.application.smaller().into_iter().filter(Application::starts);
        let applications = applications.map(|application| (application, self.ask.clone()));
        let asks = self.ask.smaller().into_iter().map(|ask| (self.application.clone(), ask));
        applications.chain(asks).collect()
    }
}
