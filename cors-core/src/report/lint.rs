//! Lints: what is legal in a policy and surely a mistake.

use std::fmt;

use crate::{
    group_name::GroupName,
    headers,
    policy::{Effect, ElementEffect, OffBy, Outcome},
    setting::{Key, Off, Operator},
    source::Source,
};

/// Something in a valid policy that its author can hardly want.
///
/// A policy with lints works; an adapter writes them to the log when an application starts.
///
/// ```
/// use cors_core::Policy;
///
/// let policy = Policy::builder()
///     .allow_origins(["https://app.example.com"])
///     .allow_methods(["patch"])
///     .build_layered()?;
/// let lints = policy.lints();
/// assert_eq!(lints[0].code(), "CORS101");
/// assert_eq!(
///     lints[0].to_string(),
///     "method `patch` is sent as it is written, and scripts mean another; write `PATCH`",
/// );
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Lint {
    /// The layer that brought the value.
    pub source: Source,
    /// The setting that holds the value; `None` for `disable`, `external`, the consents, origin groups and
    /// variables that are not read.
    pub key: Option<Key>,
    /// The value, as it was written, or the name of a setting or a variable that has no effect; empty if the lint is about
    /// a whole list.
    pub value: Box<str>,
    /// What is odd about it.
    pub concern: Concern,
}

/// What is odd about a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Concern {
    /// A method of the registry in lower case: browsers compare methods by case, and send `PATCH`.
    MethodCase {
        /// The registered spelling.
        write: &'static str,
    },
    /// A max-age beyond what any browser honours, which is a day.
    MaxAgeCapped,
    /// An origin that another pattern of the list stands for already.
    OriginCovered {
        /// The other pattern.
        by: String,
    },
    /// An origin whose host is a public suffix, such as `https://co.uk`, where no site is.
    OriginIsSuffix,
    /// A request header that scripts may set without permission.
    RequestHeaderSafelisted,
    /// A request header that scripts cannot set.
    RequestHeaderForbidden,
    /// A response header that scripts can always read.
    ResponseHeaderSafelisted,
    /// No origin is allowed, so the other settings have no effect.
    NoOrigins,
    /// Subdomains that strangers can register, without credentials and without the consent.
    OriginCoversStrangers {
        /// Such a name, where one is known.
        stranger: Option<String>,
    },
    /// The visitor's own machine, in a policy with credentials.
    OriginLoopback,
    /// A site at any port, in a policy with credentials.
    OriginAnyPort,
    /// An IP address, in a policy with credentials.
    OriginAddress,
    /// An origin that may send cookies, and that `allow_origins` does not admit.
    CredentialsWithoutEffect,
    /// `dangerously_expose_any_header` where no origin has credentials.
    ExposeAnyAlone,
    /// A `dangerously_` setting that makes no difference to any origin.
    ConsentUnused,
    /// A setting of an override that was the same before.
    NothingChanged {
        /// Where the value came from.
        inherited: Source,
    },
    /// An element that `+=` adds to a list which has it already.
    ThereAlready {
        /// Where the list came from.
        inherited: Source,
    },
    /// An element that `-=` takes from a list which does not have it.
    NotThere {
        /// Where the list came from.
        inherited: Source,
    },
    /// A list of methods, set elsewhere than above the handler, that lacks one which the handler serves.
    MethodShutOut {
        /// The handler.
        handler: Source,
    },
    /// An environment variable with nearly the name of one that is read.
    VariableIgnored {
        /// The name that is read.
        write: &'static str,
    },
    /// An origin group that no list names.
    GroupUnused {
        /// Where nothing but an environment variable defines the group: the variable of the group with the closest name.
        did_you_mean: Option<String>,
    },
    /// A setting of an override where CORS is off.
    CorsOff {
        /// Where it was turned off.
        by: Source,
        /// How.
        off: Off,
    },
}

impl Concern {
    /// Whether it is about origins that are a risk beside credentials.
    pub(super) fn is_of_credentials(&self) -> bool {
        matches!(self, Self::OriginLoopback | Self::OriginAnyPort | Self::OriginAddress)
    }
}

