//! Requests that browsers send, and requests that only somebody else would, against one policy:
//! every row says whether it is allowed. Rows that other systems got wrong name the advisory.

use cors_core::{PathMatch, Policy, Presented, Reason, RouteTable};

use crate::common::Preflight;

const GOOD: &str = "https://example.com";

type Request = Preflight<Vec<u8>>;

fn policy() -> RouteTable<String> {
    let policy = Policy::builder()
        .allow_origins([
            GOOD,
            "https://*.example.com",
            "https://*.p.example.org:*",
            "http://[::1]:9090",
            "http://127.0.0.1:*",
            "chrome-extension://abcdefghijklmnop",
            "tauri://localhost",
            "capacitor://localhost",
        ])
        .allow_credentials(true)
        .allow_methods(["PUT", "QUERY"])
        .allow_headers(["authorization", "x-a", "x-b"])
        .expose_headers(["etag"])
        .build()
        .unwrap();
    RouteTable::new(&policy, &[], str::to_owned)
}

/// Any method and any header, with credentials: what is asked for comes back, so it has to be clean.
fn echoing() -> RouteTable<String> {
    let policy = Policy::builder()
        .allow_origins([GOOD])
        .allow_credentials(true)
        .allow_methods(["*"])
        .allow_headers(["*"])
        .build()
        .unwrap();
    RouteTable::new(&policy, &[], str::to_owned)
}

fn lines(values: &[&[u8]]) -> Vec<Vec<u8>> {
    values.iter().map(|value| value.to_vec()).collect()
}

fn preflight(table: &RouteTable<String>, methods: &[&[u8]], headers: &[&[u8]]) -> Reason {
    let request = Request {
        origins: lines(&[GOOD.as_bytes()]),
        methods: lines(methods),
        headers: lines(headers),
    };
    let decision = table.preflight(PathMatch::NONE, &request);
    assert_eq!(decision.is_granted(), decision.fields().count() > 0, "refused means no header");
    decision.reason()
}

/// Decides an actual request and a preflight, which have to agree on the origin.
fn allows(table: &RouteTable<String>, origins: &[&[u8]]) -> bool {
    let presented = Presented::from_lines(origins.iter().copied());
    let actual = table.actual(PathMatch::NONE, "GET", presented);
    assert_eq!(actual.vary().value(), "Origin");
    let request = Request { origins: lines(origins), methods: lines(&[b"PUT"]), headers: vec![] };
    let preflight = table.preflight(PathMatch::NONE, &request);
    let allowed = actual.reason() == Reason::OriginAllowed;
    assert_eq!(preflight.is_granted(), allowed);
    for decision in [actual, preflight] {
        assert_eq!(decision.fields().count() > 0, allowed, "refused means no header");
    }
    allowed
}

#[test]
fn origins_that_are_allowed() {
    let table = policy();
    for origin in [
        "https://example.com",
        "https://a.b.example.com",
        "https://_dmarc.example.com",
        // hyphens are not checked by browsers
        "https://-a.example.com",
        "https://a-.example.com",
        "https://x.p.example.org",
        "https://x.p.example.org:1",
        "https://x.p.example.org:65535",
        "http://[::1]:9090",
        "http://127.0.0.1",
        "http://127.0.0.1:8080",
        "chrome-extension://abcdefghijklmnop",
        "tauri://localhost",
        "capacitor://localhost",
    ] {
        assert!(allows(&table, &[origin.as_bytes()]), "{origin}");
    }
}

