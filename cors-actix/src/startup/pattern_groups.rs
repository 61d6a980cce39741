//! Patterns at which actix's router panics.

/// How many named groups actix's router has room for in one pattern; it panics at a request that matches more.
pub(super) const MOST_GROUPS: usize = 16;

/// Whether a pattern has more named groups than that: what is in braces, and groups of expressions.
pub(crate) fn has_too_many_groups(pattern: &str) -> bool {
    if !pattern.contains('(') {
        // actix counts what is in braces itself
        return false;
    }
    let (mut depth, mut segments) = (0_usize, 0);
    for character in pattern.chars() {
        match character {
            '{' => {
                segments += usize::from(depth == 0);
                depth += 1;
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let groups = pattern.matches("(?P<").count() + pattern.matches("(?<").count();
    segments + groups > MOST_GROUPS
}

#[cfg(test)]
mod tests {
    use super::has_too_many_groups;

    #[test]
    fn segments_and_groups_of_expressions_count_together() {
        let group = |number: usize| format!("(?<g{number}>x)");
        let groups = |count: usize| (0..count).map(group).collect::<Vec<_>>().concat();
        let table = [
            ("/{a}".repeat(16), false),
            // actix refuses these itself, at registration
            ("/{a}".repeat(17), false),
            (format!("/{{a:{}}}", groups(15)), false),
            (format!("/{{a:{}}}", groups(16)), true),
            (format!("/{{a:{}}}/{{b}}", groups(15)), true),
            (format!("/{{a:{}}}", groups(16).replace("(?<", "(?P<")), true),
            (format!("/{{a:{}}}", "(x)(?:y)".repeat(20)), false),
            // braces of repetitions are no segments
            (format!("/{{a:{}}}", "(x){2}".repeat(20)), false),
        ];
        for (pattern, expected) in table {
            assert_eq!(has_too_many_groups(&pattern), expected, "{pattern}");
        }
    }
}
