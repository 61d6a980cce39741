//! The setters that builders have in common, each defined and explained once.

/// Calls a macro with the setters of a policy, so that it makes methods of them: the builders here do,
/// and an adapter whose builder holds a [`PolicyBuilder`](crate::PolicyBuilder).
///
/// The values of a list are whatever can be seen as the type behind the colon: text, and for names of methods and
/// headers the constants of the crate `http`, for origins its header values.
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
                /// for subdomains, a part of a label or the port, `https://*.example.com`,
                /// `https://app-*.example.com`, `http://localhost:*`, or for the hosts of an application's scheme,
                /// `vscode-webview://*`. `"@admin"` stands for those of the origin group `admin` of the base policy. Text
                /// is taken, and what has its bytes, such as a constant of the type `HeaderValue`.
                allow_origins(origins: [u8]), add_allow_origins, remove_allow_origins:
                    "the origins whose scripts may read responses";
                /// Sets the methods a preflight may announce; `["*"]` for any. Text is taken, and constants such as
                /// `Method::PUT`.
                ///
                /// Unset, these are the methods of the routes that the framework's adapter knows; set in
                /// the base policy, they also limit the methods of annotated routes. GET, HEAD and POST
                /// need no entry: browsers send them without asking (Fetch `#cors-safelisted-method`). Any
                /// beside credentials is as safe as any header is.
                allow_methods(methods: str), add_allow_methods, remove_allow_methods:
                    "the methods a preflight may announce";
                /// Sets the request headers a preflight may announce; `["*"]` for any, up to 64 names in 4096
                /// bytes. Text is taken, and constants such as `header::AUTHORIZATION`.
                ///
                /// Beside credentials any is as safe as a list, since an allowed origin is trusted with
                /// its visitors' sessions; the answer then repeats the names.
                ///
                /// Browsers name a header only if its value needs permission, so `Content-Type` belongs
                /// here for JSON bodies (Fetch `#cors-unsafe-request-header-names`).
                allow_headers(headers: str), add_allow_headers, remove_allow_headers:
                    "the request headers a preflight may announce";
                /// Sets the response headers scripts may read beside the safelisted ones; `["*"]` for
                /// all, which cannot be combined with credentials; see
                /// [`dangerously_expose_any_header`](Self::dangerously_expose_any_header).
                expose_headers(headers: str), add_expose_headers, remove_expose_headers:
                    "the response headers scripts may read";
            }
            values {
                /// Sets whether responses to requests with cookies, client certificates or HTTP
                /// authentication may be read: `true`, `false`, or a list of the origins for which they may, which may
                /// name origin groups.
                ///
                /// A list is for what anyone may read, and whose own front end calls it with cookies:
                /// `allow_origins(["*"])` beside `allow_credentials(["https://app.example.com"])`. Listed origins
                /// are answered by name, all others without credentials. An origin that `allow_origins` does not
                /// admit gains nothing. What is checked beside credentials is checked of the list.
                allow_credentials(allow: impl Into<$crate::AllowCredentials>) as $crate::AllowCredentials;
                /// Sets how long browsers may remember a preflight, in whole seconds; zero turns that
                /// off.
                max_age(max_age: std::time::Duration) as std::time::Duration;
                /// Sets whether scripts may read whatever headers a response carries, in place of a list: for
                /// `expose_headers(["*"])` beside credentials, which browsers do not understand. Without credentials
                /// it is that, and write that.
                ///
                /// What speaks against it, so that a list is better wherever it can be written:
                ///
                /// - Scripts read what nobody thought of: what a middleware, a handler or a service behind it adds
                ///   for a proxy or for debugging, a token in a header of its own included.
                /// - The names are those that the response has when it comes to this layer. What is added outside of
                ///   it, by an outer middleware or a proxy, is not exposed, nor are more than 64 names or 4096 bytes.
                /// - The list is made for each response, which is the only thing here that allocates.
                /// - A 304 has no such list, because its own would be shorter and take the place of the one that the
                ///   browser has stored. A browser that has stored the response without one, as for an `<img>`, and
                ///   asks again for a script, shows the script the safelisted headers alone.
                dangerously_expose_any_header(expose: bool) as bool;
            }
            switches {
                /// Sets whether CORS is off for the whole application, whatever else is set: no script of
                /// another origin reads a response, and preflights are refused.
                ///
                /// It takes a flag, so that a setting of yours can drive it, and nothing else need change.
                disable(disable: bool);
                /// Sets whether CORS is left to another layer, such as nginx, `CloudFront` or an API gateway,
                /// whatever else is set. Nothing is added to responses, and headers that the application sets
                /// itself are left alone. Every preflight gets the status of a granted one and no header,
                /// because such a layer can add headers and cannot mend a status.
                external(external: bool);
                /// Consents to plain-http origins in a policy with credentials: whoever controls the
                /// network can then act as such an origin and read the visitors' data.
                dangerously_allow_insecure_origins(consent: bool);
                /// Consents to the origin `null`, which any page can take on by opening a sandboxed
                /// frame.
                dangerously_allow_null_origin(consent: bool);
                /// Consents to the origin `file://`, which some `WebView`s present for every page from disk, a
                /// downloaded one as well. Never beside credentials.
                dangerously_allow_file_origin(consent: bool);
                /// Consents to any host of an application's scheme, such as `moz-extension://*`, in a policy with
                /// credentials: every extension that a visitor has installed can then read the visitor's data.
                dangerously_allow_scheme_wildcards(consent: bool);
                /// Consents to patterns that cover a public suffix, such as `https://*.github.io`,
                /// `https://app-*.github.io` or `https://*.amazonaws.com`, in a policy with credentials: anybody can register a name there
                /// and read the visitors' data. Without credentials it silences the lint (CORS108).
                ///
                /// Without the feature `public-suffix` of `cors-policy-core` they cannot be told from others, so
                /// that every pattern for subdomains or a part of a label needs this in a policy with credentials.
                dangerously_allow_public_suffixes(consent: bool);
            }
        }
    };
}

pub(crate) use policy_setters;
