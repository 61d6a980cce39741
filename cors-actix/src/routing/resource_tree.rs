//! The resources of an application, in the order in which actix tries them.
//!
//! Actix keeps them in a [`ResourceMap`](dev::ResourceMap), which has no accessors. But its `Debug` output
//! is derived from its fields, so it can be parsed. If a release of actix changes that output, a test
//! below fails; at run time [`read`] then returns `None`, and a preflight is granted only if every policy
//! of the application allows it.

use std::{
    fmt::{self, Write},
    hash::{DefaultHasher, Hash, Hasher},
};

use actix_web::dev;
use serde::Deserialize;

use crate::startup::{has_too_many_groups, is_probe};

/// A resource, or a scope with what is below it.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename = "ResourceMap")]
pub(crate) struct Node {
    #[serde(rename = "pattern")]
    definition: Definition,
    /// `None` for a resource.
    #[serde(rename = "nodes")]
    pub(crate) below: Option<Vec<Self>>,
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

/// How deep scopes may be nested: functions that walk them recurse, and the stack is limited.
const MAX_DEPTH: usize = 64;

/// Reads the resources of an application, from its root on. Those with a pattern at which the router panics are not
/// read, so that none is asked about a path.
pub(crate) fn read(map: &dev::ResourceMap) -> Option<Vec<Node>> {
    let mut text = WithoutNames::default();
    write!(text, "{map:?}").ok()?;
    let root: Node = serde_dbgfmt::from_str(&text.kept).ok()?;
    root.below.filter(|nodes| !have_too_many_groups(nodes))
}

/// Whether actix's router panics at a path that one of the patterns matches.
fn have_too_many_groups(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| {
        node.patterns().iter().any(|own| has_too_many_groups(own))
            || have_too_many_groups(node.below.as_deref().unwrap_or_default())
    })
}

/// Keeps a map's `Debug` output without the field `named`, which is most of it: it repeats the resources
/// of each scope for all scopes around it.
#[derive(Default)]
struct WithoutNames {
    kept: String,
    /// How many braces and brackets are open.
    depth: usize,
    /// The depth of the field that is being left out, if any.
    left_out: Option<usize>,
    is_quoted: bool,
    is_escaped: bool,
}

const FIELD: &str = "named: {";

