//! How a level is made.

use actix_web::dev::ResourceDef;

use super::{Kind, Level, Node};
use crate::{index, resource::Resource};

/// Collects the services of a level.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    nodes: Vec<Node>,
    before: String,
}

impl Builder {
    /// Adds a scope; `fill` adds what is in it.
    pub(crate) fn scope(
        &mut self,
        prefix: ResourceDef,
        may_be_guarded: bool,
        fill: impl FnOnce(&mut Self),
    ) {
        let pattern = prefix.pattern().unwrap_or_default().to_owned();
        if !index::is_literal(&pattern) {
            let mut inner = Self::default();
            fill(&mut inner);
            let level = Box::new(inner.build());
            self.push(Kind::Scope { prefix, may_be_guarded, level });
            return;
        }
        let enter = self.nodes.len();
        // its end is known once it is filled
        self.push(Kind::Enter { prefix, leave: enter });
        let outside = self.before.len();
        self.before.push_str(&pattern);
        fill(self);
        self.before.truncate(outside);
        let here = self.nodes.len();
        if let Kind::Enter { leave, .. } = &mut self.nodes[enter].kind {
            *leave = here;
        }
        self.push(Kind::Leave { may_be_guarded });
    }

    pub(crate) fn resource(&mut self, resource: Resource) {
        self.push(Kind::Resource(resource));
    }

    fn push(&mut self, kind: Kind) {
        self.nodes.push(Node { before: self.before.clone(), kind });
    }

    /// The level, which finds nothing before it is [prepared](Level::prepare).
    pub(crate) fn build(self) -> Level {
        Level { nodes: self.nodes, ..Level::default() }
    }
}
