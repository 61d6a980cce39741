//! What the page of a question gets, by the checks that a browser makes.

use cors_core::browser::Client;
use cors_tests::client::Response;

use crate::question::Question;

/// Whether a browser goes on after an answer: whether it sends what a preflight asked for, or hands the response to the
/// script.
pub(crate) fn admits(question: &Question, answer: &Response, include_credentials: bool) -> bool {
    let Some(origin) = question.value("origin") else { return true };
    let client = Client { origin, include_credentials };
    let Some(method) = question.requested() else {
        return client.cors_check(&answer.headers).is_ok();
    };
    let names = question.value("access-control-request-headers").unwrap_or_default();
    let names: Vec<String> =
        names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    client.check_preflight(method, &names, false, answer.status, &answer.headers).is_ok()
}
