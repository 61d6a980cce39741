//! What a request may cost at most. Counts are asserted, times only as ratios of one run.
//!
//! Instructions are those of optimised code, so that they are counted by `cargo test --release`
//! alone.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::Path,
    sync::{Mutex, MutexGuard, Once, PoisonError},
};

use cors_benches::{
    instructions::Cell, routes::Routes, start::Start, subjects::Subject, suites::Suite,
};

/// What the rows of a suite cost, in instructions.
struct Costs {
    suite: Suite,
    _alone: MutexGuard<'static, ()>,
}

impl Costs {
    /// `None` where code is not optimised, which is said.
    fn of(suite: &str) -> Option<Self> {
        if cfg!(debug_assertions) {
            say_what_is_left_out();
            return None;
        }
        Some(Self { suite: Suite::named(suite).expect("a suite"), _alone: alone() })
    }

    fn cell(&self, row: &str, subject: Subject) -> Cell<'_> {
        let row = self.suite.cases.iter().position(|case| case.name == row);
        let column = self.suite.subjects.iter().position(|own| *own == subject);
        let program = Path::new(env!("CARGO_BIN_EXE_cors-benches"));
        let (row, column) = (row.expect("a row"), column.expect("a column"));
        Cell { suite: &self.suite, row, column, program }
    }

    /// Instructions of a row, median of a few processes.
    fn count(&self, row: &str, subject: Subject) -> f64 {
        self.cell(row, subject).count().expect("valgrind counts")
    }

    /// The same above the bare application.
    fn added(&self, row: &str, subject: Subject) -> f64 {
        self.count(row, subject) - self.count(row, Subject::Bare)
    }

    /// What overrides add to ours. If it is too much, it is printed which functions take it.
    fn assert_overrides_add(&self, row: &str, limit: f64) {
        let more = self.count(row, Subject::Overrides) - self.count(row, Subject::Ours);
        if more > limit {
            println!("{}", self.differences(row, [Subject::Ours, Subject::Overrides]));
        }
        assert_at_most(row, more, limit);
    }

    /// The functions that cost the second subject more or less than the first, a line each.
    fn differences(&self, row: &str, subjects: [Subject; 2]) -> String {
        let [one, other] =
            subjects.map(|subject| self.cell(row, subject).functions().expect("valgrind profiles"));
        let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        let line = |name: &String| {
            let [before, after] = [&one, &other].map(|own| own.get(name).copied().unwrap_or(0.0));
            let differs = (before - after).abs() > 5.0;
            differs.then(|| format!("{before:8.0} {after:8.0}  {name}\n"))
        };
        names.into_iter().filter_map(line).collect()
    }
}

/// Keeps tests from running at once, because one of them takes times.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What hash seeds make of a request.
const NOISE: f64 = 60.0;

fn assert_at_most(what: &str, count: f64, limit: f64) {
    println!("{what}: {count:.0} of {limit:.0}");
    assert!(count <= limit, "{what}: {count:.0} is more than {limit:.0}");
}

fn say_what_is_left_out() {
    static SAID: Once = Once::new();
    let message = "instructions, which `cargo test --release -p cors-benches` counts; on Debian \
                   `apt-get install valgrind` brings what it needs";
    // past the capture of a passing test's output
    SAID.call_once(|| _ = writeln!(io::stderr(), "\nleft out of the tests: {message}\n"));
}

/// Hand-written code that knows no routes and no grammar is the floor; actix-cors is the peer.
#[test]
fn requests_cost_little_more_than_the_floor_and_less_than_the_peer() {
    let Some(costs) = Costs::of("requests") else { return };
    // at most so many times what they add
    let rows = [
        ("no `Origin`", 1.15, 0.73),
        ("allowed", 1.15, 0.70),
        ("refused", 1.15, 0.65),
        ("18 exposed, no `Origin`", 1.15, 0.40),
        ("18 exposed, allowed", 1.15, 0.83),
        ("preflight, 0 names", 1.15, 0.35),
        ("preflight, 2 names", 1.15, 0.35),
        ("preflight, 20 names", 1.15, 0.09),
    ];
    for (row, of_floor, of_peer) in rows {
        let bare = costs.count(row, Subject::Bare);
        let added = |subject| costs.count(row, subject) - bare;
        let (ours, floor) = (added(Subject::Ours), added(Subject::Floor));
        assert_at_most(&format!("{row}, floor"), ours, floor * of_floor + NOISE);
        let peer = added(Subject::ActixCors);
        assert_at_most(&format!("{row}, actix-cors"), ours, peer * of_peer + NOISE);
    }
}

