//! The oracle: it knows what ran by the response, and what a policy says by an application that has
//! that policy alone. Of the middleware's insides it knows nothing.

use std::collections::{HashMap, hash_map::Entry};

use actix_web::test::TestRequest;
use cors_core::browser::{Client, is_safelisted_method, list};
use cors_tests::client::Response;

use super::{
    app::{Application, Item, Plain},
    counts::Counts,
    policies::{METHODS, Truth},
    reached::{Ran, Reached, truths},
    requests::Ask,
    serve::Server,
};

/// How many requests come at once, if they do: more than actix keeps for later.
const MANY: usize = 140;

/// Compares applications with those that have one policy only.
#[derive(Default)]
pub(super) struct Oracle {
    alone: HashMap<Truth, Server>,
    answers: HashMap<(Truth, Asked), Response>,
    pub(super) counts: Counts,
}

/// A request to an application.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) server: &'a Server,
    pub(super) application: &'a Application,
    pub(super) ask: &'a Ask,
}

/// A request as far as it matters to an application with one policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    origin: Option<&'static str>,
    /// `None` for an actual request.
    preflight: Option<Announced>,
}

/// The method and the headers that a preflight announces.
type Announced = (&'static str, Vec<&'static str>);

impl Oracle {
    /// Sends a request and its preflight; fails with what is wrong with the answers.
    ///
    /// A preflight may grant nothing that the route would not grant; if `is_exact`, and an
    /// annotated route ran, it must not refuse more either.
    pub(super) async fn check(&mut self, case: Case<'_>, is_exact: bool) -> Result<(), String> {
        self.counts.pairs += 1;
        let reached = self.check_actual(case, case.ask.method).await?;
        let ran = reached.ran;
        let Some(preflight) = case.ask.preflight() else { return Ok(()) };
        let (answer, _) = case.server.send(preflight).await;
        let announced = (case.ask.method, case.ask.names.clone());
        for client in clients(case.ask) {
            if grants(&client, &announced, &answer) {
                self.check_granted(case, &announced, &answer, &client).await?;
                if is_exact && case.application.is_strict {
                    self.check_declared(case, ran).await?;
                }
            } else if ran.is_certain()
                && self.due(case, &reached, ran, &client, &announced).await?.is_some()
            {
                self.counts.needless += 1;
                if is_exact && ran.is_annotated() {
                    return Err(format!("{client:?}: {ran:?} grants what {answer:?} does not"));
                }
            }
        }
        Ok(())
    }

    /// Whatever an answer lets the browser send is granted by what it reaches.
    async fn check_granted(
        &mut self,
        case: Case<'_>,
        announced: &Announced,
        answer: &Response,
        client: &Client<'_>,
    ) -> Result<(), String> {
        self.counts.granted += 1;
        // no preflight has the headers that guards look at
        for ask in &case.ask.with_all_guarding() {
            self.check_reached(Case { ask, ..case }, announced, answer, client).await?;
        }
        for method in remembered(case.ask, answer) {
            let announced = (method, Vec::new());
            if grants(client, &announced, answer) {
                self.counts.remembered += 1;
                self.check_reached(case, &announced, answer, client).await?;
            }
        }
        Ok(())
    }

    /// A strict application grants what a handler serves, perhaps on the path with a slash that a
    /// middleware further in may make of it.
    async fn check_declared(&mut self, case: Case<'_>, ran: Ran) -> Result<(), String> {
        let slashed = case.ask.with_slash();
        let slashed = self.check_actual(Case { ask: &slashed, ..case }, case.ask.method).await?;
        if ran.is_annotated() || slashed.ran.is_annotated() {
            return Ok(());
        }
        Err(format!("{} is granted, and nothing serves it", case.ask))
    }

    async fn check_reached(
        &mut self,
        case: Case<'_>,
        announced: &Announced,
        answer: &Response,
        client: &Client<'_>,
    ) -> Result<(), String> {
        let reached = self.check_actual(case, announced.0).await?;
        for ran in reached.as_announced(case.application) {
            match self.due(case, &reached, ran, client, announced).await? {
                Some(truth) => {
                    let is_strange = truth.layers != [None; 3] && matches!(ran, Ran::Default);
                    self.counts.stray += usize::from(is_strange);
                }
                // nothing tells that it is there
                None if matches!(ran, Ran::Unmapped) => self.counts.unmapped += 1,
                None => {
                    return Err(format!(
                        "{client:?}: {ran:?} does not grant {announced:?}, which {answer:?} does; reached by {}",
                        case.ask
                    ));
                }
            }
        }
        Ok(())
    }

    /// What a default service makes of the answers of another application has the same policy if many
    /// requests come at once, more than actix keeps for later.
    pub(super) async fn check_many(&mut self, case: Case<'_>) -> Result<(), String> {
        let called = case.application.setting.called.as_ref();
        if !called.is_some_and(|called| called.at_once) {
            return Ok(());
        }
        let alone = self.check_actual(case, case.ask.method).await?;
        if !matches!(alone.ran, Ran::Default) {
            return Ok(());
        }
        self.counts.at_once += 1;
        let requests = (0..MANY).map(|_| case.ask.actual(case.ask.method));
        for answer in case.server.send_all(requests).await {
            if answer.cors() != alone.cors {
                let (seen, alone) = (answer.cors(), &alone.cors);
                return Err(format!("of many at once, one has {seen:?}, and one alone {alone:?}"));
            }
        }
        Ok(())
    }