#[test]
fn origins_that_are_refused() {
    let table = policy();
    let long_label = format!("https://{}.example.com", "a".repeat(64));
    let long_host = format!("https://{}example.com", "a.".repeat(122));
    let huge = format!("https://{}.example.com", "a".repeat(1 << 20));
    let refused: &[&[u8]] = &[
        // O2, O3: not serialised
        b"HTTPS://example.com",
        b"https://EXAMPLE.com",
        b"https://example.com/",
        b"https://example.com.",
        // O4: ports
        b"https://example.com:443",
        b"https://example.com:0443",
        b"https://example.com:",
        b"https://example.com:-1",
        b"https://example.com:+80",
        b"https://example.com:8080",
        b"https://x.p.example.org:8080x",
        b"https://x.p.example.org:65536",
        b"https://x.p.example.org:0",
        b"https://x.p.example.org:443",
        // O5, O6: empty labels
        b"https://.example.com",
        b"https://..example.com",
        b"https://a..example.com",
        // O7, Starlette #800: a host that ends where the pattern does not look
        b"https://evil.com/.example.com",
        b"https://evil.com?.example.com",
        b"https://evil.com#.example.com",
        b"https://evil.com\\.example.com",
        // O8
        b"https://user:pw@a.example.com",
        b"https://evil@a.example.com",
        // O9 to O11: bytes that no host holds
        b"https://a b.example.com",
        b"https://a\tb.example.com",
        b"https://a\0b.example.com",
        b"https://a\x7fb.example.com",
        b"https://a\x1b.example.com",
        b"https://a\r\nb.example.com",
        "https://\u{e9}.example.com".as_bytes(),
        b"https://\xff.example.com",
        b"https://%61.example.com",
        b"https://%00.example.com",
        // O12: the pattern itself
        b"https://*.example.com",
        b"*",
        b"https://*",
        // O13
        b"https://[a.example.com]",
        b"https://[x].example.com",
        b"https://[].example.com",
        b"https://[]",
        // O15; CVE-2017-11173, CVE-2024-27302, CVE-2022-1996, CVE-2026-37737: anchors
        b"https://example.com.evil.com",
        b"https://evilexample.com",
        b"https://evil-example.com",
        b"https://example.comevil",
        b"https://example.com-evil.net",
        b"https://exampleXcom",
        b"https://p.example.org:1",
        // O16: labels that cannot be
        long_label.as_bytes(),
        long_host.as_bytes(),
        // O17 to O19
        b"null",
        b"Null",
        b"\"null\"",
        b"",
        b" ",
        b"https://",
        b"https:///",
        b"://example.com",
        b"//example.com",
        b"example.com",
        b"https://example.com https://evil.com",
        b"https://evil.com,https://example.com",
        // O21
        b"http://example.com",
        b"wss://example.com",
        // O22, O23: other spellings of an address
        b"http://[0:0:0:0:0:0:0:1]:9090",
        b"http://::1:9090",
        b"http://[::ffff:7f00:1]:9090",
        b"http://[::1%25eth0]:9090",
        b"http://127.1:8080",
        b"http://2130706433:8080",
        b"http://0x7f000001",
        b"http://127.0.0.1.",
        // O25, O26, O30, O31
        huge.as_bytes(),
        b"ionic://localhost",
        b"tauri://evil.localhost",
        b"chrome-extension://abcdefghijklmnoq",
        b"file://",
        b"file:///etc/passwd",
        b"data:",
        b"blob:https://example.com/1",
        "https://\u{435}xample.com".as_bytes(),
        b"https://xn--xample-2of.com",
        b"javascript://example.com/%0aalert(1)",
    ];
    for origin in refused {
        assert!(!allows(&table, &[origin]), "{}", origin.escape_ascii());
    }
}

/// O20: a proxy, or an attacker, has added a line.
#[test]
fn several_origins_are_none() {
    let table = policy();
    let (good, evil) = (GOOD.as_bytes(), b"https://evil.com".as_slice());
    for pair in [[good, evil], [evil, good], [good, good]] {
        assert!(!allows(&table, &pair));
    }
}

#[test]
fn requested_methods() {
    use Reason::{MethodMalformed, MethodNotAllowed, MethodRepeated, PreflightGranted};
    let long = vec![b'A'; 1 << 20];
    let (table, echoing) = (policy(), echoing());
    let rows: [(&[&[u8]], Reason, Reason); 17] = [
        (&[b"PUT"], PreflightGranted, PreflightGranted),
        (&[b"QUERY"], PreflightGranted, PreflightGranted),
        (&[b"GET"], PreflightGranted, PreflightGranted),
        (&[b"POST"], PreflightGranted, PreflightGranted),
        (&[b"put"], MethodNotAllowed, PreflightGranted),
        (&[b"get"], MethodNotAllowed, PreflightGranted),
        (&[b"OPTIONS"], MethodNotAllowed, PreflightGranted),
        (&[&long], MethodNotAllowed, PreflightGranted),
        (&[b""], MethodMalformed, MethodMalformed),
        (&[b"PUT,DELETE"], MethodMalformed, MethodMalformed),
        (&[b"PUT\tX"], MethodMalformed, MethodMalformed),
        (&[b"FOO bar,baz"], MethodMalformed, MethodMalformed),
        (&[b"F(O)O"], MethodMalformed, MethodMalformed),
        (&[b"\xe9"], MethodMalformed, MethodMalformed),
        (&[b"*"], MethodMalformed, MethodMalformed),
        (&[b"CONNECT"], MethodMalformed, MethodMalformed),
        (&[b"PUT", b"PUT"], MethodRepeated, MethodRepeated),
    ];
    for (methods, reason, reason_of_any) in rows {
        let shown: Vec<_> = methods.iter().map(|line| line.len().min(20)).collect();
        assert_eq!(preflight(&table, methods, &[]), reason, "{shown:?}");
        assert_eq!(preflight(&echoing, methods, &[]), reason_of_any, "{shown:?}");
    }
    assert_eq!(preflight(&echoing, &[b"track"], &[]), MethodMalformed);
}