#[test]
fn overrides_add_little() {
    let Some(costs) = Costs::of("requests") else { return };
    // these overrides do not matter where there is no `Origin`
    let rows = [("no `Origin`", 300.0), ("allowed", 800.0), ("preflight, 2 names", 800.0)];
    for (row, limit) in rows {
        costs.assert_overrides_add(row, limit + NOISE);
    }
}

#[test]
fn overrides_add_no_more_among_many_routes() {
    let Some(costs) = Costs::of("routes") else { return };
    for routes in [
        "35 routes of an API",
        "1 000 routes in 100 scopes",
        "1 000 routes in 100 scopes, each with a segment",
    ] {
        for kind in ["last", "nowhere", "dynamic"] {
            let row = format!("{routes}, preflight, {kind}");
            costs.assert_overrides_add(&row, 800.0 + NOISE);
        }
    }
    for (kind, limit) in [("number", 800.0), ("UUID", 1_100.0), ("words", 1_100.0)] {
        let row = format!("35 routes of an API, preflight, {kind}");
        costs.assert_overrides_add(&row, limit + NOISE);
    }
}

#[test]
fn refused_and_hostile_preflights_cost_no_more_than_granted_ones() {
    let Some(costs) = Costs::of("requests") else { return };
    for subject in [Subject::Ours, Subject::Overrides] {
        let granted = costs.added("preflight, 20 names", subject);
        for row in [
            "preflight, other origin",
            "preflight, other method",
            "preflight, 20 names and another",
            "hostile: one name 585 times",
            "hostile: 1 170 names",
            "hostile: blanks and commas",
        ] {
            assert_at_most(row, costs.added(row, subject), granted);
        }
    }
}

#[test]
fn the_core_alone() {
    let Some(costs) = Costs::of("core") else { return };
    for (row, limit) in
        [("allowed", 200.0), ("preflight, 2 names", 450.0), ("preflight, 20 names", 1_300.0)]
    {
        assert_at_most(row, costs.count(row, Subject::Core), limit);
    }
}

/// Two are compared, more are hashed.
#[test]
fn a_million_origins_cost_little_more_than_ten() {
    let Some(costs) = Costs::of("origins") else { return };
    let count = |row: &str| costs.count(row, Subject::Core);
    let ten = count("10 origins, allowed");
    assert_at_most("10 origins, allowed", ten, 200.0);
    assert_at_most("10 origins, preflight", count("10 origins, preflight"), 450.0);
    assert_at_most("1 000 000 origins", count("1 000 000 origins, allowed"), 1.3 * ten);
}

#[test]
fn what_annotated_handlers_register_slows_routing_by_a_twentieth_at_most() {
    let Some(costs) = Costs::of("routing") else { return };
    for case in &costs.suite.cases {
        let bare = costs.count(&case.name, Subject::Bare);
        let annotated = costs.count(&case.name, Subject::BareAnnotated);
        assert_at_most(&case.name, annotated, bare * 1.05);
    }
}

#[test]
fn a_preflight_among_a_thousand_routes_costs_no_more_than_twice_that_among_ten() {
    let Some(costs) = Costs::of("routes") else { return };
    for kind in ["preflight, first", "preflight, last", "preflight, nowhere"] {
        let count = |routes| costs.count(&format!("{routes}, {kind}"), Subject::Overrides);
        assert_at_most(kind, count("1 000 routes in 100 scopes"), 2.0 * count("10 routes"));
    }
}

/// A tenth of the routes takes a tenth of the time; what is quadratic takes a hundredth.
#[test]
fn ten_times_the_routes_take_little_more_than_ten_times_as_long_to_start() {
    let _alone = alone();
    let system = actix_web::rt::System::new();
    for [few, many] in [
        [Routes::Scopes(100), Routes::Scopes(1_000)],
        [Routes::OneScope(100), Routes::OneScope(1_000)],
        [Routes::Flat(100), Routes::Flat(1_000)],
    ] {
        let start = |routes| system.block_on(Start::of_overrides(routes)).total().as_secs_f64();
        let ratio = start(many) / start(few);
        println!("{many}: {ratio:.1}");
        assert!(ratio < 30.0, "{many} take {ratio:.1} times what {few} take");
    }
}
