//! What an origin that both policies allow may do under one of them only.

use super::{
    difference::{Change, Direction, Subject, Witness},
    names,
    probe::Probe,
    way::Way,
};
use crate::{headers, methods::Named};

/// An origin that both policies allow, by which the rest is compared.
pub(super) struct Shared<'p> {
    /// The wider one, then the narrower one.
    pub(super) ways: &'p [Way<'p>; 2],
    pub(super) origin: String,
    /// The methods of the route, if they are known.
    pub(super) methods: Option<&'p [&'p str]>,
}

impl Shared<'_> {
    pub(super) fn changes(&self) -> Vec<Change> {
        let (ways, method) = (self.ways, self.method());
        let of_methods = ways.iter().filter_map(|way| self.of_methods(way));
        let of_headers = ways.iter().filter_map(|way| self.of_headers(way, method?));
        let of_exposed = ways.iter().filter_map(|way| self.of_exposed(way));
        let of_lists = of_methods.chain(of_headers).chain(of_exposed);
        of_lists.chain(method.and_then(|_| self.of_max_age())).collect()
    }

    /// A method for which both grant a preflight.
    fn method(&self) -> Option<&str> {
        let is_granted =
            |method: &&str| self.ways.iter().all(|way| way.to.grants(&self.origin, method, None));
        self.methods.unwrap_or(&["GET"]).iter().copied().find(is_granted)
    }

    fn of_methods(&self, way: &Way<'_>) -> Option<Change> {
        let grants = |own: &Probe<'_>, method: &str| own.grants(&self.origin, method, None);
        let is_wanted = |method: &str| grants(way.to, method) && !grants(way.from, method);
        let found = if let Some(served) = self.methods {
            let found = served.iter().filter(|method| is_wanted(method));
            found.map(|method| (*method).to_owned()).collect()
        } else {
            let listed = |own: &Probe<'_>| own.policy().allow_methods().cloned();
            let [own, other] = [way.to, way.from].map(|own| listed(own).unwrap_or_default());
            let is_idle = |method: &str| Named::new(method).is_safelisted();
            names::outside(&own, &other, &["PUT", "PATCH", "DELETE"], is_idle, is_wanted)
        };
        let witness = |method| Witness { method: Some(method), ..way.witness(&self.origin) };
        way.change(Subject::Methods, found.map(witness))
    }

    fn of_headers(&self, way: &Way<'_>, method: &str) -> Option<Change> {
        let grants = |own: &Probe<'_>, name: &str| own.grants(&self.origin, method, Some(name));
        let is_wanted = |name: &str| grants(way.to, name) && !grants(way.from, name);
        let [own, other] = [way.to, way.from].map(|own| own.policy().allow_headers());
        let usual = ["Authorization", "X-Requested-With"];
        let is_idle = headers::is_forbidden_in_request;
        let found = names::outside(own, other, &usual, is_idle, is_wanted);
        let witness = |header| Witness {
            method: Some(method.to_owned()),
            header: Some(header),
            ..way.witness(&self.origin)
        };
        way.change(Subject::RequestHeaders, found.map(witness))
    }

    fn of_exposed(&self, way: &Way<'_>) -> Option<Change> {
        let is_wanted = |name: &str| {
            way.to.exposes(&self.origin, name) && !way.from.exposes(&self.origin, name)
        };
        let is_idle =
            |name: &str| headers::is_safelisted_in_response(name) || headers::is_of_protocol(name);
        let usual = ["ETag", "X-Request-Id"];
        let [own, other] = [way.to, way.from].map(Probe::exposed);
        let found = names::outside(&own, &other, &usual, is_idle, is_wanted);
        let witness = |header| Witness { header: Some(header), ..way.witness(&self.origin) };
        way.change(Subject::ExposedHeaders, found.map(witness))
    }

    fn of_max_age(&self) -> Option<Change> {
        let [before, now] = self.ways.each_ref().map(|way| way.from.policy().preflight_lifetime());
        let subject = Subject::MaxAge { before, now };
        let direction = Direction::Neither;
        (before != now).then_some(Change { subject, direction, witnesses: Vec::new(), more: 0 })
    }
}
