//! What a request may cost at most. Counts are asserted, times only as ratios of one run.
//!
//! Instructions are those of optimised code: without optimisation the tests that count them are
//! ignored. They need valgrind (`apt-get install valgrind`) and fail where it is missing.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use cors_benches::{
    instructions::{Cell, count_together},
    routes::Routes,
    start::Start,
    subjects::Subject,
    suites::Suite,
};

/// What the rows of a suite cost, in instructions.
struct Costs {
    suite: Suite,
    _alone: MutexGuard<'static, ()>,
}

impl Costs {
    fn of(suite: &str) -> Self {
        Self { suite: Suite::named(suite).expect("a suite"), _alone: alone() }
    }

    fn cell(&self, row: &str, subject: Subject) -> Cell<'_> {
        let row = self.suite.cases.iter().position(|case| case.name == row).expect("a row");
        Cell { suite: &self.suite, row, column: self.column(subject), program: program() }
    }

    fn column(&self, subject: Subject) -> usize {
        self.suite.subjects.iter().position(|own| *own == subject).expect("a column")
    }

    /// Instructions of rows that have the same policy, of one process.
    fn count_together(&self, rows: &[usize], subject: Subject) -> Vec<f64> {
        let counts = count_together(&self.suite, rows, self.column(subject), program());
        counts.expect("valgrind counts")
    }

    /// Instructions of a row, median of a few processes.
    fn count(&self, row: &str, subject: Subject) -> f64 {
        self.cell(row, subject).count().expect("valgrind counts")
    }

    /// The same above the bare application.
    fn added(&self, row: &str, subject: Subject) -> f64 {
        self.count(row, subject) - self.count(row, Subject::Bare)
    }

    /// What overrides add to ours.
    fn overrides_add(&self, row: &str) -> f64 {
        self.count(row, Subject::Overrides) - self.count(row, Subject::Ours)
    }

    /// The same where an application takes half a minute to start under valgrind: one process for
    /// each, both at once.
    fn overrides_add_once(&self, row: &str) -> f64 {
        let [more, less] = thread::scope(|scope| {
            let counting = [Subject::Overrides, Subject::Ours].map(|subject| {
                scope.spawn(move || self.cell(row, subject).count_in(1).expect("valgrind counts"))
            });
            counting.map(|own| own.join().expect("a count"))
        });
        more - less
    }

    /// If it is too much, it is printed which functions take it.
    fn assert_overrides_add(&self, row: &str, limit: f64) {
        let more = self.overrides_add(row);
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

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_cors-benches"))
}

/// Keeps tests from running at once, because one of them takes times.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What hash seeds make of a request.
const NOISE: f64 = 60.0;

/// What overrides may add to a preflight where patterns have literal segments and `{name}` alone.
const PREFLIGHT: f64 = 2_500.0;

fn assert_at_most(what: &str, count: f64, limit: f64) {
    println!("{what}: {count:.0} of {limit:.0}");
    assert!(count <= limit, "{what}: {count:.0} is more than {limit:.0}");
}

/// Hand-written code that knows no routes and no grammar is the floor; actix-cors is the peer.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn requests_cost_little_more_than_the_floor_and_less_than_the_peer() {
    let costs = Costs::of("requests");
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

