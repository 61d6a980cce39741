//! What a request has run, as the spies tell, and the policies that its answer may have.

use cors_tests::client::Response;

use super::{
    app::Application,
    handlers::{Handler, PALETTE},
    policies::{Layer, Truth},
    serve::PATTERN,
    spies::{DEFAULT, PLAIN, PREFIX, RAN, Step, UNMAPPED},
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

/// Where an actual request has gone.
pub(super) struct Reached {
    /// What made the response.
    pub(super) ran: Ran,
    pub(super) steps: Vec<Reaching>,
    /// The full pattern of the resource.
    pub(super) pattern: String,
    /// The CORS headers of the response.
    pub(super) cors: Vec<String>,
}

/// A step of a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reaching {
    To(Ran),
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

impl Reached {
    pub(super) fn of(response: &Response, steps: &[Step]) -> Result<Self, String> {
        let ran = match response.get(RAN) {
            None => Ran::Nothing,
            Some(name) => Ran::named(&name)?,
        };
        let reaching = |step: &Step| match step {
            Step::Ran(name) => Ran::named(name).map(Reaching::To),
            Step::Moved => Ok(Reaching::Moved),
        };
        let steps = steps.iter().map(reaching).collect::<Result<_, _>>()?;
        let pattern = response.get(PATTERN).unwrap_or_default();
        Ok(Self { ran, steps, pattern, cors: response.cors() })
    }

    /// What the request has come to as its preflight announced it.
    pub(super) fn as_announced(&self, application: &Application) -> Vec<Ran> {
        if application.is_led_by_head() {
            return vec![Ran::Nothing];
        }
        let steps = self.steps.iter().map_while(|step| match step {
            Reaching::To(ran) => Some(*ran),
            Reaching::Moved => None,
        });
        let ran: Vec<Ran> = steps.collect();
        if ran.is_empty() { vec![Ran::Nothing] } else { ran }
    }

    /// Whether another route may have made it, for all that its response shows: none that is annotated,
    /// and the request was sent on twice, or actix does not list it. Then nobody need be allowed to read it.
    pub(super) fn is_in_doubt(&self) -> bool {
        match self.ran {
            Ran::Annotated(_) => false,
            Ran::Unmapped => true,
            _ => self.steps.len() > 1,
        }
    }

    /// Whose policy the response may have. Where a middleware made another response, or an error, it is
    /// nobody's but those of what has run before; where that is not known, it may be any.
    pub(super) fn makers(&self, application: &Application) -> Vec<Ran> {
        let own = vec![self.ran];
        let knows_entries = !self.pattern.is_empty() || application.entries().is_empty();
        if !matches!(self.ran, Ran::Nothing) || self.steps.is_empty() || !knows_entries {
            return own;
        }
        let listed = self.steps.iter().map(|step| match step {
            Reaching::To(ran @ (Ran::Annotated(_) | Ran::Plain)) => Some(*ran),
            _ => None,
        });
        listed.collect::<Option<_>>().unwrap_or(own)
    }
}

/// The policies of which an answer may have one. Where no route ran, that of any route will do,
/// because the path may be one's; the base policy comes first.
pub(super) fn truths(
    application: &Application,
    reached: &Reached,
    ran: Ran,
    method: &str,
) -> Vec<Truth> {
    let base = application.base;
    let entries = application.entries();
    let certain = |layer: Option<Layer>| {
        let own = entries.iter().filter(|entry| entry.covers(&reached.pattern, method));
        let mut own = own.map(|entry| entry.layer);
        vec![Truth { base, layers: [layer, own.next(), own.next()], is_served: false }]
    };
    match ran {
        Ran::Annotated(handler) => certain(Some(handler.layer)),
        Ran::Plain => certain(None),
        // actix tells it by the pattern of what is registered next, which may have an entry
        Ran::Unmapped => {
            [vec![Truth { base, layers: [None; 3], is_served: false }], certain(None)].concat()
        }
        Ran::Prefix | Ran::Default | Ran::Nothing => {
            let mut entries = entries.iter().map(|entry| entry.layer);
            let (one, two) = (entries.next(), entries.next());
            let of_entries = [[None; 2], [one, None], [two, None], [one, two]];
            let layers = application.layers().into_iter().filter(|_| !matches!(ran, Ran::Prefix));
            let own = std::iter::once(None).chain(layers.map(Some));
            own.flat_map(|own| of_entries.map(|[one, two]| [own, one, two]))
                .map(|layers| Truth { base, layers, is_served: false })
                .collect()
        }
    }
}
