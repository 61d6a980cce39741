//! What may be allocated, in every build; it is counted on the thread of the test alone.

use allocation_counter::measure;
use cors_actix::Cors;
use cors_benches::{
    allocations,
    policy::Policy,
    routes::{FIRST, Routes},
    subjects::Subject,
    suites::Suite,
};
use cors_core::{PathMatch, Presented, RequestHead, RequestHeader, RouteTable};

fn count(run: &mut dyn FnMut()) -> u64 {
    measure(run).count_total
}

/// But for patterns with an expression of their own, which may be left to actix's engine, and for
/// plain routes where there are route entries: actix allocates the name of a route's pattern.
#[test]
fn nothing_is_allocated_for_any_request() {
    let system = actix_web::rt::System::new();
    let cases = |suite: &str| Suite::named(suite).expect("a suite").cases;
    let mut routes = cases("routes");
    routes.retain(|case| {
        // more routes would only take longer to start
        let starts_soon = !case.name.starts_with("10 000 ");
        let mut expressions = case.routes.expressions().iter();
        starts_soon && expressions.all(|(_, path)| *path != case.request.path)
    });
    for case in cases("requests").iter().chain(&routes) {
        let count = |subject| system.block_on(allocations::count(subject, case, count));
        let is_plain = matches!(case.routes, Routes::Distinct(_)) && case.request.method == "GET";
        let bare = count(Subject::Bare) + u64::from(is_plain && case.request.path != FIRST);
        for subject in [Subject::Ours, Subject::Overrides] {
            assert!(count(subject) <= bare, "{subject}: {}", case.name);
        }
    }
}

/// Whoever asks: an origin with credentials, or another one.
#[test]
fn nothing_is_allocated_for_a_decision_by_a_list_of_credentials() {
    const APP: &str = "https://app.example.com";
    let policy = cors_core::Policy::builder()
        .allow_origins(["*"])
        .allow_methods(["*"])
        .allow_headers(["*"])
        .allow_credentials([APP, "https://*.preview.example.com"])
        .dangerously_expose_any_header(true)
        .build()
        .expect("a valid policy");
    let table = RouteTable::new(&policy, &[], str::to_owned);
    for origin in [APP, "https://a.preview.example.com", "https://evil.example"] {
        let request = Preflight([origin, "PURGE", "x-a,x-b"]);
        let count = measure(|| {
            let preflight = table.preflight(PathMatch::NONE, &request);
            let actual = table.actual(PathMatch::NONE, "GET", Presented::One(origin.as_bytes()));
            assert_eq!((preflight.fields().count(), actual.fields().count() > 1), (5, true));
        });
        assert_eq!(count.count_total, 0, "{origin}");
    }
}

/// Origin, method and headers.
struct Preflight([&'static str; 3]);

impl RequestHead for Preflight {
    fn method(&self) -> &'static str {
        "OPTIONS"
    }

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        std::iter::once(self.0[header as usize].as_bytes())
    }
}

/// What every worker has of its own must not count.
#[test]
fn a_million_origins_fit_into_a_hundred_megabytes_for_all_workers() {
    const WORKERS: usize = 4;
    let mut apps = Vec::new();
    let allocated = measure(|| {
        let cors: Cors = Cors::builder()
            .allow_origins(Policy::new(1_000_000).origins())
            .build()
            .expect("a valid policy");
        let system = actix_web::rt::System::new();
        apps.extend((0..WORKERS).map(|_| {
            let app = actix_web::App::new().wrap(cors.clone());
            system.block_on(actix_web::test::init_service(app))
        }));
    });
    let left = allocated.bytes_current;
    drop(apps);
    println!("{left} bytes");
    assert!(left > 10_000_000, "{left} bytes: the origins are counted");
    assert!(left <= 100_000_000, "{left} bytes");
}
