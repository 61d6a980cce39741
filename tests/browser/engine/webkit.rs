//! `WebKitGTK`, in the window of its `MiniBrowser`: Safari has the same code for CORS, and other code
//! for the network.

use std::{fs, net::SocketAddr, path::PathBuf};

use serde_json::{Value, json};

use super::Setup;

pub(super) const SETUP: Setup = Setup {
    driver: "WebKitWebDriver",
    others: &["Xvfb"],
    has_window: true,
    remedy: "`apt-get install webkit2gtk-driver xvfb` brings them",
    capabilities,
};

fn capabilities(proxy: Option<SocketAddr>) -> Value {
    // else it takes the cookies of `api.site.example` for a third party's on `app.site.example`
    let mut flags = vec!["--automation".to_owned(), "--cookies-policy=always".to_owned()];
    // its driver makes nothing of the capability `proxy` where that is a SOCKS proxy
    flags.extend(proxy.map(|proxy| format!("--proxy=socks5://{proxy}")));
    json!({
        "browserName": "MiniBrowser",
        "webkitgtk:browserOptions": { "binary": mini_browser(), "args": flags },
    })
}

/// Comes with the driver, in a folder with the name of the machine's architecture.
fn mini_browser() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").expect("a folder").flatten();
    let mut paths = folders.map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"));
    paths.find(|path| path.is_file()).expect("/usr/lib/*/webkit2gtk-4.1/MiniBrowser")
}
