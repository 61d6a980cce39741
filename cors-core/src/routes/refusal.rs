//! What can be said of a preflight that was refused, for the log.

use super::{
    PathMatch, Reached, RouteTable, Step,
    candidates::{By, Candidate},
    preflight::requested_method,
};
use crate::{
    decide::{Asked, Presented, Reason, RequestHead},
    fields::RequestHeader,
};

impl<V> RouteTable<V> {
    /// Whether a preflight that was refused would be granted if it were known that what is outside of the table
    /// serves the method: there is such a service at the path, and `allow_methods` is not set for it.
    #[cold]
    pub fn lacks_methods<R: RequestHead>(&self, matches: PathMatch<'_>, request: &R) -> bool {
        let Ok(method) = requested_method(request) else { return false };
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let asked = Asked { origin, method };
        let is_unknown = |own: &Candidate| matches!(own.by, By::Other(_)) && !own.is_routed;
        let candidates = || self.routes.candidates(matches, method);
        let would_grant = |own: Candidate| {
            let candidate = Candidate { is_routed: own.is_routed || is_unknown(&own), ..own };
            self.check(candidate, &asked, request).is_ok()
        };
        candidates().any(|own| is_unknown(&own)) && candidates().all(would_grant)
    }

    /// The first of what could serve the announced request that refuses its preflight, and why; `None` if none does,
    /// or if the request is refused before any policy is asked.
    #[cold]
    pub fn refused_by<R: RequestHead>(
        &self,
        matches: PathMatch<'_>,
        request: &R,
    ) -> Option<(Reached, Reason)> {
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let asked = Asked { origin, method: requested_method(request).ok()? };
        let refusal = |own: Candidate| {
            let reason = self.check(own, &asked, request).err()?;
            Some((Reached::by(own), reason))
        };
        self.routes.candidates(matches, asked.method).find_map(refusal)
    }

    /// Whether a preflight that was refused would be granted at another form of the path, while the path as it is
    /// leads to no service: a middleware that rewrites paths stands in the wrong place then.
    #[cold]
    pub fn is_for_another_form<R: RequestHead>(&self, matches: PathMatch<'_>, request: &R) -> bool {
        let leads = |steps: &[Step]| steps.iter().any(|step| step.may_run());
        let is_granted = |steps: &[Step]| {
            leads(steps) && self.preflight(PathMatch::certain(steps), request).is_granted()
        };
        !leads(matches.exact()) && matches.others().any(is_granted)
    }
}
