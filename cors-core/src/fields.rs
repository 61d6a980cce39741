//! The header fields of the CORS protocol: those that a decision reads, and those that it writes.

/// The request headers that CORS decisions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestHeader {
    /// `Origin`
    Origin,
    /// `Access-Control-Request-Method`
    AccessControlRequestMethod,
    /// `Access-Control-Request-Headers`
    AccessControlRequestHeaders,
}

impl RequestHeader {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Origin, Self::AccessControlRequestMethod, Self::AccessControlRequestHeaders];

    /// The field name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Origin => "Origin",
            Self::AccessControlRequestMethod => "Access-Control-Request-Method",
            Self::AccessControlRequestHeaders => "Access-Control-Request-Headers",
        }
    }
}

/// The response headers of the CORS protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseHeader {
    /// `Access-Control-Allow-Origin`
    AllowOrigin,
    /// `Access-Control-Allow-Credentials`
    AllowCredentials,
    /// `Access-Control-Allow-Methods`
    AllowMethods,
    /// `Access-Control-Allow-Headers`
    AllowHeaders,
    /// `Access-Control-Max-Age`
    MaxAge,
    /// `Access-Control-Expose-Headers`
    ExposeHeaders,
}

impl ResponseHeader {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::AllowOrigin,
        Self::AllowCredentials,
        Self::AllowMethods,
        Self::AllowHeaders,
        Self::MaxAge,
        Self::ExposeHeaders,
    ];

    /// The field name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllowOrigin => "access-control-allow-origin",
            Self::AllowCredentials => "access-control-allow-credentials",
            Self::AllowMethods => "access-control-allow-methods",
            Self::AllowHeaders => "access-control-allow-headers",
            Self::MaxAge => "access-control-max-age",
            Self::ExposeHeaders => "access-control-expose-headers",
        }
    }

    /// The request header whose value it repeats, where it repeats one.
    pub(crate) const fn counterpart(self) -> RequestHeader {
        match self {
            Self::AllowMethods => RequestHeader::AccessControlRequestMethod,
            Self::AllowHeaders => RequestHeader::AccessControlRequestHeaders,
            _ => RequestHeader::Origin,
        }
    }
}
