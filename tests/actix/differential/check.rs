//! The oracle: it knows what ran by the response, and what a policy says by an application that has
//! that policy alone. Of the middleware's insides it knows nothing.

use std::{
    collections::{HashMap, hash_map::Entry},
    slice,
};

use actix_web::test::TestRequest;
use cors_core::browser::{Client, is_safelisted_method, list};
use cors_tests::client::Response;

use super::{
    app::{Application, Item, Plain},
    counts::Counts,
    policies::{Base, METHODS, Truth},
    reached::{Ran, Reached, Run, truths, truths_of_response},
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

/// What an answer makes of a preflight that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    /// The browser sends the request.
    Grant,
    /// An ok status and nothing else, for another layer to make of it what it likes.
    ToAnotherLayer,
}

impl Oracle {
    /// Sends a request and its preflight; fails with what is wrong with the answers.
    ///
    /// A preflight may grant nothing that the route would not grant; if `is_exact`, and an
    /// annotated route ran, it must not refuse more either.
    pub(super) async fn check(&mut self, case: Case<'_>, is_exact: bool) -> Result<(), String> {
        self.counts.pairs += 1;
        let reached = self.check_actual(case, case.ask.method, is_exact).await?;
        let Some(preflight) = case.ask.preflight() else { return Ok(()) };
        let (answer, _) = case.server.send(preflight).await;
        let announced = (case.ask.method, case.ask.names.clone());
        for client in clients(case.ask) {
            if let Some(given) = given(&client, &announced, &answer) {
                self.check_given(case, &announced, &answer, (&client, given), is_exact).await?;
                if is_exact && case.application.is_strict && given == Given::Grant {
                    self.check_declared(case, &reached.ran).await?;
                }
            } else {
                self.check_refused(case, &announced, (&client, &reached), is_exact).await?;
            }
        }
        Ok(())
    }

