//! Lines of a source file.

/// The body of a function without parameters, without the indentation that all of it has.
pub(crate) fn of<'a>(source: &'a str, function: &str) -> Vec<&'a str> {
    let head = format!("fn {function}() ");
    let after = source.lines().skip_while(|line| !line.contains(&head)).skip(1);
    let body = after.take_while(|line| *line != "}");
    body.map(|line| line.strip_prefix("    ").unwrap_or(line)).collect()
}

#[test]
fn the_body_of_a_function_ends_at_its_brace() {
    let source = "/// A\nfn ours() -> u8 {\n    if true {\n        1\n    }\n}\n\nfn b() {}\n";
    assert_eq!(of(source, "ours"), ["if true {", "    1", "}"]);
    assert_eq!(of(source, "theirs"), [""; 0]);
}
