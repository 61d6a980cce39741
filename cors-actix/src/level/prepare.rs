//! What can be said of a level before paths are known.

use actix_web::dev::ResourceDef;

use super::{Candidate, Kind, Level, Node, Prepared, Ready, Steps};
use crate::{
    index::{self, Index},
    pattern::Pattern,
    verdict::Verdict,
};

/// For how many patterns that depend on what follows all steps are made ready.
const FEW: usize = 3;

impl Level {
    /// Makes the index, and what can be said without knowing a path, with all that is below.
    pub(crate) fn prepare(&mut self) {
        for node in &mut self.nodes {
            if let Kind::Scope { level, .. } = &mut node.kind {
                level.prepare();
            }
        }
        let starts = self.starts();
        self.has_empty_segments = starts.iter().any(|(start, _)| start.contains("//"));
        self.index = Index::new(starts, |numbers, start| {
            let candidates = self.judge(numbers, start);
            let ready = self.ready(&candidates, start);
            Prepared { candidates: candidates.into(), ready }
        });
    }

    /// `None` where many patterns, or a scope, depend on what follows.
    fn ready(&self, candidates: &[Candidate], start: &str) -> Option<Ready> {
        let all = candidates.iter().filter(|own| own.verdict == Verdict::Open);
        let open: Box<[usize]> = all.map(|own| own.number).collect();
        if open.len() > FEW || open.iter().any(|own| self.nodes[*own].sole_pattern().is_none()) {
            return None;
        }
        let steps = (0..1_usize << open.len()).map(|matched| {
            let mut following = (0..).map(|bit| matched >> bit & 1 == 1);
            let mut is_matched = false;
            let settled = candidates.iter().filter_map(|own| {
                let is_open = own.verdict == Verdict::Open;
                if is_open {
                    is_matched = following.next().unwrap_or_default();
                }
                if !is_open && own.verdict != Verdict::AsBefore {
                    return Some(*own);
                }
                is_matched.then_some(Candidate { verdict: Verdict::Always, ..*own })
            });
            let settled: Vec<_> = settled.collect();
            [false, true].map(|is_alone| {
                let mut steps = Steps::new();
                self.walk(start, settled.iter().copied(), is_alone, &mut steps);
                steps.into_vec().into()
            })
        });
        let steps = steps.collect();
        Some(Ready { open, steps })
    }

    /// What each node is found by: a scope's end by its prefix too.
    fn starts(&self) -> Vec<(String, usize)> {
        let mut starts = Vec::with_capacity(self.nodes.len());
        for (number, node) in self.nodes.iter().enumerate() {
            let mut add = |pattern: &ResourceDef, number| {
                let pattern = pattern.pattern().unwrap_or_default();
                starts.push((node.before.clone() + index::literal_start(pattern), number));
            };
            match &node.kind {
                Kind::Enter { prefix, leave } => {
                    add(prefix, number);
                    add(prefix, *leave);
                }
                Kind::Leave { .. } => {}
                Kind::Scope { prefix, .. } => add(prefix, number),
                Kind::Resource(own) => {
                    own.patterns.iter().for_each(|(own, _)| add(own.definition(), number));
                }
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
        let path = &start[self.before.len()..];
        match &self.kind {
            Kind::Enter { prefix, .. } => Verdict::of(prefix, path),
            Kind::Leave { .. } => Verdict::Always,
            Kind::Scope { .. } => Verdict::Open,
            Kind::Resource(_) => match self.sole_definition().map(|own| Verdict::of(own, path)) {
                Some(Verdict::Open) if open.is_some_and(|open| open.is_alike(self)) => {
                    Verdict::AsBefore
                }
                verdict => verdict.unwrap_or(Verdict::Open),
            },
        }
    }

    fn sole_definition(&self) -> Option<&ResourceDef> {
        self.sole_pattern().map(Pattern::definition)
    }

    /// Whether both are resources that match the same paths: they stand in the same scopes, too.
    fn is_alike(&self, other: &Self) -> bool {
        self.before == other.before
            && self.sole_definition().is_some()
            && self.sole_definition() == other.sole_definition()
    }
}
