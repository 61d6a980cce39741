//! How much is reported, and what it costs to find out.

use cors_core::{Comparison, LayeredPolicy, Report, RouteReport, Source};

use super::{A, consenting};

fn report(base: &LayeredPolicy, routes: usize, of_route: &LayeredPolicy) -> Report {
    let route = |number| {
        let methods = vec!["GET".to_owned(), "PUT".to_owned()];
        RouteReport::new(format!("/{number}"), methods, Source::Here, of_route.clone())
    };
    Report::new(base.clone(), (0..routes).map(route).collect())
}

#[test]
fn beyond_250_differences_are_counted_and_their_directions_kept() {
    let [none, some] = [&[][..], &[A]].map(|origins| consenting(origins).build_layered().unwrap());
    let compare = |before: &LayeredPolicy, now: &LayeredPolicy, routes| {
        Comparison::of_reports(&report(&none, routes, before), &report(&none, routes, now))
    };
    for (routes, listed, more, last) in [
        (250, 250, 0, "GET, PUT /249: wider: https://a.example may read responses (allow_origins)"),
        (251, 250, 1, "and 1 more difference"),
        (300, 250, 50, "and 50 more differences"),
    ] {
        let found = compare(&none, &some, routes);
        assert_eq!((found.differences.len(), found.more), (listed, more));
        assert_eq!(found.to_string().lines().last(), Some(last));
        assert!(found.widens() && !found.narrows());
        assert!(compare(&some, &none, routes).narrows());
    }
}

/// Directions of differences that are not listed any more.
#[test]
fn a_difference_that_is_not_listed_still_widens() {
    let [none, some] = [&[][..], &[A]].map(|origins| consenting(origins).build_layered().unwrap());
    let before = report(&none, 250, &some);
    let mut now = report(&none, 250, &none);
    let last = RouteReport::new("/last", vec!["GET".to_owned()], Source::Here, some.clone());
    now.routes.push(last);
    let found = Comparison::of_reports(&before, &now);
    assert_eq!(found.more, 1);
    assert!(found.narrows() && found.widens());
}

/// Ten thousand origins and two thousand patterns, nearly all of which are the same in both. Each pattern beside each
/// would be beyond what is tried.
#[test]
fn a_difference_is_found_in_long_lists() {
    let origins = (0..10_000).map(|number| format!("https://a{number}.example"));
    let below = (0..1000).map(|number| format!("https://*.below{number}.example"));
    let parts = (0..1000).map(|number| format!("https://pr-*.part{number}.example:*"));
    let all: Vec<String> = origins.chain(below).chain(parts).collect();
    let texts: Vec<&str> = all.iter().map(String::as_str).collect();
    let more = [&texts[..], &["https://*.new.example"]].concat();
    let expected = ["wider: https://a.new.example may read responses (allow_origins)"];
    super::assert_lines(&consenting(&texts), &consenting(&more), &expected);
    let trusted: Vec<&str> =
        texts[10_000..].iter().rev().copied().chain(["https://*.other"]).collect();
    let expected = "wider: https://a.below0.example, https://a.below1.example, \
                    https://a.below10.example and 1997 more may read responses with credentials \
                    (allow_credentials)";
    super::assert_lines(
        &consenting(&texts),
        &consenting(&texts).allow_credentials(trusted),
        &[expected],
    );
}
