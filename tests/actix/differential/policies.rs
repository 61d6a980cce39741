//! The policies of the palette, each with origins and an exposed header that tell it apart, and
//! what each of them comes to over each base policy.

use cors_actix::{Cors, CorsBuilder, Override, OverrideBuilder, report::Off};

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
    External,
}

/// The policy that an answer has to have: the base policy under those of scopes, of a handler and of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Truth {
    pub(super) policy: Written,
    /// Whether it is known that what it is for serves the method, so that an unset list allows it.
    pub(super) is_known: bool,
}

/// A policy in the words of the builder; no `methods` are those of the route.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Written {
    origins: &'static [&'static str],
    methods: Option<&'static [&'static str]>,
    headers: &'static [&'static str],
    exposed: &'static [&'static str],
    credentials: bool,
    off: Option<Off>,
}

impl Base {
    pub(super) fn written(self) -> Written {
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
                off: None,
            },
            Self::Open => Written {
                origins: &["*"],
                methods: Some(&["*"]),
                headers: &["*"],
                exposed: &["X-Of-Base"],
                ..Written::default()
            },
            Self::Nothing => Written::default(),
        }
    }

    /// The middleware with this base policy.
    pub(super) fn builder(self) -> CorsBuilder {
        self.written().builder()
    }
}

impl Layer {
    pub(super) const ALL: [Self; 7] = [
        Self::Inherit,
        Self::One,
        Self::Two,
        Self::Open,
        Self::Narrow,
        Self::Disable,
        Self::External,
    ];

    pub(super) fn over(self, base: Written) -> Written {
        if base.off.is_some() && self != Self::Disable {
            return base;
        }
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
            Self::Disable => Written { off: Some(Off::Disable), ..Written::default() },
            Self::External => Written { off: Some(Off::External), ..Written::default() },
        }
    }

    /// The same as a route entry has it.
    pub(super) fn overrides(self) -> OverrideBuilder {
        let all = |origins: &[&str], headers: &[&str], exposed: &str| {
            Override::builder()
                .allow_origins(origins.iter().copied())
                .allow_headers(headers.iter().copied())
                .expose_headers([exposed])
        };
        match self {
            Self::Inherit => Override::builder(),
            Self::One => all(&[ONE], &["X-One"], "X-Of-One"),
            Self::Two => all(&[APP, TWO], &["X-Base", "X-Two"], "X-Of-Two").allow_credentials(true),
            Self::Open => all(&["*"], &["*"], "X-Of-Open").allow_credentials(false),
            Self::Narrow => all(&[APP, ONE], &["X-Base"], "X-Of-Narrow").allow_methods(["PUT"]),
            Self::Disable => Override::builder().disable(),
            Self::External => Override::builder().external(),
        }
    }
}

impl Truth {
    /// Layers over the policy of a scope, or the base policy; of routes with a layer of their own it is known
    /// what they serve.
    pub(super) fn new(scope: Written, layers: impl IntoIterator<Item = Layer>) -> Self {
        let mut layers = layers.into_iter().peekable();
        let is_known = layers.peek().is_some() || cfg!(feature = "introspection");
        Self { policy: layers.fold(scope, |policy, layer| layer.over(policy)), is_known }
    }

    /// The middleware of an application that has this policy and no other.
    pub(super) fn alone(self) -> Cors {
        let served: Option<&[&str]> = self.is_known.then_some(&METHODS);
        let methods = self.policy.methods.or(served);
        let written = Written { methods, ..self.policy };
        written.builder().build().expect("a merged policy that is valid")
    }
}

impl Written {
    fn builder(&self) -> CorsBuilder {
        let builder = Cors::builder()
            .allow_origins(self.origins.iter().copied())
            .allow_headers(self.headers.iter().copied())
            .expose_headers(self.exposed.iter().copied())
            .allow_credentials(self.credentials)
            .disable(self.off == Some(Off::Disable))
            .external(self.off == Some(Off::External));
        match self.methods {
            Some(methods) => builder.allow_methods(methods.iter().copied()),
            None => builder,
        }
    }
}
