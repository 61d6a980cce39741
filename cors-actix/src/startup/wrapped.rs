//! What the middlewares of an application are wrapped around, so that handlers know whether one is around them.

use std::{cell::RefCell, collections::BTreeSet};

/// What a middleware is wrapped around.
#[derive(Debug)]
pub(crate) enum Wrapped {
    /// The whole application.
    Whole,
    /// A scope that these registrations are in, as far as is known.
    Handlers(BTreeSet<usize>),
    /// Something that is not known.
    Unknown,
}

/// What all middlewares of an application are wrapped around that have had a request.
#[derive(Debug, Default)]
pub(super) struct AllWrapped(RefCell<Vec<Wrapped>>);

impl AllWrapped {
    pub(super) fn add(&self, wrapped: Wrapped) {
        self.0.borrow_mut().push(wrapped);
    }

    #[inline]
    pub(super) fn count(&self) -> usize {
        self.0.borrow().len()
    }

    pub(super) fn is_whole(&self) -> bool {
        self.0.borrow().iter().any(|own| matches!(own, Wrapped::Whole))
    }

    /// Whether a middleware may be around a registration.
    pub(super) fn may_contain(&self, registration: usize) -> bool {
        self.0.borrow().iter().any(|own| match own {
            // what is not known is no reason for a warning
            Wrapped::Whole | Wrapped::Unknown => true,
            Wrapped::Handlers(all) => all.contains(&registration),
        })
    }
}