impl Write for WithoutNames {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        for character in part.chars() {
            self.write_char(character)?;
        }
        Ok(())
    }

    fn write_char(&mut self, character: char) -> fmt::Result {
        let is_text = self.is_quoted;
        if self.is_escaped {
            self.is_escaped = false;
        } else {
            match character {
                '\\' if is_text => self.is_escaped = true,
                '"' => self.is_quoted = !is_text,
                '{' | '[' if !is_text => self.depth += 1,
                '}' | ']' if !is_text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        match self.left_out {
            Some(depth) if self.depth >= depth => return Ok(()),
            Some(_) => self.left_out = None,
            None => {}
        }
        self.kept.push(character);
        if character == '{' && !is_text && self.kept.ends_with(FIELD) {
            self.left_out = Some(self.depth);
        }
        // a scope is a brace in a bracket
        if self.depth > 2 * MAX_DEPTH + 4 { Err(fmt::Error) } else { Ok(()) }
    }
}

/// The full prefixes of all scopes, each as often as there is one of it, but for those that are made around services
/// which answer GET and HEAD alone; these have the probes of such names in them.
pub(crate) fn scope_prefixes(nodes: &[Node], read_only: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    add_prefixes(nodes, "", read_only, &mut found);
    found
}

fn add_prefixes(nodes: &[Node], outside: &str, read_only: &[String], found: &mut Vec<String>) {
    for node in nodes.iter().filter(|node| !node.is_probe()) {
        if let Some(below) = &node.below {
            let full = format!("{outside}{}", node.pattern());
            add_prefixes(below, &full, read_only, found);
            if !node.has_probe_of(read_only) {
                found.push(full);
            }
        }
    }
}

/// The hash of an application's resources without its probes: equal applications have the same.
pub(crate) fn fingerprint(nodes: &[Node]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash(nodes, &mut hasher);
    hasher.finish()
}

fn hash(nodes: &[Node], hasher: &mut DefaultHasher) {
    let own = || nodes.iter().filter(|node| !node.is_probe());
    own().count().hash(hasher);
    for node in own() {
        node.definition.hash(hasher);
        node.below.is_some().hash(hasher);
        hash(node.below.as_deref().unwrap_or_default(), hasher);
    }
}

impl Node {
    pub(crate) fn name(&self) -> Option<&str> {
        self.definition.name.as_deref()
    }

    /// Whether it takes the paths below its own: a scope, or a service such as `actix_files::Files`.
    pub(crate) fn is_prefix(&self) -> bool {
        self.definition.is_prefix
    }

    pub(crate) fn is_probe(&self) -> bool {
        // no path begins like its pattern, whatever names services have
        self.name().is_some_and(is_probe) && self.pattern().starts_with('\u{1}')
    }

    /// Whether one of these probes is registered in it.
    pub(super) fn has_probe_of(&self, names: &[String]) -> bool {
        let mut probes = self.below.iter().flatten().filter(|own| own.is_probe());
        probes.any(|own| own.name().is_some_and(|name| names.iter().any(|own| own == name)))
    }

    /// The patterns of its own part of the path; a scope has one.
    pub(crate) fn patterns(&self) -> &[String] {
        match &self.definition.patterns {
            Patterns::Single(pattern) => std::slice::from_ref(pattern),
            Patterns::List(patterns) => patterns,
        }
    }

    /// The first of them, by which actix knows it.
    pub(crate) fn pattern(&self) -> &str {
        self.patterns().first().map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App, HttpRequest, HttpResponse, Scope,
        test::{TestRequest, call_service, init_service, read_body},
        web,
    };

    use super::{Node, read};

    fn show(nodes: &[Node]) -> String {
        let show_one = |node: &Node| {
            let name = node.name().map(|name| format!("{name}=")).unwrap_or_default();
            let below = node.below.as_deref();
            let below = below.map(|below| format!("({})", show(below))).unwrap_or_default();
            format!("{name}{}{below}", node.patterns().join("|"))
        };
        nodes.iter().map(show_one).collect::<Vec<_>>().join(" ")
    }

    async fn list(request: HttpRequest) -> HttpResponse {
        let nodes = read(request.resource_map()).map(|nodes| show(&nodes));
        HttpResponse::Ok().body(nodes.unwrap_or_default())
    }

    /// Fails when a release of actix prints its resource map in another way.
    #[actix_web::test]
    async fn the_resource_map_can_be_read() {
        let odd = web::resource(r#"/{id:[\d"]{2}}/} ,{x}"#).name("quoted \" } \\ \u{1}é named: {");
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
        let body = read_body(response).await;
        let expected = "/a /a /s/{t}((quoted \" } \\ \u{1}é named: {=/{id:[\\d\"]{2}}/} ,{x}) \
                        two=/x|/y/{z}*) /empty()";
        assert_eq!(String::from_utf8_lossy(&body), expected);
    }

    /// They would overflow the stack.
    #[actix_web::test]
    async fn scopes_that_are_nested_too_deep_are_not_read() {
        for (depth, is_read) in [(60, true), (70, false)] {
            let inner = web::scope("/s").route("/x", web::get().to(list));
            let nested: Scope = (1..depth).fold(inner, |own, _| web::scope("/s").service(own));
            let app = init_service(App::new().service(nested)).await;
            let path = "/s".repeat(depth) + "/x";
            let response = call_service(&app, TestRequest::with_uri(&path).to_request()).await;
            assert_eq!(read_body(response).await.is_empty(), !is_read, "{depth}");
        }
    }
}
