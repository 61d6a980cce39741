//! Steps made ready for all paths that start in some way.
//!
//! A usual segment goes on to the next slash, and an index of what comes behind it leads further. So a
//! path costs time by its own segments, however many patterns there are.

use cors_core::Step;

use super::{Candidate, Found, Level, Node, Steps};
use crate::{
    index::{Index, Work},
    segments::{Rest, segment_length},
    verdict::Verdict,
};

#[derive(Debug)]
pub(super) struct Ready {
    /// Resources with patterns that are no usual ones, the first with each.
    asked: Box<[usize]>,
    /// By which of these match, each of them one bit.
    trees: Box<[Tree]>,
}

/// How many patterns are asked at most.
const ASKED: usize = 2;

#[derive(Debug)]
struct Tree {
    /// For a path of which nothing follows.
    alone: Box<[Step]>,
    /// For all others, if no dynamic segment matches them: where it begins with a slash, and where not.
    below: Box<[Step]>,
    longer: Box<[Step]>,
    segment: Option<Segment>,
}

/// A dynamic segment that comes next.
#[derive(Debug)]
struct Segment {
    has_begun: bool,
    /// For a path that ends with it.
    alone: Box<[Step]>,
    /// What comes behind it; `None` where nothing could be made ready.
    behind: Index<Option<Tree>>,
}

/// A service that may match.
#[derive(Debug, Clone, Copy)]
struct Live<'a> {
    number: usize,
    state: State<'a>,
}

#[derive(Debug, Clone, Copy)]
enum State<'a> {
    Matches,
    /// If nothing follows.
    MatchesAlone,
    /// If nothing follows, or something that begins with a slash.
    MatchesAsPrefix,
    /// If this follows.
    Needs(Rest<'a>),
}

impl Tree {
    /// The steps for what follows, and whether all of it was looked at; `None` if they are not ready.
    #[inline]
    fn steps(&self, mut rest: &str) -> Option<(&[Step], bool)> {
        let mut tree = self;
        while !rest.is_empty() {
            let outside = |is_below| if is_below { &tree.below } else { &tree.longer };
            let Some(segment) = &tree.segment else {
                return Some((outside(rest.starts_with('/')), false));
            };
            let length = segment_length(rest);
            if length == 0 && !segment.has_begun {
                return Some((outside(true), false));
            }
            if length == rest.len() {
                return Some((&segment.alone, true));
            }
            let Some(found) = segment.behind.find(&rest[length..]) else {
                return Some((&tree.longer, false));
            };
            tree = found.prepared?.as_ref()?;
            rest = found.rest;
        }
        Some((&tree.alone, true))
    }
}

