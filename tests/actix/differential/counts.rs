//! How much was seen, so that a run that tries nothing is noticed.

use std::fmt;

#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Requests, each with its preflight.
    pub(super) pairs: usize,
    /// Actual requests, those for remembered methods among them.
    pub(super) actual: usize,
    /// How many of these reached an annotated handler.
    pub(super) annotated: usize,
    /// How many of these reached a plain route.
    pub(super) plain: usize,
    /// Granted preflights; each counts for both credentials modes.
    pub(super) granted: usize,
    /// Preflights that were left to another layer.
    pub(super) left: usize,
    /// Other methods that a granted preflight let the browser remember.
    pub(super) remembered: usize,
    /// Refused preflights that the route would have granted.
    pub(super) needless: usize,
    /// Granted preflights that the policy of the scope would not grant, and nothing ran but a default service.
    pub(super) stray: usize,
    /// Granted preflights whose request came to a service that actix does not list.
    pub(super) unmapped: usize,
    /// Granted preflights for GET whose request came to something that only reads.
    pub(super) read: usize,
    /// Answers to what no service took, of which the scope is known.
    pub(super) unrouted: usize,
    /// How many of these have exactly the policy of the scope.
    pub(super) exactly_unrouted: usize,
    /// Requests that were sent many times at once.
    pub(super) at_once: usize,
    /// Applications kept from starting by the policies of another that is held.
    pub(super) mistaken: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pairs,
            actual,
            annotated,
            plain,
            granted,
            left,
            remembered,
            needless,
            stray,
            unmapped,
            read,
            unrouted,
            exactly_unrouted,
            at_once,
            mistaken,
        } = self;
        writeln!(
            f,
            "{pairs} pairs; {actual} requests, {annotated} to annotated and {plain} to plain routes"
        )?;
        writeln!(f, "{granted} preflights granted, {remembered} other methods remembered by them")?;
        writeln!(f, "{left} left to another layer; {read} granted for what only reads")?;
        writeln!(f, "{unrouted} unrouted in a known scope, {exactly_unrouted} exactly its own")?;
        writeln!(f, "{mistaken} kept from starting by another application's policies")?;
        writeln!(f, "{unmapped} granted for what actix does not list; {at_once} sent at once")?;
        write!(
            f,
            "{needless} refused without need, {stray} granted under another policy where no route is"
        )
    }
}