    /// Counts what is refused without need. Where all is known nothing is: neither what an annotated route
    /// grants, nor what the policy of a scope does where no route is.
    async fn check_refused(
        &mut self,
        case: Case<'_>,
        announced: &Announced,
        (client, reached): (&Client<'_>, &Reached),
        is_exact: bool,
    ) -> Result<(), String> {
        let ran = &reached.ran;
        let unrouted = reached.unrouted(case.application, case.ask);
        let is_due = match unrouted.as_deref() {
            Some([only]) if is_exact && !case.application.is_strict => {
                self.due_of(case, &[*only], (client, None), announced).await?.is_some()
            }
            _ if ran.what.is_certain() => {
                self.due(case, reached, ran, (client, None), announced).await?.is_some()
            }
            _ => false,
        };
        self.counts.needless += usize::from(is_due);
        if is_due && is_exact && !matches!(ran.what, Ran::Plain | Ran::Unmapped) {
            return Err(format!("{client:?}: {ran:?} grants {announced:?}, which is refused"));
        }
        Ok(())
    }

    /// Whatever an answer lets the browser send is granted by what it reaches, and what it leaves to
    /// another layer is left to that.
    async fn check_given(
        &mut self,
        case: Case<'_>,
        announced: &Announced,
        answer: &Response,
        (client, own): (&Client<'_>, Given),
        is_exact: bool,
    ) -> Result<(), String> {
        match own {
            Given::Grant => self.counts.granted += 1,
            Given::ToAnotherLayer => self.counts.left += 1,
        }
        // no preflight has the headers that guards look at
        for ask in &case.ask.with_all_guarding() {
            let case = Case { ask, ..case };
            self.check_reached(case, announced, answer, (client, own), is_exact).await?;
        }
        for method in remembered(case.ask, answer) {
            let announced = (method, Vec::new());
            if given(client, &announced, answer) == Some(Given::Grant) {
                self.counts.remembered += 1;
                self.check_reached(case, &announced, answer, (client, own), is_exact).await?;
            }
        }
        Ok(())
    }

    /// A strict application grants what a handler serves, perhaps on the path with a slash that a
    /// middleware further in may make of it.
    async fn check_declared(&mut self, case: Case<'_>, ran: &Run) -> Result<(), String> {
        let slashed = case.ask.with_slash();
        let case = Case { ask: &slashed, ..case };
        let slashed = self.check_actual(case, case.ask.method, false).await?;
        if ran.what.is_annotated() || slashed.ran.what.is_annotated() {
            return Ok(());
        }
        Err(format!("{} is granted, and nothing serves it", case.ask))
    }

    async fn check_reached(
        &mut self,
        case: Case<'_>,
        announced: &Announced,
        answer: &Response,
        (client, own): (&Client<'_>, Given),
        is_exact: bool,
    ) -> Result<(), String> {
        let reached = self.check_actual(case, announced.0, is_exact).await?;
        let unrouted = reached.unrouted(case.application, case.ask).unwrap_or_default();
        for run in reached.as_announced(case.application) {
            let is_unrouted = matches!(run.what, Ran::Default | Ran::Nothing);
            let is_read = run.place.only_reads && ["GET", "HEAD"].contains(&announced.0);
            match self.due(case, &reached, &run, (client, Some(own)), announced).await? {
                Some(_) if is_unrouted && !unrouted.is_empty() => {
                    let due = self.due_of(case, &unrouted, (client, Some(own)), announced).await?;
                    if due.is_none() && is_exact {
                        let problem = "a scope's policy does not grant";
                        return Err(format!("{client:?}: {problem} {announced:?} by {}", case.ask));
                    }
                    self.counts.stray += usize::from(due.is_none());
                }
                Some(_) => {}
                // nothing tells that it is there
                None if matches!(run.what, Ran::Unmapped) => self.counts.unmapped += 1,
                None if is_read => self.counts.read += 1,
                None => {
                    return Err(format!(
                        "{client:?}: {run:?} does not grant {announced:?}, which {answer:?} does; reached by {}",
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
        let alone = self.check_actual(case, case.ask.method, false).await?;
        if !matches!(alone.ran.what, Ran::Default) {
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
    async fn check_actual(
        &mut self,
        case: Case<'_>,
        method: &str,
        is_exact: bool,
    ) -> Result<Reached, String> {
        let (response, steps) = case.server.send(case.ask.actual(method)).await;
        let reached = Reached::of(&response, &steps)?;
        let ran = &reached.ran;
        self.counts.actual += 1;
        self.counts.annotated += usize::from(ran.what.is_annotated());
        self.counts.plain += usize::from(matches!(ran.what, Ran::Plain));
        let asked = Asked { origin: case.ask.origin, preflight: None };
        let mut expected = Vec::new();
        for maker in reached.makers(case.application) {
            for truth in truths_of_response(case.application, &reached, &maker, method) {
                expected.push(self.alone(truth, &asked).await?.clone());
            }
        }
        let is_any = expected.iter().any(|own| own.cors() == response.cors());
        let is_certain = ran.what.is_certain() && !reached.is_in_doubt();
        let is_right = is_any || (!is_certain && is_no_wider(case.ask, &response, &expected));
        if !is_right {
            let expected: Vec<_> = expected.iter().map(Response::cors).collect();
            let (steps, cors) = (&reached.steps, response.cors());
            let problem = format!("{method}: {ran:?}, after {steps:?}, has {cors:?}");
            return Err(format!("{problem}, expected {expected:?}"));
        }
        self.check_unrouted(case, &reached, &response, is_exact).await?;
        Ok(reached)
    }

    /// What no service takes is nobody's to read but those whom the policy of the scope allows that the router has
    /// ended in, and theirs where all is known.
    async fn check_unrouted(
        &mut self,
        case: Case<'_>,
        reached: &Reached,
        response: &Response,
        is_exact: bool,
    ) -> Result<(), String> {
        let truths = reached.unrouted(case.application, case.ask).unwrap_or_default();
        let (path, method) = (case.ask.path_at_router(), case.ask.method);
        if !is_exact && case.application.may_be_kept_from_route(&path, method) {
            // a middleware could have answered as well
            return Ok(());
        }
        let is_exact = is_exact && truths.len() == 1;
        self.counts.unrouted += usize::from(!truths.is_empty());
        self.counts.exactly_unrouted += usize::from(is_exact);
        let asked = Asked { origin: case.ask.origin, preflight: None };
        for truth in truths {
            let own = self.alone(truth, &asked).await?;
            let is_same = own.cors() == response.cors();
            let is_no_wider = || is_no_wider(case.ask, response, slice::from_ref(own));
            if !is_same && (is_exact || !is_no_wider()) {
                let end = case.application.end(case.ask);
                let (own, response) = (own.cors(), response.cors());
                let problem = format!("unrouted in {end:?}, has {response:?}, expected {own:?}");
                return Err(format!("{problem}, at {}", case.ask));
            }
        }
        Ok(())
    }

    /// The policy under which what ran would have made the same of the preflight, or anything.
    async fn due(
        &mut self,
        case: Case<'_>,
        reached: &Reached,
        run: &Run,
        given: (&Client<'_>, Option<Given>),
        announced: &Announced,
    ) -> Result<Option<Truth>, String> {
        let path = case.ask.path_at_router();
        let is_served = case.application.is_served_before(&reached.pattern, &path, announced.0);
        let truths = truths(case.application, reached, run, announced.0).into_iter();
        let known = |truth: Truth| Truth { is_known: truth.is_known || is_served, ..truth };
        let truths: Vec<Truth> = truths.map(known).collect();
        self.due_of(case, &truths, given, announced).await
    }

    /// The first of these policies that makes the same of the preflight, or anything.
    async fn due_of(
        &mut self,
        case: Case<'_>,
        truths: &[Truth],
        (client, own): (&Client<'_>, Option<Given>),
        announced: &Announced,
    ) -> Result<Option<Truth>, String> {
        let asked = Asked { origin: case.ask.origin, preflight: Some(announced.clone()) };
        for truth in truths {
            let given = given(client, announced, self.alone(*truth, &asked).await?);
            if given.is_some() && own.is_none_or(|own| given == Some(own)) {
                return Ok(Some(*truth));
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
                    let server = Server::start(&with_one_route(), truth.alone()).await;
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
fn with_one_route() -> Application {
    let route = Plain { pattern: "/{tail:.*}", method: None, guard: None };
    Application::of(Base::Nothing, vec![Item::Plain(route)])
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

/// Whether no page may read a response that may not read any of the others, nor more of its headers.
fn is_no_wider(ask: &Ask, response: &Response, others: &[Response]) -> bool {
    let shares = |client: &Client<'_>, own: &Response| client.cors_check(&own.headers).is_ok();
    let exposed = |own: &Response| {
        let listed = list(&own.headers, "access-control-expose-headers");
        listed.ok().flatten().unwrap_or_default()
    };
    let covers = |own: &Response| {
        let theirs = exposed(own);
        exposed(response).iter().all(|name| theirs.contains(name))
    };
    clients(ask).all(|client| {
        let is_covered = || others.iter().any(|own| shares(&client, own) && covers(own));
        !shares(&client, response) || is_covered()
    })
}

/// A page in each credentials mode.
fn clients(ask: &Ask) -> impl Iterator<Item = Client<'static>> {
    let origin = ask.origin.unwrap_or_default();
    [false, true].into_iter().map(move |include_credentials| Client { origin, include_credentials })
}

fn given(client: &Client<'_>, (method, names): &Announced, answer: &Response) -> Option<Given> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let is_left = answer.status < 300 && answer.cors().is_empty();
    let verdict = client.check_preflight(method, &names, false, answer.status, &answer.headers);
    let grant = verdict.is_ok().then_some(Given::Grant);
    grant.or(is_left.then_some(Given::ToAnotherLayer))
}
