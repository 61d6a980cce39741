//! What the developer agrees to by calling a `dangerously_` method.

use crate::origin::OriginPattern;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Consent {
    InsecureOrigins,
    NullOrigin,
    PublicSuffixes,
    FileOrigin,
    SchemeWildcards,
}

impl Consent {
    pub(crate) const ALL: [Self; 5] = [
        Self::InsecureOrigins,
        Self::NullOrigin,
        Self::PublicSuffixes,
        Self::FileOrigin,
        Self::SchemeWildcards,
    ];

    /// The name of the setting.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InsecureOrigins => "dangerously_allow_insecure_origins",
            Self::NullOrigin => "dangerously_allow_null_origin",
            Self::PublicSuffixes => "dangerously_allow_public_suffixes",
            Self::FileOrigin => "dangerously_allow_file_origin",
            Self::SchemeWildcards => "dangerously_allow_scheme_wildcards",
        }
    }

    /// Whether the consent makes a difference to an origin: without it there is an error, or a lint.
    pub(crate) fn matters(self, origin: &OriginPattern, has_credentials: bool) -> bool {
        match self {
            Self::InsecureOrigins => has_credentials && origin.is_insecure(),
            Self::NullOrigin => origin.is_null(),
            Self::PublicSuffixes => origin.may_cover_strangers(),
            Self::FileOrigin => origin.is_file(),
            Self::SchemeWildcards => has_credentials && origin.is_any_host(),
        }
    }
}

/// A set of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(crate) struct Consents(u8);

impl Consents {
    pub(crate) fn all() -> Self {
        Consent::ALL.into_iter().collect()
    }

    pub(crate) fn include(self, consent: Consent) -> bool {
        self.0 & (1 << consent as u8) != 0
    }

    pub(super) fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    pub(crate) fn given(self) -> impl Iterator<Item = Consent> {
        Consent::ALL.into_iter().filter(move |consent| self.include(*consent))
    }
}

impl FromIterator<Consent> for Consents {
    fn from_iter<I: IntoIterator<Item = Consent>>(consents: I) -> Self {
        Self(consents.into_iter().fold(0, |set, consent| set | 1 << consent as u8))
    }
}
