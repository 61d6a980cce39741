//! Numbers that are given out once in the process, and what they tell of values of the middleware and
//! applications: which was made before which.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU64, Ordering},
};

thread_local! {
    /// The middleware's value that was made last on this thread.
    static LAST_MADE: Cell<ValueNumbers> = const { Cell::new(ValueNumbers { shared: 0, own: 0 }) };
    /// The application that has registered its first handler last on this thread.
    static LAST_APP: Cell<u64> = const { Cell::new(0) };
}

/// A number that is larger than all before.
pub(super) fn next_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What tells a middleware's value from others: a number that its clones share, and one of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ValueNumbers {
    shared: u64,
    pub(super) own: u64,
}

impl ValueNumbers {
    /// Those of a value that is being built.
    pub(crate) fn new() -> Self {
        let shared = next_number();
        Self { shared, own: shared }.made()
    }

    /// Those of a clone, which may be given to another application.
    pub(crate) fn of_clone(self) -> Self {
        Self { own: next_number(), ..self }.made()
    }

    fn made(self) -> Self {
        LAST_MADE.set(self);
        self
    }
}

/// The values that were made on this thread between two applications. The second one was most likely given
/// one of them.
pub(super) struct Given {
    /// The number of the application before.
    after: u64,
    /// The last value that was made, perhaps before that.
    last: ValueNumbers,
    is_used: Cell<bool>,
}

impl Given {
    /// Those before an application that registers its first handler.
    pub(super) fn before(app: u64) -> Self {
        let (after, last) = (LAST_APP.replace(app), LAST_MADE.get());
        Self { after, last, is_used: Cell::default() }
    }

    /// Whether a value, or a clone of it, is the last one.
    pub(super) fn is_last(&self, value: ValueNumbers) -> bool {
        self.last.shared == value.shared
    }

    /// Notes that a value stands around something.
    pub(super) fn note_use(&self, value: ValueNumbers) {
        if self.after < value.own && value.own <= self.last.own {
            self.is_used.set(true);
        }
    }

    /// Whether there are some, and none stands around anything.
    pub(super) fn are_unused(&self) -> bool {
        self.after < self.last.own && !self.is_used.get()
    }
}
