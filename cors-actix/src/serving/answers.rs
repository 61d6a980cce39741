//! What answers the requests of an application: its merged policies, and where its paths lead.

use crate::{routing::Paths, startup::Merged};

/// The merged policies of an application, and where its paths lead. Everything in it is the same for all threads.
pub(super) struct Answers {
    pub(super) merged: Merged,
    /// `None` if nothing is known of them.
    pub(super) paths: Option<Paths>,
    pub(super) has_entries: bool,
    /// Whether a route's own path is empty, so that its scope consumes all of a request's path.
    pub(super) has_empty_paths: bool,
    pub(super) takes_empty_path: bool,
}

impl Answers {
    pub(super) fn new(merged: Merged, paths: Option<Paths>) -> Self {
        let has_entries = !merged.plain.is_empty();
        let mut routes = merged.mounts.iter().flat_map(|mount| mount.handler.routes);
        let has_empty_paths = routes.any(|route| route.path.is_empty());
        let takes_empty_path = paths.as_ref().is_some_and(Paths::take_empty_path);
        Self { merged, paths, has_entries, has_empty_paths, takes_empty_path }
    }
}
