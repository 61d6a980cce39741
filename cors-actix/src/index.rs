//! Which services may match a path: those whose patterns start as the path does, up to their first
//! dynamic segment.

use std::cell::Cell;

/// The numbers of services by the starts of their patterns, and a `T` for each start.
#[derive(Debug)]
pub(crate) struct Index<T> {
    /// What all starts start with.
    common: Box<str>,
    starts: Vec<Start<T>>,
    /// The first bytes of each start as a number, so that few texts are compared.
    keys: Vec<u64>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self { common: Box::default(), starts: Vec::new(), keys: Vec::new() }
    }
}

#[derive(Debug)]
struct Start<T> {
    /// What comes after the common part.
    text: Box<str>,
    /// The longest other start that this one starts with.
    shorter: Option<usize>,
    services: Vec<usize>,
    /// What was made of all that are found with this start, unless they are too many.
    prepared: Option<T>,
    /// Whether there is also a start with a slash behind this one.
    has_slashed: bool,
}

/// What is found for a path: its longest start.
#[derive(Debug)]
pub(crate) struct Lookup<'a, 'p, T> {
    place: usize,
    /// What was made of the services for that start.
    pub(crate) prepared: Option<&'a T>,
    /// What follows.
    pub(crate) rest: &'p str,
    /// Whether nothing follows, and there is a start with one more slash.
    pub(crate) has_slashed: bool,
}

/// How much more may be prepared: services, each as often as something is made of it.
#[derive(Debug)]
pub(crate) struct Work(Cell<usize>);

impl Work {
    pub(crate) fn of(amount: usize) -> Self {
        Self(Cell::new(amount))
    }

    /// Takes off what something needs, if so much is left.
    pub(crate) fn allows(&self, amount: usize) -> bool {
        let left = self.0.get().checked_sub(amount);
        self.0.set(left.unwrap_or(self.0.get()));
        left.is_some()
    }
}

impl<T> Index<T> {
    /// Makes it of starts and the numbers of services, which may repeat. `prepare` gets all that are
    /// found with a start, in order, and the start.
    pub(crate) fn new(
        starts: Vec<(String, usize)>,
        work: &Work,
        prepare: impl Fn(Vec<usize>, &str) -> T,
    ) -> Self {
        let mut starts: Vec<_> =
            starts.into_iter().map(|(start, number)| (start, Some(number))).collect();
        // for these it is noted that they have one
        let without_slash = |(start, _): &(String, _)| start.strip_suffix('/').map(str::to_owned);
        let unslashed: Vec<_> = starts.iter().filter_map(without_slash).collect();
        // no request has an empty path
        let is_path = |start: &String| !start.is_empty();
        starts.extend(unslashed.into_iter().filter(is_path).map(|start| (start, None)));
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.first().zip(starts.last());
        let common = ends.map_or("", |((first, _), (last, _))| common_start(first, last));
        let mut index = Self { common: common.into(), starts: Vec::new(), keys: Vec::new() };
        for (text, number) in &starts {
            let text = &text[index.common.len()..];
            match index.starts.last_mut() {
                Some(last) if *last.text == *text => last.services.extend(number),
                _ => {
                    let before = index.starts.len().checked_sub(1);
                    let starts_with = |place: &usize| text.starts_with(&*index.starts[*place].text);
                    let shorter = index.chain(before).find(starts_with);
                    index.keys.push(key_of(text.as_bytes()));
                    index.starts.push(Start {
                        text: text.into(),
                        shorter,
                        services: number.iter().copied().collect(),
                        prepared: None,
                        has_slashed: false,
                    });
                }
            }
        }
        for place in 0..index.starts.len() {
            let start = format!("{}{}", index.common, index.starts[place].text);
            let own = |place: usize| index.starts[place].services.len();
            if work.allows(index.chain(Some(place)).map(own).sum()) {
                let prepared = prepare(index.merged(place).collect(), &start);
                index.starts[place].prepared = Some(prepared);
            }
            // one that has no services is there to be marked itself
            let is_pattern = !index.starts[place].services.is_empty();
            let unslashed = start.strip_suffix('/').filter(|_| is_pattern);
            if let Some(unslashed) = unslashed.and_then(|own| index.exact(own)) {
                index.starts[unslashed].has_slashed = true;
            }
        }
        index
    }

