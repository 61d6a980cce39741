//! Sessions in a cookie: a counter that each browser keeps for itself.

use actix_session::{Session, SessionMiddleware, storage::CookieSessionStore};
use actix_web::{App, HttpResponse, cookie::Key, error::ErrorUnauthorized, get, post, web};
use cors_tests::client::{Request, Response};

use super::pair::{assert_same, own_headers, pair, twice};
use crate::support::{APP, EVIL, call, send};

twice! {
    #[post("/count")]
    async fn add(session: Session) -> Result<String, actix_web::Error> {
        let count = session.get::<u32>("count")?.unwrap_or_default() + 1;
        session.insert("count", count)?;
        Ok(count.to_string())
    }

    #[get("/count")]
    async fn read(session: Session) -> Result<String, actix_web::Error> {
        let count = session.get::<u32>("count")?;
        count.map(|count| count.to_string()).ok_or_else(|| ErrorUnauthorized("no session"))
    }

    #[post("/leave")]
    async fn leave(session: Session) -> HttpResponse {
        session.purge();
        HttpResponse::NoContent().finish()
    }
}

fn sessions() -> SessionMiddleware<CookieSessionStore> {
    SessionMiddleware::builder(CookieSessionStore::default(), Key::from(&[7; 64]))
        .cookie_secure(false)
        .build()
}

/// A browser that keeps the cookie it was given.
struct Browser<'a> {
    url: &'a str,
    cookie: Option<String>,
}

impl Browser<'_> {
    async fn call(&mut self, method: &str, path: &str, origin: &str) -> Response {
        let request = call(method, self.url, path, origin);
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let mut response = send(request).await;
        // its content is encrypted, differently each time
        for (name, value) in &mut response.headers {
            if name == "set-cookie" {
                let (cookie, attributes) = value.split_once(';').unwrap();
                let (id, content) = cookie.split_once('=').unwrap();
                self.cookie = (!content.is_empty()).then(|| cookie.to_owned());
                *value = format!("{id}=…;{attributes}");
            }
        }
        response
    }
}

#[actix_web::test]
async fn a_counter_counts_the_same() {
    let inside = pair!(
        App::new()
            .service(web::scope("/s").service((handlers::add, handlers::read, handlers::leave)))
            .wrap(sessions())
    );
    let outside = pair!(
        App::new()
            .service(web::scope("/s").service((handlers::add, handlers::read, handlers::leave)));
        .wrap(sessions())
    );
    for pair in [inside, outside] {
        let browsers = [&pair.with, &pair.without].map(|url| Browser { url, cookie: None });
        let [mut with, mut without] = browsers;
        for (method, path, body) in [
            ("GET", "/s/count", "no session"),
            ("POST", "/s/count", "1"),
            ("POST", "/s/count", "2"),
            ("GET", "/s/count", "2"),
            ("GET", "/s/nothing", ""),
            ("POST", "/s/count", "3"),
            ("POST", "/s/leave", ""),
            ("GET", "/s/count", "no session"),
            ("POST", "/s/count", "1"),
        ] {
            let origin = if method == "POST" { APP } else { EVIL };
            let answers =
                [with.call(method, path, origin).await, without.call(method, path, origin).await];
            assert_same(&answers[0], &answers[1], origin, path);
            assert_eq!(answers[1].body, body, "{method} {path}");
        }
        let stranger = Request::new("GET", format!("{}/s/count", pair.with)).header("origin", APP);
        assert_eq!(send(stranger).await.status, 401, "another browser has no session");
    }
}

#[actix_web::test]
async fn a_cookie_from_one_application_is_good_in_the_other() {
    let pair = pair!(App::new().service((handlers::add, handlers::read)).wrap(sessions()));
    let mut with = Browser { url: &pair.with, cookie: None };
    let answer = with.call("POST", "/count", APP).await;
    assert!(own_headers(&answer).iter().any(|(name, _)| name == "set-cookie"));
    let mut without = Browser { url: &pair.without, cookie: with.cookie.clone() };
    assert_eq!(without.call("GET", "/count", APP).await.body, "1");
}
