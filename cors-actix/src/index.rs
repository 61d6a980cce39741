//! Which services may match a path: those whose patterns start as the path does, up to their first
//! dynamic segment.

use std::borrow::Cow;

/// The numbers of services by the starts of their patterns.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// What all starts start with.
    common: Box<str>,
    starts: Vec<Start>,
    /// The first bytes of each start as a number, so that few texts are compared.
    keys: Vec<u64>,
}

#[derive(Debug)]
struct Start {
    /// What comes after the common part.
    text: Box<str>,
    /// The longest other start that this one starts with.
    shorter: Option<usize>,
    services: Vec<usize>,
    /// All that are found with this start, in order, unless they are too many.
    all: Option<Box<[Found]>>,
}

/// A service that may match a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) number: usize,
    pub(crate) verdict: Verdict,
}

/// What a start says of whether a service matches the paths that start so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It depends on what follows.
    Open,
    Always,
    /// If nothing follows.
    Alone,
    Never,
}

/// How many services a start lists with those of all shorter ones.
const LISTED: usize = 64;

impl Index {
    /// Makes it of starts and the numbers of services, which may repeat. `judge` says of services, in
    /// order, which of them may match a path that starts so.
    pub(crate) fn new(
        mut starts: Vec<(String, usize)>,
        judge: impl Fn(Vec<usize>, &str) -> Vec<Found>,
    ) -> Self {
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.first().zip(starts.last());
        let common = ends.map_or("", |((first, _), (last, _))| common_start(first, last));
        let mut index = Self { common: common.into(), starts: Vec::new(), keys: Vec::new() };
        for (text, number) in &starts {
            let text = &text[index.common.len()..];
            match index.starts.last_mut() {
                Some(last) if *last.text == *text => last.services.push(*number),
                _ => {
                    let before = index.starts.len().checked_sub(1);
                    let starts_with = |own: &Start| text.starts_with(&*own.text);
                    let shorter = index.place(before, starts_with);
                    index.keys.push(key_of(text.as_bytes()));
                    let services = vec![*number];
                    index.starts.push(Start { text: text.into(), shorter, services, all: None });
                }
            }
        }
        for place in 0..index.starts.len() {
            let start = format!("{}{}", index.common, index.starts[place].text);
            let all = index.merged(place, LISTED).map(|all| judge(all, &start).into());
            index.starts[place].all = all;
        }
        index
    }

    /// The services that may match a path, in order, and whether the path is nothing but their start.
    ///
    /// What sorts between a start of the path and the path starts with it too, so that all starts of
    /// the path are found from the last one that does not sort after it.
    pub(crate) fn find(&self, path: &str) -> (Cow<'_, [Found]>, bool) {
        let none = (Cow::Borrowed(&[][..]), false);
        let Some(rest) = path.strip_prefix(&*self.common) else { return none };
        let last = self.last_before(rest);
        let Some(place) = self.place(last, |own| rest.starts_with(&*own.text)) else {
            return none;
        };
        let is_alone = self.starts[place].text.len() == rest.len();
        if let Some(all) = &self.starts[place].all {
            return (Cow::Borrowed(all), is_alone);
        }
        let all = self.merged(place, usize::MAX).unwrap_or_default();
        let found = |number| Found { number, verdict: Verdict::Open };
        (Cow::Owned(all.into_iter().map(found).collect()), is_alone)
    }

    /// The last start that does not sort after a text.
    fn last_before(&self, text: &str) -> Option<usize> {
        let key = key_of(text.as_bytes());
        let end = self.keys.partition_point(|own| *own <= key);
        let last = end.checked_sub(1)?;
        if self.keys[last] < key || *self.starts[last].text <= *text {
            return Some(last);
        }
        let first = self.keys[..last].partition_point(|own| *own < key);
        let same = &self.starts[first..last];
        (first + same.partition_point(|start| *start.text <= *text)).checked_sub(1)
    }

    /// The services of a start and of all that it starts with, if they are not more than `limit`.
    fn merged(&self, place: usize, limit: usize) -> Option<Vec<usize>> {
        let mut merged = Vec::new();
        for place in self.chain(Some(place)) {
            let start = &self.starts[place];
            if merged.len() + start.services.len() > limit {
                return None;
            }
            merged.extend_from_slice(&start.services);
        }
        merged.sort_unstable();
        // a service of several patterns
        merged.dedup();
        Some(merged)
    }