/// These overrides do not matter where there is no `Origin`.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn overrides_add_little() {
    let costs = Costs::of("requests");
    for (row, limit) in [("no `Origin`", 300.0), ("allowed", 800.0)] {
        costs.assert_overrides_add(row, limit + NOISE);
    }
    for row in ["preflight, 0 names", "preflight, 2 names", "preflight, 20 names"] {
        costs.assert_overrides_add(row, PREFLIGHT + NOISE);
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn overrides_add_little_to_requests_among_the_routes_of_an_api() {
    let costs = Costs::of("routes");
    for kind in ["last", "dynamic"] {
        // about 200 of it are the probe at the root, which they pass like any other resource
        for (caller, limit) in [("no `Origin`", 500.0), ("allowed", 870.0), ("refused", 840.0)] {
            let row = format!("35 routes of an API, {caller}, {kind}");
            costs.assert_overrides_add(&row, limit + NOISE);
        }
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn overrides_add_little_to_a_preflight_among_many_routes() {
    let costs = Costs::of("routes");
    for routes in [
        "35 routes of an API",
        "1 000 routes in 100 scopes",
        "1 000 routes in 100 scopes, each with a segment",
    ] {
        for kind in ["first", "last", "nowhere", "dynamic"] {
            let row = format!("{routes}, preflight, {kind}");
            costs.assert_overrides_add(&row, PREFLIGHT + NOISE);
        }
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn what_overrides_add_to_a_preflight_at_most_doubles_from_ten_routes_to_ten_thousand() {
    let costs = Costs::of("routes");
    for [few, many] in [
        ["10 routes on as many paths", "10 000 routes on as many paths"],
        ["10 routes in 1 scopes", "10 000 routes in 1 000 scopes"],
    ] {
        for kind in ["last", "dynamic"] {
            let among_few = costs.overrides_add(&format!("{few}, preflight, {kind}"));
            let row = format!("{many}, preflight, {kind}");
            let among_many = costs.overrides_add_once(&row);
            assert_at_most(&row, among_many, PREFLIGHT + NOISE);
            assert_at_most(&row, among_many, 2.0 * among_few + NOISE);
        }
    }
}

/// Actix runs such an expression for each of its routes until one matches.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn a_preflight_for_a_pattern_with_an_expression_costs_less_than_actix_takes_to_route_it() {
    let costs = Costs::of("routes");
    for kind in ["number", "UUID", "words"] {
        let row = format!("35 routes of an API, preflight, {kind}");
        let bare = costs.count(&row, Subject::Bare);
        assert_at_most(&row, costs.count(&row, Subject::Overrides), bare);
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn refused_and_hostile_preflights_cost_no_more_than_granted_ones() {
    let costs = Costs::of("requests");
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

/// The path is looked up in five forms at most, and each costs what actix takes to route it. Only scopes have
/// middlewares of their own here, so that the catch-alls at the root are asked for the path as it is alone. Of
/// a long path with repeated slashes no other form is looked up.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn a_preflight_for_a_hostile_path_costs_no_more_than_a_get_for_each_form() {
    let costs = Costs::of("paths");
    for (path, forms) in [
        ("500 single slashes", 1.2),
        ("500 repeated slashes", 1.2),
        ("20 000 single slashes", 1.2),
        ("20 000 repeated slashes", 1.1),
    ] {
        let get = costs.count(&format!("{path}, GET"), Subject::Bare);
        let preflight = costs.count(&format!("{path}, preflight"), Subject::Overrides);
        assert_at_most(path, preflight, forms * get);
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn the_core_alone() {
    let costs = Costs::of("core");
    for (row, limit) in
        [("allowed", 200.0), ("preflight, 2 names", 450.0), ("preflight, 20 names", 1_300.0)]
    {
        assert_at_most(row, costs.count(row, Subject::Core), limit);
    }
}

/// Two are compared, more are hashed.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn a_million_origins_cost_little_more_than_ten() {
    let costs = Costs::of("origins");
    let count = |row: &str| costs.count(row, Subject::Core);
    let ten = count("10 origins, allowed");
    assert_at_most("10 origins, allowed", ten, 200.0);
    assert_at_most("10 origins, preflight", count("10 origins, preflight"), 450.0);
    // a process takes a minute to make it
    let many = costs.cell("1 000 000 origins, allowed", Subject::Core).count_in(1);
    assert_at_most("1 000 000 origins", many.expect("valgrind counts"), 1.3 * ten);
}

/// Of the patterns a fifth each is for subdomains, for a part of a label in one domain, for a part of a label in
/// many, for any port, and for any host of a scheme.
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn a_million_origins_with_ten_thousand_patterns_cost_what_ten_with_ten_do() {
    let costs = Costs::of("patterns");
    let (few, many): (Vec<usize>, Vec<usize>) = (0..costs.suite.cases.len())
        .partition(|row| costs.suite.cases[*row].name.starts_with("10 origins"));
    assert_eq!((few.len(), many.len()), (7, 7));
    let counts = [few, many.clone()].map(|rows| costs.count_together(&rows, Subject::Core));
    for ((few, row), count) in counts[0].iter().zip(many).zip(&counts[1]) {
        // numbers have up to four digits, which makes four lengths of one
        assert_at_most(&costs.suite.cases[row].name, *count, 1.5 * few + NOISE);
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn what_annotated_handlers_register_slows_routing_by_six_hundredths_at_most() {
    let costs = Costs::of("routing");
    for case in &costs.suite.cases {
        let bare = costs.count(&case.name, Subject::Bare);
        let annotated = costs.count(&case.name, Subject::BareAnnotated);
        // where one scope has the same handlers again and again, each round begins with a probe of its own
        assert_at_most(&case.name, annotated, bare * 1.06);
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "instructions of optimised code are counted; `cargo test --release -p cors-benches` runs it"
)]
fn a_preflight_among_a_thousand_routes_costs_no_more_than_twice_that_among_ten() {
    let costs = Costs::of("routes");
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
