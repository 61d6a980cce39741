//! Methods as scripts ask for them, and as they are sent.

use super::invalid::{InvalidFetch, Reason};
use crate::browser::{client::is_token, safelist::is_forbidden_method};

/// The method that is sent: `#concept-method-normalize` of one that is allowed.
///
/// # Errors
///
/// Fails if `fetch` throws a `TypeError` for it.
pub(super) fn normalized(method: &str) -> Result<String, InvalidFetch> {
    if !is_token(method) {
        let fix = "write letters, such as `GET` or `PROPFIND`";
        return Err(InvalidFetch::new(Reason::MethodIsNoToken, method, fix));
    }
    if is_forbidden_method(method) {
        let fix = "no script sends it, so no test of CORS is about it";
        return Err(InvalidFetch::new(Reason::ForbiddenMethod, method, fix));
    }
    let upper = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    let known = upper.into_iter().find(|own| own.eq_ignore_ascii_case(method));
    Ok(known.unwrap_or(method).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_methods_are_sent_in_upper_case_and_others_as_they_are_written() {
        for method in ["delete", "Get", "head", "OPTIONS", "pOST", "put"] {
            assert_eq!(normalized(method).unwrap(), method.to_ascii_uppercase());
        }
        for method in ["patch", "PATCH", "Query", "propfind", "!#$%&'*+-.^_`|~1", "puts"] {
            assert_eq!(normalized(method).unwrap(), method);
        }
    }

    #[test]
    fn what_fetch_throws_for_is_refused() {
        let table = [
            ("", Reason::MethodIsNoToken),
            ("PU T", Reason::MethodIsNoToken),
            ("GET ", Reason::MethodIsNoToken),
            ("GET,PUT", Reason::MethodIsNoToken),
            ("GÉT", Reason::MethodIsNoToken),
            ("PUT\r\nX: y", Reason::MethodIsNoToken),
            ("CONNECT", Reason::ForbiddenMethod),
            ("Trace", Reason::ForbiddenMethod),
            ("track", Reason::ForbiddenMethod),
        ];
        for (method, reason) in table {
            assert_eq!(normalized(method).unwrap_err().reason, reason, "{method}");
        }
    }
}