    /// The longest of a start and those that it starts with of which something holds.
    fn place(&self, last: Option<usize>, holds: impl Fn(&Start) -> bool) -> Option<usize> {
        self.chain(last).find(|place| holds(&self.starts[*place]))
    }

    /// A start and all shorter ones that it starts with, longest first.
    fn chain(&self, last: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(last, move |place| self.starts[*place].shorter)
    }
}

/// The first bytes as a number that sorts as they do.
fn key_of(text: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    match text.first_chunk() {
        Some(first) => bytes = *first,
        None => bytes[..text.len()].copy_from_slice(text),
    }
    u64::from_be_bytes(bytes)
}

/// What both start with.
fn common_start<'a>(one: &'a str, two: &str) -> &'a str {
    let is_same = |(a, b): &(u8, u8)| a == b;
    let mut length = one.bytes().zip(two.bytes()).take_while(is_same).count();
    while !one.is_char_boundary(length) {
        length -= 1;
    }
    &one[..length]
}

/// Whether a pattern has no dynamic segment.
pub(crate) fn is_literal(pattern: &str) -> bool {
    literal_start(pattern) == pattern
}

/// What a pattern starts with, before its first dynamic segment. Where it has none and ends in `*`,
/// it is a regular expression.
pub(crate) fn literal_start(pattern: &str) -> &str {
    match pattern.split_once('{') {
        Some((start, _)) => start,
        None if pattern.ends_with('*') => "",
        None => pattern,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Found, Index, Verdict, literal_start};

    fn index<'a>(patterns: impl IntoIterator<Item = (&'a str, usize)>) -> Index {
        let start = |(pattern, number)| (literal_start(pattern).to_owned(), number);
        Index::new(patterns.into_iter().map(start).collect(), |numbers, _| found(numbers))
    }

    fn found(numbers: Vec<usize>) -> Vec<Found> {
        numbers.into_iter().map(|number| Found { number, verdict: Verdict::Open }).collect()
    }

    fn numbers(index: &Index, path: &str) -> Vec<usize> {
        index.find(path).0.iter().map(|own| own.number).collect()
    }

    proptest! {
        /// The same as asking each pattern.
        #[test]
        fn all_starts_of_a_path_are_found(
            patterns in proptest::collection::vec("[ab/é{*]{0,12}", 0..12),
            path in "[ab/é]{0,14}",
        ) {
            let numbered = || patterns.iter().map(String::as_str).zip(0..);
            let expected: Vec<usize> = numbered()
                .filter(|(pattern, _)| path.starts_with(literal_start(pattern)))
                .map(|(_, number)| number)
                .collect();
            let index = index(numbered());
            prop_assert_eq!(numbers(&index, &path), expected);
            let is_start = numbered().any(|(pattern, _)| path == literal_start(pattern));
            prop_assert_eq!(index.find(&path).1, is_start);
        }
    }

    #[test]
    fn a_service_of_several_patterns_is_found_once() {
        let index = index([("/a", 1), ("/{x}", 1), ("/a/{y}", 0), ("/a", 1)]);
        assert_eq!(numbers(&index, "/a/b"), [0, 1]);
        assert_eq!(numbers(&index, "/"), [1]);
        assert!(numbers(&index, "b").is_empty());
    }

    #[test]
    fn more_services_than_are_listed_beforehand_are_found() {
        let patterns = (0..100).map(|number| (if number < 70 { "/{x}" } else { "/a" }, number));
        assert_eq!(numbers(&index(patterns), "/a"), (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_found_is_judged_by_its_whole_start() {
        let starts = ["/a", "/a/b"].map(str::to_owned).into_iter().zip(0..).collect();
        let judge =
            |numbers, start: &str| if start == "/a/b" { Vec::new() } else { found(numbers) };
        let index = Index::new(starts, judge);
        assert_eq!(numbers(&index, "/a/x"), [0]);
        assert!(numbers(&index, "/a/b/c").is_empty());
    }
}
