//! What a request has run, as the spies tell, and the policies that its answer may have.

use std::collections::HashSet;

use cors_tests::client::Response;

use super::{
    app::Application,
    handlers::{Handler, PALETTE},
    policies::{Layer, Truth, Written},
    requests::Ask,
    serve::PATTERN,
    spies::{DEFAULT, PLACE, PLAIN, PREFIX, Place, RAN, Step, UNMAPPED},
};

/// What answered an actual request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ran {
    Annotated(&'static Handler),
    /// A plain route, or the default service of a resource.
    Plain,
    /// A service for all paths below its own; actix does not tell that it has answered.
    Prefix,
    /// A service that actix does not list.
    Unmapped,
    /// The default service of a scope or of the application.
    Default,
    /// The router, with 404 or 405, or a middleware.
    Nothing,
}

/// The same with the place where it is registered.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) what: Ran,
    pub(super) place: Place,
}

/// Where an actual request has gone.
pub(super) struct Reached {
    /// What made the response.
    pub(super) ran: Run,
    pub(super) steps: Vec<Reaching>,
    /// The full pattern of the resource, as actix tells it.
    pub(super) pattern: String,
    status: u16,
    /// The CORS headers of the response.
    pub(super) cors: Vec<String>,
}

/// A step of a request.
#[derive(Debug, Clone)]
pub(super) enum Reaching {
    To(Run),
    /// A middleware made another request of it.
    Moved,
}

impl Ran {
    fn named(name: &str) -> Result<Self, String> {
        match name {
            PLAIN => Ok(Self::Plain),
            DEFAULT => Ok(Self::Default),
            PREFIX => Ok(Self::Prefix),
            UNMAPPED => Ok(Self::Unmapped),
            name => PALETTE
                .iter()
                .find(|handler| handler.name == name)
                .map(Self::Annotated)
                .ok_or_else(|| format!("no handler is called {name}")),
        }
    }

    pub(super) fn is_annotated(self) -> bool {
        matches!(self, Self::Annotated(_))
    }

    /// Whether it has a policy of its own.
    pub(super) fn is_certain(self) -> bool {
        matches!(self, Self::Annotated(_) | Self::Plain | Self::Unmapped)
    }
}

impl Run {
    const NOTHING: Self =
        Self { what: Ran::Nothing, place: Place { pattern: None, only_reads: false } };
}

impl Reached {
    pub(super) fn of(response: &Response, steps: &[Step]) -> Result<Self, String> {
        let ran = match response.get(RAN) {
            None => Run::NOTHING,
            Some(name) => {
                let place = Place { pattern: response.get(PLACE), only_reads: false };
                Run { what: Ran::named(&name)?, place }
            }
        };
        let reaching = |step: &Step| match step {
            Step::Ran(name, place) => {
                let run = |what| Reaching::To(Run { what, place: place.clone() });
                Ran::named(name).map(run)
            }
            Step::Moved => Ok(Reaching::Moved),
        };
        let steps = steps.iter().map(reaching).collect::<Result<_, _>>()?;
        let pattern = response.get(PATTERN).unwrap_or_default();
        Ok(Self { ran, steps, pattern, status: response.status, cors: response.cors() })
    }

    /// What the request has come to as its preflight announced it.
    pub(super) fn as_announced(&self, application: &Application) -> Vec<Run> {
        if application.is_led_by_head() {
            return vec![Run::NOTHING];
        }
        let steps = self.steps.iter().map_while(|step| match step {
            Reaching::To(ran) => Some(ran.clone()),
            Reaching::Moved => None,
        });
        let ran: Vec<Run> = steps.collect();
        if ran.is_empty() { vec![Run::NOTHING] } else { ran }
    }

    /// Whether another route may have made it, for all that its response shows: none that is annotated,
    /// and the request was sent on twice, or actix does not list it. Then nobody need be allowed to read it.
    pub(super) fn is_in_doubt(&self) -> bool {
        match self.ran.what {
            Ran::Annotated(_) => false,
            Ran::Unmapped => true,
            _ => self.steps.len() > 1,
        }
    }

