//! Whether preflights arrive at all.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What has arrived at a middleware, on all workers.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    preflight: AtomicBool,
    /// Requests that browsers send only after a preflight.
    preflighted: AtomicUsize,
}

/// A single request may have had its preflight answered by another instance of the service.
const SUSPICIOUS: usize = 20;

impl Arrivals {
    pub(crate) fn note_preflight(&self) {
        if !self.preflight.load(Ordering::Relaxed) {
            self.preflight.store(true, Ordering::Relaxed);
        }
    }

    /// Counts a request that needs a preflight; whether so many have come without any that something
    /// must keep them away.
    pub(crate) fn lack_preflights(&self) -> bool {
        !self.preflight.load(Ordering::Relaxed)
            && self.preflighted.fetch_add(1, Ordering::Relaxed) + 1 == SUSPICIOUS
    }
}
