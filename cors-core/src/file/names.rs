//! Which keys may stand where in a file.

use crate::{
    error::Problem,
    policy::{Consent, OVERRIDE_NAMES},
    setting::{Key, Off, closest},
};

/// A table of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// The file itself, which is the base policy.
    Base,
    /// An entry of `scopes`.
    Scope,
    /// An entry of `routes`.
    Route,
}

pub(super) const SCOPES: &str = "scopes";
pub(super) const ROUTES: &str = "routes";
pub(super) const ORIGIN_GROUPS: &str = "origin_groups";
pub(super) const PATH: &str = "path";
pub(super) const METHODS: &str = "methods";

/// The settings of the base policy.
pub(super) fn settings() -> impl Iterator<Item = &'static str> {
    Key::ALL.iter().map(|key| key.as_str()).chain(switches())
}

/// What is on or off in the base policy: the ways of off, and consents.
pub(super) fn switches() -> impl Iterator<Item = &'static str> {
    let consents = Consent::ALL.into_iter().map(Consent::as_str);
    Off::ALL.into_iter().map(Off::as_str).chain(consents)
}

impl Level {
    const ALL: [Self; 3] = [Self::Base, Self::Scope, Self::Route];

    /// The list that it is an entry of.
    pub(super) const fn list(self) -> &'static str {
        match self {
            Self::Base => "",
            Self::Scope => SCOPES,
            Self::Route => ROUTES,
        }
    }

    /// Every key that may stand in it.
    pub(super) fn keys(self) -> Vec<&'static str> {
        let overrides = OVERRIDE_NAMES
            .iter()
            .map(|(name, ..)| *name)
            .chain(Off::ALL.into_iter().map(Off::as_str));
        match self {
            Self::Base => settings().chain([SCOPES, ROUTES, ORIGIN_GROUPS]).collect(),
            Self::Scope => overrides.chain([PATH]).collect(),
            Self::Route => overrides.chain([PATH, METHODS]).collect(),
        }
    }

    /// What is wrong with a key that may not stand in it.
    pub(super) fn refuse(self, key: &str) -> Problem {
        let may = |level: &Self| level.keys().contains(&key);
        let [base, scope, route] = Self::ALL.map(|level| may(&level));
        let belongs = match (base, scope, route) {
            (true, ..) => "to the top of the file",
            (false, true, _) => "into an entry of `scopes` or `routes`",
            (false, false, true) => "into an entry of `routes`",
            (false, false, false) => {
                return Problem::UnknownKey { did_you_mean: closest(key, self.keys()) };
            }
        };
        Problem::KeyElsewhere { belongs }
    }
}
