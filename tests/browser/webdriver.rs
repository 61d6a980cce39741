//! As much of the `WebDriver` protocol as the tests need.
//!
//! Source: <https://www.w3.org/TR/webdriver2/>; the log and the `DevTools` commands are Chromium's own.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

/// An open browser window.
#[derive(Debug)]
pub(crate) struct Session {
    port: u16,
    id: String,
}

impl Session {
    /// Opens a browser with the driver on a port.
    pub(crate) async fn open(port: u16, capabilities: &Value) -> Self {
        let capabilities = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let value = post(port, "/session", &capabilities).await;
        let id = value["sessionId"].as_str().expect("a session").to_owned();
        Self { port, id }
    }

    pub(crate) async fn go_to(&self, url: &str) {
        self.command("/url", &json!({ "url": url })).await;
    }

    /// Continues in the first frame of the document.
    pub(crate) async fn enter_frame(&self) {
        self.command("/frame", &json!({ "id": 0 })).await;
    }

    /// Runs the body of a function; answers what it returns.
    pub(crate) async fn execute(&self, script: &str) -> Value {
        let body = json!({ "script": script, "args": [] });
        self.command("/execute/sync", &body).await
    }

    /// Runs the body of a function whose last argument is to be called with the answer.
    pub(crate) async fn execute_async(&self, script: &str, argument: Value) -> Value {
        let body = json!({ "script": script, "args": [argument] });
        self.command("/execute/async", &body).await
    }

    /// What Chromium's console has said since the last time.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.command("/se/log", &json!({ "type": "browser" })).await;
        let entries = entries.as_array().expect("a list").iter();
        entries.map(|entry| entry["message"].as_str().expect("a text").to_owned()).collect()
    }

    /// A command of Chromium's `DevTools` protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("/goog/cdp/execute", &body).await
    }

    /// Presses keys, one after the other.
    pub(crate) async fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            ["keyDown", "keyUp"].map(|stroke| json!({ "type": stroke, "value": key }))
        });
        let strokes: Vec<Value> = strokes.collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.command("/actions", &json!({ "actions": [keyboard] })).await;
    }

    async fn command(&self, path: &str, body: &Value) -> Value {
        post(self.port, &format!("/session/{}{path}", self.id), body).await
    }
}

/// Whether a driver listens at a port and can open a session.
pub(crate) async fn is_ready(port: u16) -> bool {
    let client = awc::Client::default();
    let Ok(mut response) = client.get(format!("http://127.0.0.1:{port}/status")).send().await
    else {
        return false;
    };
    response.json::<Value>().await.is_ok_and(|status| status["value"]["ready"] == true)
}

/// Closes the browser, also while a test fails.
impl Drop for Session {
    fn drop(&mut self) {
        let close = || -> std::io::Result<()> {
            let (port, id) = (self.port, &self.id);
            let mut stream = TcpStream::connect(("127.0.0.1", port))?;
            stream.set_read_timeout(Some(Duration::from_secs(10)))?;
            write!(stream, "DELETE /session/{id} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n")?;
            stream.read(&mut [0; 512]).map(drop)
        };
        // there is nobody to tell
        _ = close();
    }
}

async fn post(port: u16, path: &str, body: &Value) -> Value {
    let client = awc::Client::builder().timeout(Duration::from_secs(60)).finish();
    let request = client.post(format!("http://127.0.0.1:{port}{path}"));
    let mut response = request.send_json(body).await.expect("the driver answers");
    let answer = response.body().limit(64 << 20).await.expect("a whole answer");
    let mut answer: Value = serde_json::from_slice(&answer).expect("JSON");
    assert!(response.status().is_success(), "{path}: {}", answer["value"]);
    answer["value"].take()
}
