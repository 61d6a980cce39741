//! Whether preflights arrive at all.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// What has arrived at a middleware, on all workers.
#[derive(Debug)]
pub(crate) struct PreflightWatch {
    start: Instant,
    preflight: AtomicBool,
    /// Requests that browsers send only after a preflight.
    preflighted: AtomicUsize,
}

/// A single request may have had its preflight answered by another instance of the service.
const SUSPICIOUS: usize = 20;

impl Default for PreflightWatch {
    fn default() -> Self {
        Self { start: Instant::now(), preflight: false.into(), preflighted: 0.into() }
    }
}

impl PreflightWatch {
    pub(crate) fn note_preflight(&self) {
        if !self.preflight.load(Ordering::Relaxed) {
            self.preflight.store(true, Ordering::Relaxed);
        }
    }

    /// Counts a request that needs a preflight. Answers whether so many have come, and not a single
    /// preflight, that something must keep preflights away. Requests count once `max_age` has passed since
    /// the start: until then browsers may remember earlier preflights.
    pub(crate) fn are_lacking(&self, max_age: Duration) -> bool {
        !self.preflight.load(Ordering::Relaxed)
            && self.start.elapsed() >= max_age
            && self.preflighted.fetch_add(1, Ordering::Relaxed) + 1 == SUSPICIOUS
    }
}
