//! `CODES.md`: the page is made from the examples below and what the code says of them, so that it
//! cannot go stale. `UPDATE=1 cargo test -p cors-policy-core --all-features --test core codes`
//! writes it anew.

use std::{collections::BTreeSet, ffi::OsString, fmt::Write};

use cors_core::{
    ConfigError, ConfigErrors, LayeredPolicy, Lint, Location, Operator, Override, Policy,
    PolicyBuilder, RouteEntry, Setting, Source, Value,
};

/// A code, what it is about, why it is a rule, and an example of each kind: TOML, `#[cors(...)]`
/// perhaps several, perhaps over TOML, environment variables, or a call of the builder.
type Entry = (&'static str, &'static str, &'static str, &'static str, &'static str);

static MODULE: Location = Location { handler: "shop", file: "src/shop.rs", line: 1 };

const ERRORS: &[Entry] = &[
    (
        "CORS001",
        "Empty origin",
        "An empty or blank element is a mistake, often of a template, and must not come to mean all.",
        "allow_origins = [\"\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS002",
        "Origin too long",
        "A scheme has at most 64 bytes here, a host 253 (RFC 1035 §2.3.4), a port five digits.",
        "allow_origins = [\"https://LONG.example.com\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS003",
        "No scheme",
        "An origin is scheme, host and port; browsers send all of them (Fetch `#origin-header`).",
        "allow_origins = [\"app.example.com\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS004",
        "Invalid scheme",
        "A scheme is a lower-case letter, then letters, digits, `+`, `-` or `.` (RFC 3986 §3.1).",
        "allow_origins = [\"ht_tps://app.example.com\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS005",
        "Trailing slash",
        "Browsers send origins without one, so it would never match.",
        "allow_origins = [\"https://app.example.com/\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS006",
        "Path, query or fragment",
        "An origin has none: a policy cannot tell the pages of a host apart.",
        "allow_origins = [\"https://app.example.com/login\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS007",
        "User information",
        "Browsers never send what stands before an `@`.",
        "allow_origins = [\"https://user@app.example.com\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS008",
        "Upper case",
        "Browsers send scheme and host in lower case.",
        "allow_origins = [\"https://App.example.com\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS009",
        "Host outside ASCII",
        "Browsers send the `xn--` form of an internationalised name (UTS #46).",
        "allow_origins = [\"https://b\u{fc}cher.example\"]",
        "allow_origins = [\"https://xn--bcher-kva.example\"]",
    ),
    (
        "CORS010",
        "Invalid host",
        "Neither a domain name of labels of 1 to 63 bytes, nor an address.",
        "allow_origins = [\"https://app..example.com\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS011",
        "Invalid port",
        "Ports are 1 to 65535, without leading zeros; `:*` stands for any.",
        "allow_origins = [\"https://app.example.com:0\"]",
        "allow_origins = [\"https://app.example.com:8443\"]",
    ),
    (
        "CORS012",
        "Default port",
        "Browsers leave out 443 after https and 80 after http.",
        "allow_origins = [\"https://app.example.com:443\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS013",
        "Misplaced wildcard",
        "A `*` is the first label of the host, for subdomains of any depth, or the whole port.",
        "allow_origins = [\"https://app-*.example.com\"]",
        "allow_origins = [\"https://*.example.com\"]",
    ),
    (
        "CORS014",
        "`file:` origin",
        "Browsers send `null` for files, as they do for many pages of anybody.",
        "allow_origins = [\"file:///index.html\"]",
        "allow_origins = [\"http://localhost:3000\"]",
    ),
    (
        "CORS015",
        "`null` without consent",
        "Any page can take on the origin `null` by opening a sandboxed frame.",
        "allow_origins = [\"null\"]",
        "allow_origins = [\"null\"]\ndangerously_allow_null_origin = true",
    ),
    (
        "CORS016",
        "`null` with credentials",
        "Any page could then read its visitors' data.",
        "allow_origins = [\"null\"]\nallow_credentials = true\ndangerously_allow_null_origin = true",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS017",
        "Plain http with credentials",
        "Whoever controls the network between visitor and site can speak for a plain-http origin. \
         Addresses of the own machine are exempt (W3C Secure Contexts).",
        "allow_origins = [\"http://app.example.com\"]\nallow_credentials = true",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS018",
        "`*` beside other values",
        "One of the two is not meant.",
        "allow_origins = [\"*\", \"https://app.example.com\"]",
        "allow_origins = [\"*\"]",
    ),
    (
        "CORS019",
        "Any origin with credentials",
        "Any site could read its visitors' data; browsers refuse `*` there, and sending back \
         whatever origin asks is the hole of CVE-2018-20744 and its many kin.",
        "allow_origins = [\"*\"]\nallow_credentials = true",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS020",
        "All headers exposed with credentials",
        "With credentials `*` is a header of that name (Fetch `#cors-protocol-and-credentials`).",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true\nexpose_headers = [\"*\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true\nexpose_headers = [\"ETag\"]",
    ),
    (
        "CORS021",
        "Subdomains that strangers can register, with credentials",
        "Anybody can register a name below a public suffix (publicsuffix.org), be it the base of the pattern or \
         further below, as in `https://*.amazonaws.com`.",
        "allow_origins = [\"https://*.github.io\"]\nallow_credentials = true",
        "allow_origins = [\"https://me.github.io\"]\nallow_credentials = true",
    ),
    (
        "CORS022",
        "Blanks around an origin",
        "Browsers send none.",
        "allow_origins = [\"https://app.example.com \"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS023",
        "Address in another form",
        "Browsers send IPv4 addresses as four decimal numbers and IPv6 as RFC 5952 has it.",
        "allow_origins = [\"http://127.1:3000\"]",
        "allow_origins = [\"http://127.0.0.1:3000\"]",
    ),
    (
        "CORS024",
        "Scheme that no page has",
        "What these schemes load is no page, or has another origin (URL standard `#concept-url-origin`); a web \
         socket is opened by a page over http or https.",
        "allow_origins = [\"wss://app.example.com\"]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS030",
        "Invalid method",
        "A method is a token (RFC 9110 §9.1); browsers drop the whole list for one that is none.",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PUT, DELETE\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PUT\", \"DELETE\"]",
    ),
    (
        "CORS031",
        "Forbidden method",
        "Scripts cannot send CONNECT, TRACE and TRACK (Fetch `#forbidden-method`).",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"TRACE\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PUT\"]",
    ),
    (
        "CORS040",
        "Invalid header name",
        "A field name is a token (RFC 9110 §5.1); browsers drop the whole list for one that is none.",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"X Token\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"X-Token\"]",
    ),
    (
        "CORS041",
        "Forbidden request header",
        "Scripts cannot set it (Fetch `#forbidden-request-header`); cookies go with \
         `allow_credentials`.",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"Cookie\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS042",
        "Forbidden response header",
        "Scripts can never read it (Fetch `#forbidden-response-header-name`).",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"Set-Cookie\"]",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"X-Session-Expires\"]",
    ),
    (
        "CORS043",
        "Header of the CORS protocol",
        "The middleware writes and reads these; neither scripts nor lists have to name them.",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"Access-Control-Allow-Origin\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"X-Token\"]",
    ),
    (
        "CORS050",
        "Invalid max-age",
        "`Access-Control-Max-Age` holds whole seconds (Fetch `#http-access-control-max-age`).",
        "allow_origins = [\"https://app.example.com\"]\nmax_age = \"ten minutes\"",
        "allow_origins = [\"https://app.example.com\"]\nmax_age = \"10m\"",
    ),
    (
        "CORS051",
        "Invalid flag",
        "Anything else could be taken for either.",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = \"yes\"",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS052",
        "Invalid switch",
        "`disable` and the settings that start with `dangerously_` are `true` or `false`.",
        "allow_origins = [\"https://app.example.com\"]\ndisable = \"no\"",
        "allow_origins = [\"https://app.example.com\"]\ndisable = false",
    ),
    (
        "CORS060",
        "Unknown key",
        "A misspelt setting must not be ignored.",
        "allow_origins = [\"https://app.example.com\"]\nexpose_header = [\"ETag\"]",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\"]",
    ),
    (
        "CORS061",
        "Key given twice",
        "One of the two values is not meant.",
        "#[cors(max_age = 60, max_age = 600)]",
        "#[cors(max_age = 600)]",
    ),
    (
        "CORS062",
        "Operator on a single value",
        "Only lists can be added to and taken from.",
        "#[cors(max_age += 60)]",
        "#[cors(max_age = 60)]",
    ),
    (
        "CORS063",
        "Value of another kind",
        "Lists stand in brackets, single values do not.",
        "allow_origins = \"https://app.example.com\"",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS064",
        "`*` added or taken away",
        "Opening a list to all is a decision of its own, and `*` is no member to take away.",
        "#[cors(allow_headers += [\"*\"])]",
        "#[cors(allow_headers = [\"*\"])]",
    ),
    (
        "CORS065",
        "Taking from `*`",
        "There is no list to take from, so that everything would stay allowed.",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"*\"]\n#[cors(allow_headers -= [\"X-Token\"])]",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"*\"]\n#[cors(allow_headers = [\"X-Other\"])]",
    ),
    (
        "CORS066",
        "`disable` beside settings",
        "With CORS off for the route, no other setting of the attribute has a meaning.",
        "#[cors(disable, max_age = 60)]",
        "#[cors(disable)]",
    ),
    (
        "CORS067",
        "Route entry without methods",
        "An empty list might be read as none or as all, and neither is said.",
        ".route(\"/files/{name}\", [], overrides)",
        ".route(\"/files/{name}\", [\"GET\"], overrides)",
    ),
    (
        "CORS070",
        "Variable that is no text",
        "All that belongs into a policy is ASCII.",
        "CORS_ALLOW_ORIGINS=https://\\xff.example.com",
        "CORS_ALLOW_ORIGINS=https://app.example.com",
    ),
    (
        "CORS071",
        "Two variables for one setting",
        "Both names are accepted, and one of two different values is not meant.",
        "CORS_ALLOW_ORIGINS=https://app.example.com\nCORS_ALLOWED_ORIGINS=https://old.example.com",
        "CORS_ALLOW_ORIGINS=https://app.example.com",
    ),
];

const LINTS: &[Entry] = &[
    (
        "CORS101",
        "Method in another case",
        "Methods are compared by case, and browsers change only DELETE, GET, HEAD, OPTIONS, POST and \
         PUT to upper case (Fetch `#concept-method-normalize`).",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"patch\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PATCH\"]",
    ),
    (
        "CORS102",
        "Max-age that no browser honours",
        "Firefox stops at a day, Chromium at two hours, Safari at ten minutes.",
        "allow_origins = [\"https://app.example.com\"]\nmax_age = \"30d\"",
        "allow_origins = [\"https://app.example.com\"]\nmax_age = \"1d\"",
    ),
    (
        "CORS103",
        "Origin that another one covers",
        "The narrower one promises a limit that is not there.",
        "allow_origins = [\"https://*.example.com\", \"https://app.example.com\"]",
        "allow_origins = [\"https://*.example.com\"]",
    ),
    (
        "CORS104",
        "Origin of a registry",
        "No site stands there; the own name is missing.",
        "allow_origins = [\"https://co.uk\"]",
        "allow_origins = [\"https://example.co.uk\"]",
    ),
    (
        "CORS105",
        "Request header that needs no permission",
        "Browsers ask only for values that are long or odd (Fetch `#cors-safelisted-request-header`).",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"Accept\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"Content-Type\"]",
    ),
    (
        "CORS106",
        "Response header that can always be read",
        "Exposing it adds nothing (Fetch `#cors-safelisted-response-header-name`).",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"Content-Type\"]",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\"]",
    ),
    (
        "CORS107",
        "No origin allowed",
        "Nothing is allowed until it is listed, so the other settings have no effect; often a variable \
         that came out empty.",
        "CORS_ALLOW_ORIGINS=",
        "CORS_ALLOW_ORIGINS=https://app.example.com",
    ),
    (
        "CORS108",
        "Subdomains that strangers can register",
        "Anybody can register a name there (publicsuffix.org), so it is nearly any origin. With credentials it \
         is an error (CORS021).",
        "allow_origins = [\"https://*.amazonaws.com\"]",
        "allow_origins = [\"https://mine.s3.amazonaws.com\"]",
    ),
    (
        "CORS109",
        "The visitor's own machine with credentials",
        "Right while developing. In production any program that a visitor runs can serve pages there, and read \
         the visitor's data.",
        "allow_origins = [\"http://localhost:3000\"]\nallow_credentials = true",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS110",
        "Any port with credentials",
        "Whoever may open some port at the host can serve pages there. Cookies do not tell ports apart, so that \
         an origin is all that does.",
        "allow_origins = [\"https://app.example.com:*\"]\nallow_credentials = true",
        "allow_origins = [\"https://app.example.com:8443\"]\nallow_credentials = true",
    ),
    (
        "CORS111",
        "IP address with credentials",
        "A private address is another machine in each network, and a public one is given to somebody else when \
         it is free.",
        "allow_origins = [\"https://203.0.113.7\"]\nallow_credentials = true",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS112",
        "Consent that nothing needs",
        "It would let a later change through without a word.",
        "allow_origins = [\"https://app.example.com\"]\ndangerously_allow_null_origin = true",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS113",
        "Override that changes nothing",
        "It was so before, so one of the two is not what its author thinks.",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\"]\n#[cors(expose_headers += [\"ETag\"])]",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\"]\n#[cors(expose_headers += [\"Link\"])]",
    ),
    (
        "CORS114",
        "Override where CORS is off",
        "What a module, such as `shop` here, or a handler has turned off stays off, whatever else is said of the \
         route.",
        "allow_origins = [\"https://app.example.com\"]\n#[cors(disable)]\n#[cors(expose_headers += [\"ETag\"])]",
        "allow_origins = [\"https://app.example.com\"]\n#[cors(disable)]",
    ),
];

/// Builds what an example says.
fn build(example: &str) -> Result<LayeredPolicy, ConfigErrors> {
    let example = example.replace("LONG", &"a".repeat(320));
    if example.starts_with("CORS_") {
        let variables: Vec<(&str, &str)> =
            example.lines().map(|line| line.split_once('=').unwrap()).collect();
        let value = |name: &str| {
            variables.iter().find(|(own, _)| *own == name).map(|(_, value)| unescape(value))
        };
        return Policy::builder().from_env_with(value).build_layered();
    }
    if let Some(arguments) = example.strip_prefix(".route(") {
        let (pattern, methods) = arguments.split_once(", ").unwrap();
        let methods: Vec<&str> = methods.split('"').skip(1).step_by(2).collect();
        let layer = Override::builder();
        let entry = RouteEntry::new(pattern.trim_matches('"'), methods, &layer, Source::Here)?;
        return Ok(LayeredPolicy::default().apply_entry(&entry, &[]).unwrap());
    }
    let attribute_at = example.find("#[cors(").unwrap_or(example.len());
    let (file, attribute) = example.split_at(attribute_at);
    let builder: PolicyBuilder = toml::from_str(file).unwrap();
    let base = builder.build_layered()?;
    // of two, the first is that of the module
    let is_module = |index: usize| index + 1 < attribute.lines().count();
    attribute.lines().enumerate().try_fold(base, |policy, (index, line)| {
        let arguments = line.strip_prefix("#[cors(").and_then(|rest| rest.strip_suffix(")]"));
        let source = if is_module(index) { Source::Attribute(&MODULE) } else { Source::Here };
        lay_over(&policy, arguments.expect("an attribute"), &source)
    })
}

#[cfg(unix)]
fn unescape(value: &str) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    match value.split_once("\\xff") {
        Some((before, after)) => {
            OsString::from_vec([before.as_bytes(), b"\xff", after.as_bytes()].concat())
        }
        None => value.into(),
    }
}

/// Lays the arguments of an attribute over a policy, as the attribute and the start-up would.
fn lay_over(
    base: &LayeredPolicy,
    arguments: &str,
    source: &Source,
) -> Result<LayeredPolicy, ConfigErrors> {
    let mut arguments: Vec<&str> = arguments.split(", ").collect();
    let is_disabled = arguments.first() == Some(&"disable");
    if is_disabled && arguments.len() > 1 {
        return ConfigErrors::check(base.clone(), vec![ConfigError::disable_beside_others()]);
    }
    if is_disabled {
        arguments.clear();
    }
    let written: Vec<(&str, Operator, toml::Value)> = arguments
        .iter()
        .map(|argument| {
            let mut words = argument.splitn(3, ' ');
            let (key, operator, value) =
                (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
            let operators = [Operator::Set, Operator::Add, Operator::Remove];
            let operator = operators.into_iter().find(|own| own.as_str() == operator).unwrap();
            let table: toml::Table = toml::from_str(&format!("value = {value}")).unwrap();
            (key, operator, table["value"].clone())
        })
        .collect();
    let lists: Vec<Vec<&str>> = written.iter().map(|(.., value)| strings(value)).collect();
    let settings: Vec<Setting<'_>> = written
        .iter()
        .zip(&lists)
        .map(|((key, operator, value), list)| Setting {
            key,
            operator: *operator,
            value: match value {
                toml::Value::Integer(number) => Value::Number(u64::try_from(*number).unwrap()),
                _ => Value::List(list),
            },
        })
        .collect();
    let layer = Override::from_settings(&settings, &Source::Here)?;
    let layer = if is_disabled { Override::disable() } else { layer };
    base.apply(&layer, source, &[])
}

fn strings(value: &toml::Value) -> Vec<&str> {
    value
        .as_array()
        .map(|list| list.iter().filter_map(toml::Value::as_str).collect())
        .unwrap_or_default()
}

/// The code and the message of the one thing that an example shows.
fn shown(example: &str) -> (&'static str, String) {
    match build(example) {
        Err(errors) => {
            assert_eq!(errors.iter().count(), 1, "{errors}");
            (errors.first().code(), errors.first().message())
        }
        Ok(policy) => {
            let lints: Vec<Lint> = policy.lints();
            assert_eq!(lints.len(), 1, "{example}: {lints:?}");
            (lints[0].code(), lints[0].message())
        }
    }
}

fn page() -> String {
    let mut page = "# Every code\n\n\
        What is wrong with a policy has a code that stays the same from release to release. An error \
        keeps a policy from being built. A lint is legal but surely a mistake; it is written to the log \
        when an application starts, and returned by `LayeredPolicy::lints` and `Report::lints`. Every example here is run by the tests, \
        and every message is what the code says.\n\n\
        How an application uses the middleware of Actix-web has codes of its own, CORS201 to CORS213: \
        [those of cors-actix](../cors-actix/CODES.md).\n"
        .to_owned();
    for (title, entries) in [("Errors", ERRORS), ("Lints", LINTS)] {
        write!(page, "\n## {title}\n").unwrap();
        for (code, about, why, bad, good) in entries {
            let message = shown(bad).1.replace(&"a".repeat(320), "LONG");
            // brackets would be a link
            let message = message.replace("#[cors] on", "`#[cors]` on");
            write!(
                page,
                "\n### {code}: {about}\n\n{why}\n\n{}\n> {message}\n\nInstead:\n\n{}",
                block(bad),
                block(good),
            )
            .unwrap();
        }
    }
    page
}

fn block(example: &str) -> String {
    let language = if example.starts_with("CORS_") {
        "sh"
    } else if example.contains("#[cors(") || example.starts_with(".route(") {
        "text"
    } else {
        "toml"
    };
    format!("```{language}\n{example}\n```\n")
}

#[test]
fn every_bad_example_has_its_code_and_every_good_one_none() {
    for (code, _, _, bad, good) in ERRORS.iter().chain(LINTS) {
        assert_eq!(shown(bad).0, *code, "{bad}");
        let policy = build(good).unwrap_or_else(|errors| panic!("{code}: {errors}"));
        let is_complete = !good.starts_with('#');
        assert!(!is_complete || policy.lints().is_empty(), "{code}: {:?}", policy.lints());
    }
}

#[test]
fn every_code_is_on_the_page() {
    let sources =
        [include_str!("../../src/error/problem.rs"), include_str!("../../src/report/lint.rs")]
            .concat();
    let arms = sources.lines().filter_map(|line| line.trim().split_once("=> \"CORS"));
    let known: BTreeSet<String> = arms.map(|(_, rest)| format!("CORS{}", &rest[..3])).collect();
    let listed: BTreeSet<String> =
        ERRORS.iter().chain(LINTS).map(|(code, ..)| (*code).to_owned()).collect();
    assert_eq!(listed, known);
}

#[test]
fn the_page_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/CODES.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, page()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page(), "CODES.md is stale; write it anew with UPDATE=1");
}
