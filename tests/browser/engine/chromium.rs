//! Chromium.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{Setup, proxy_capability};

pub(super) const SETUP: Setup = Setup {
    driver: "chromedriver",
    others: &["chromium"],
    has_window: false,
    remedy: "`apt-get install chromium chromium-driver` brings them",
    capabilities,
};

fn capabilities(proxy: Option<SocketAddr>) -> Value {
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
    let mut capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "args": flags },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    if let Some(proxy) = proxy {
        capabilities["proxy"] = proxy_capability(proxy);
        // names of this machine too
        capabilities["proxy"]["noProxy"] = json!(["<-loopback>"]);
    }
    capabilities
}
