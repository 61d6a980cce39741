//! Firefox.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{Setup, proxy_capability};

pub(super) const SETUP: Setup = Setup {
    driver: "geckodriver",
    others: &["firefox-esr"],
    has_window: false,
    remedy: "`apt-get install firefox-esr` and `cargo install --locked geckodriver` bring them",
    capabilities,
};

fn capabilities(proxy: Option<SocketAddr>) -> Value {
    let mut capabilities = json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "args": ["-headless"],
            "prefs": {
                // names of this machine too
                "network.proxy.allow_hijacking_localhost": true,
                "network.proxy.socks5_remote_dns": true,
                // what it does of itself
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
                "app.normandy.enabled": false,
                "datareporting.policy.dataSubmissionEnabled": false,
            },
        },
    });
    if let Some(proxy) = proxy {
        capabilities["proxy"] = proxy_capability(proxy);
    }
    capabilities
}
