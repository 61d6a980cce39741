//! Mistakes have the same words in every format, and the place of what is wrong.

use cors_core::FileFormat;

use super::support::{Json, Toml, Yaml, errors, name};

/// The same mistakes in every format, each with the places that they have there.
type Row = (&'static str, [(FileFormat, &'static str, &'static [&'static str]); 3]);

const ROWS: &[Row] = &[
    (
        "[CORS003] {}: origin `app.example.com` has no scheme; write `https://app.example.com`",
        [
            (
                Toml,
                "max_age = 5\nallow_origins = [\"https://a.example\", \"app.example.com\"]",
                &["2:39"],
            ),
            (Json, "{\n  \"allow_origins\": [\n    \"app.example.com\"\n  ]\n}", &["3:5"]),
            (Yaml, "allow_origins:\n  - https://a.example\n  - app.example.com", &["3:5"]),
        ],
    ),
    (
        "[CORS060] {}: unknown key `expose_header`; did you mean `expose_headers`?",
        [
            (Toml, "\n  expose_header = [\"ETag\"]", &["2:3"]),
            (Json, "{ \"expose_header\": [\"ETag\"] }", &["1:3"]),
            (Yaml, "# none\nexpose_header: [ETag]", &["2:1"]),
        ],
    ),
    (
        "[CORS060] {}: unknown key `add_expose_header`; did you mean `add_expose_headers`?",
        [
            (Toml, "[[scopes]]\npath = \"/api\"\nadd_expose_header = [\"ETag\"]", &["3:1"]),
            (
                Json,
                "{\"scopes\": [{\"path\": \"/api\", \"add_expose_header\": [\"ETag\"]}]}",
                &["1:30"],
            ),
            (Yaml, "scopes:\n- path: /api\n  add_expose_header: [ETag]", &["3:3"]),
        ],
    ),
    (
        "[CORS086] {}: `methods` does not belong here; move it into an entry of `routes`",
        [
            (
                Toml,
                "methods = [\"PUT\"]\n[[scopes]]\npath = \"/a\"\nmethods = [\"PUT\"]",
                &["1:1", "4:1"],
            ),
            (
                Json,
                "{\"methods\": [\"PUT\"],\n\"scopes\": [{\"path\": \"/a\", \"methods\": []}]}",
                &["1:2", "2:27"],
            ),
            (Yaml, "methods: [PUT]\nscopes:\n- path: /a\n  methods: [PUT]", &["1:1", "4:3"]),
        ],
    ),
    (
        "[CORS086] {}: `add_allow_headers` does not belong here; move it into an entry of `scopes` or `routes`",
        [
            (Toml, "add_allow_headers = [\"X-A\"]", &["1:1"]),
            (Json, "{\"add_allow_headers\": [\"X-A\"]}", &["1:2"]),
            (Yaml, "add_allow_headers: [X-A]", &["1:1"]),
        ],
    ),
    (
        "[CORS086] {}: `dangerously_allow_null_origin` does not belong here; move it to the top of the file",
        [
            (Toml, "[[scopes]]\npath = \"/a\"\ndangerously_allow_null_origin = true", &["3:1"]),
            (
                Json,
                "{\"scopes\": [{\"path\": \"/a\", \"dangerously_allow_null_origin\": true}]}",
                &["1:28"],
            ),
            (Yaml, "scopes:\n- path: /a\n  dangerously_allow_null_origin: true", &["3:3"]),
        ],
    ),
    (
        "[CORS084] {1}: `max_age` is given twice, first at {0}; keep one",
        [
            (Toml, "max_age = 5\nmax_age = 6", &["1:1", "2:1"]),
            (Json, "{\"max_age\": 5,\n \"max_age\": 6}", &["1:2", "2:2"]),
            (Yaml, "max_age: 5\nmax_age: 6", &["1:1", "2:1"]),
        ],
    ),
    (
        "[CORS084] {1}: `origin_groups` is given twice, first at {0}; keep one",
        [
            (
                Toml,
                "[origin_groups]\na = []\n[[routes]]\npath = \"/\"\n[origin_groups]\n",
                &["1:2", "5:2"],
            ),
            (
                Json,
                "{\"origin_groups\": {}, \"max_age\": 5, \"origin_groups\": {}}",
                &["1:2", "1:37"],
            ),
            (Yaml, "origin_groups: {}\nmax_age: 5\norigin_groups: {}", &["1:1", "3:1"]),
        ],
    ),
    (
        "[CORS084] {1}: `path` is given twice, first at {0}; keep one",
        [
            (
                Toml,
                "[[scopes]]\npath = \"/\"\n[[scopes]]\npath = \"/a\"\npath = \"/b\"",
                &["4:1", "5:1"],
            ),
            (
                Json,
                "{\"scopes\": [{\"path\": \"/\"}, {\"path\": \"/a\", \"path\": \"/b\"}]}",
                &["1:29", "1:43"],
            ),
            (Yaml, "scopes:\n- path: /\n- path: /a\n  path: /b", &["3:3", "4:3"]),
        ],
    ),
    (
        "[CORS084] {1}: `path` is given twice, first at {0}; keep one",
        [
            (
                Toml,
                "max_age = 5\nscopes = [{ path = \"/a\" }, { path = \"/b\", path = \"/c\" }]",
                &["2:30", "2:43"],
            ),
            (Json, "{\"scopes\": [{\"path\": \"/a\",\n\"p\\u0061th\": \"/b\"}]}", &["1:14", "2:1"]),
            (Yaml, "scopes: [{path: /a}, {path: /b, \"path\": /c}]", &["1:23", "1:33"]),
        ],
    ),
    (
        "[CORS063] {}: `allow_headers` is `\"X-A\"`, and should be a list, such as `[\"X-Request-Id\"]`",
        [
            (Toml, "allow_headers = \"X-A\"", &["1:17"]),
            (Json, "{\"allow_headers\": \"X-A\"}", &["1:19"]),
            (Yaml, "allow_headers: X-A", &["1:16"]),
        ],
    ),
    (
        "[CORS076] {}: `allow_headers` has the element `7`, which is no text; it holds a list, such as \
         `[\"X-Request-Id\"]`",
        [
            (Toml, "allow_headers = [\"X-A\", 7]", &["1:25"]),
            (Json, "{\"allow_headers\": [\"X-A\", 7]}", &["1:27"]),
            (Yaml, "allow_headers: [X-A, 7]", &["1:22"]),
        ],
    ),
    (
        "[CORS052] {}: `disable` is `\"yes\"`; write `true` or `false`",
        [
            (
                Toml,
                "disable = \"yes\"\n[[scopes]]\npath = \"/a\"\ndisable = \"yes\"",
                &["1:11", "4:11"],
            ),
            (
                Json,
                "{\"disable\": \"yes\", \"scopes\": [{\"path\": \"/a\", \"disable\": \"yes\"}]}",
                &["1:13", "1:57"],
            ),
            (Yaml, "disable: yes\nscopes:\n- path: /a\n  disable: yes", &["1:10", "4:12"]),
        ],
    ),
    (
        "[CORS063] {}: `allow_credentials` is `\"true\"`, and should be `true`, `false` or a list, such as \
         `[\"https://app.example.com\"]`",
        [
            (Toml, "allow_credentials = \"true\"", &["1:21"]),
            (Json, "{\"allow_credentials\": \"true\"}", &["1:23"]),
            (Yaml, "allow_credentials: 'true'", &["1:20"]),
        ],
    ),
    (
        "[CORS087] {}: `scopes` is `{…}`, and should be a list of tables",
        [
            (Toml, "[scopes]\npath = \"/a\"", &["1:1"]),
            (Json, "{\"scopes\": {\"path\": \"/a\"}}", &["1:12"]),
            (Yaml, "scopes:\n  path: /a", &["2:3"]),
        ],
    ),
    (
        "[CORS087] {}: `path` is `5`, and should be a text",
        [
            (Toml, "[[scopes]]\npath = 5", &["2:8"]),
            (Json, "{\"scopes\": [{\"path\": 5}]}", &["1:22"]),
            (Yaml, "scopes:\n- path: 5", &["2:9"]),
        ],
    ),
    (
        "[CORS087] {}: an element of `methods` is `true`, and should be a text",
        [
            (Toml, "[[routes]]\npath = \"/\"\nmethods = [\"PUT\", true]", &["3:19"]),
            (Json, "{\"routes\": [{\"path\": \"/\", \"methods\": [\"PUT\", true]}]}", &["1:46"]),
            (Yaml, "routes:\n- path: /\n  methods: [PUT, true]", &["3:18"]),
        ],
    ),
    (
        "[CORS087] {}: the group `admin` is `\"https://a.example\"`, and should be a list of texts",
        [
            (Toml, "[origin_groups]\nadmin = \"https://a.example\"", &["2:9"]),
            (Json, "{\"origin_groups\": {\"admin\": \"https://a.example\"}}", &["1:29"]),
            (Yaml, "origin_groups:\n  admin: https://a.example", &["2:10"]),
        ],
    ),
    (
        "[CORS088] {}: an entry of `routes` lacks `methods`; write `methods = [\"PUT\"]`",
        [
            (Toml, "max_age = 5\n[[routes]]\npath = \"/\"", &["2:1"]),
            (Json, "{\"routes\": [{\"path\": \"/\"}]}", &["1:13"]),
            (Yaml, "routes:\n- path: /", &["2:3"]),
        ],
    ),
    (
        "[CORS088] {}: an entry of `scopes` lacks `path`; write `path = \"/api\"`",
        [
            (Toml, "[[scopes]]\n", &["1:1"]),
            (Json, "{\"scopes\": [{}]}", &["1:13"]),
            (Yaml, "scopes:\n- {}", &["2:3"]),
        ],
    ),
    (
        "[CORS030] {}: method `PA(TCH` is no RFC 9110 token; write one like `PUT`",
        [
            (Toml, "[[routes]]\npath = \"/\"\nmethods = [\"PUT\", \"PA(TCH\"]", &["3:19"]),
            (
                Json,
                "{\"routes\": [{\"path\": \"/\", \"methods\": [\"PUT\", \"PA(TCH\"]}]}",
                &["1:46"],
            ),
            (Yaml, "routes:\n- path: /\n  methods: [PUT, PA(TCH]", &["3:18"]),
        ],
    ),
    (
        "[CORS069] {}: scope `/api/*` covers everything below by itself; write `/api`",
        [
            (Toml, "[[scopes]]\npath = \"/api/*\"", &["2:8"]),
            (Json, "{\"scopes\": [{\"path\": \"/api/*\"}]}", &["1:22"]),
            (Yaml, "scopes:\n- path: /api/*", &["2:9"]),
        ],
    ),
    (
        "[CORS005] {}: origin `https://a.example/` has a trailing slash; write `https://a.example`",
        [
            (
                Toml,
                "[[scopes]]\npath = \"/a\"\nadd_allow_origins = [\"https://b.example\", \"https://a.example/\"]",
                &["3:43"],
            ),
            (
                Json,
                "{\"scopes\": [{\"path\": \"/a\", \"add_allow_origins\": [\"https://a.example/\"]}]}",
                &["1:50"],
            ),
            (Yaml, "scopes:\n- path: /a\n  add_allow_origins: [https://a.example/]", &["3:23"]),
        ],
    ),
    (
        "[CORS078] {}: `remove_allow_headers` stands beside `allow_headers` or `add_allow_headers` in one override; \
         write the list that is meant, or put the two into layers of their own",
        [
            (
                Toml,
                "[[scopes]]\npath = \"/a\"\nadd_allow_headers = []\nremove_allow_headers = []",
                &["4:1"],
            ),
            (
                Json,
                "{\"scopes\": [{\"path\": \"/a\", \"allow_headers\": [],\n\"remove_allow_headers\": []}]}",
                &["2:1"],
            ),
            (
                Yaml,
                "scopes:\n- path: /a\n  allow_headers: []\n  remove_allow_headers: []",
                &["4:3"],
            ),
        ],
    ),
    (
        "[CORS066] {}: `disable` turns CORS off, so no other setting belongs beside it; remove one",
        [
            (Toml, "[[scopes]]\npath = \"/a\"\ndisable = true\nmax_age = 5", &["1:1"]),
            (
                Json,
                "{\"scopes\": [{\"path\": \"/a\", \"disable\": true, \"max_age\": 5}]}",
                &["1:13"],
            ),
            (Yaml, "scopes:\n- path: /a\n  disable: true\n  max_age: 5", &["2:3"]),
        ],
    ),
    (
        "[CORS063] {}: `allow_headers` is `5`, and should be a list, such as `[\"X-Request-Id\"]`",
        [
            (Toml, "[[scopes]]\npath = \"/a\"\nadd_allow_headers = 5", &["3:21"]),
            (Json, "{\"scopes\": [{\"path\": \"/a\", \"add_allow_headers\": 5}]}", &["1:49"]),
            (Yaml, "scopes:\n- path: /a\n  add_allow_headers: 5", &["3:22"]),
        ],
    ),
    (
        "[CORS015] {}: origin `null` is shared by unrelated pages (sandboxed frames, files); leave it out, or set \
         `dangerously_allow_null_origin = true` in the base policy",
        [
            (Toml, "allow_origins = [\"https://a.example\", \"null\"]", &["1:39"]),
            (Json, "{\"allow_origins\": [\"null\"]}", &["1:20"]),
            (Yaml, "allow_origins:\n- 'null'", &["2:3"]),
        ],
    ),
    (
        "[CORS017] {0}: origin `http://a.example` ({1}) is not https while `allow_credentials = true` ({2}); write \
         `https://a.example`, or set `dangerously_allow_insecure_origins = true` in the base policy",
        [
            (
                Toml,
                "allow_origins = [\"http://a.example\"]\nallow_credentials = true",
                &["1:18", "1:1", "2:1"],
            ),
            (
                Json,
                "{\"allow_origins\": [\"http://a.example\"],\n\"allow_credentials\": true}",
                &["1:20", "1:2", "2:1"],
            ),
            (
                Yaml,
                "allow_origins:\n- http://a.example\nallow_credentials: true",
                &["2:3", "1:1", "3:1"],
            ),
        ],
    ),
    (
        "[CORS072] {}: `disable` refuses preflights, and `external` leaves them to another layer; keep one of the two",
        [
            (Toml, "disable = true\nexternal = true", &["2:1"]),
            (Json, "{\"disable\": true,\n\"external\": true}", &["2:1"]),
            (Yaml, "disable: true\nexternal: true", &["2:1"]),
        ],
    ),
];

/// The lines that a message stands for: with one for each place, or all places in one.
fn expected(message: &str, format: FileFormat, places: &[&str]) -> Vec<String> {
    let places = places.iter().map(|place| format!("{}:{place}", name(format)));
    if message.contains("{}") {
        return places.map(|place| message.replacen("{}", &place, 1)).collect();
    }
    let filled = places.enumerate().fold(message.to_owned(), |message, (index, place)| {
        message.replace(&format!("{{{index}}}"), &place)
    });
    vec![filled]
}

#[test]
fn a_mistake_is_told_with_its_place_in_every_format() {
    let mut wrong = Vec::new();
    for (message, texts) in ROWS {
        for (format, text, places) in texts {
            let (found, expected) = (errors(*format, text), expected(message, *format, places));
            if found != expected {
                wrong.push(format!("{text}\n  found    {found:#?}\n  expected {expected:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
