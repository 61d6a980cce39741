//! Mistakes in `#[cors]`, one in each file of `fail/`, with the compiler's words beside it.
//!
//! After a change of a message, `TRYBUILD=overwrite cargo test -p cors-tests --test ui` writes the
//! `.stderr` files anew; read them before they are committed.

#[test]
fn mistakes_are_compile_errors_at_the_token() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/fail/*.rs");
    cases.pass("ui/pass/*.rs");
}
