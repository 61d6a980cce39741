//! The demo's page in Chromium: what it shows, and whether everybody can use it.

use std::{fs, path::Path, time::Instant};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use cors_tests::{client::Request, demo::Demo};
use serde_json::{Value, json};

use crate::{
    engine::{Engine, LiveBrowser},
    run::PATIENCE,
};

/// Keys, as `WebDriver` writes them.
const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const SPACE: &str = " ";

fn start() -> Demo {
    Demo::start(&mut Demo::command())
}

fn url(demo: &Demo, host: &str) -> String {
    format!("http://{host}:{}/", demo.ports.page)
}

/// Opens the page and waits until it has made its calls.
async fn open(demo: &Demo, chromium: &LiveBrowser, host: &str) {
    chromium.go_to(&url(demo, host)).await;
    wait_for(chromium, "return document.querySelector('#summary').className !== ''").await;
}

/// Waits until a script answers true.
async fn wait_for(chromium: &LiveBrowser, script: &str) {
    let deadline = Instant::now() + PATIENCE;
    while chromium.execute(script).await != true {
        assert!(Instant::now() < deadline, "never: {script}");
    }
}

/// A window of a width, in light or dark.
async fn look(chromium: &LiveBrowser, width: u32, scheme: &str) {
    let metrics = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": true });
    chromium.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
    chromium.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
}

/// Keeps a picture of the page for people.
async fn take_picture(chromium: &LiveBrowser, name: &str) {
    let whole = json!({ "captureBeyondViewport": true });
    let picture = chromium.devtools("Page.captureScreenshot", whole).await;
    let picture = BASE64_STANDARD.decode(picture["data"].as_str().expect("a text"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-{name}.png"));
    fs::write(path, picture.expect("base64")).expect("a file");
}

#[actix_web::test]
#[cfg_attr(
    without_chromium,
    ignore = "chromium or chromedriver is missing; `apt-get install chromium chromium-driver` brings them"
)]
async fn every_row_of_the_page_is_green_and_the_console_has_refusals_only() {
    let chromium = Engine::Chromium.start(None).await;
    let demo = start();
    for host in ["localhost", "127.0.0.1"] {
        chromium.console().await;
        open(&demo, &chromium, host).await;
        let rows = "return [...document.querySelectorAll('#calls > li')].map(row => row.innerText)";
        let rows = chromium.execute(rows).await;
        let rows = rows.as_array().expect("a list");
        assert!(rows.len() > 10, "{rows:?}");
        for row in rows {
            assert!(row.as_str().expect("text").contains("✓ as expected"), "{row}");
        }
        let summary = chromium.execute("return document.querySelector('#summary').innerText").await;
        let all = rows.len();
        assert_eq!(summary, format!("{all} of {all} calls went as the policies say."));

        // a browser itself logs what it refuses, and error statuses
        let setup = Request::new("GET", format!("{}setup.json", url(&demo, host))).send().await;
        let setup: Value = serde_json::from_str(&setup.expect("an answer").body).expect("JSON");
        let calls = setup["calls"].as_array().expect("a list").iter();
        let is_logged = |status: &Value| status.as_u64().is_none_or(|status| status >= 400);
        let logged: Vec<String> = calls
            .filter(|call| is_logged(&call["expected"]["status"]))
            .map(|call| {
                let path = call["path"].as_str().expect("a path");
                format!("http://{host}:{}{path}", setup["api_port"])
            })
            .collect();
        for line in chromium.console().await {
            assert!(logged.iter().any(|url| line.contains(url.as_str())), "{line}");
        }
    }
}

#[actix_web::test]
#[cfg_attr(
    without_chromium,
    ignore = "chromium or chromedriver is missing; `apt-get install chromium chromium-driver` brings them"
)]
async fn the_page_is_readable_at_every_width_in_light_and_dark() {
    let chromium = Engine::Chromium.start(None).await;
    let demo = start();
    for (width, scheme) in [(360, "light"), (360, "dark"), (1200, "light"), (1200, "dark")] {
        look(&chromium, width, scheme).await;
        open(&demo, &chromium, "localhost").await;
        let what = format!("{width}-{scheme}");
        let is_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
        assert_eq!(chromium.execute(is_dark).await, scheme == "dark");
        let page = chromium.execute("return document.scrollingElement.scrollWidth").await;
        assert!(page.as_u64().expect("a number") <= u64::from(width), "{what}: {page} px wide");
        let faint = chromium.execute(include_str!("served/contrast.js")).await;
        assert_eq!(faint, json!([]), "{what}");
        take_picture(&chromium, &what).await;
    }
}

