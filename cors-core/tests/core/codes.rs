//! `CODES.md`: the page is made from the examples below and what the code says of them, so that it
//! cannot go stale. `UPDATE=1 cargo test -p cors-policy-core --all-features --test core codes`
//! writes it anew.

use std::{collections::BTreeSet, ffi::OsString, fmt::Write};

use cors_core::{
    ConfigError, ConfigErrors, FileFormat, LayeredPolicy, Lint, Location, Off, Operator, Override,
    Policy, PolicyBuilder, PolicyFile, Report, RouteEntry, RouteReport, ScopeEntry, Setting,
    Source, Value,
};

/// A code, what it is about, why it is a rule, and an example of each kind: TOML, `#[cors(...)]`
/// perhaps several, perhaps over TOML, environment variables, or a call of the builder.
type Entry = (&'static str, &'static str, &'static str, &'static str, &'static str);

static MODULE: Location = Location { handler: "shop", file: "src/shop.rs", line: 1 };

static RATES: Location = Location { handler: "shop::rates", file: "src/shop.rs", line: 12 };

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
        "Browsers send the scheme in lower case, and the host of a site. Hosts of other schemes keep their case.",
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
        "Neither a domain name of labels of 1 to 63 bytes, nor an address, nor what an application may call itself \
         (URL standard `#concept-host-parser`).",
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
        "A `*` is the first label of the host, for subdomains of any depth; a part of a label that is not the last; \
         the whole port; or the whole host of an application's scheme.",
        "allow_origins = [\"https://app.*.example.com\"]",
        "allow_origins = [\"https://app-*.example.com\"]",
    ),
    (
        "CORS014",
        "Path of a file",
        "Browsers send `null` for files, as they do for many pages of anybody. A `WebView` that lets its pages read \
         files sends `file://` for all of them, as Chromium does with `--allow-file-access-from-files`.",
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
        "Anybody can register a name below a public suffix (publicsuffix.org), be it the base of the pattern, also \
         where a part of a label is open, as in `https://app-*.github.io`, or further below, as in \
         `https://*.amazonaws.com`.",
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
        "CORS025",
        "`file://` without consent",
        "Every page from disk has this origin in such a `WebView`, a downloaded one as well.",
        "allow_origins = [\"file://\"]",
        "allow_origins = [\"file://\"]\ndangerously_allow_file_origin = true",
    ),
    (
        "CORS026",
        "`file://` with credentials",
        "Any file could then read the user's data.",
        "allow_origins = [\"file://\"]\nallow_credentials = true\ndangerously_allow_file_origin = true",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS027",
        "Any host of a scheme with credentials",
        "Every extension or application that is installed with the scheme could then read the user's data. No web page \
         can present such an origin.",
        "allow_origins = [\"moz-extension://*\"]\nallow_credentials = true",
        "allow_origins = [\"moz-extension://*\"]\nallow_credentials = true\ndangerously_allow_scheme_wildcards = true",
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
        "CORS032",
        "Quote or bar in a method",
        "A token may have `'` and `|` (RFC 9110 §5.6.2), and no method that is used does: it was meant as a list.",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PUT|DELETE\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"PUT\", \"DELETE\"]",
    ),
    (
        "CORS040",
        "Invalid header name",
        "A field name is a token (RFC 9110 §5.1); browsers drop the whole list for one that is none.",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"X Token\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"X-Token\"]",
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
        "CORS044",
        "Quote or bar in a header name",
        "A token may have `'` and `|` (RFC 9110 §5.6.2), and no header that is used does: it was meant as a list.",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"X-A|X-B\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"X-A\", \"X-B\"]",
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
        "`disable`, `external` and the settings that start with `dangerously_` are `true` or `false`.",
        "allow_origins = [\"https://app.example.com\"]\ndisable = \"no\"",
        "allow_origins = [\"https://app.example.com\"]\ndisable = false",
    ),
    (
        "CORS053",
        "Credentials for any site",
        "Any site could act with its visitors' sessions. In `allow_credentials`, a list names the origins that may, \
         where others may read without.",
        "allow_origins = [\"*\"]\nallow_credentials = [\"*\"]",
        "allow_origins = [\"*\"]\nallow_credentials = [\"https://app.example.com\"]",
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
        "`disable` or `external` beside settings",
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
        "CORS068",
        "Scope of the whole application",
        "What is below everything is the base policy's.",
        ".scope(\"/\", overrides)",
        ".scope(\"/api\", overrides)",
    ),
    (
        "CORS069",
        "Scope with more than its path",
        "A scope covers its path and all that is below, so nothing has to stand for that.",
        ".scope(\"/api/*\", overrides)",
        ".scope(\"/api\", overrides)",
    ),
    (
        "CORS072",
        "`disable` and `external` in one place",
        "The first refuses preflights, the second leaves them to another layer, and one of the two is not meant.",
        "CORS_DISABLE=true\nCORS_EXTERNAL=true",
        "CORS_DISABLE=false\nCORS_EXTERNAL=true",
    ),
    (
        "CORS073",
        "Another notation",
        "A variable is read as it is: commas separate the elements of a list, and nothing is quoted.",
        "CORS_ALLOW_ORIGINS=\"https://app.example.com\";\"https://admin.example.com\"",
        "CORS_ALLOW_ORIGINS=https://app.example.com, https://admin.example.com",
    ),
    (
        "CORS074",
        "`any` or `all`",
        "It would be a method or a header of this name. All is written `*`.",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"all\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"*\"]",
    ),
    (
        "CORS075",
        "Setting given twice in code",
        "The second call would replace the first in silence, as in a loop of which only the last origin stays. What a file, \
         the environment, a scope or a handler says on top is a layer of its own, and replaces what is below.",
        ".allow_origins([\"https://app.example.com\"])\n.allow_origins([\"https://admin.example.com\"])",
        ".allow_origins([\"https://app.example.com\", \"https://admin.example.com\"])",
    ),
    (
        "CORS076",
        "Element that is no text",
        "What stands in the lists are names and origins.",
        "allow_origins = [\"https://app.example.com\", 3]",
        "allow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS078",
        "Added to and taken from in one override",
        "What is taken away may be what is added, and neither order is said.",
        ".add_allow_headers([\"X-A\"]).remove_allow_headers([\"X-B\"])",
        ".add_allow_headers([\"X-A\"])",
    ),
    (
        "CORS077",
        "Pattern with too many named groups",
        "Actix's router has room for sixteen in one pattern (two in this example), and panics at the first request that \
         matches one with more. What stands in braces is a named group too.",
        "#[get(\"/{date:(?<year>\\d+)-(?<month>\\d+)-(?<day>\\d+)}\")]",
        "#[get(\"/{date:(?:\\d+)-(?:\\d+)-(?:\\d+)}\")]",
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
    (
        "CORS079",
        "File that cannot be read",
        "It is missing, a directory, a pipe, or not for this process to read. The program must not go on without what it says.",
        "Policy::from_file(\"no-such-file.toml\")",
        "# cors.toml\nallow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS080",
        "File of an unknown format",
        "The extension tells the format, and each format is a feature of the crate.",
        "Policy::from_file(\"cors.conf\")",
        "# cors.toml\nallow_origins = [\"https://app.example.com\"]",
    ),
    (
        "CORS081",
        "File too large",
        "Reading takes memory and time, which no file may take without end.",
        "# cors.toml\n# \u{2026} a megabyte \u{2026}",
        "# cors.toml\nallow_origins = [\"https://*.example.com\"]",
    ),
    (
        "CORS082",
        "File that is not UTF-8",
        "All formats are. A byte-order mark of UTF-8 is passed over.",
        "# cors.toml\n# caf\\xff",
        "# cors.toml\n# caf\u{e9}",
    ),
    (
        "CORS083",
        "File that is not written as its format wants it",
        "What is said of the format comes from its parser. In JSON that is RFC 8259 alone, in YAML one document without tags.",
        "# cors.toml\nallow_origins: []",
        "# cors.toml\nallow_origins = []",
    ),
    (
        "CORS084",
        "Key given twice in a file",
        "One of the two would be lost.",
        "# cors.toml\nmax_age = 5\nmax_age = 600",
        "# cors.toml\nmax_age = 600",
    ),
    (
        "CORS085",
        "File without end",
        "Values in values, and aliases of aliases, can be more than any memory holds.",
        "# cors.toml\nmax_age = [[\u{2026}]]",
        "# cors.toml\nmax_age = 600",
    ),
    (
        "CORS086",
        "Key with its place elsewhere",
        "In TOML what follows the head of a table belongs to it, so that the settings of the base policy come first.",
        "# cors.toml\n[[scopes]]\npath = \"/api\"\ndangerously_allow_insecure_origins = true",
        "# cors.toml\ndangerously_allow_insecure_origins = true\n\n[[scopes]]\npath = \"/api\"",
    ),
    (
        "CORS087",
        "Another kind of value",
        "`scopes` and `routes` are lists of tables, `origin_groups` a table of lists, `path` a text, `methods` a list of texts.",
        "# cors.toml\n[scopes]\npath = \"/api\"",
        "# cors.toml\n[[scopes]]\npath = \"/api\"",
    ),
    (
        "CORS088",
        "Missing key",
        "An entry for nothing in particular is a mistake, and must not come to mean all.",
        "# cors.toml\n[[routes]]\npath = \"/users/{id}\"",
        "# cors.toml\n[[routes]]\npath = \"/users/{id}\"\nmethods = [\"*\"]",
    ),
    (
        "CORS089",
        "Empty file",
        "It may be about to be written, and what it will say is not known. `{}` says nothing and is right.",
        "Policy::from_file(\"empty.json\")",
        "# cors.toml\nmax_age = 600",
    ),
    (
        "CORS090",
        "Name of an origin group",
        "It stands in lists and, in capitals, in the name of a variable, and is compared letter by letter.",
        ".origin_group(\"Admin UI\", [\"https://admin.example.com\"])",
        ".origin_group(\"admin-ui\", [\"https://admin.example.com\"])\n.allow_origins([\"@admin-ui\"])",
    ),
    (
        "CORS091",
        "Origin group that is not defined",
        "A list with a name that nothing stands behind would leave out origins in silence.",
        ".origin_group(\"admin\", [\"https://admin.example.com\"])\n.allow_origins([\"@admn\"])",
        ".origin_group(\"admin\", [\"https://admin.example.com\"])\n.allow_origins([\"@admin\"])",
    ),
    (
        "CORS092",
        "Origin group that is defined twice",
        "A name stands for one list, whichever call comes first.",
        ".origin_group(\"admin\", [\"https://a.example.com\"])\n.origin_group(\"admin\", [\"https://b.example.com\"])",
        ".origin_group(\"admin\", [\"https://a.example.com\", \"https://b.example.com\"])\n\
         .allow_origins([\"@admin\"])",
    ),
    (
        "CORS093",
        "Element of an origin group that is no origin",
        "Who reads `@admin` in a list must not have to look for a `*` behind it, nor follow a chain of names.",
        ".origin_group(\"admin\", [\"*\"])",
        ".origin_group(\"admin\", [\"https://admin.example.com\"])\n.allow_origins([\"@admin\"])",
    ),
    (
        "CORS094",
        "Origin groups with one variable",
        "The variable would replace both lists, and open the routes of one group to the origins of the other.",
        ".origin_group(\"admin-ui\", [\"https://a.example.com\"])\n.origin_group(\"admin_ui\", [\"https://b.example.com\"])",
        ".origin_group(\"admin-ui\", [\"https://a.example.com\"])\n.origin_group(\"admin-app\", [\"https://b.example.com\"])\n\
         .allow_origins([\"@admin-ui\", \"@admin-app\"])",
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
        "CORS120",
        "Credentials without effect",
        "`allow_credentials` never widens `allow_origins`, so the origin is refused as before.",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = [\"https://admin.example.com\"]",
        "allow_origins = [\"*\"]\nallow_credentials = [\"https://admin.example.com\"]",
    ),
    (
        "CORS121",
        "Any header exposed, without credentials",
        "Without credentials, browsers understand `*`, and the list need not be made for each response.",
        "allow_origins = [\"https://app.example.com\"]\ndangerously_expose_any_header = true",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"*\"]",
    ),
    (
        "CORS122",
        "Origin group that no list names",
        "It is left over, or a list that should name it does not.",
        ".origin_group(\"admin\", [\"https://admin.example.com\"])\n.allow_origins([\"https://app.example.com\"])",
        ".origin_group(\"admin\", [\"https://admin.example.com\"])\n.allow_origins([\"https://app.example.com\", \"@admin\"])",
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
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\"]\n#[cors(expose_headers = [\"ETag\"])]",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\"]\n#[cors(expose_headers = [\"Link\"])]",
    ),
    (
        "CORS114",
        "Override where CORS is off",
        "What a module, such as `shop` here, or a handler has turned off stays off, whatever else is said of the \
         route.",
        "allow_origins = [\"https://app.example.com\"]\n#[cors(disable)]\n#[cors(expose_headers += [\"ETag\"])]",
        "allow_origins = [\"https://app.example.com\"]\n#[cors(disable)]",
    ),
    (
        "CORS115",
        "Method of a handler that is not on the list",
        "The list applies to annotated handlers as well. One that leaves out a method itself is not meant.",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"POST\"]\n#[cors]\n#[put(\"/rates\")]",
        "allow_origins = [\"https://app.example.com\"]\nallow_methods = [\"POST\", \"PUT\"]\n#[cors]\n#[put(\"/rates\")]",
    ),
    (
        "CORS116",
        "Request header that scripts cannot set",
        "Browsers write it themselves (Fetch `#forbidden-request-header`), so that it is in no preflight. Cookies go with \
         `allow_credentials`. An entry does no harm; such lists are copied.",
        "allow_origins = [\"https://app.example.com\"]\nallow_headers = [\"Cookie\"]",
        "allow_origins = [\"https://app.example.com\"]\nallow_credentials = true",
    ),
    (
        "CORS117",
        "Variable that is not read",
        "It has nearly the name of one that is, which is not set.",
        "CORS_ALLOW_ORIGINS=https://app.example.com\nCORS_METHODS=PUT",
        "CORS_ALLOW_ORIGINS=https://app.example.com\nCORS_ALLOW_METHODS=PUT",
    ),
    (
        "CORS118",
        "Element that is in the list already",
        "It was so before, so it is not what its author thinks.",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\"]\n\
         #[cors(expose_headers += [\"ETag\", \"Link\"])]",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\"]\n\
         #[cors(expose_headers += [\"Link\"])]",
    ),
    (
        "CORS119",
        "Element that is not in the list",
        "Nothing is taken away, and what was meant is still allowed: by a pattern, perhaps, or in another spelling.",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\", \"Link\"]\n\
         #[cors(expose_headers -= [\"Links\", \"ETag\"])]",
        "allow_origins = [\"https://app.example.com\"]\nexpose_headers = [\"ETag\", \"Link\"]\n\
         #[cors(expose_headers -= [\"Link\", \"ETag\"])]",
    ),
];

/// What stands above a handler of an example.
const HANDLER: &str = "#[cors]\n#[put(\"/rates\")]";

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
    if let Some(path) = example.strip_prefix("Policy::from_file(") {
        let path = path.trim_end_matches(')').trim_matches('"');
        let empty = std::env::temp_dir().join("cors-policy-core-empty.json");
        std::fs::write(&empty, "").unwrap();
        let path = if path.contains("empty") { &empty } else { std::path::Path::new(path) };
        return Policy::from_file(path).build_layered();
    }
    if let Some(contents) = example.strip_prefix("# cors.toml\n") {
        let contents = contents.replace("a megabyte", &" ".repeat(1 << 20));
        let contents = contents.replace("[\u{2026}]", &["[".repeat(40), "]".repeat(40)].concat());
        let contents = unescape(&contents).into_encoded_bytes();
        let file = PolicyFile::parse("cors.toml", FileFormat::Toml, contents);
        return Policy::builder().with_file(file).build_layered();
    }
    if let Some(arguments) = example.strip_prefix(".route(") {
        let (pattern, methods) = arguments.split_once(", ").unwrap();
        let methods: Vec<&str> = methods.split('"').skip(1).step_by(2).collect();
        let layer = Override::builder();
        let entry = RouteEntry::new(pattern.trim_matches('"'), methods, &layer, Source::Here)?;
        return Ok(LayeredPolicy::default().apply_entry(&entry, &[]).unwrap());
    }
    if example.starts_with(".add_allow_headers(") {
        let more = Override::builder().add_allow_headers(["X-A"]);
        let both = more.clone().remove_allow_headers(["X-B"]);
        let layer = if example.contains("remove") { both } else { more };
        let base = Policy::builder().allow_origins(["https://app.example.com"]).build_layered()?;
        return base.apply(&layer.build(&Source::Here)?, &Source::Here, &[]);
    }
    if example.starts_with("#[get(") {
        let pattern = example.split('"').nth(1).unwrap();
        let error = ConfigError::pattern_groups(pattern, 2, &Source::Here);
        let errors = if pattern.matches("(?<").count() > 2 { vec![error] } else { vec![] };
        return ConfigErrors::check(LayeredPolicy::default(), errors);
    }
    if example.starts_with(".allow_origins(") || example.starts_with(".origin_group(") {
        let calls = example.lines().fold(Policy::builder(), |builder, call| {
            let mut texts = call.split('"').skip(1).step_by(2);
            if call.starts_with(".origin_group(") {
                return builder.origin_group(texts.next().unwrap(), texts);
            }
            builder.allow_origins(texts)
        });
        return calls.build_layered();
    }
    if let Some(arguments) = example.strip_prefix(".scope(") {
        let path = arguments.split('"').nth(1).unwrap();
        let entry = ScopeEntry::new(path, &Override::builder(), Source::Here)?;
        return Ok(LayeredPolicy::default().apply_scope(&entry, &[]).unwrap());
    }
    let example = example.trim_end_matches(HANDLER);
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
    // a comma within a list splits nothing
    let arguments = arguments.replace("\", \"", "\",\"");
    let mut arguments: Vec<&str> = arguments.split(", ").collect();
    let off = arguments.first().copied().and_then(Off::parse);
    if let Some(off) = off.filter(|_| arguments.len() > 1) {
        return ConfigErrors::check(base.clone(), vec![ConfigError::off_beside_others(off)]);
    }
    if off.is_some() {
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
    let layer = off.map_or(layer, Override::off);
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
            let lints = lints(example, &policy);
            assert_eq!(lints.len(), 1, "{example}: {lints:?}");
            (lints[0].code(), lints[0].message())
        }
    }
}

/// The lints of an example, and of a handler in it that serves PUT.
fn lints(example: &str, policy: &LayeredPolicy) -> Vec<Lint> {
    let source = Source::Attribute(&RATES);
    if !example.ends_with(HANDLER) {
        return policy.lints();
    }
    let route = RouteReport::new("/rates", vec!["PUT".to_owned()], source, policy.clone());
    Report::new(policy.clone(), vec![route]).lints()
}

fn page() -> String {
    let mut page = "# Every code\n\n\
        What is wrong with a policy has a code that stays the same from release to release. An error \
        keeps a policy from being built. A lint is legal but surely a mistake; it is written to the log \
        when an application starts, and returned by `LayeredPolicy::lints` and `Report::lints`. Every example here is run by the tests, \
        and every message is what the code says.\n\n\
        How an application uses the middleware of Actix-web has codes of its own, CORS201 to CORS218: \
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
    } else if example.contains("#[cors(") || example.starts_with(['.', 'P']) {
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
        let lints = lints(good, &policy);
        assert!(!is_complete || lints.is_empty(), "{code}: {lints:?}");
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