    /// Looks a path up.
    #[inline]
    pub(crate) fn find<'p>(&self, path: &'p str) -> Option<Lookup<'_, 'p, T>> {
        let (place, rest) = self.longest(path)?;
        let start = &self.starts[place];
        Some(Lookup {
            place,
            prepared: start.prepared.as_ref(),
            rest,
            has_slashed: rest.is_empty() && start.has_slashed,
        })
    }

    /// The services that may match a path, in order.
    pub(crate) fn services(
        &self,
        found: &Lookup<'_, '_, T>,
    ) -> impl Iterator<Item = usize> + use<'_, T> {
        self.merged(found.place)
    }

    /// The longest start of a path, and what follows it.
    ///
    /// What sorts between a start of the path and the path starts with it too, so that all starts of
    /// the path are found from the last one that does not sort after it.
    #[inline]
    fn longest<'p>(&self, path: &'p str) -> Option<(usize, &'p str)> {
        let rest = path.strip_prefix(&*self.common)?;
        let last = self.last_key(key_of(rest.as_bytes()))?;
        match rest.strip_prefix(&*self.starts[last].text) {
            Some(behind) => Some((last, behind)),
            None => self.longest_before(last, rest),
        }
    }

    /// The same if it is not the last start whose first bytes do not sort after the path's.
    // the usual case would pay for its frame
    #[inline(never)]
    fn longest_before<'p>(&self, last: usize, rest: &'p str) -> Option<(usize, &'p str)> {
        let key = key_of(rest.as_bytes());
        let mut shorter = self.chain(self.last_of_key(last, key, rest));
        shorter.find_map(|place| Some((place, rest.strip_prefix(&*self.starts[place].text)?)))
    }

    /// The place of this very start.
    fn exact(&self, start: &str) -> Option<usize> {
        let text = start.strip_prefix(&*self.common)?;
        let key = key_of(text.as_bytes());
        let last = self.last_of_key(self.last_key(key)?, key, text);
        last.filter(|place| *self.starts[*place].text == *text)
    }

    /// The last start whose first bytes do not sort after others.
    #[inline]
    fn last_key(&self, key: u64) -> Option<usize> {
        self.keys.partition_point(|own| *own <= key).checked_sub(1)
    }

    /// The last start that does not sort after a text, up to the last one whose key does not.
    fn last_of_key(&self, last: usize, key: u64, text: &str) -> Option<usize> {
        if self.keys[last] < key {
            return Some(last);
        }
        let first = self.keys[..last].partition_point(|own| *own < key);
        let same = &self.starts[first..=last];
        (first + same.partition_point(|start| *start.text <= *text)).checked_sub(1)
    }

    /// The services of a start and of all that it starts with, in order, each once.
    fn merged(&self, place: usize) -> impl Iterator<Item = usize> {
        let mut first = 0;
        std::iter::from_fn(move || {
            let next_of = |place: usize| {
                let services = &self.starts[place].services;
                services.get(services.partition_point(|own| *own < first)).copied()
            };
            let next = self.chain(Some(place)).filter_map(next_of).min()?;
            first = next + 1;
            Some(next)
        })
    }

    /// A start and all shorter ones that it starts with, longest first.
    fn chain(&self, last: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(last, move |place| self.starts[*place].shorter)
    }
}

/// The first bytes as a number that sorts as they do.
#[inline]
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

    use super::{Index, Work, literal_start};

    type Numbers = Index<Vec<usize>>;

    fn index<'a>(patterns: impl IntoIterator<Item = (&'a str, usize)>) -> Numbers {
        let start = |(pattern, number)| (literal_start(pattern).to_owned(), number);
        let starts: Vec<_> = patterns.into_iter().map(start).collect();
        Index::new(starts, &Work::of(99), |numbers, _| numbers)
    }

    fn numbers(index: &Numbers, path: &str) -> Vec<usize> {
        let Some(found) = index.find(path) else { return Vec::new() };
        let numbers = index.services(&found).collect();
        assert!(found.prepared.is_none_or(|own| *own == numbers));
        numbers
    }

    proptest! {
        /// The same as asking each pattern.
        #[test]
        fn all_starts_of_a_path_are_found(
            patterns in proptest::collection::vec("(abcdefg)?[ab/é{*]{0,8}", 0..12),
            path in "(abcdefg)?[ab/é]{0,10}",
        ) {
            let numbered = || patterns.iter().map(String::as_str).zip(0..);
            let expected: Vec<usize> = numbered()
                .filter(|(pattern, _)| path.starts_with(literal_start(pattern)))
                .map(|(_, number)| number)
                .collect();
            let index = index(numbered());
            prop_assert_eq!(numbers(&index, &path), expected);
            let is_start =
                |path: &str| numbered().any(|(pattern, _)| path == literal_start(pattern));
            let (found, slashed) = (index.find(&path), format!("{path}/"));
            let is_alone = found.as_ref().is_some_and(|found| found.rest.is_empty());
            prop_assert!(is_alone || !is_start(&path));
            let has_slashed = found.is_some_and(|found| found.has_slashed);
            prop_assert!(path.is_empty() || has_slashed == is_start(&slashed));
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
    fn more_services_than_anything_is_prepared_for_are_found() {
        let patterns = (0..100).map(|number| (if number % 3 > 0 { "/{x}" } else { "/a" }, number));
        let index = index(patterns);
        assert_eq!(numbers(&index, "/a"), (0..100).collect::<Vec<_>>());
        assert!(index.find("/a").unwrap().prepared.is_none());
    }

    #[test]
    fn something_is_prepared_for_each_start() {
        let starts = ["/a", "/a/b"].map(str::to_owned).into_iter().zip(0..).collect();
        let index =
            Index::new(starts, &Work::of(3), |numbers, start| format!("{start} {numbers:?}"));
        let table = [("/a", "/a [0]"), ("/ab", "/a [0]"), ("/a/b/c", "/a/b [0, 1]")];
        for (path, prepared) in table {
            assert_eq!(index.find(path).unwrap().prepared.unwrap(), prepared);
        }
    }
}
