//! `WebSockets` with `actix-ws`: the handshake, and every frame after it.

use actix_web::{App, Error, HttpRequest, HttpResponse, get, middleware::Compress, rt, web};
use actix_ws::{AggregatedMessage, CloseCode, CloseReason};
use awc::ws::{Frame, Message};
use cors_tests::client::Response;
use futures_util::{SinkExt as _, StreamExt as _};

use super::pair::{own_headers, pair, twice};
use crate::support::{APP, EVIL};

fn echo(request: &HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
    let protocols = ["chat", "echo"];
    let (response, mut session, messages) =
        actix_ws::handle_with_protocols(request, body, &protocols)?;
    let mut messages = messages.aggregate_continuations();
    rt::spawn(async move {
        while let Some(Ok(message)) = messages.next().await {
            let sent = match message {
                AggregatedMessage::Text(text) => session.text(format!("echo {text}")).await,
                AggregatedMessage::Binary(bytes) => session.binary(bytes).await,
                AggregatedMessage::Ping(bytes) => session.pong(&bytes).await,
                AggregatedMessage::Pong(_) => Ok(()),
                AggregatedMessage::Close(reason) => return session.close(reason).await,
            };
            sent?;
        }
        Ok(())
    });
    Ok(response)
}

twice! {
    #[get("/echo")]
    async fn socket(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
        echo(&request, body)
    }
}

/// The head of the answer, and the frames of a conversation.
async fn converse(url: &str, origin: &str) -> (Response, Vec<String>) {
    let mut request = awc::Client::new().ws(url).protocols(["echo"]);
    if !origin.is_empty() {
        request = request.header("origin", origin);
    }
    let (response, mut connection) = request.connect().await.unwrap();
    let headers = response.headers().iter();
    let text = |value: &actix_web::http::header::HeaderValue| value.to_str().unwrap().to_owned();
    let head = Response {
        status: response.status().as_u16(),
        headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: String::new(),
    };
    let closing = CloseReason { code: CloseCode::Away, description: Some("bye".into()) };
    let mut frames = Vec::new();
    for message in [
        Message::Text("one".into()),
        Message::Binary(vec![0, 159, 146, 150].into()),
        Message::Binary(vec![7; 50_000].into()),
        Message::Ping("ping".into()),
        Message::Text("two".into()),
        Message::Close(Some(closing)),
    ] {
        connection.send(message).await.unwrap();
        // each answer comes before the next message goes
        let frame = rt::time::timeout(super::pair::PATIENCE, connection.next()).await;
        frames.push(match frame.unwrap().unwrap().unwrap() {
            Frame::Binary(bytes) if bytes.len() > 100 => format!("{} bytes", bytes.len()),
            frame => format!("{frame:?}"),
        });
    }
    (head, frames)
}

#[actix_web::test]
async fn handshakes_and_frames_are_the_same() {
    async fn plain(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
        echo(&request, body)
    }
    let pair = pair!(
        App::new()
            .service(web::scope("/s").service(handlers::socket))
            .route("/plain", web::get().to(plain))
            .wrap(Compress::default())
    );
    for path in ["/s/echo", "/plain"] {
        for origin in [APP, EVIL, ""] {
            let (mut with, frames) = converse(&format!("{}{path}", pair.with), origin).await;
            let (mut without, other) = converse(&format!("{}{path}", pair.without), origin).await;
            assert_eq!(frames, other, "{path} {origin}");
            assert_eq!(frames.len(), 6);
            assert_eq!(frames[0], r#"Text(b"echo one")"#);
            for head in [&mut with, &mut without] {
                // computed from the client's random key
                head.headers.retain(|(name, _)| name != "sec-websocket-accept");
                assert_eq!(head.status, 101);
            }
            assert_eq!((own_headers(&with), with.cors()), (own_headers(&without), without.cors()));
        }
    }
}

/// What is no handshake is an error of the handler, which is adorned like any other.
#[actix_web::test]
async fn requests_that_are_no_handshake_fail_the_same() {
    let pair = pair!(App::new().service(handlers::socket));
    let plain = super::pair::get("/echo");
    assert_eq!(pair.same(&plain).await.status, 400);
    let upgrade = plain.header("connection", "upgrade").header("upgrade", "websocket");
    pair.same(&upgrade.header("sec-websocket-version", "1")).await;
}