    /// Whose policy the response may have. Where a middleware made another response, or an error, it is
    /// nobody's but those of what has run before; where that is not known, it may be any.
    pub(super) fn makers(&self, application: &Application) -> Vec<Run> {
        let own = vec![self.ran.clone()];
        let knows_entries = !self.pattern.is_empty() || application.entries().is_empty();
        if !matches!(self.ran.what, Ran::Nothing) || self.steps.is_empty() || !knows_entries {
            return own;
        }
        let listed = self.steps.iter().map(|step| match step {
            Reaching::To(run @ Run { what: Ran::Annotated(_) | Ran::Plain, .. }) => {
                Some(run.clone())
            }
            _ => None,
        });
        listed.collect::<Option<_>>().unwrap_or(own)
    }

    /// The policies of which an answer has to have all, if no service took the request: the router has answered,
    /// or a default service. `None` if something did, or it is not known.
    pub(super) fn unrouted(&self, application: &Application, ask: &Ask) -> Option<Vec<Truth>> {
        let is_unrouted = match self.ran.what {
            Ran::Nothing => self.status == 404,
            Ran::Default => true,
            _ => false,
        };
        if !is_unrouted || !application.is_still() {
            return None;
        }
        let policies = application.unrouted(&application.end(ask), &ask.path_at_router());
        // the methods of nothing are not known
        let truth = |own| Truth { is_known: false, ..Truth::new(own, []) };
        Some(policies.into_iter().map(truth).collect())
    }
}

/// The policies of which an answer may have one. Where no route ran, that of any route or scope will do,
/// because the path may be one's; the base policy comes first.
pub(super) fn truths(
    application: &Application,
    reached: &Reached,
    run: &Run,
    method: &str,
) -> Vec<Truth> {
    let certain = |pattern: &str, layer: Option<Layer>| {
        let entries = application.entries().into_iter();
        let entries = entries.filter(|entry| entry.covers(pattern, method));
        let layers = layer.into_iter().chain(entries.map(|entry| entry.layer));
        Truth::new(application.at(pattern), layers)
    };
    match (run.what, &run.place.pattern) {
        (Ran::Annotated(handler), _) => {
            let all = application.patterns_of(handler);
            let is_told = !application.calls_twice() && all.contains(&reached.pattern);
            let own = if is_told { vec![reached.pattern.clone()] } else { all };
            own.iter().map(|pattern| certain(pattern, Some(handler.layer))).collect()
        }
        (Ran::Plain | Ran::Prefix, Some(pattern)) => vec![certain(pattern, None)],
        // actix tells it by the pattern of what is registered next, which may have an entry
        (Ran::Unmapped, Some(pattern)) => {
            vec![certain(pattern, None), certain(&reached.pattern, None)]
        }
        _ => any(application),
    }
}

/// The same of a response. If a middleware has called the router twice, actix does not tell the pattern of what
/// has run last, so that a plain route may be taken for one of another scope.
pub(super) fn truths_of_response(
    application: &Application,
    reached: &Reached,
    run: &Run,
    method: &str,
) -> Vec<Truth> {
    let mut own = truths(application, reached, run, method);
    if application.calls_twice() && matches!(run.what, Ran::Plain | Ran::Prefix) {
        own.extend(of_scopes(application).map(|scope| Truth::new(scope, [])));
    }
    own
}

/// The policies of all scopes, that of the application first.
fn of_scopes(application: &Application) -> impl Iterator<Item = Written> {
    let paths = application.for_scopes().into_iter().map(|entry| entry.path);
    std::iter::once(String::new()).chain(paths).map(|path| application.at(&path))
}

/// All that the policies of an application may add up to.
fn any(application: &Application) -> Vec<Truth> {
    let layers = application.layers().into_iter().map(Some);
    let layers: Vec<_> = std::iter::once(None).chain(layers).collect();
    let mut entries = application.entries().into_iter().map(|entry| entry.layer);
    let (one, two) = (entries.next(), entries.next());
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for scope in of_scopes(application) {
        for layer in &layers {
            for [one, two] in [[None; 2], [one, None], [two, None], [one, two]] {
                let truth = Truth::new(scope, [*layer, one, two].into_iter().flatten());
                if seen.insert(truth) {
                    found.push(truth);
                }
            }
        }
    }
    found
}
