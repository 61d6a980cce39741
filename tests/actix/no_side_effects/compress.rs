//! `Compress`: the same bytes, and its `Vary` beside the one of CORS.

use actix_web::{
    App, HttpResponse, get,
    http::header::{ContentEncoding, VARY},
    middleware::Compress,
};

use super::pair::{get, pair, twice};
use crate::support::{APP, get as get_from, send};

fn text() -> String {
    let lines: Vec<_> = (0..5000).map(|number| format!("line {number}\n")).collect();
    lines.concat()
}

twice! {
    #[get("/text")]
    async fn whole() -> String { text() }

    #[get("/stream")]
    async fn stream() -> HttpResponse {
        let text = text();
        let lines = text.lines().map(|line| Ok::<_, actix_web::Error>(format!("{line}\n").into()));
        let lines: Vec<_> = lines.collect();
        HttpResponse::Ok().content_type("text/plain").streaming(futures_util::stream::iter(lines))
    }

    #[get("/identity")]
    async fn identity() -> HttpResponse {
        HttpResponse::Ok().insert_header(ContentEncoding::Identity).body(text())
    }

    #[get("/varying")]
    async fn varying() -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.append_header((VARY, "Cookie, origin")).append_header((VARY, "Accept-Language"));
        response.body(text())
    }

    #[get("/everything")]
    async fn everything() -> HttpResponse {
        HttpResponse::Ok().insert_header((VARY, "*")).body(text())
    }

    #[get("/empty", wrap = "Compress::default()")]
    async fn empty() -> HttpResponse { HttpResponse::NoContent().finish() }
}

const PATHS: [&str; 7] =
    ["/text", "/stream", "/identity", "/varying", "/everything", "/empty", "/nothing"];

macro_rules! routes {
    () => {
        App::new().service((
            handlers::whole,
            handlers::stream,
            handlers::identity,
            handlers::varying,
            handlers::everything,
            handlers::empty,
        ))
    };
}

#[actix_web::test]
async fn compressed_bodies_and_their_vary_are_the_same() {
    let inside = pair!(routes!().wrap(Compress::default()));
    let outside = pair!(routes!(); .wrap(Compress::default()));
    for pair in [&inside, &outside] {
        for path in PATHS {
            for accepted in ["gzip", "gzip;q=0.5, identity", "identity", "br", ""] {
                let request = get(path);
                let request = match accepted {
                    "" => request,
                    _ => request.header("accept-encoding", accepted),
                };
                pair.same(&request).await;
            }
        }
        let answer = pair.same(&get("/text").header("accept-encoding", "gzip")).await;
        assert_eq!(answer.get("content-encoding").as_deref(), Some("gzip"));
        let request = get_from(&pair.with, "/text", APP).header("accept-encoding", "gzip");
        let vary = send(request).await.get("vary").unwrap().to_ascii_lowercase();
        assert!(vary.contains("accept-encoding") && vary.contains("origin"), "{vary}");
    }
}

/// A 406 of its own; outside of the middleware that goes without CORS.
#[actix_web::test]
async fn what_cannot_be_encoded_is_refused_the_same() {
    let pair = pair!(routes!().wrap(Compress::default()));
    for path in PATHS {
        pair.same(&get(path).header("accept-encoding", "*;q=0")).await;
    }
    let answer = pair.same(&get("/text").header("accept-encoding", "*;q=0")).await;
    assert_eq!(answer.status, 406);
}

#[actix_web::test]
async fn compressed_bodies_are_whole() {
    let pair = pair!(routes!().wrap(Compress::default()));
    for path in ["/text", "/stream", "/varying"] {
        for url in [&pair.with, &pair.without] {
            let request = awc::Client::new().get(format!("{url}{path}"));
            let mut response =
                request.insert_header(("accept-encoding", "gzip")).send().await.unwrap();
            assert_eq!(response.headers().get("content-encoding").unwrap(), "gzip");
            assert_eq!(response.body().await.unwrap(), text().as_bytes());
        }
    }
}
