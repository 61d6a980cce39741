//! The setters that builders have in common, each defined and explained once.

/// Calls a macro with the setters of a policy, so that it makes methods of them: the builders here do,
/// and an adapter whose builder holds a [`PolicyBuilder`](crate::PolicyBuilder).
///
/// A list has two more names, for an override that adds to what it inherits or takes away from it, and
/// the words for it.
#[doc(hidden)]
#[macro_export]
macro_rules! policy_setters {
    ($make:ident) => {
        $make! {
            lists {
                /// Sets the origins whose scripts may read responses; `["*"]` for any.
                ///
                /// They are spelled as browsers send them: `https://app.example.com`, or with a wildcard
                /// for subdomains or the port, `https://*.example.com`, `http://localhost:*`.
                allow_origins(origins), add_allow_origins, remove_allow_origins:
                    "the origins whose scripts may read responses";
                /// Sets the methods a preflight may announce; `["*"]` for any.
                ///
                /// Unset, these are the methods of the routes that the framework's adapter knows; set in
                /// the base policy, they also limit the methods of annotated routes. GET, HEAD and POST
                /// need no entry: browsers send them without asking (Fetch `#cors-safelisted-method`). Any
                /// beside credentials is as safe as any header is.
                allow_methods(methods), add_allow_methods, remove_allow_methods:
                    "the methods a preflight may announce";
                /// Sets the request headers a preflight may announce; `["*"]` for any, up to 64 names in 4096
                /// bytes. Beside credentials any is as safe as a list, since an allowed origin is trusted with
                /// its visitors' sessions; the answer then repeats the names.
                ///
                /// Browsers name a header only if its value needs permission, so `Content-Type` belongs
                /// here for JSON bodies (Fetch `#cors-unsafe-request-header-names`).
                allow_headers(headers), add_allow_headers, remove_allow_headers:
                    "the request headers a preflight may announce";
                /// Sets the response headers scripts may read beside the safelisted ones; `["*"]` for
                /// all, which cannot be combined with credentials.
                expose_headers(headers), add_expose_headers, remove_expose_headers:
                    "the response headers scripts may read";
            }
            values {
                /// Sets whether responses to requests with cookies, client certificates or HTTP
                /// authentication may be read.
                allow_credentials(allow: bool);
                /// Sets how long browsers may remember a preflight, in whole seconds; zero turns that
                /// off.
                max_age(max_age: std::time::Duration);
            }
            consents {
                /// Consents to plain-http origins in a policy with credentials: whoever controls the
                /// network can then act as such an origin and read the visitors' data.
                dangerously_allow_insecure_origins(consent: bool);
                /// Consents to the origin `null`, which any page can take on by opening a sandboxed
                /// frame.
                dangerously_allow_null_origin(consent: bool);
                /// Consents to subdomain patterns that cover a public suffix, such as `https://*.github.io` or
                /// `https://*.amazonaws.com`, in a policy with credentials: anybody can register a name there
                /// and read the visitors' data. Without credentials it silences the lint (CORS108).
                ///
                /// Without the feature `public-suffix` of `cors-policy-core` they cannot be told from others, so
                /// that every subdomain pattern needs this in a policy with credentials.
                dangerously_allow_public_suffixes(consent: bool);
            }
        }
    };
}

pub(super) use policy_setters;
