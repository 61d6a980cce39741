//! What actix tries for a path.

use std::ops::Deref;

use cors_core::Step;
use smallvec::SmallVec;

/// Steps in order; those that were made ready are shared.
#[derive(Debug, Default)]
pub(crate) struct Steps<'a> {
    ready: &'a [Step],
    /// Instead of them, if there are any.
    own: OwnSteps,
}

/// Rarely more than a handful.
pub(crate) type OwnSteps = SmallVec<[Step; 16]>;

impl<'a> Steps<'a> {
    pub(crate) fn ready(steps: &'a [Step]) -> Self {
        Self { ready: steps, own: OwnSteps::new() }
    }

    /// Shares steps that are ready, where there were none.
    #[inline]
    pub(super) fn share(&mut self, steps: &'a [Step]) {
        self.ready = steps;
    }

    /// The same to be changed.
    pub(crate) fn own(&mut self) -> &mut OwnSteps {
        if self.own.is_empty() {
            self.own.extend_from_slice(self.ready);
        }
        &mut self.own
    }
}

impl Deref for Steps<'_> {
    type Target = [Step];

    #[inline]
    fn deref(&self) -> &[Step] {
        if self.own.is_empty() { self.ready } else { &self.own }
    }
}
