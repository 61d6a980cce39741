//! Streams both ways: nothing is held back, nothing is read ahead, and the end is noticed.

use std::{io, sync::Mutex};

use actix_web::{
    App, Error, HttpResponse, get,
    http::header::HeaderValue,
    middleware::{Compress, DefaultHeaders},
    post,
    rt::time::timeout,
    web::{self, Bytes},
};
use cors_tests::client::{Request, Response};
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::pair::{HOST, PATIENCE, assert_same, get, pair, twice};
use crate::support::APP;

/// What the next stream is fed from.
type Source = web::Data<Mutex<Vec<UnboundedReceiver<&'static str>>>>;

twice! {
    #[get("/events")]
    async fn events(source: Source) -> HttpResponse {
        let source = source.lock().unwrap().pop().expect("a source");
        let events = stream::unfold(source, |mut source| async {
            let event = source.recv().await?;
            let event = match event {
                "fail" => Err(io::Error::other("failed")),
                event => Ok(Bytes::from(format!("data: {event}\n\n"))),
            };
            Some((event, source))
        });
        HttpResponse::Ok().content_type("text/event-stream").streaming(events)
    }

    #[post("/upload")]
    async fn upload(body: web::Payload) -> HttpResponse {
        HttpResponse::Ok().content_type("application/octet-stream").streaming(body)
    }

    #[post("/ignored")]
    async fn ignored() -> &'static str { "ignored" }

    #[post("/length")]
    async fn length(body: Bytes) -> Result<String, Error> { Ok(body.len().to_string()) }

    #[actix_web::head("/head")]
    async fn of_head() -> HttpResponse {
        HttpResponse::Ok().insert_header(("x-head", "1")).finish()
    }
}

/// The chunks of a stream, each received before the next event was fed; `-` is the end, `!` an error.
async fn listen(url: &str, source: &Source, events: &[&'static str]) -> (Response, Vec<String>) {
    let (feed, receiver) = unbounded_channel();
    source.lock().unwrap().push(receiver);
    let request = awc::Client::new().get(format!("{url}/events")).insert_header(("origin", APP));
    // the head comes before there is any event
    let mut response = timeout(PATIENCE, request.send()).await.unwrap().unwrap();
    let mut chunks = Vec::new();
    for event in events {
        feed.send(event).unwrap();
        let chunk =
            timeout(PATIENCE, response.next()).await.expect("a chunk before the next event");
        chunks.push(match chunk {
            Some(Ok(bytes)) => String::from_utf8(bytes.into()).unwrap(),
            Some(Err(_)) => "!".to_owned(),
            None => "-".to_owned(),
        });
    }
    drop(feed);
    let end = timeout(PATIENCE, response.next()).await.expect("an end");
    chunks.push(if end.is_none() { "-" } else { "!" }.to_owned());
    let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
    let headers = response.headers().iter();
    let head = Response {
        status: response.status().as_u16(),
        headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: String::new(),
    };
    (head, chunks)
}

#[actix_web::test]
async fn events_are_sent_as_they_come() {
    let source = Source::default();
    let inside = pair!(sharing { source } App::new()
        .app_data(source.clone())
        .service(web::scope("").service(handlers::events))
        .wrap(Compress::default()));
    let outside = pair!(sharing { source } App::new()
        .app_data(source.clone())
        .service(handlers::events);
        .wrap(DefaultHeaders::new().add(("cache-control", "no-cache"))));
    for pair in [inside, outside] {
        for events in [&["one", "two", "three"][..], &[], &["one", "fail"]] {
            let (with, chunks) = listen(&pair.with, &source, events).await;
            let (without, other) = listen(&pair.without, &source, events).await;
            assert_same(&with, &without, APP, "/events");
            assert_eq!(chunks, other);
            assert_eq!(chunks.len(), events.len() + 1);
            assert_eq!(without.get("content-type").as_deref(), Some("text/event-stream"));
        }
    }
}

#[actix_web::test]
async fn a_client_that_leaves_ends_the_stream() {
    let source = Source::default();
    let pair = pair!(sharing { source } App::new()
        .app_data(source.clone())
        .service(handlers::events));
    for url in [&pair.with, &pair.without] {
        let (feed, receiver) = unbounded_channel();
        source.lock().unwrap().push(receiver);
        let client = awc::Client::new();
        let mut response = client.get(format!("{url}/events")).send().await.unwrap();
        feed.send("one").unwrap();
        let chunk = timeout(PATIENCE, response.next()).await.expect("a chunk");
        assert_eq!(chunk.unwrap().unwrap(), "data: one\n\n");
        drop((response, client));
        // the server finds out when it writes
        let noticed = async {
            while feed.send("more").is_ok() {
                actix_web::rt::task::yield_now().await;
            }
        };
        timeout(PATIENCE, noticed).await.expect("the stream is dropped");
    }
}

fn head(method: &str, path: &str, rest: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: {HOST}\r\norigin: {APP}\r\n{rest}\r\n")
}

macro_rules! routes {
    () => {
        App::new()
            .service((handlers::upload, handlers::ignored, handlers::length, handlers::of_head))
            .route("/any", web::route().to(async || "any"))
    };
}

#[actix_web::test]
async fn request_bodies_are_read_as_they_come() {
    let pair = pair!(routes!());
    let upload = head("POST", "/upload", "transfer-encoding: chunked\r\n");
    let steps = [
        (&*upload, "\r\n\r\n"),
        ("3\r\none\r\n", "3\r\none\r\n"),
        ("3\r\ntwo\r\n", "3\r\ntwo\r\n"),
        ("0\r\n\r\n", "0\r\n\r\n"),
    ];
    let answer = pair.same_conversation(&steps).await;
    assert!(answer.ends_with("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"), "{answer}");
}

#[actix_web::test]
async fn bodies_that_are_announced_are_asked_for_as_before() {
    let pair = pair!(routes!());
    let expecting = head("POST", "/length", "content-length: 5\r\nexpect: 100-continue\r\n");
    let answer =
        pair.same_conversation(&[(&expecting, "100 Continue"), ("12345", "\r\n\r\n5")]).await;
    assert!(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"), "{answer}");
    let large = head("POST", "/length", "content-length: 9999999\r\n");
    pair.same_conversation(&[(&large, "413 Payload Too Large")]).await;
    let unread = head("POST", "/ignored", "content-length: 5\r\n");
    pair.same_conversation(&[(&unread, "ignored"), ("12345", "")]).await;
}

#[actix_web::test]
async fn several_requests_on_one_connection() {
    let pair = pair!(routes!());
    let requests = [
        head("POST", "/length", "content-length: 2\r\n") + "ab",
        head("HEAD", "/head", ""),
        head("GET", "/nothing", ""),
        head("GET", "/any", "connection: close\r\n"),
    ];
    let answer = pair.same_conversation(&[(&requests.concat(), "any")]).await;
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 4, "{answer}");
}

#[actix_web::test]
async fn a_head_is_answered_without_a_body() {
    let pair = pair!(routes!());
    for path in ["/head", "/any", "/nothing", "/upload"] {
        pair.same(&Request::new("HEAD", path)).await;
    }
    assert_eq!(pair.same(&Request::new("HEAD", "/head")).await.get("x-head").as_deref(), Some("1"));
    pair.same(&get("/head")).await;
}
