//! Which services may match a path: those whose patterns start as the path does, up to their first
//! dynamic segment.

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

/// What is found for a path.
#[derive(Debug)]
pub(crate) struct Lookup<'a, T> {
    /// The place of the longest start of the path.
    place: Option<usize>,
    /// What was made of the services for that start.
    pub(crate) prepared: Option<&'a T>,
    /// Whether the path is a start and nothing more.
    pub(crate) is_alone: bool,
    /// Whether there is a start that is the path and a slash.
    pub(crate) has_slashed: bool,
}

/// For how many services of a start and of all shorter ones something is prepared.
const PREPARED: usize = 64;

impl<T> Index<T> {
    /// Makes it of starts and the numbers of services, which may repeat. `prepare` gets all that are
    /// found with a start, in order, and the start.
    pub(crate) fn new(
        starts: Vec<(String, usize)>,
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
                    let starts_with = |own: &Start<T>| text.starts_with(&*own.text);
                    let shorter = index.place(before, starts_with);
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
            if index.chain(Some(place)).map(own).sum::<usize>() <= PREPARED {
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
    pub(crate) fn find(&self, path: &str) -> Lookup<'_, T> {
        let Some((place, rest)) = self.longest(path) else {
            return Lookup { place: None, prepared: None, is_alone: false, has_slashed: false };
        };
        let start = &self.starts[place];
        let is_alone = start.text.len() == rest.len();
        Lookup {
            place: Some(place),
            prepared: start.prepared.as_ref(),
            is_alone,
            has_slashed: is_alone && start.has_slashed,
        }
    }

    /// The services that may match a path, in order.
    pub(crate) fn services<'a>(
        &'a self,
        found: &Lookup<'_, T>,
    ) -> impl Iterator<Item = usize> + use<'a, T> {
        found.place.into_iter().flat_map(|place| self.merged(place))
    }

    /// The longest start of a path, and the path without what all have in common.
    ///
    /// What sorts between a start of the path and the path starts with it too, so that all starts of
    /// the path are found from the last one that does not sort after it.
    #[inline]
    fn longest<'p>(&self, path: &'p str) -> Option<(usize, &'p str)> {
        let rest = path.strip_prefix(&*self.common)?;
        let key = key_of(rest.as_bytes());
        let last = self.last_key(key)?;
        let is_start = |own: &Start<T>| rest.starts_with(&*own.text);
        if is_start(&self.starts[last]) {
            return Some((last, rest));
        }
        let last = self.last_of_key(last, key, rest);
        self.place(last, is_start).map(|place| (place, rest))
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

    /// The longest of a start and those that it starts with of which something holds.
    fn place(&self, last: Option<usize>, holds: impl Fn(&Start<T>) -> bool) -> Option<usize> {
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

    use super::{Index, literal_start};

    type Numbers = Index<Vec<usize>>;

    fn index<'a>(patterns: impl IntoIterator<Item = (&'a str, usize)>) -> Numbers {
        let start = |(pattern, number)| (literal_start(pattern).to_owned(), number);
        Index::new(patterns.into_iter().map(start).collect(), |numbers, _| numbers)
    }

    fn numbers(index: &Numbers, path: &str) -> Vec<usize> {
        let found = index.find(path);
        let numbers = index.services(&found).collect();
        assert!(found.prepared.is_none_or(|own| *own == numbers));
        numbers
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
            let is_start =
                |path: &str| numbered().any(|(pattern, _)| path == literal_start(pattern));
            let (found, slashed) = (index.find(&path), format!("{path}/"));
            prop_assert!(found.is_alone || !is_start(&path));
            prop_assert!(path.is_empty() || found.has_slashed == is_start(&slashed));
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
        assert!(index.find("/a").prepared.is_none());
    }

    #[test]
    fn something_is_prepared_for_each_start() {
        let starts = ["/a", "/a/b"].map(str::to_owned).into_iter().zip(0..).collect();
        let index = Index::new(starts, |numbers, start| format!("{start} {numbers:?}"));
        let table = [("/a", "/a [0]"), ("/ab", "/a [0]"), ("/a/b/c", "/a/b [0, 1]")];
        for (path, prepared) in table {
            assert_eq!(index.find(path).prepared.unwrap(), prepared);
        }
    }
}
