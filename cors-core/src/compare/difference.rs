//! What a comparison finds.

use std::time::Duration;

/// What two policies, or two tables of them, do differently.
///
/// It prints as text, a line for each difference. With the crate feature `serde` it can be written as JSON and the
/// like.
///
/// ```
/// use cors_core::{Comparison, Policy};
///
/// let before = Policy::builder()
///     .allow_origins(["https://*.example.com", "https://app.example.com"])
///     .build()?;
/// let same = Policy::builder().allow_origins(["https://*.example.com"]).build()?;
/// assert!(Comparison::of_policies(&before, &same).is_empty());
///
/// let wider = Policy::builder()
///     .allow_origins(["https://*.example.com", "https://*.evil.example"])
///     .build()?;
/// let comparison = Comparison::of_policies(&before, &wider);
/// assert!(comparison.widens() && !comparison.narrows());
/// assert_eq!(
///     comparison.to_string(),
///     "base policy: wider: https://a.evil.example may read responses (allow_origins)\n"
/// );
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
///
/// # What is compared
///
/// What browsers are let do, not how it is written, nor what it is remembered by (`Vary`). Each difference was checked
/// with both policies, compiled. What makes no difference to any script is none: a header that scripts cannot set, such
/// as `Cookie`, in `allow_headers`, or one that they can always read in `expose_headers`.
///
/// Methods, headers and credentials are compared for an origin that both policies allow: of one that only one allows
/// it is said that it may read responses, which says the rest. Each route is compared by itself, not with others that
/// match the same paths.
///
/// # What may be missed
///
/// Nothing is said that is not so. But a difference is found by trying requests, and a few may be missed:
///
/// - A few origins of a pattern, if the other policy has all others of it, by dozens of patterns for parts of the same
///   label or by thousands of origins. Of each pattern up to 4 096 origins are tried, and 64 once 200 000 have been.
///   They are made so that any other pattern that does not cover this one stands for two of them at most, or, if both
///   are for a part of the same label, for those that begin or end alike.
/// - Origins below a host of more than 230 bytes, where there is hardly room for a name.
/// - What two patterns for parts of the same label have in common, such as `a-*` and `*-b`, where it is too short for both
///   parts in full; and what is beyond 100 000 pairs of patterns of two lists, neither of which the other list has as a
///   whole.
/// - How many headers one preflight may name, and which of more than 64 headers of a response
///   `dangerously_expose_any_header` exposes; and whether scripts may read the headers of the CORS protocol itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Comparison {
    /// The differences: of the base policy, then of scopes, then of routes.
    pub differences: Vec<Difference>,
    /// How many there are beyond those.
    pub more: usize,
    /// The directions of all of them.
    directions: [bool; Direction::ALL.len()],
}

/// How many differences a comparison lists at most.
const DIFFERENCES: usize = 250;

impl Comparison {
    /// Whether the two do the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }

    /// Whether something is let through that was not before.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.has(Direction::Wider)
    }

    /// Whether something is no longer let through.
    #[must_use]
    pub fn narrows(&self) -> bool {
        self.has(Direction::Narrower)
    }

    /// Whether there are differences of a direction, those beyond the listed ones included.
    #[must_use]
    pub fn has(&self, direction: Direction) -> bool {
        self.directions[direction as usize]
    }
}

impl FromIterator<Difference> for Comparison {
    fn from_iter<I: IntoIterator<Item = Difference>>(differences: I) -> Self {
        let mut own = Self::default();
        for difference in differences {
            own.directions[difference.change.direction as usize] = true;
            if own.differences.len() < DIFFERENCES {
                own.differences.push(difference);
            } else {
                own.more += 1;
            }
        }
        own
    }
}

/// One difference of a [`Comparison`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Where it is.
    pub place: Place,
    /// Whether both tables have that place.
    pub standing: Standing,
    /// What changed there.
    pub change: Change,
}

impl Difference {
    pub(super) fn new(place: &Place, standing: &Standing, change: Change) -> Self {
        Self { place: place.clone(), standing: standing.clone(), change }
    }
}

/// What a policy is that of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Whatever has no policy of its own; or the policies are compared by themselves.
    Base,
    /// A scope.
    Scope {
        /// The full path of the scope.
        path: String,
        /// Whether it is only what no route takes.
        unrouted_only: bool,
    },
    /// A route.
    Route {
        /// The full pattern of its path.
        pattern: String,
        /// The methods that are compared together; `*` if they are not known.
        methods: Vec<String>,
    },
}

/// Whether both tables have a place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Both have it.
    Both,
    /// It is new, and compared with what answered before.
    New {
        /// Whose policy that was.
        before: Place,
    },
    /// It is gone, and compared with what answers now.
    Gone {
        /// Whose policy that is.
        now: Place,
    },
}

/// What changed at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What it is about.
    pub subject: Subject,
    /// Whether more is let through, or less.
    pub direction: Direction,
    /// Requests that one of the policies lets through and the other does not: up to three. There are none of
    /// [`Subject::MaxAge`] and [`Subject::External`], which say nothing of that kind.
    pub witnesses: Vec<Witness>,
    /// How many more listed origins, methods or headers show the same.
    pub more: usize,
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// Whose scripts may read responses.
    Origins,
    /// The methods that a preflight may announce.
    Methods,
    /// The request headers that a preflight may announce.
    RequestHeaders,
    /// The response headers that scripts may read.
    ExposedHeaders,
    /// Whose scripts may read responses to requests with credentials, of those that may read responses anyway.
    Credentials,
    /// How long browsers may remember a preflight, as far as they do.
    MaxAge {
        /// What it was.
        before: Duration,
        /// What it is.
        now: Duration,
    },
    /// Whether CORS is off for all.
    Disable,
    /// Whether CORS is left to another layer.
    External {
        /// Whether it is so now; otherwise it was before.
        left: bool,
    },
}

impl Subject {
    /// The setting, such as `allow_origins`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Origins => "allow_origins",
            Self::Methods => "allow_methods",
            Self::RequestHeaders => "allow_headers",
            Self::ExposedHeaders => "expose_headers",
            Self::Credentials => "allow_credentials",
            Self::MaxAge { .. } => "max_age",
            Self::Disable => "disable",
            Self::External { .. } => "external",
        }
    }
}

/// Whether more is let through, or less. What is both is two differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// More is let through.
    Wider,
    /// Less is let through.
    Narrower,
    /// Neither: how long an answer is remembered says nothing of what it allows. Until it is forgotten, what was allowed
    /// stays allowed.
    Neither,
    /// Another layer decides before or after the change, and what it allows is not known here.
    Unknown,
}

impl Direction {
    const ALL: [Self; 4] = [Self::Wider, Self::Narrower, Self::Neither, Self::Unknown];

    /// The word for it, such as `wider`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wider => "wider",
            Self::Narrower => "narrower",
            Self::Neither => "changed",
            Self::Unknown => "unknown",
        }
    }
}

/// A request that one of two policies lets through and the other does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Witness {
    /// The origin of the script: one, never a pattern.
    pub origin: String,
    /// Whether the one policy that lets it through does so with credentials too.
    pub with_credentials: bool,
    /// The method that a preflight announces.
    pub method: Option<String>,
    /// The request header that a preflight announces, or the response header that the script reads.
    pub header: Option<String>,
}
