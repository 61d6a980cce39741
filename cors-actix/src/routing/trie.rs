//! Which services a path may lead to: an index over the segments of patterns. It only saves asking
//! actix's `ResourceDef`s that cannot match; those that it finds are all asked.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use smallvec::SmallVec;

use super::pattern::{Lead, Segment};

/// A tree of segments. From the first segment on that is neither literal nor `{name}`, a pattern counts as
/// one that may match anything below.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<TrieNode>,
}

#[derive(Debug, Default)]
struct TrieNode {
    literal: HashMap<Box<str>, usize, FixedState>,
    dynamic: Option<usize>,
    /// The services whose pattern ends here.
    ends_here: Vec<u32>,
    /// The services that may take any path from here on.
    open_below: Vec<u32>,
    /// Whether a resource is among them, not only ends of scopes.
    has_open_resource: bool,
}

/// The numbers of services, in the order of their registration.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    pub(super) numbers: SmallVec<[u32; 16]>,
    /// Whether a resource may take the path with one more slash at its end.
    pub(super) may_take_slash: bool,
    /// Whether it is known that no segment of the path is empty.
    pub(super) is_clean: bool,
    pub(super) has_empty_segment: bool,
}

/// How a service takes paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Resource,
    /// What a scope does with requests that no service in it takes.
    EndOfScope,
}

impl Default for Trie {
    fn default() -> Self {
        Self { nodes: vec![TrieNode::default()] }
    }
}

const ROOT: usize = 0;

impl Trie {
    /// Adds a service by the lead of its full pattern.
    pub(super) fn add(&mut self, lead: &Lead<'_>, number: u32, kind: Kind) {
        let mut node = ROOT;
        for segment in &lead.segments {
            node = self.child(node, *segment);
        }
        let node = &mut self.nodes[node];
        if lead.is_all {
            node.ends_here.push(number);
        } else {
            node.open_below.push(number);
            node.has_open_resource |= kind == Kind::Resource;
        }
    }

    fn child(&mut self, node: usize, segment: Segment<'_>) -> usize {
        let next = self.nodes.len();
        let child = match segment {
            Segment::Literal(text) => *self.nodes[node].literal.entry(text.into()).or_insert(next),
            Segment::Dynamic => *self.nodes[node].dynamic.get_or_insert(next),
        };
        if child == next {
            self.nodes.push(TrieNode::default());
        }
        child
    }

    /// Adds the services that may take a path; answers whether the path begins with a slash, without which nothing
    /// is known of it.
    pub(super) fn find(&self, path: &str, found: &mut Candidates) -> bool {
        let Some(rest) = path.strip_prefix('/') else { return false };
        self.collect(ROOT, Some(rest), found);
        found.is_clean &= !found.has_empty_segment;
        if found.numbers.len() > 1 {
            found.numbers.sort_unstable();
            found.numbers.dedup();
        }
        true
    }

    /// Adds what a node has for the rest of a path, and what is below it. A node is visited once at most.
    fn collect(&self, node: usize, rest: Option<&str>, found: &mut Candidates) {
        let (mut node, mut rest) = (node, rest);
        loop {
            let own = &self.nodes[node];
            if !own.open_below.is_empty() {
                found.add(&own.open_below);
                found.may_take_slash |= own.has_open_resource;
            }
            let Some(text) = rest else {
                found.add(&own.ends_here);
                found.is_clean = true;
                found.may_take_slash |= own.literal_child("").is_some();
                return;
            };
            let (segment, behind) = split(text);
            found.has_empty_segment |= segment.is_empty();
            // a dynamic segment is never empty
            let dynamic = own.dynamic.filter(|_| !segment.is_empty());
            node = match (own.literal_child(segment), dynamic) {
                (Some(literal), Some(dynamic)) => {
                    self.collect(literal, behind, found);
                    dynamic
                }
                (Some(only), None) | (None, Some(only)) => only,
                (None, None) => return,
            };
            rest = behind;
        }
    }
}

impl Candidates {
    /// Adds a few, which copying would take longer.
    #[inline]
    fn add(&mut self, numbers: &[u32]) {
        for number in numbers {
            self.numbers.push(*number);
        }
    }
}

impl TrieNode {
    fn literal_child(&self, segment: &str) -> Option<usize> {
        // hashing is most of the work
        if self.literal.is_empty() { None } else { self.literal.get(segment).copied() }
    }
}

/// The first segment, and what is behind its slash.
fn split(path: &str) -> (&str, Option<&str>) {
    match path.bytes().position(|byte| byte == b'/') {
        Some(slash) => (&path[..slash], Some(&path[slash + 1..])),
        None => (path, None),
    }
}
