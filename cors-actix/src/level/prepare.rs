//! What can be said of a level before paths are known.

use super::{Candidate, Kind, Level, Node, Prepared};
use crate::{
    index::{Index, Work},
    pattern::Pattern,
    verdict::Verdict,
};

impl Level {
    /// Makes the index, and what can be said without knowing a path, with all that is below. `work`
    /// says how much may be prepared for so many services.
    pub(crate) fn prepare(&mut self, work: &dyn Fn(usize) -> usize) {
        for node in &mut self.nodes {
            if let Kind::Scope { level, .. } = &mut node.kind {
                level.prepare(work);
            }
        }
        let starts = self.starts();
        self.has_empty_segments = starts.iter().any(|(start, _)| start.contains("//"));
        let work = Work::of(work(starts.len()));
        self.index = Index::new(starts, &work, |numbers, start| {
            let candidates = self.judge(numbers, start);
            let may_end_with_slash =
                candidates.iter().any(|own| match &self.nodes[own.number].kind {
                    Kind::Enter { .. } | Kind::Leave { .. } => false,
                    Kind::Scope { .. } => true,
                    Kind::Resource(own) => own.may_end_with_slash,
                });
            let ready = self.ready(&candidates, start, &work);
            Prepared { candidates: candidates.into(), may_end_with_slash, ready }
        });
    }

    /// What each node is found by: a scope's end by its prefix too.
    fn starts(&self) -> Vec<(String, usize)> {
        let mut starts = Vec::with_capacity(self.nodes.len());
        for (number, node) in self.nodes.iter().enumerate() {
            let mut add = |pattern: &Pattern, number| {
                starts.push((node.before.start_of(pattern.text()), number));
            };
            match &node.kind {
                Kind::Enter { prefix, leave } => {
                    add(prefix, number);
                    add(prefix, *leave);
                }
                Kind::Leave { .. } => {}
                Kind::Scope { prefix, .. } => add(prefix, number),
                Kind::Resource(own) => own.patterns.iter().for_each(|(own, _)| add(own, number)),
            }
        }
        starts
    }

    /// Judges what is found with a start, in order, and leaves out what matches no path of it.
    fn judge(&self, numbers: Vec<usize>, start: &str) -> Vec<Candidate> {
        let (mut first, mut open) = (0, None);
        let keep = |number: usize| {
            let node = &self.nodes[number];
            let verdict = if number < first { Verdict::Never } else { node.judge(start, open) };
            match (verdict, &node.kind) {
                (Verdict::Never, Kind::Enter { leave, .. }) => first = first.max(leave + 1),
                (Verdict::Never, _) => {}
                (Verdict::Open, Kind::Resource(own)) if own.sole_pattern().is_some() => {
                    open = Some(node);
                    return Some(Candidate { number, verdict });
                }
                _ => return Some(Candidate { number, verdict }),
            }
            None
        };
        numbers.into_iter().filter_map(keep).collect()
    }
}

impl Node {
    /// `open` is the resource that was last found to depend on what follows.
    fn judge(&self, start: &str, open: Option<&Self>) -> Verdict {
        match self.rest().map_or(Verdict::Open, |rest| Verdict::of(rest.after(start))) {
            Verdict::Open if open.is_some_and(|open| open.is_alike(self)) => Verdict::AsBefore,
            verdict => verdict,
        }
    }

    /// Whether both are resources that match the same paths: they stand in the same scopes, too.
    fn is_alike(&self, other: &Self) -> bool {
        let patterns = self.sole_pattern().zip(other.sole_pattern());
        self.before.is_alike(&other.before)
            && patterns.is_some_and(|(own, other)| own.definition() == other.definition())
    }
}
