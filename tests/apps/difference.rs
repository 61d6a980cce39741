//! Where the answers of both middlewares differ, and why.

use std::collections::BTreeSet;

use cors_tests::client::Response;

use crate::question::Question;

/// Declares the differences with what is said of each on the page.
macro_rules! differences {
    ($($name:ident: $what:literal, $why:literal;)*) => {
        /// A difference that is meant.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Difference {
            $($name),*
        }

        impl Difference {
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];

            /// What differs, here first.
            pub(crate) fn what(self) -> &'static str {
                match self {
                    $(Self::$name => $what),*
                }
            }

            pub(crate) fn why(self) -> &'static str {
                match self {
                    $(Self::$name => $why),*
                }
            }
        }
    };
}

differences! {
    NoContent: "204 for 200",
        "The answer to a preflight has no body. Fetch takes any status from 200 to 299.";
    Forbidden: "403 for 400",
        "The preflight is well-formed, and what it asks for is not allowed.";
    AnyOrigin: "`*` for the echo of the origin",
        "One copy in a cache serves every page. Browsers accept it for requests without credentials, and with \
         credentials they accept nothing where any origin may read.";
    WithoutOrigin: "`*` without an `Origin`",
        "A request without an `Origin` can fill a cache that pages read from; its copy has to serve them too.";
    OuterLayer: "Headers on what another layer answers",
        "The layer is outside of actix-cors there, which never sees the response. Here the middleware is around the \
         application, and pages can read the answer.";
    AnyMethod: "`*` for a list of all methods",
        "It says what is meant, for methods that have no name yet as well. The method that was asked for stands \
         beside it, and GET, HEAD and POST, for browsers that do not know `*`.";
    AnyHeader: "`*` beside the echo of the headers",
        "The browser need not ask again for other headers of the same URL. `Authorization` is named because `*` \
         does not cover it.";
    ShorterVary: "A shorter `Vary`",
        "Named is what the answer depends on: the two headers of a preflight on a preflight alone, and `Origin` \
         only where origins get different answers.";
    MethodsOfPolicy: "Fewer methods",
        "Named are the methods that the policy lists, or the one that was asked for where it lists none, and GET, HEAD \
         and POST, which browsers send without asking.";
    Safelisted: "GET, HEAD and POST among the methods",
        "Browsers send these three whatever the list says, so that leaving them out would promise what does not hold.";
    NoCredentials: "No credentials",
        "Any origin with credentials means that every site may act as the visitor and read the answers. Here that is \
         no policy: name the origins that need cookies.";
    RefusedCredentials: "No credentials beside a missing origin",
        "Without `Access-Control-Allow-Origin` the header allows nothing, so that it is not sent.";
    RefusedExposed: "No exposed headers beside a missing origin",
        "Without `Access-Control-Allow-Origin` nobody can read the response, so that nothing is exposed.";
    AnyExposed: "`*` for the names of the response's headers",
        "It exposes them all, without credentials.";
    ExposedNames: "Fewer exposed headers",
        "Left out are those that every script may read, and those of CORS itself.";
    MaxAge: "No max-age",
        "`permissive()` lets browsers keep the answer for an hour. A policy for development is better asked anew.";
    Accept: "No `Accept` among the headers",
        "Browsers send it without asking, so that it is left out.";
    MethodsAdded: "403 for a method that is not listed",
        "After `permissive()`, `allowed_methods` adds to all methods. Here a list is the whole list.";
    RefusalVaries: "`Vary` where nothing is allowed",
        "A cache must not answer the next page with this refusal.";
}

/// A status or a header that differs.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) question: String,
    /// `status`, or the name of a header.
    pub(crate) what: String,
    pub(crate) ours: String,
    pub(crate) theirs: String,
    /// The difference that it is an instance of, if it is one that is meant.
    pub(crate) difference: Option<Difference>,
}

