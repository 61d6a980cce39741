//! What stands around the routes of a random application: middlewares, other applications on the
//! thread, and the name of the host.

use proptest::{bool::weighted, collection::vec, option, prelude::*, sample::select};

use super::{
    app::{Item, Slashes, annotated, base, leaf},
    policies::Base,
};

/// All of it; by default, nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Setting {
    /// From the innermost on.
    pub(super) inside: Vec<Middleware>,
    /// Around the middleware of this crate.
    pub(super) outside: Vec<Rewrite>,
    /// Whom handlers and default services call before they answer.
    pub(super) called: Option<Called>,
    pub(super) neighbours: Vec<Neighbour>,
    /// How long the application waits inside of the middleware when it starts.
    pub(super) polls: usize,
    /// Whether the application's factory lives as long as the application.
    pub(super) is_held: bool,
    /// How long the host's name is, if it is not the usual one.
    pub(super) host: Option<usize>,
}

/// A middleware further in. None of them shows in the type of what is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Middleware {
    /// `NormalizePath` behind a function.
    Normalize(Slashes),
    AddSlash,
    TrimSlash,
    /// It moves the request to another task.
    Spawn,
    Rewrite(Rewrite),
    /// It answers itself where the request has this.
    Early(Condition),
    /// It fails where the request has this: before the call or after it.
    Fail(Condition, When),
    /// It answers something else where the request has this.
    Replace(Condition),
    Twice(Twice),
}

/// A header, or any request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    Blue,
    Red,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Before,
    After,
}

/// A middleware that changes the path for those further in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rewrite {
    pub(super) what: Part,
    pub(super) to: To,
}

/// Where a request has its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// In the head; the router does not look there.
    Uri,
    /// In what the router looks at.
    MatchInfo,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    Path(&'static str),
    /// Without this at its beginning.
    Without(&'static str),
    Below(&'static str),
    /// The router goes on behind this, if the path begins with it.
    Skip(&'static str),
}

/// A middleware that calls the service a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Twice {
    /// Only where the first answer is a 404.
    pub(super) if_not_found: bool,
    pub(super) change: Change,
    /// Whether the first answer is returned.
    pub(super) returns_first: bool,
    pub(super) is_spawned: bool,
}

/// What is different the second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Not even what the router has taken of the path, so that it goes on behind that.
    Nothing,
    Header(&'static str),
    Method(&'static str),
    Path(&'static str),
}

/// An application that others call in the process.
#[derive(Debug, Clone)]
pub(super) struct Called {
    /// Its middleware, if it has one.
    pub(super) cors: Option<Base>,
    pub(super) items: Vec<Item>,
    /// Whether many requests at once go to the default service that calls it.
    pub(super) at_once: bool,
}

/// An application that starts at the same time on the same thread.
#[derive(Debug, Clone)]
pub(super) struct Neighbour {
    pub(super) cors: Option<Base>,
    pub(super) items: Vec<Item>,
    /// Whether it has a handler that does not go with each base policy.
    pub(super) has_misfit: bool,
    pub(super) polls: usize,
    pub(super) is_first: bool,
    pub(super) keeps: Keeps,
}

/// What is left of an application that has started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    Nothing,
    Factory,
    Service,
    Both,
}

const PATHS: [&str; 5] = ["/a", "/b", "/a/b", "/1", "/nowhere"];

pub(super) fn setting() -> impl Strategy<Value = Setting> {
    let inside = prop_oneof![
        1 => Just(Vec::new()),
        1 => vec(prop_oneof![8 => middleware(), 1 => rewrite().prop_map(Middleware::Rewrite)], 1..3),
    ];
    let outside = prop_oneof![9 => Just(Vec::new()), 1 => rewrite().prop_map(|one| vec![one])];
    let neighbours = prop_oneof![4 => Just(Vec::new()), 1 => vec(neighbour(), 1..3)];
    let start = (select(&[0, 0, 0, 1, 3]), weighted(0.1));
    (inside, outside, option::weighted(0.1, called()), neighbours, start, host()).prop_map(
        |(inside, outside, called, neighbours, (polls, is_held), host)| Setting {
            inside,
            outside,
            called,
            neighbours,
            polls,
            is_held,
            host,
        },
    )
}

/// The length of the host's name.
pub(super) fn host() -> impl Strategy<Value = Option<usize>> {
    option::weighted(0.5, select(&[0, 1, 40, 100, 333]))
}

/// What stands around a scope.
pub(super) fn of_scope() -> impl Strategy<Value = Vec<Middleware>> + Clone {
    prop_oneof![9 => Just(Vec::new()), 1 => middleware().prop_map(|one| vec![one])]
}

fn middleware() -> impl Strategy<Value = Middleware> + Clone {
    let condition = || select(&[Condition::Blue, Condition::Red, Condition::Any]);
    let header = || select(&[Condition::Blue, Condition::Red]);
    prop_oneof![
        2 => select(&[Slashes::Trim, Slashes::Merge, Slashes::Always]).prop_map(Middleware::Normalize),
        1 => Just(Middleware::AddSlash),
        1 => Just(Middleware::TrimSlash),
        1 => Just(Middleware::Spawn),
        1 => header().prop_map(Middleware::Early),
        1 => (header(), select(&[When::Before, When::After]))
            .prop_map(|(condition, when)| Middleware::Fail(condition, when)),
        1 => condition().prop_map(Middleware::Replace),
        6 => twice().prop_map(Middleware::Twice),
    ]
}

fn twice() -> impl Strategy<Value = Twice> + Clone {
    let change = prop_oneof![
        1 => Just(Change::Nothing),
        2 => select(&["x-blue", "x-red"]).prop_map(Change::Header),
        1 => select(&["GET", "PUT"]).prop_map(Change::Method),
        3 => select(&PATHS).prop_map(Change::Path),
    ];
    (any::<bool>(), change, weighted(0.3), weighted(0.3)).prop_map(
        |(if_not_found, change, returns_first, is_spawned)| Twice {
            if_not_found,
            change,
            returns_first,
            is_spawned,
        },
    )
}

fn rewrite() -> impl Strategy<Value = Rewrite> {
    let to = prop_oneof![
        select(&PATHS).prop_map(To::Path),
        select(&["/a", "/b"]).prop_map(To::Without),
        select(&["/a", "/b"]).prop_map(To::Below),
        select(&["/a", "/b"]).prop_map(To::Skip),
    ];
    let what = select(&[Part::Uri, Part::MatchInfo, Part::Both]);
    (what, to).prop_map(|(what, to)| Rewrite { what, to })
}

fn called() -> impl Strategy<Value = Called> {
    (option::of(base()), vec(leaf(), 1..4), weighted(0.4))
        .prop_map(|(cors, items, at_once)| Called { cors, items, at_once })
}

fn neighbour() -> impl Strategy<Value = Neighbour> {
    let items = vec(annotated(true), 0..3);
    let keeps = select(&[Keeps::Nothing, Keeps::Factory, Keeps::Service, Keeps::Both]);
    let start = (select(&[0, 1, 2, 5]), any::<bool>(), keeps);
    (option::weighted(0.4, base()), items, any::<bool>(), start).prop_map(
        |(cors, items, has_misfit, (polls, is_first, keeps))| Neighbour {
            cors,
            items,
            has_misfit,
            polls,
            is_first,
            keeps,
        },
    )
}
