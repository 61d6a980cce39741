//! Files that are none, are no text, have no end, or are not what their name says.

use std::{fs, path::PathBuf};

use cors_core::{FileFormat, Key, Policy, PolicyFile};

use super::support::{Json, Toml, Yaml, codes, errors, lines, name, over_nothing};

/// A folder of its own for a test.
fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("files-{test}"));
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let folder = folder("unreadable");
    let written = |name: &str, contents: &[u8]| {
        fs::write(folder.join(name), contents).unwrap();
        name.to_owned()
    };
    fs::create_dir(folder.join("folder.toml")).unwrap();
    fs::File::create(folder.join("large.json")).unwrap().set_len(100 << 20).unwrap();
    let extension = "[CORS080] the extension does not tell the format; end the name in `.toml`, `.json`, `.yaml` or `.yml`";
    let empty = "[CORS089] the file is empty, as one is that is about to be written; write a setting into it";
    let rows = [
        (
            "missing.toml".to_owned(),
            "[CORS079] the file does not exist; create it, or correct the path",
        ),
        ("folder.toml".to_owned(), "[CORS079] this is a directory; name a file in it"),
        (
            "large.json".to_owned(),
            "[CORS081] the file has more than 1048576 bytes; list patterns in place of single origins",
        ),
        (written("empty.toml", b""), empty),
        (written("blank.yaml", b" \n\n"), empty),
        (written("cors.conf", b""), extension),
        (written("cors", b""), extension),
        (written(".toml", b""), extension),
    ];
    for (name, message) in rows {
        let path = folder.join(name);
        let found = lines(Policy::from_file(&path).build());
        let (code, message) = message.split_once(' ').unwrap();
        assert_eq!(found, [format!("{code} {}: {message}", path.display())]);
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_or_a_device_is_not_waited_for() {
    let folder = folder("device");
    let path = folder.join("zero.toml");
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    assert_eq!(
        lines(Policy::from_file(&path).build()),
        [format!(
            "[CORS079] {}: the file cannot be read (it is a pipe, a socket or a device); name a regular file",
            path.display()
        )]
    );
}

#[test]
fn a_file_on_a_disk_is_read_whatever_its_extension_is_written_like() {
    let folder = folder("read");
    let rows = [
        ("a.toml", "max_age = 7"),
        ("a.TOML", "max_age = 7"),
        ("a.json", "{\"max_age\": 7}"),
        ("a.yaml", "max_age: 7"),
        ("a.yml", "max_age: 7"),
    ];
    for (name, text) in rows {
        fs::write(folder.join(name), text).unwrap();
        let policy = Policy::from_file(folder.join(name)).build().unwrap();
        assert_eq!(policy.value_of(Key::MaxAge).as_deref(), Some("7 s"), "{name}");
    }
    let twice = Policy::from_file(folder.join("a.toml")).from_file(folder.join("a.json")).build();
    assert_eq!(
        lines(twice),
        ["[CORS075] `from_file` is called twice, and one call would replace the other; keep one"]
    );
}

#[test]
fn what_is_no_utf_8_is_told_where() {
    let rows: [(&[u8], &str); 4] = [
        (b"max_age = 5\nallow_headers = [\"X-\xe9\"]", "2:21"),
        (b"\xff\xfem\0a\0x\0", "1:1"),
        (b"# \xc3\xa9\n\xc3", "2:1"),
        (b"max_age = 5\0\xed\xa0\x80", "1:13"),
    ];
    for (contents, place) in rows {
        for format in FileFormat::ALL {
            let expected = format!(
                "[CORS082] {}:{place}: the file is not UTF-8; save it as UTF-8",
                name(format)
            );
            assert_eq!(errors(format, contents), [expected]);
        }
    }
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let rows = [
        (Toml, "max_age = 7\nx = 1", "2:1"),
        (Json, "{\"max_age\": 7,\n\"x\": 1}", "2:1"),
        (Yaml, "max_age: 7\nx: 1", "2:1"),
    ];
    for (format, text, place) in rows {
        let marked = format!("\u{feff}{text}");
        let found = errors(format, &marked);
        assert_eq!(found, errors(format, text));
        assert!(
            found[0].contains(&format!("{}:{place}: unknown key `x`", name(format))),
            "{found:?}"
        );
        let single = text.replace('\n', "");
        let on_first_line = errors(format, format!("\u{feff}{single}"));
        assert_eq!(on_first_line, errors(format, &single), "{single}");
    }
}

#[test]
fn what_is_not_written_as_the_format_wants_it_is_told_where() {
    let rows = [
        (Toml, "max_age = \nallow_headers = [\"X-A\"\n", &["1:11", "2:23"][..]),
        (Toml, "max_age: 5", &["1:8"]),
        (Json, "{\"max_age\": 5,}", &["1:14"]),
        (Json, "// no\n{\"max_age\": 5}", &["1:1"]),
        (Json, "{max_age: 5}", &["1:2"]),
        (Json, "{'max_age': 5}", &["1:2"]),
        (Json, "{\"max_age\": 0x10}", &["1:13"]),
        (Json, "{\"max_age\": +5}", &["1:13"]),
        (Json, "{\"max_age\": 5} {}", &["1:16"]),
        (Json, "{\"max_age\": 5", &["1:1"]),
        (Yaml, "allow_origins: [https://a.example", &["1:34"]),
        (Yaml, "max_age: 5\n---\nmax_age: 6", &["2:1"]),
        (Yaml, "allow_origins: [*]", &["1:17"]),
        (Yaml, "max_age: !seconds 5", &["1:10"]),
        (Yaml, "[a]: 5", &["1:1"]),
        (Yaml, "max_age: *gone", &["1:10"]),
    ];
    let mut wrong = Vec::new();
    for (format, text, places) in rows {
        let found = errors(format, text);
        let at: Vec<String> =
            places.iter().map(|place| format!("[CORS083] {}:{place}: ", name(format))).collect();
        let starts =
            found.len() == at.len() && found.iter().zip(&at).all(|(own, at)| own.starts_with(at));
        if !starts {
            wrong.push(format!("{text}: {found:#?}, expected {at:?}"));
        }
        let what = format!("cannot be read as {format} (");
        assert!(found.iter().all(|own| own.contains(&what)), "{found:#?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_table_is_no_file() {
    for (format, text) in [(Json, "[]"), (Json, "5"), (Yaml, "- a"), (Yaml, "text"), (Yaml, "~")] {
        let found = errors(format, text);
        assert!(found[0].contains("and should be a table of settings"), "{found:?}");
    }
    // nothing but comments is a file that says nothing
    for (format, text) in [(Toml, "# none"), (Yaml, "# none\n"), (Json, "{}")] {
        assert_eq!(over_nothing(format, text).build(), Ok(Policy::default()));
    }
    assert_eq!(codes(Json, " "), ["CORS089"]);
}

#[test]
fn nesting_has_an_end() {
    let lists = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    for depth in [40, 200, 10_000, 400_000] {
        let blocks: Vec<String> =
            (0..depth.min(1000)).map(|own| format!("{}-\n", " ".repeat(own))).collect();
        let blocks = blocks.concat();
        let rows = [
            (Toml, format!("x = {}", lists(depth))),
            (Json, format!("{{\"x\": {}}}", lists(depth))),
            (Json, "{\"x\":".repeat(depth.min(100_000))),
            (Yaml, format!("x: {}", lists(depth))),
            (Yaml, format!("x:\n{blocks}")),
            (Yaml, "? ".repeat(depth)),
            (Toml, format!("[{}a]", "a.".repeat(depth.min(10_000)))),
        ];
        for (format, text) in rows {
            let found = codes(format, &text);
            let is_bounded = matches!(found[..], ["CORS085" | "CORS083" | "CORS060"]);
            assert!(is_bounded, "{format} {depth} {}: {found:?}", &text[..20]);
        }
    }
    let deep = |depth| errors(Json, format!("{{\"max_age\": {}}}", lists(depth)));
    assert_eq!(
        deep(40),
        [
            "[CORS085] cors.json:1:45: values stand more than 32 deep in each other; no setting needs that, take them apart"
        ]
    );
    assert!(deep(10)[0].starts_with("[CORS063]"));
}

#[test]
fn aliases_have_an_end() {
    let shared =
        "origin_groups:\n  all: &all [https://a.example, https://b.example]\nallow_origins: *all\n";
    let policy = over_nothing(Yaml, shared).build().unwrap();
    let value = policy.value_of(Key::AllowOrigins);
    assert_eq!(value.as_deref(), Some("https://a.example, https://b.example"));

    let laughs: Vec<String> = (1..30)
        .map(|own| format!("x{own}: &x{own} [{}]\n", vec![format!("*x{}", own - 1); 10].join(", ")))
        .collect();
    assert_eq!(
        errors(Yaml, format!("x0: &x0 [a]\n{}", laughs.concat())),
        [
            "[CORS085] cors.yaml:7:20: aliases repeat more than 1048576 bytes; write them out, or name a group of origins"
        ]
    );
    // one long text, many times
    let long = format!("x: &x {}\ny: [{}]", "a".repeat(1 << 18), vec!["*x"; 10_000].join(", "));
    assert_eq!(codes(Yaml, &long), ["CORS085"]);
    let itself = errors(Yaml, "allow_origins: &a [*a]");
    assert!(
        itself[0].contains("1:20: ") && itself[0].contains("an alias within what it stands for"),
        "{itself:?}"
    );
}

#[test]
fn a_file_cut_off_anywhere_never_panics() {
    let texts = [
        (
            Toml,
            "allow_origins = [\"https://a.example\"]\nmax_age = \"10m\"\n[[routes]]\npath = \"/\"\nmethods = [\"PUT\"]\n",
        ),
        (
            Json,
            "{\"allow_origins\": [\"https://\u{e9}.example\"], \"routes\": [{\"path\": \"/\", \"methods\": [\"*\"]}]}",
        ),
        (
            Yaml,
            "allow_origins: &a\n- https://a.example\nroutes:\n- path: /\n  allow_origins: *a\n  methods: ['*']\n",
        ),
    ];
    for (format, text) in texts {
        for end in 0..text.len() {
            let file = PolicyFile::parse("x", format, &text.as_bytes()[..end]);
            _ = (file.scope_entries(), file.route_entries());
            _ = Policy::builder().with_file(file).build();
        }
    }
}

/// Each of these takes very long if work grows with the square of the size: for places in a long line, for places of many
/// mistakes, for a key that is compared with others, for keys that are given twice.
#[test]
fn the_largest_files_are_read_to_the_end() {
    let origins: Vec<String> =
        (0..30_000).map(|own| format!("\"http://{own:05}.example\"")).collect();
    let insecure =
        format!("{{\"allow_credentials\": true, \"allow_origins\": [{}]}}", origins.join(","));
    assert_eq!(codes(Json, &insecure).len(), 30_000);
    assert_eq!(codes(Yaml, &insecure).len(), 30_000);
    let insecure = format!("allow_credentials = true\nallow_origins = [{}]", origins.join(","));
    assert_eq!(codes(Toml, &insecure).len(), 30_000);
    let key = "k".repeat(1_000_000);
    assert_eq!(codes(Json, format!("{{\"{key}\": 1}}")), ["CORS060"]);
    let twice = "max_age = 5\n".repeat(50_000);
    assert_eq!(codes(Toml, twice).len(), 16);
}
