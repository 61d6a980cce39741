//! Which services of a scope may match a path: those whose patterns start as the path does, up to
//! their first dynamic segment.

use std::ops::Deref;

use smallvec::SmallVec;

/// The numbers of services by the starts of their patterns.
#[derive(Debug, Default)]
pub(crate) struct Index(Vec<Start>);

#[derive(Debug)]
struct Start {
    text: Box<str>,
    /// The longest other start that this one starts with.
    shorter: Option<usize>,
    services: Vec<usize>,
}

/// What is found for a path.
pub(crate) enum Found<'i> {
    /// One start has them all.
    List(&'i [usize]),
    /// Rarely more than a handful.
    Merged(SmallVec<[usize; 16]>),
}

impl Deref for Found<'_> {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        match self {
            Self::List(numbers) => numbers,
            Self::Merged(numbers) => numbers,
        }
    }
}

impl Index {
    /// Makes it of starts and the numbers of services, which may repeat.
    pub(crate) fn new<'a>(patterns: impl Iterator<Item = (&'a str, usize)>) -> Self {
        let mut sorted: Vec<(&str, usize)> =
            patterns.map(|(pattern, number)| (literal_start(pattern), number)).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut starts: Vec<Start> = Vec::new();
        for (text, number) in sorted {
            match starts.last_mut() {
                Some(last) if *last.text == *text => last.services.push(number),
                _ => {
                    let before = starts.len().checked_sub(1);
                    let mut shorter = before;
                    while let Some(index) = shorter {
                        if text.starts_with(&*starts[index].text) {
                            break;
                        }
                        shorter = starts[index].shorter;
                    }
                    starts.push(Start { text: text.into(), shorter, services: vec![number] });
                }
            }
        }
        Self(starts)
    }

    /// The services that may match a path, in order.
    ///
    /// What sorts between a start of the path and the path starts with it too, so that all starts of
    /// the path are found from the last one that does not sort after it.
    pub(crate) fn find(&self, path: &str) -> Found<'_> {
        let last = self.0.partition_point(|start| *start.text <= *path).checked_sub(1);
        let mut found = Found::List(&[]);
        for start in self.chain(last).filter(|start| path.starts_with(&*start.text)) {
            match &mut found {
                Found::List([]) => found = Found::List(&start.services),
                Found::List(others) => {
                    let mut merged = SmallVec::from_slice(others);
                    merged.extend_from_slice(&start.services);
                    found = Found::Merged(merged);
                }
                Found::Merged(merged) => merged.extend_from_slice(&start.services),
            }
        }
        if let Found::Merged(merged) = &mut found {
            merged.sort_unstable();
            // a service of several patterns
            merged.dedup();
        }
        found
    }

    /// A start and all shorter ones that it starts with, longest first.
    fn chain(&self, last: Option<usize>) -> impl Iterator<Item = &Start> {
        let at = |index: Option<usize>| index.map(|index| &self.0[index]);
        std::iter::successors(at(last), move |start| at(start.shorter))
    }
}

/// What a pattern starts with, before its first dynamic segment. Where it has none and ends in `*`,
/// it is a regular expression.
fn literal_start(pattern: &str) -> &str {
    match pattern.split_once('{') {
        Some((start, _)) => start,
        None if pattern.ends_with('*') => "",
        None => pattern,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Index, literal_start};

    proptest! {
        /// The same as asking each pattern.
        #[test]
        fn all_starts_of_a_path_are_found(
            patterns in proptest::collection::vec("[ab/é{*]{0,6}", 0..12),
            path in "[ab/é]{0,8}",
        ) {
            let numbered = || patterns.iter().map(String::as_str).zip(0..);
            let expected: Vec<usize> = numbered()
                .filter(|(pattern, _)| path.starts_with(literal_start(pattern)))
                .map(|(_, number)| number)
                .collect();
            prop_assert_eq!(Index::new(numbered()).find(&path).to_vec(), expected);
        }
    }

    #[test]
    fn a_service_of_several_patterns_is_found_once() {
        let index = Index::new([("/a", 1), ("/{x}", 1), ("/a/{y}", 0), ("/a", 1)].into_iter());
        assert_eq!(index.find("/a/b").to_vec(), [0, 1]);
        assert_eq!(index.find("/").to_vec(), [1]);
        assert!(index.find("b").is_empty());
    }
}
