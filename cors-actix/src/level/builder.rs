//! How a level is made.

use std::{mem, rc::Rc};

use super::{Kind, Level, Node, before::Before};
use crate::{pattern::Pattern, resource::Resource, segments::Segments};

/// Collects the services of a level.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    nodes: Vec<Node>,
    before: Rc<Before>,
}

impl Builder {
    /// Adds a scope; `fill` adds what is in it.
    pub(crate) fn scope(
        &mut self,
        prefix: Pattern,
        may_be_guarded: bool,
        fill: impl FnOnce(&mut Self),
    ) {
        let Some(within) = self.before.within(&prefix) else {
            let mut inner = Self::default();
            fill(&mut inner);
            let level = Box::new(inner.build());
            self.push(Kind::Scope { prefix, may_be_guarded, level }, None);
            return;
        };
        let enter = self.nodes.len();
        let segments = within.segments().cloned();
        // its end is known once it is filled
        self.push(Kind::Enter { prefix, leave: enter }, segments.clone());
        let outside = mem::replace(&mut self.before, Rc::new(within));
        fill(self);
        self.before = outside;
        let here = self.nodes.len();
        if let Kind::Enter { leave, .. } = &mut self.nodes[enter].kind {
            *leave = here;
        }
        self.push(Kind::Leave { may_be_guarded }, segments);
    }

    pub(crate) fn resource(&mut self, resource: Resource) {
        let segments = resource.sole_pattern().and_then(|own| self.before.join(own));
        self.push(Kind::Resource(resource), segments);
    }

    fn push(&mut self, kind: Kind, segments: Option<Rc<Segments>>) {
        self.nodes.push(Node { before: Rc::clone(&self.before), segments, kind });
    }

    /// The level, which finds nothing before it is [prepared](Level::prepare).
    pub(crate) fn build(self) -> Level {
        Level { nodes: self.nodes, ..Level::default() }
    }
}