impl Level {
    /// The steps for a path, and whether all of it was looked at; `None` if they are not ready.
    #[inline]
    pub(super) fn ready_steps<'a>(
        &'a self,
        path: &str,
        found: &Found<'a, '_>,
    ) -> Option<(&'a [Step], bool)> {
        let Ready { asked, trees } = found.prepared?.ready.as_ref()?;
        let is_match = |node: &Node| {
            let pattern = node.sole_pattern().zip(node.before.behind(path));
            pattern.is_some_and(|(own, path)| own.is_match(path))
        };
        let matched = asked
            .iter()
            .rev()
            .fold(0, |matched, number| matched << 1 | usize::from(is_match(&self.nodes[*number])));
        trees[matched].steps(found.rest)
    }

    /// `None` where it depends on unusual scopes, or on several unusual patterns.
    pub(super) fn ready(
        &self,
        candidates: &[Candidate],
        start: &str,
        work: &Work,
    ) -> Option<Ready> {
        let mut asked = Vec::new();
        for own in candidates.iter().filter(|own| own.verdict == Verdict::Open) {
            let node = &self.nodes[own.number];
            if node.segments.is_none() {
                node.sole_pattern()?;
                asked.push(own.number);
            }
        }
        if asked.len() > ASKED {
            return None;
        }
        let trees = (0..1_usize << asked.len()).map(|matched| {
            let live = self.live(candidates, start, |number| {
                asked.iter().zip(0..).any(|(own, bit)| *own == number && matched >> bit & 1 == 1)
            });
            self.tree(&live, work)
        });
        let trees: Option<Box<[Tree]>> = trees.collect();
        Some(Ready { asked: asked.into(), trees: trees? })
    }

    /// What may match the paths of a start; `is_match` says of a resource that its pattern matches.
    fn live(
        &self,
        candidates: &[Candidate],
        start: &str,
        is_match: impl Fn(usize) -> bool,
    ) -> Vec<Live<'_>> {
        let (mut live, mut was_match) = (Vec::new(), false);
        for Candidate { number, verdict } in candidates.iter().copied() {
            let rest = self.nodes[number].rest();
            if rest.is_none() && verdict == Verdict::Open {
                was_match = is_match(number);
            }
            let state = match rest {
                Some(rest) => rest.after(start).map(State::of),
                None => was_match.then_some(State::Matches),
            };
            live.extend(state.map(|state| Live { number, state }));
        }
        live
    }

    fn tree(&self, live: &[Live<'_>], work: &Work) -> Option<Tree> {
        if !work.allows(live.len()) {
            return None;
        }
        let is_settled = live.iter().all(|own| !matches!(own.state, State::Needs(_)));
        let segment = if is_settled { None } else { Some(self.segment(live, work)?) };
        Some(Tree {
            alone: self.steps_of(live, |state| match state {
                State::Matches | State::MatchesAlone | State::MatchesAsPrefix => true,
                State::Needs(rest) => rest.may_be_empty(),
            }),
            below: self
                .steps_of(live, |state| matches!(state, State::Matches | State::MatchesAsPrefix)),
            longer: self.steps_of(live, |state| matches!(state, State::Matches)),
            segment,
        })
    }

    fn steps_of(&self, live: &[Live<'_>], is_there: impl Fn(State<'_>) -> bool) -> Box<[Step]> {
        let matching = live.iter().filter(|own| is_there(own.state));
        let known = matching.map(|own| Candidate { number: own.number, verdict: Verdict::Always });
        let mut steps = Steps::default();
        self.walk("", known, false, &mut steps);
        steps[..].into()
    }

    /// `None` if not all of them need a segment next, or it has begun for some and not for others.
    fn segment(&self, live: &[Live<'_>], work: &Work) -> Option<Segment> {
        let (mut starts, mut begun) = (Vec::new(), None);
        for (place, own) in live.iter().enumerate() {
            let rest = match own.state {
                State::Matches | State::MatchesAlone => continue,
                State::MatchesAsPrefix => return None,
                State::Needs(rest) => rest,
            };
            let (behind, has_begun) = rest.behind_segment()?;
            if *begun.get_or_insert(has_begun) != has_begun {
                return None;
            }
            starts.push((behind.literal().to_owned(), place));
        }
        let matching = live.iter().filter(|own| matches!(own.state, State::Matches));
        let behind = Index::new(starts, work, |places, text| {
            let passed = places.iter().filter_map(|place| live[*place].pass(text));
            let mut live: Vec<_> = matching.clone().copied().chain(passed).collect();
            live.sort_unstable_by_key(|own| own.number);
            self.tree(&live, work)
        });
        let alone = self.steps_of(live, |state| match state {
            State::Matches => true,
            State::MatchesAlone | State::MatchesAsPrefix => false,
            State::Needs(rest) => rest.behind_segment().is_some_and(|(own, _)| own.may_be_empty()),
        });
        Some(Segment { has_begun: begun?, alone, behind })
    }
}

impl Live<'_> {
    /// Behind its next segment and a text; `None` if it cannot match any more.
    fn pass(&self, text: &str) -> Option<Self> {
        let State::Needs(rest) = self.state else { return None };
        let (behind, _) = rest.behind_segment()?;
        behind.after(text).map(|rest| Self { state: State::of(rest), ..*self })
    }
}

impl<'a> State<'a> {
    fn of(rest: Rest<'a>) -> Self {
        if rest.takes_anything() {
            Self::Matches
        } else if rest.is_over() {
            Self::MatchesAlone
        } else if rest.is_prefix() {
            Self::MatchesAsPrefix
        } else {
            Self::Needs(rest)
        }
    }
}
