//! The services of an application, in the order in which actix tries them.
//!
//! Actix's resource map has all of them, those without `#[cors]` too, but no way to walk it. Its
//! `Debug` form is derived from its fields, so that it can be read back; if it cannot, nothing is
//! known, which the caller has to take for the worst.

use std::hash::{Hash, Hasher};

use actix_web::dev;
use serde::Deserialize;

use crate::marker;

/// A service: a resource, or a scope with the services below it.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename = "ResourceMap")]
pub(crate) struct Service {
    #[serde(rename = "pattern")]
    definition: Definition,
    /// `None` for a resource.
    #[serde(rename = "nodes")]
    pub(crate) services: Option<Vec<Self>>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename = "ResourceDef")]
struct Definition {
    name: Option<String>,
    patterns: Patterns,
    is_prefix: bool,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Hash)]
enum Patterns {
    Single(String),
    List(Vec<String>),
}

/// How deep scopes may be nested; all that walks them takes its share of the stack for each level.
const MAX_DEPTH: usize = 64;

/// The services at the root of an application.
pub(crate) fn read(map: &dev::ResourceMap) -> Option<Vec<Service>> {
    let text = format!("{map:?}");
    if depth(&text) > MAX_DEPTH {
        return None;
    }
    let root: Service = serde_dbgfmt::from_str(&text).ok()?;
    root.services
}

/// How deep lists are nested in a `Debug` form.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut is_quoted) = (0_usize, 0, false);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if is_quoted => _ = bytes.next(),
            b'"' => is_quoted = !is_quoted,
            b'[' if !is_quoted => depth += 1,
            b']' if !is_quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Without markers, so that applications that are built alike have the same hash.
impl Hash for Service {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.definition.hash(state);
        let own = |below: &'_ Vec<Self>| below.iter().filter(|own| !own.is_marker()).count();
        self.services.as_ref().map(own).hash(state);
        for below in self.services.iter().flatten().filter(|own| !own.is_marker()) {
            below.hash(state);
        }
    }
}

impl Service {
    pub(crate) fn name(&self) -> Option<&str> {
        self.definition.name.as_deref()
    }

    /// Whether it takes the paths below its own: a scope, or a service such as `actix_files::Files`.
    pub(crate) fn is_prefix(&self) -> bool {
        self.definition.is_prefix
    }

    /// Whether it is there to find its scope by.
    pub(crate) fn is_marker(&self) -> bool {
        self.services.is_some() && self.name().is_some_and(|name| name.starts_with(marker::SERVICE))
    }

    /// What actix matches a pattern of it by.
    pub(crate) fn definition(&self, pattern: &str) -> dev::ResourceDef {
        if self.is_prefix() {
            dev::ResourceDef::prefix(pattern)
        } else {
            dev::ResourceDef::new(pattern)
        }
    }

    /// The patterns of its own part of the path; a scope has one.
    pub(crate) fn patterns(&self) -> &[String] {
        match &self.definition.patterns {
            Patterns::Single(pattern) => std::slice::from_ref(pattern),
            Patterns::List(patterns) => patterns,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App, HttpRequest, HttpResponse,
        test::{TestRequest, call_service, init_service},
        web,
    };

    use super::{Service, read};

    fn show(services: &[Service]) -> String {
        let show_one = |service: &Service| {
            let name = service.name().map(|name| format!("{name}=")).unwrap_or_default();
            let below = service.services.as_deref();
            let below = below.map(|below| format!("({})", show(below))).unwrap_or_default();
            format!("{name}{}{below}", service.patterns().join("|"))
        };
        services.iter().map(show_one).collect::<Vec<_>>().join(" ")
    }

    /// Fails when a release of actix prints its resource map in another way.
    #[actix_web::test]
    async fn the_resource_map_can_be_read() {
        async fn list(request: HttpRequest) -> HttpResponse {
            let services = read(request.resource_map()).map(|services| show(&services));
            HttpResponse::Ok().body(services.unwrap_or_default())
        }
        let odd = web::resource(r#"/{id:[\d"]{2}}/} ,{x}"#).name("quoted \" } \\ \u{1}é");
        let app = App::new()
            .route("/a", web::get().to(list))
            .route("/a", web::post().to(list))
            .service(
                web::scope("/s/{t}")
                    .service(web::scope("").service(odd.to(list)))
                    .service(web::resource(["/x", "/y/{z}*"]).name("two").to(list)),
            )
            .service(web::scope("/empty"))
            .external_resource("elsewhere", "https://example.com/{x}");
        let app = init_service(app).await;
        let response = call_service(&app, TestRequest::with_uri("/a").to_request()).await;
        let body = actix_web::test::read_body(response).await;
        let expected =
            "/a /a /s/{t}((quoted \" } \\ \u{1}é=/{id:[\\d\"]{2}}/} ,{x}) two=/x|/y/{z}*) /empty()";
        assert_eq!(String::from_utf8_lossy(&body), expected);
    }
}
