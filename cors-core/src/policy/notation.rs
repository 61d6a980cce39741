//! Values of environment variables that are written as in a shell, in JSON or in another system's list.

/// The elements that the author of a list means; none if they are what is read anyway.
pub(super) fn elements(text: &str) -> Option<Vec<&str>> {
    let inner = without_quotes(text);
    let inner = inner.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(inner);
    let separators = |c: char| c.is_whitespace() || [',', ';', '|'].contains(&c);
    let elements: Vec<&str> =
        inner.split(separators).map(without_quotes).filter(|own| !own.is_empty()).collect();
    (!elements.is_empty() && elements != as_read(text)).then_some(elements)
}

/// The elements of a list, as they are read.
pub(super) fn as_read(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|element| !element.is_empty()).collect()
}

/// The value that its author means; none if it is what is read anyway.
pub(super) fn value(text: &str) -> Option<&str> {
    Some(without_quotes(text)).filter(|own| *own != text.trim() && !own.is_empty())
}

fn without_quotes(text: &str) -> &str {
    text.trim().trim_matches(['"', '\'', '`']).trim()
}

#[cfg(test)]
mod tests {
    use super::{elements, value};

    #[test]
    fn quotes_brackets_and_other_separators_are_seen_through() {
        let both = Some(vec!["a", "b"]);
        let table = [
            ("a,b", None),
            (" a ,\n b,", None),
            ("", None),
            ("\"\"", None),
            ("'a, b'", both.clone()),
            ("\"a\", 'b'", both.clone()),
            ("[\"a\", \"b\"]", both.clone()),
            ("'[\"a\",\"b\"]'", both.clone()),
            ("[a b]", both.clone()),
            ("a b", both.clone()),
            ("a;b", both.clone()),
            ("a|b", both.clone()),
            ("a\nb\r\n", both.clone()),
            ("`a`\tb", both),
            ("http://[::1]:3000", None),
            ("'http://[::1]:3000'", Some(vec!["http://[::1]:3000"])),
        ];
        for (text, expected) in table {
            assert_eq!(elements(text), expected, "{text:?}");
        }
        for (text, expected) in [("600", None), (" 600 ", None), ("\"600\"", Some("600"))] {
            assert_eq!(value(text), expected, "{text:?}");
        }
    }
}
