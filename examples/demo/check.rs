//! `--check`: makes the calls as a browser would send them, and compares.

use std::net::SocketAddr;

use cors_tests::{
    browser::{Fetch, Outcome},
    client::Request,
};

use crate::{
    api,
    calls::{CALLS, Call},
};

/// Prints expected beside seen for every call; answers how many differ.
pub(crate) async fn run(api: SocketAddr, page: SocketAddr) -> usize {
    let mut differences = 0;
    for call in CALLS {
        let outcome = fetch(call, api, page).run().await;
        let problem = difference(call, &outcome);
        let verdict = if problem.is_some() { "DIFFERS" } else { "ok" };
        println!("{verdict:<8}{:<7}{:<32}{}", call.method, call.path, call.title);
        println!("        expected {}", expected(call));
        println!("        seen     {}", seen(&outcome));
        if let Some(problem) = problem {
            println!("        {problem}");
            differences += 1;
        }
    }
    println!("{} passed, {differences} failed", CALLS.len() - differences);
    differences
}

fn fetch(call: &Call, api: SocketAddr, page: SocketAddr) -> Fetch {
    let mut request = Request::new(call.method, format!("http://{api}{}", call.path));
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    let request = Request { body: call.body.to_owned(), ..request };
    Fetch {
        origin: call.origin.map_or_else(|| api::origin("localhost", page.port()), str::to_owned),
        request,
        include_credentials: call.credentials,
    }
}

fn expected(call: &Call) -> String {
    let because = call.expected.because;
    match call.expected.status {
        Some(status) => {
            let readable = call.expected.readable.join(", ");
            format!("{status}, readable: {readable} ({because})")
        }
        None => format!("blocked ({because})"),
    }
}

fn seen(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Readable { response, readable } => {
            format!("{}, readable: {}", response.status, readable.join(", "))
        }
        Outcome::Blocked(blocked) => format!("blocked ({blocked})"),
    }
}

fn difference(call: &Call, outcome: &Outcome) -> Option<String> {
    let (response, readable) = match (call.expected.status, outcome) {
        (None, Outcome::Blocked(_)) => return None,
        (Some(status), Outcome::Readable { response, readable }) if response.status == status => {
            (response, readable)
        }
        _ => return Some("the outcome is another".into()),
    };
    let is_readable = |name: &&&str| readable.iter().any(|own| own == **name);
    if let Some(name) = call.expected.readable.iter().find(|name| !is_readable(name)) {
        return Some(format!("{name} cannot be read"));
    }
    let is_wrong = |name: &&&str| is_readable(name) || response.get(name).is_none();
    let name = call.expected.hidden.iter().find(is_wrong)?;
    Some(format!("{name} is not there, or can be read"))
}