impl Lint {
    /// The stable code, such as `CORS101`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.concern {
            Concern::MethodCase { .. } => "CORS101",
            Concern::MaxAgeCapped => "CORS102",
            Concern::OriginCovered { .. } => "CORS103",
            Concern::OriginIsSuffix => "CORS104",
            Concern::RequestHeaderSafelisted => "CORS105",
            Concern::ResponseHeaderSafelisted => "CORS106",
            Concern::NoOrigins => "CORS107",
            Concern::OriginCoversStrangers { .. } => "CORS108",
            Concern::OriginLoopback => "CORS109",
            Concern::OriginAnyPort => "CORS110",
            Concern::OriginAddress => "CORS111",
            Concern::ConsentUnused => "CORS112",
            Concern::NothingChanged { .. } => "CORS113",
            Concern::CorsOff { .. } => "CORS114",
            Concern::MethodShutOut { .. } => "CORS115",
            Concern::RequestHeaderForbidden => "CORS116",
            Concern::VariableIgnored { .. } => "CORS117",
            Concern::ThereAlready { .. } => "CORS118",
            Concern::NotThere { .. } => "CORS119",
            Concern::CredentialsWithoutEffect => "CORS120",
            Concern::ExposeAnyAlone => "CORS121",
            Concern::GroupUnused { .. } => "CORS122",
        }
    }

    /// The message without the place: what is odd and what to write instead.
    #[must_use]
    pub fn message(&self) -> String {
        let (value, key) = (&self.value, self.key.map_or("", Key::as_str));
        match &self.concern {
            Concern::MethodCase { write } => format!(
                "method `{value}` is sent as it is written, and scripts mean another; write `{write}`"
            ),
            Concern::MaxAgeCapped => format!(
                "`max_age` is `{value}` seconds, and no browser remembers a preflight for more than \
                 a day; write `\"1d\"` or less"
            ),
            Concern::OriginCovered { by } => {
                format!("origin `{value}` is covered by `{by}`; leave one of them out")
            }
            Concern::OriginIsSuffix => format!(
                "origin `{value}` is a public suffix, where names are registered; write your own host"
            ),
            Concern::RequestHeaderSafelisted => format!(
                "header `{value}` needs no permission for values of up to 128 plain characters; leave \
                 it out"
            ),
            Concern::RequestHeaderForbidden => {
                let why = headers::why_forbidden_in_request(value);
                format!(
                    "header `{value}` cannot be set by a script, so that no preflight asks for it: {why}; leave it \
                     out"
                )
            }
            Concern::VariableIgnored { write } => {
                format!("`{value}` is not read; write `{write}`")
            }
            Concern::ResponseHeaderSafelisted => {
                format!("header `{value}` can always be read; leave it out")
            }
            Concern::NoOrigins => {
                "`allow_origins` is empty, so that no other site may read anything; \
                 list origins such as `https://app.example.com`"
                    .to_owned()
            }
            Concern::OriginCoversStrangers { stranger } => {
                let such_as = stranger.as_ref().map(|name| format!(", such as `{name}`"));
                format!(
                    "origin `{value}` covers names that anybody can register{}; list your own, or set \
                     `dangerously_allow_public_suffixes = true` in the base policy",
                    such_as.unwrap_or_default()
                )
            }
            Concern::OriginLoopback => format!(
                "origin `{value}` is the visitor's own machine, where any program may serve pages, and \
                 has credentials; leave it out in production"
            ),
            Concern::OriginAnyPort => format!(
                "origin `{value}` is whatever listens at the host, on any port, and has \
                 credentials; list the ports"
            ),
            Concern::OriginAddress => format!(
                "origin `{value}` is an address, which is somebody else's in another network or after a \
                 move, and has credentials; write a host name"
            ),
            Concern::CredentialsWithoutEffect => format!(
                "origin `{value}` may send cookies and is not allowed to ask; add it to `allow_origins`, or \
                 leave it out"
            ),
            Concern::ExposeAnyAlone => {
                "`dangerously_expose_any_header` is needed beside credentials alone, and no origin has any; write \
                 `expose_headers = [\"*\"]`"
                    .to_owned()
            }
            Concern::GroupUnused { did_you_mean } => unused_group(value, did_you_mean.as_deref()),
            Concern::ConsentUnused => {
                format!("`{value} = true` makes no difference to any origin; leave it out")
            }
            Concern::NothingChanged { inherited } => {
                format!(
                    "`{value}` changes nothing, because it was so before ({inherited}); leave it out"
                )
            }
            Concern::ThereAlready { inherited } => format!(
                "`{key} += [\"{value}\"]` adds what is in the list already ({inherited}); leave it out"
            ),
            Concern::NotThere { inherited } => format!(
                "`{key} -= [\"{value}\"]` takes away what is not in the list ({inherited}); leave it out, or write \
                 an element as it stands there"
            ),
            Concern::MethodShutOut { handler } => format!(
                "`allow_methods` lacks `{value}`, so its preflights are refused although a handler serves it \
                 ({handler}); add it to the list, or write `allow_methods += [\"{value}\"]` above the handler"
            ),
            Concern::CorsOff { by, off } => {
                let is = match off {
                    Off::External => "is left to another layer",
                    Off::Disable => "is off",
                };
                format!(
                    "`{value}` has no effect, because CORS {is} there ({by}); remove one of the two"
                )
            }
        }
    }

    /// The lint about a setting that did nothing, unless its elements are named one by one; `off_by` is the override
    /// that turned CORS off in the end.
    pub(crate) fn of_effect(effect: &Effect, off_by: Option<&OffBy>) -> Option<Self> {
        let off_later = off_by.filter(|by| by.source != effect.source);
        let are_named = !effect.elements.is_empty();
        let concern = match (&effect.outcome, off_later) {
            (Outcome::Changed, None) => return None,
            // each of its elements is
            (Outcome::Same { .. }, None) if are_named => return None,
            (Outcome::Changed, Some(by)) | (Outcome::Off(by), _) => {
                Concern::CorsOff { by: by.source.clone(), off: by.off }
            }
            (Outcome::Same { inherited }, _) => {
                Concern::NothingChanged { inherited: inherited.clone() }
            }
        };
        let (source, key) = (effect.source.clone(), effect.key);
        Some(Self { source, key, value: effect.name.into(), concern })
    }

    /// The lint about an element of a list that did nothing.
    pub(crate) fn of_element(effect: &Effect, element: &ElementEffect) -> Self {
        let inherited = element.inherited.clone();
        let concern = match element.operator {
            Operator::Remove => Concern::NotThere { inherited },
            Operator::Add | Operator::Set => Concern::ThereAlready { inherited },
        };
        let (source, key) = (effect.source.clone(), effect.key);
        Self { source, key, value: element.value.as_str().into(), concern }
    }
}

fn unused_group(name: &str, did_you_mean: Option<&str>) -> String {
    let nearest = did_you_mean.map(|variable| format!("write `{variable}`, or "));
    let nearest = nearest.unwrap_or_default();
    if GroupName::parse(name).is_none() {
        return format!("`{name}` is the variable of no origin group; {nearest}leave it out");
    }
    format!(
        "origin group `{name}` is in no list of the base policy, a scope or a route; {nearest}list `@{name}`, or leave \
         it out"
    )
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.source != Source::Base {
            write!(f, "{}: ", self.source)?;
        }
        f.write_str(&self.message())
    }
}