    /// The response has the policy of what ran; if that is nothing, a browser lets no script have
    /// it that none of the application's policies would.
    async fn check_actual(&mut self, case: Case<'_>, method: &str) -> Result<Reached, String> {
        let (response, steps) = case.server.send(case.ask.actual(method)).await;
        let reached = Reached::of(&response, &steps)?;
        let ran = reached.ran;
        self.counts.actual += 1;
        self.counts.annotated += usize::from(ran.is_annotated());
        self.counts.plain += usize::from(matches!(ran, Ran::Plain));
        let asked = Asked { origin: case.ask.origin, preflight: None };
        let mut expected = Vec::new();
        for maker in reached.makers(case.application) {
            for truth in truths(case.application, &reached, maker, method) {
                expected.push(self.alone(truth, &asked).await?.clone());
            }
        }
        let shares = |client: &Client<'_>, own: &Response| client.cors_check(&own.headers).is_ok();
        let is_any = expected.iter().any(|own| own.cors() == response.cors());
        let is_no_wider = || {
            clients(case.ask).all(|client| {
                !shares(&client, &response) || expected.iter().any(|own| shares(&client, own))
            })
        };
        let is_exact = ran.is_certain() && !reached.is_in_doubt();
        let is_right = is_any || (!is_exact && is_no_wider());
        if is_right {
            return Ok(reached);
        }
        let expected: Vec<_> = expected.iter().map(Response::cors).collect();
        let steps = reached.steps;
        Err(format!(
            "{method}: {ran:?}, after {steps:?}, has {:?}, expected {expected:?}",
            response.cors()
        ))
    }

    /// The policy under which what ran would have granted the preflight.
    async fn due(
        &mut self,
        case: Case<'_>,
        reached: &Reached,
        ran: Ran,
        client: &Client<'_>,
        announced: &Announced,
    ) -> Result<Option<Truth>, String> {
        let asked = Asked { origin: case.ask.origin, preflight: Some(announced.clone()) };
        let path = case.ask.path_at_router();
        let is_served = case.application.is_served_before(&reached.pattern, &path, announced.0);
        for truth in truths(case.application, reached, ran, announced.0) {
            let truth = Truth { is_served, ..truth };
            if grants(client, announced, self.alone(truth, &asked).await?) {
                return Ok(Some(truth));
            }
        }
        Ok(None)
    }

    /// The answer of an application with one policy.
    async fn alone(&mut self, truth: Truth, asked: &Asked) -> Result<&Response, String> {
        let key = (truth, asked.clone());
        if !self.answers.contains_key(&key) {
            let server = match self.alone.entry(truth) {
                Entry::Occupied(started) => started.into_mut(),
                Entry::Vacant(place) => {
                    let server = Server::start(&with_one_route(truth), truth.alone()).await;
                    // the random one and its neighbours live on the thread
                    place.insert(server.map_err(|problem| format!("{truth:?}: {problem}"))?)
                }
            };
            let (answer, _) = server.send(asked.request()).await;
            self.answers.insert(key.clone(), answer);
        }
        Ok(&self.answers[&key])
    }
}

/// An application with one plain route, for any path and method.
fn with_one_route(truth: Truth) -> Application {
    let route = Plain { pattern: "/{tail:.*}", method: None, guard: None };
    Application::of(truth.base, vec![Item::Plain(route)])
}

impl Asked {
    fn request(&self) -> TestRequest {
        let Some((method, names)) = self.preflight.clone() else {
            return Ask::of_root("GET", self.origin, Vec::new()).actual("GET");
        };
        let ask = Ask::of_root(method, self.origin, names);
        ask.preflight().expect("a preflight has an origin")
    }
}

/// Other methods that an answer lets the browser remember, and that need it.
fn remembered(ask: &Ask, answer: &Response) -> impl Iterator<Item = &'static str> {
    let listed = list(&answer.headers, "access-control-allow-methods");
    let listed = listed.ok().flatten().unwrap_or_default();
    let own = ask.method;
    METHODS.into_iter().filter(move |method| {
        let is_listed = listed.iter().any(|listed| listed == method || listed == "*");
        is_listed && *method != own && !is_safelisted_method(method)
    })
}

/// A page in each credentials mode.
fn clients(ask: &Ask) -> impl Iterator<Item = Client<'static>> {
    let origin = ask.origin.unwrap_or_default();
    [false, true].into_iter().map(move |include_credentials| Client { origin, include_credentials })
}

fn grants(client: &Client<'_>, (method, names): &Announced, answer: &Response) -> bool {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    client.check_preflight(method, &names, false, answer.status, &answer.headers).is_ok()
}
