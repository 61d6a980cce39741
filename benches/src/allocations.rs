//! Heap allocations per request.

use bytes::BytesMut;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region};

use crate::{case::Case, subjects::Subject};

/// How many requests go before, until buffers have their size and lazy parts are made.
const WARM_UP: u32 = 10;

/// How often it is counted; the least counts.
const TIMES: u32 = 5;

/// Counts the allocations of one request. Must be called in an actix runtime, with
/// [`INSTRUMENTED_SYSTEM`] as the allocator.
pub async fn count(subject: Subject, case: &Case) -> usize {
    let mut runner = subject.start(case).await;
    let mut output = BytesMut::new();
    for _ in 0..WARM_UP {
        output.clear();
        runner(&mut output);
    }
    let mut once = || {
        output.clear();
        let region = Region::new(&INSTRUMENTED_SYSTEM);
        runner(&mut output);
        let change = region.change();
        change.allocations + change.reallocations
    };
    // other threads are counted too, such as that of the test harness
    (0..TIMES).map(|_| once()).min().unwrap_or_default()
}
