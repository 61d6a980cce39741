//! Random applications, random requests: what actix dispatched to, against the policy of the
//! response and of the preflight that announced it.
//!
//! Without `PROPTEST_CASES` it tries the same few each time, so that a change is not blamed for what
//! chance has found. `PROPTEST_CASES=50000 cargo test --release -p cors-tests --test actix
//! differential` tries a million others; `PROPTEST_RNG_SEED` repeats a run.

mod app;
mod calls;
mod check;
mod counts;
mod entries;
mod handlers;
mod neighbours;
mod policies;
mod print;
mod reached;
mod requests;
mod scopes;
mod serve;
mod setting;
mod smaller;
mod spies;
mod stack;
mod targets;

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

/// How many of these come many times at once, where that makes a difference.
const CROWDS: usize = 6;

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
        Err(TestError::Fail(reason, (drafts, application))) => {
            let mut oracle = oracle.borrow_mut();
            match system.block_on(minimal(&mut oracle, &application, &drafts, is_exact)) {
                Some(Failure { application, ask, problem }) => {
                    panic!("{ask}\n{problem}\n{application}")
                }
                // what was on the thread before has a part in it
                None => panic!("{reason}, but not a second time\n{application}"),
            }
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
    let asks = drafts.iter().map(|draft| draft.along(application)).collect();
    try_asks(oracle, application, asks, is_exact).await
}

async fn try_asks(
    oracle: &mut Oracle,
    application: &Application,
    asks: Vec<Ask>,
    is_exact: bool,
) -> Result<(), Failure> {
    let failure = |ask: &Ask, problem| Failure {
        application: application.clone(),
        ask: ask.clone(),
        problem,
    };
    let server = match Server::start(application, application.cors()).await {
        Ok(server) => server,
        Err(_) if application.may_be_taken_for_a_neighbour() => {
            oracle.counts.mistaken += 1;
            return Ok(());
        }
        Err(problem) => return Err(failure(&asks[0], problem)),
    };
    for (index, ask) in asks.iter().enumerate() {
        // what a middleware further in makes of other paths is not known outside of it
        let is_exact = is_exact && ask.is_clean();
        let case = Case { server: &server, application, ask };
        let checked = oracle.check(case, is_exact).await;
        checked.map_err(|problem| failure(ask, problem))?;
        if index < CROWDS {
            let checked = oracle.check_many(case).await;
            checked.map_err(|problem| failure(ask, problem))?;
        }
    }
    Ok(())
}

/// The first failure, with all taken away that it can do without; none if it does not fail again.
async fn minimal(
    oracle: &mut Oracle,
    application: &Application,
    drafts: &[Draft],
    is_exact: bool,
) -> Option<Failure> {
    let mut failure = try_all(oracle, application, drafts, is_exact).await.err()?;
    'smaller: loop {
        for (application, ask) in failure.smaller() {
            let tried = try_asks(oracle, &application, vec![ask], is_exact).await;
            if let Err(smaller) = tried {
                failure = smaller;
                continue 'smaller;
            }
        }
        return Some(failure);
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
