//! What no service takes: the policies of the scopes that such a path is below.

use cors_core::{ScopeId, is_below};
use smallvec::SmallVec;

use super::pattern::Pattern;
use crate::startup::Area;

/// The scopes with policies of their own, the inner ones first.
#[derive(Debug, Default)]
pub(super) struct Areas(Vec<OwnArea>);

#[derive(Debug)]
struct OwnArea {
    path: String,
    id: ScopeId,
    /// What a path matches that would enter it. `None` if actix has a scope of this path, since only paths that
    /// enter that end in it, or if no path can be asked.
    entrance: Option<Pattern>,
}

/// Mostly one.
pub(super) type ScopeIds = SmallVec<[ScopeId; 2]>;

impl Areas {
    /// `scopes` are the full prefixes of actix's scopes; `is_registered` says whether there is anything below a path.
    pub(super) fn new(
        areas: &[Area],
        scopes: &[String],
        is_registered: impl Fn(&str) -> bool,
    ) -> Self {
        let area = |own: &Area| {
            let path = own.path.clone();
            let is_entered = scopes.contains(&path);
            let entrance = if is_entered { None } else { entrance(&path, is_registered(&path)) };
            OwnArea { path, id: own.id, entrance }
        };
        Self(areas.iter().map(area).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes that a path belongs to which ends, unrouted, in actix's scope of this full prefix, or outside of
    /// all scopes if that is empty: the innermost of those around, or of those within of which actix has no scope.
    /// Of several that match the path beside each other it is not known which is meant.
    pub(super) fn of(&self, path: &str, prefix: &str) -> ScopeIds {
        let matches = |own: &&OwnArea| {
            let is_entered = |entrance: &Pattern| entrance.behind(path).is_some();
            let is_within = || is_below(&own.path, prefix);
            is_below(prefix, &own.path)
                || (is_within() && own.entrance.as_ref().is_some_and(is_entered))
        };
        let mut found: SmallVec<[&OwnArea; 2]> = SmallVec::new();
        for area in self.0.iter().filter(matches) {
            let is_around =
                |inner: &&OwnArea| inner.path != area.path && is_below(&inner.path, &area.path);
            if !found.iter().any(is_around) {
                found.push(area);
            }
        }
        found.into_iter().map(|own| own.id).collect()
    }
}

/// The pattern of a path as one. Actix panics at one that it cannot read, and an expression of which nothing is
/// registered has never been read.
fn entrance(path: &str, is_registered: bool) -> Option<Pattern> {
    let pattern = Pattern::new(&with_own_names(path)?, true);
    (is_registered || pattern.has_segments_only()).then_some(pattern)
}

/// The same path with another name for each dynamic segment: scopes within each other may use a name twice, but one
/// pattern must not. `None` if it cannot be one pattern.
fn with_own_names(path: &str) -> Option<String> {
    let (mut own, mut rest, mut count) = (String::new(), path, 0);
    while let Some((fixed, dynamic)) = rest.split_once('{') {
        let (segment, after) = split_segment(dynamic)?;
        let expression = segment.find(':').map_or("", |start| &segment[start..]);
        own.extend([fixed, "{_", &count.to_string(), expression, "}"]);
        rest = after;
        count += 1;
    }
    // their names are nobody's to change
    let groups = path.matches("(?P<").count() + path.matches("(?<").count();
    (count <= MAX_DYNAMIC && groups <= 1).then(|| own + rest)
}

/// The most dynamic segments that actix takes in one pattern.
const MAX_DYNAMIC: usize = 16;

/// A dynamic segment, behind its first brace, and what follows.
fn split_segment(dynamic: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    let end = dynamic.find(|letter| {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some((&dynamic[..end], &dynamic[end + 1..]))
}

#[cfg(test)]
mod tests {
    use cors_core::{Policy, RouteTable};

    use super::{Area, Areas};

    /// The scopes of an application; those with a star actix has, too.
    fn areas(paths: &[&str]) -> (Areas, Vec<Area>) {
        let base = Policy::default();
        let policies = vec![base.clone(); paths.len()];
        let table = RouteTable::with_scopes(&base, &[], &policies, str::to_owned);
        let mut paths: Vec<&str> = paths.to_vec();
        paths.sort_by_key(|path| std::cmp::Reverse(path.len()));
        let path = |path: &&str| path.trim_end_matches('*').to_owned();
        let entered = paths.iter().filter(|path| path.ends_with('*')).map(path).collect::<Vec<_>>();
        let areas = paths.iter().zip(table.scopes());
        let areas: Vec<Area> = areas.map(|(own, id)| Area { path: path(own), id }).collect();
        (Areas::new(&areas, &entered, |_| false), areas)
    }

    #[test]
    fn an_unrouted_path_belongs_to_the_innermost_scope_that_actix_enters_or_would_enter() {
        let rows: [(&[&str], &str, &str, &[&str]); 19] = [
            (&["/api"], "/api/nope", "", &["/api"]),
            (&["/api"], "/api", "", &["/api"]),
            (&["/api"], "/apix", "", &[]),
            (&["/api*"], "/api/nope", "/api", &["/api"]),
            // its guard has refused
            (&["/api*"], "/api/nope", "", &[]),
            (&["/api", "/api/v1"], "/api/v1/nope", "", &["/api/v1"]),
            (&["/api", "/api/v1"], "/api/v2/nope", "", &["/api"]),
            (&["/api*", "/api/v1"], "/api/v1/nope", "/api", &["/api/v1"]),
            (&["/api*", "/api/v1*"], "/api/v1/nope", "/api", &["/api"]),
            (&["/api"], "/api/v1/nope", "/api/v1", &["/api"]),
            // patterns are compared
            (&["/{tenant}"], "/admin/nope", "/admin", &[]),
            (&["/{tenant}*"], "/admin/nope", "/{tenant}", &["/{tenant}"]),
            (&["/{tenant}"], "/admin/nope", "", &["/{tenant}"]),
            // either may be meant
            (&["/{tenant}", "/admin"], "/admin/nope", "", &["/{tenant}", "/admin"]),
            // names repeat, and actix has read none of these
            (&["/{id}/{id}"], "/1/2/nope", "", &["/{id}/{id}"]),
            (&["/{id"], "/1/nope", "", &[]),
            (&["/{id:[}"], "/1/nope", "", &[]),
            (&["/{id:[0-9]+}"], "/1/nope", "", &[]),
            (&["/{id:[0-9]+}*"], "/1/nope", "/{id:[0-9]+}", &["/{id:[0-9]+}"]),
        ];
        for (paths, path, prefix, expected) in rows {
            let (areas, all) = areas(paths);
            let found = areas.of(path, prefix);
            let found = found.iter().map(|id| &*all.iter().find(|own| own.id == *id).unwrap().path);
            assert_eq!(found.collect::<Vec<_>>(), expected, "{paths:?} {path} in {prefix}");
        }
    }
}