/// All that differs between two answers to a question.
pub(crate) fn between(question: &Question, ours: &Response, theirs: &Response) -> Vec<Change> {
    let names = ours.headers.iter().chain(&theirs.headers).map(|(name, _)| name.as_str());
    let is_cors = |name: &&str| *name == "vary" || name.starts_with("access-control-");
    let names: BTreeSet<&str> = names.filter(is_cors).collect();
    let mut pairs = vec![("status", ours.status.to_string(), theirs.status.to_string())];
    pairs.extend(names.into_iter().map(|name| (name, list(ours, name), list(theirs, name))));
    let is_shared = theirs.get(ALLOW_ORIGIN).is_some();
    let has_origin = question.value("origin").is_some();
    let is_refused_here = (ours.status, theirs.status) == (403, 200);
    let changed = pairs.into_iter().filter(|(_, ours, theirs)| ours != theirs);
    let change = |(what, ours, theirs): (&str, String, String)| Change {
        question: question.to_string(),
        what: what.to_owned(),
        difference: if is_refused_here {
            Some(Difference::MethodsAdded)
        } else {
            of_header(what, &ours, &theirs, is_shared, has_origin)
        },
        ours,
        theirs,
    };
    changed.map(change).collect()
}

/// The elements of a header in an order of their own, and names of headers in lower case: neither middleware
/// promises either.
fn list(response: &Response, name: &str) -> String {
    let mut value = response.get(name).unwrap_or_default();
    if name.ends_with("-headers") {
        value.make_ascii_lowercase();
    }
    let elements: BTreeSet<&str> = value.split(',').map(str::trim).collect();
    elements.into_iter().collect::<Vec<_>>().join(", ")
}

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

/// The difference between two values of a header; `is_shared` is whether theirs lets the page read the response, and
/// `has_origin` whether there is a page.
fn of_header(
    what: &str,
    ours: &str,
    theirs: &str,
    is_shared: bool,
    has_origin: bool,
) -> Option<Difference> {
    let (mine, other) = (elements(ours), elements(theirs));
    let adds_star = mine.contains("*") && !other.contains("*");
    let lacks_accept =
        other.difference(&mine).all(|own| *own == "accept") && mine.is_subset(&other);
    let is_safelisted = |method: &&str| ["GET", "HEAD", "POST"].contains(method);
    let has_safelisted = mine.difference(&other).all(is_safelisted);
    Some(match (what, ours, theirs) {
        ("status", "204", "200") => Difference::NoContent,
        ("status", "403", "400") => Difference::Forbidden,
        (ALLOW_ORIGIN, "*", "") if !has_origin => Difference::WithoutOrigin,
        (ALLOW_ORIGIN, "*", "") => Difference::OuterLayer,
        (ALLOW_ORIGIN, "*", _) => Difference::AnyOrigin,
        ("access-control-allow-methods", ..) if adds_star => Difference::AnyMethod,
        ("access-control-allow-methods", ..) if mine.is_subset(&other) => {
            Difference::MethodsOfPolicy
        }
        ("access-control-allow-methods", ..) if has_safelisted => Difference::Safelisted,
        ("access-control-allow-headers", ..) if adds_star => Difference::AnyHeader,
        ("access-control-allow-headers", ..) if lacks_accept => Difference::Accept,
        ("access-control-allow-credentials", "", "true") if is_shared => Difference::NoCredentials,
        ("access-control-allow-credentials", "", "true") => Difference::RefusedCredentials,
        ("access-control-expose-headers", "", _) if !is_shared => Difference::RefusedExposed,
        ("access-control-expose-headers", "*", _) => Difference::AnyExposed,
        ("access-control-expose-headers", ..) if mine.is_subset(&other) => Difference::ExposedNames,
        ("access-control-max-age", "", _) => Difference::MaxAge,
        ("vary", _, "") => Difference::RefusalVaries,
        ("vary", ..) if mine.is_subset(&other) => Difference::ShorterVary,
        _ => return None,
    })
}

fn elements(list: &str) -> BTreeSet<&str> {
    list.split(", ").filter(|element| !element.is_empty()).collect()
}
