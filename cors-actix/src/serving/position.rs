//! Where a middleware stands: around the application, or around one of its scopes.

use actix_web::dev::{ResourceMap, ServiceRequest};

use crate::routing::ScopeTree;

/// What a middleware is wrapped around, as far as the type of the inner service says for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// The application's router, with nothing between, or something that sees whole paths.
    Router,
    /// A scope's router, with nothing between.
    Scope,
    Unknown,
}

/// The part of the application that a middleware is wrapped around, as far as its first request shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// One of these scopes, by their numbers; there is at least one.
    Scopes(Vec<usize>),
    /// All of it, or a scope without a path: neither takes anything of the path.
    AtRoot,
    /// A part of it that is not known, such as a resource.
    Unknown,
}

impl Extent {
    /// `is_told` says whether the builder was told that it is a scope.
    pub(super) fn of(
        request: &ServiceRequest,
        around: Around,
        is_told: bool,
        tree: Option<&ScopeTree>,
    ) -> Self {
        let path = request.match_info();
        let may_be_all =
            around == Around::Unknown && path.unprocessed().len() == path.as_str().len();
        match tree.map(|tree| tree.entered(path)) {
            _ if around == Around::Router => Self::Whole,
            None if may_be_all => Self::AtRoot,
            Some(scopes) if scopes.is_empty() && may_be_all => Self::Whole,
            Some(_) if may_be_all && !is_told => Self::AtRoot,
            Some(scopes) if !scopes.is_empty() => Self::Scopes(scopes),
            None | Some(_) => Self::Unknown,
        }
    }

    /// Whether it surely contains another one of the application, which has had its first request later. An outer
    /// middleware gets each request before an inner one, so that the later is not around this one.
    pub(super) fn surely_contains(&self, later: &Self, tree: Option<&ScopeTree>) -> bool {
        let is_open = |tree: &ScopeTree| tree.has_open_scope();
        match (self, later) {
            (_, Self::Whole) | (Self::Whole, _) => true,
            (Self::AtRoot, _) => tree.is_some_and(|tree| !is_open(tree)),
            (Self::Scopes(outer), Self::Scopes(inner)) => tree.is_some_and(|tree| {
                let is_within_all =
                    |inner: &usize| outer.iter().all(|it| tree.is_within(*inner, *it));
                inner.iter().all(is_within_all)
            }),
            _ => false,
        }
    }
}

/// The address of an application's resource map, by which it is told from others as long as it is alive.
pub(super) fn address(map: &ResourceMap) -> usize {
    std::ptr::from_ref(map).addr()
}
