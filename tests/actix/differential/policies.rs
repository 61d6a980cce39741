//! The policies of the palette, each with origins and an exposed header that tell it apart, and
//! what each of them comes to over each base policy.

use cors_actix::{Cors, CorsBuilder};

pub(super) const APP: &str = "https://app.example.com";
pub(super) const ONE: &str = "https://one.example";
pub(super) const TWO: &str = "https://two.example";

/// Every method that is served or asked for.
pub(super) const METHODS: [&str; 8] =
    ["GET", "PUT", "DELETE", "POST", "PATCH", "HEAD", "OPTIONS", "PURGE"];

/// A base policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Base {
    /// One origin; methods by route.
    Usual,
    /// Methods and origins listed, with credentials.
    Listing,
    /// Whatever is asked for, without credentials.
    Open,
    /// Nothing at all.
    Nothing,
}

/// What an attribute of the palette says; [`layered`](super::handlers) has the same in its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Layer {
    Inherit,
    One,
    Two,
    Open,
    Narrow,
    Disable,
}

/// The policy that a response has to have: the base policy, or that of an annotated handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Truth {
    pub(super) base: Base,
    pub(super) layer: Option<Layer>,
}

/// A policy in the words of the builder; no `methods` are those of the route.
#[derive(Debug, Clone, Copy, Default)]
struct Written {
    origins: &'static [&'static str],
    methods: Option<&'static [&'static str]>,
    headers: &'static [&'static str],
    exposed: &'static [&'static str],
    credentials: bool,
}

impl Base {
    fn written(self) -> Written {
        match self {
            Self::Usual => Written {
                origins: &[APP],
                headers: &["X-Base"],
                exposed: &["X-Of-Base"],
                ..Written::default()
            },
            Self::Listing => Written {
                origins: &[APP, TWO],
                methods: Some(&["GET", "PUT", "PURGE"]),
                headers: &["X-Base", "X-One"],
                exposed: &["X-Of-Base"],
                credentials: true,
            },
            Self::Open => Written {
                origins: &["*"],
                methods: Some(&["*"]),
                headers: &["*"],
                exposed: &["X-Of-Base"],
                credentials: false,
            },
            Self::Nothing => Written::default(),
        }
    }

    /// The middleware with this base policy.
    pub(super) fn cors(self) -> Cors {
        self.written().builder().build().expect("a base policy that is valid")
    }
}

impl Layer {
    fn over(self, base: Written) -> Written {
        match self {
            Self::Inherit => base,
            Self::One => {
                Written { origins: &[ONE], headers: &["X-One"], exposed: &["X-Of-One"], ..base }
            }
            Self::Two => Written {
                origins: &[APP, TWO],
                headers: &["X-Base", "X-Two"],
                exposed: &["X-Of-Two"],
                credentials: true,
                ..base
            },
            Self::Open => Written {
                origins: &["*"],
                headers: &["*"],
                exposed: &["X-Of-Open"],
                credentials: false,
                ..base
            },
            Self::Narrow => Written {
                origins: &[APP, ONE],
                methods: Some(&["PUT"]),
                headers: &["X-Base"],
                exposed: &["X-Of-Narrow"],
                ..base
            },
            Self::Disable => Written::default(),
        }
    }
}

impl Truth {
    /// The middleware of an application that has this policy and no other.
    pub(super) fn alone(self) -> Cors {
        let base = self.base.written();
        let own = self.layer.map_or(base, |layer| layer.over(base));
        // what ran serves the method, so that an unset list allows it
        let written = Written { methods: own.methods.or(Some(&METHODS)), ..own };
        written.builder().build().expect("a merged policy that is valid")
    }
}

impl Written {
    fn builder(&self) -> CorsBuilder {
        let builder = Cors::builder()
            .allow_origins(self.origins.iter().copied())
            .allow_headers(self.headers.iter().copied())
            .expose_headers(self.exposed.iter().copied())
            .allow_credentials(self.credentials);
        match self.methods {
            Some(methods) => builder.allow_methods(methods.iter().copied()),
            None => builder,
        }
    }
}
