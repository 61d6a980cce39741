//! The policies of the palette, each with origins and an exposed header that tell it apart, and
//! what each of them comes to over each base policy.

use cors_actix::{Cors, CorsBuilder, Override, OverrideBuilder};

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
    /// Of the handler's attribute, then of route entries.
    pub(super) layers: [Option<Layer>; 3],
    /// Whether an annotated handler before it serves the method, so that it is one of the path.
    pub(super) is_served: bool,
}

/// A policy in the words of the builder; no `methods` are those of the route.
#[derive(Debug, Clone, Copy, Default)]
struct Written {
    origins: &'static [&'static str],
    methods: Option<&'static [&'static str]>,
    headers: &'static [&'static str],
    exposed: &'static [&'static str],
    credentials: bool,
    is_disabled: bool,
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
                is_disabled: false,
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
    fn over(self, base: Written) -> Written {
        if base.is_disabled {
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
            Self::Disable => Written { is_disabled: true, ..Written::default() },
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
        }
    }
}

impl Truth {
    /// The middleware of an application that has this policy and no other.
    pub(super) fn alone(self) -> Cors {
        let layers = self.layers.into_iter().flatten();
        let own = layers.fold(self.base.written(), |policy, layer| layer.over(policy));
        // what ran serves the method, so that an unset list allows it, if it is known what it serves
        let is_known =
            self.is_served || self.layers != [None; 3] || cfg!(feature = "introspection");
        let served: Option<&[&str]> = is_known.then_some(&METHODS);
        let written = Written { methods: own.methods.or(served), ..own };
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