#[actix_web::test]
#[cfg_attr(
    without_chromium,
    ignore = "chromium or chromedriver is missing; `apt-get install chromium chromium-driver` brings them"
)]
async fn everything_on_the_page_is_reached_by_keyboard_and_named() {
    let chromium = Engine::Chromium.start(None).await;
    let demo = start();
    open(&demo, &chromium, "localhost").await;
    let mark = "const all = document.querySelectorAll('a[href], button, input, select, textarea');
        all.forEach((element, i) => { element.dataset.number = i; });
        return all.length";
    let count = chromium.execute(mark).await.as_u64().expect("a number");
    for i in 0..count {
        chromium.press(TAB).await;
        let focused = "const own = document.activeElement;
            const { outlineStyle } = getComputedStyle(own);
            const name = own.labels?.[0]?.innerText ?? own.innerText;
            return [own.dataset.number, outlineStyle !== 'none', name.trim() !== '']";
        assert_eq!(chromium.execute(focused).await, json!([i.to_string(), true, true]));
    }
}

/// A question to type, and parts of the answer.
struct Question {
    origin: &'static str,
    method: &'static str,
    path: &'static str,
    headers: &'static str,
    credentials: bool,
    parts: &'static [&'static str],
}

const QUESTIONS: &[Question] = &[
    Question {
        origin: "https://admin.example.com",
        method: "DELETE",
        path: "/api/users/1",
        headers: "X-Csrf-Token: t",
        credentials: true,
        parts: &[
            "✓ The script gets it: status 204, with x-request-id",
            "The preflight\n",
            "OPTIONS /api/users/1\n",
            "Access-Control-Request-Method: DELETE\n",
            "Access-Control-Request-Headers: x-csrf-token\n",
            "Its answer\n",
            "204\n",
            "Access-Control-Allow-Methods: DELETE, HEAD, POST\n",
            "The request\n",
        ],
    },
    Question {
        origin: "https://app.example.com",
        method: "PATCH",
        path: "/api/users/1",
        headers: "",
        credentials: false,
        parts: &[
            "✗ Blocked: the route does not allow the method PATCH",
            "Access-Control-Request-Method: PATCH\n",
            "403\n",
        ],
    },
    Question {
        origin: "https://app.example.com",
        method: "GET",
        path: "/api/users/1",
        headers: "Authorization: Bearer demo\nX-Unknown",
        credentials: false,
        parts: &[
            "✗ Blocked: the route does not allow the header x-unknown",
            "Access-Control-Request-Headers: authorization,x-unknown\n",
        ],
    },
    Question {
        origin: "https://app.example.com",
        method: "DELETE",
        path: "/api/users/1",
        headers: "",
        credentials: false,
        parts: &["✗ Blocked: the route does not allow https://app.example.com (no Access-Control-"],
    },
    Question {
        origin: "https://evil.example",
        method: "GET",
        path: "/public/rates",
        headers: "",
        credentials: false,
        parts: &["✓ The script gets it: status 200, with ", "The request\n"],
    },
    Question {
        origin: "https://app.example.com",
        method: "GET",
        path: "/public/rates",
        headers: "",
        credentials: true,
        parts: &["✗ Blocked: the route does not allow https://app.example.com with cookies \
             (Access-Control-Allow-Origin is *)"],
    },
];

#[actix_web::test]
#[cfg_attr(
    without_chromium,
    ignore = "chromium or chromedriver is missing; `apt-get install chromium chromium-driver` brings them"
)]
async fn its_user_types_a_call_and_sees_preflight_answer_and_verdict() {
    let chromium = Engine::Chromium.start(None).await;
    let demo = start();
    for scheme in ["light", "dark"] {
        look(&chromium, 360, scheme).await;
        open(&demo, &chromium, "localhost").await;
        chromium.console().await;
        for question in QUESTIONS {
            let answer = ask(&chromium, question).await;
            for part in question.parts {
                assert!(answer.contains(part), "{part} is not in\n{answer}");
            }
            let page = chromium.execute("return document.scrollingElement.scrollWidth").await;
            assert_eq!(page, 360, "{answer}");
            assert_eq!(chromium.execute(include_str!("served/contrast.js")).await, json!([]));
        }
        assert_eq!(chromium.console().await, Vec::<String>::new());
        take_picture(&chromium, &format!("asked-{scheme}")).await;
    }
}

/// Fills the form in with the keyboard alone; answers the text of the answer.
async fn ask(chromium: &LiveBrowser, question: &Question) -> String {
    let start = "document.querySelector('#answer').replaceChildren();
        document.querySelector('#question').reset();
        document.querySelector('[name=origin]').select()";
    chromium.execute(start).await;
    for text in [question.origin, question.method, question.path] {
        // what is typed takes the place of what is selected
        chromium.press(text).await;
        chromium.press(TAB).await;
    }
    chromium.execute("document.activeElement.select()").await;
    chromium.press("\u{E017}").await;
    chromium.press(&question.headers.replace('\n', ENTER)).await;
    chromium.press(TAB).await;
    if question.credentials {
        chromium.press(SPACE).await;
    }
    chromium.press(TAB).await;
    chromium.press(ENTER).await;
    wait_for(chromium, "return document.querySelector('#answer').innerText !== ''").await;
    let answer = chromium.execute("return document.querySelector('#answer').innerText").await;
    answer.as_str().expect("a text").to_owned()
}