#[test]
fn requested_headers() {
    use Reason::{HeaderNotAllowed, HeadersMalformed, HeadersOverLimit, PreflightGranted};
    let table = policy();
    let (commas, spaces) = (vec![b','; 1 << 20], vec![b' '; 1 << 20]);
    let repeated = b"accept,".repeat(150_000);
    let long = vec![b'a'; 1 << 20];
    let many_commas = vec![vec![b','; 1024]; 1024];
    let many_commas: Vec<&[u8]> = many_commas.iter().map(Vec::as_slice).collect();
    let (sixteen, seventeen) = (vec![b"".as_slice(); 16], vec![b"".as_slice(); 17]);
    let (names, more_names) = (vec!["x-a"; 64].join(","), vec!["x-a"; 65].join(","));
    let rows: [(&[&[u8]], Reason); 31] = [
        (&[], PreflightGranted),
        (&[b"x-a,x-b"], PreflightGranted),
        (&[b"x-a, x-b"], PreflightGranted),
        (&[b"x-a ,x-b"], PreflightGranted),
        (&[b"x-b,x-a"], PreflightGranted),
        (&[b"X-A", b"Authorization"], PreflightGranted),
        (&[b"x-a,x-a"], PreflightGranted),
        (&[b""], PreflightGranted),
        (&[&commas[..15]], PreflightGranted),
        (&[&commas[..16]], HeadersOverLimit),
        (&sixteen, PreflightGranted),
        (&seventeen, HeadersOverLimit),
        (&[b"x-a\t\t\t"], PreflightGranted),
        (&[&spaces], HeadersOverLimit),
        (&[&commas], HeadersOverLimit),
        (&many_commas, HeadersOverLimit),
        (&[&repeated], HeadersOverLimit),
        (&[&long], HeadersOverLimit),
        (&[&long[..4000]], HeaderNotAllowed),
        (&[names.as_bytes()], PreflightGranted),
        (&[more_names.as_bytes()], HeadersOverLimit),
        (&[b"authorizations"], HeaderNotAllowed),
        (&[b"content-type"], HeaderNotAllowed),
        (&[b"*"], HeaderNotAllowed),
        (&[b"x-a;x-b"], HeadersMalformed),
        (&[b"x-a x-b"], HeadersMalformed),
        (&[b"\"x-a\""], HeadersMalformed),
        (&[b"x-a:1"], HeadersMalformed),
        (&[b"x-\xe9"], HeadersMalformed),
        (&[b"x-a\0"], HeadersMalformed),
        (&[b"x-a", b"x-c"], HeaderNotAllowed),
    ];
    for (lines, reason) in rows {
        let shown: Vec<_> = lines.iter().take(3).map(|line| line.len()).collect();
        assert_eq!(preflight(&table, &[b"PUT"], lines), reason, "{shown:?}");
    }
    let echoing = echoing();
    let rows: [(&[u8], Reason); 6] = [
        (b"x-anything", PreflightGranted),
        (b"cookie,sec-fetch-site", HeaderNotAllowed),
        (b"Proxy-Authorization", HeaderNotAllowed),
        (b"x-a,*", HeaderNotAllowed),
        (b"(((bad", HeadersMalformed),
        (b"x-\xff", HeadersMalformed),
    ];
    for (line, reason) in rows {
        assert_eq!(preflight(&echoing, &[b"PUT"], &[line]), reason, "{}", line.escape_ascii());
    }
    let thousand = vec![b"x-a".as_slice(); 1024];
    assert_eq!(preflight(&echoing, &[b"PUT"], &thousand), HeadersOverLimit);
}

/// CVE-2018-20744, CVE-2024-25124, CVE-2026-54290 and many others: any origin, with cookies.
/// rack-cors #139, CVE-2019-25211: values that were taken for more than they said.
#[test]
fn configurations_that_opened_other_systems_are_refused() {
    let table: [(&[&str], bool, &str); 8] = [
        (&["*"], true, "CORS019"),
        (&["*", GOOD], false, "CORS018"),
        (&[""], false, "CORS001"),
        (&[" "], false, "CORS001"),
        (&["https://example.com/*"], false, "CORS006"),
        (&["null"], false, "CORS015"),
        (&["null"], true, "CORS016"),
        (&["https://*.co.uk"], true, "CORS021"),
    ];
    for (origins, credentials, code) in table {
        let builder =
            Policy::builder().allow_origins(origins.iter().copied()).allow_credentials(credentials);
        assert_eq!(builder.build().unwrap_err().first().code(), code, "{origins:?}");
    }
}
