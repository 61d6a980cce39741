//! Lints: what is legal in a policy and surely a mistake.

use std::fmt;

use crate::{
    headers::{self, HeaderName},
    max_age, methods,
    origin::{OriginPattern, covered},
    policy::{Allowed, Consent, DISABLE, Effect, LayeredPolicy, Outcome, Policy},
    setting::Key,
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
    /// The setting that holds the value; `None` for `disable` and the consents.
    pub key: Option<Key>,
    /// The value, as it was written, or the name of a setting that has no effect; empty if the lint is about
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
    /// A `dangerously_` setting that makes no difference to any origin.
    ConsentUnused,
    /// A setting of an override that was the same before.
    NothingChanged {
        /// Where the value came from.
        inherited: Source,
    },
    /// A setting of an override where CORS is off.
    CorsOff {
        /// Where it was turned off.
        by: Source,
    },
}

impl Concern {
    /// Whether it is about origins that are a risk beside credentials.
    fn is_of_credentials(&self) -> bool {
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
        }
    }

    /// The message without the place: what is odd and what to write instead.
    #[must_use]
    pub fn message(&self) -> String {
        let value = &self.value;
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
                    "origin `{value}` covers names that anybody can register{}; list your own, or call \
                     `dangerously_allow_public_suffixes(true)` on the base policy",
                    such_as.unwrap_or_default()
                )
            }
            Concern::OriginLoopback => format!(
                "origin `{value}` is the visitor's own machine, where any program may serve pages, while \
                 `allow_credentials = true`; leave it out in production"
            ),
            Concern::OriginAnyPort => format!(
                "origin `{value}` is whatever listens at the host, on any port, while \
                 `allow_credentials = true`; list the ports"
            ),
            Concern::OriginAddress => format!(
                "origin `{value}` is an address, which is somebody else's in another network or after a \
                 move, while `allow_credentials = true`; write a host name"
            ),
            Concern::ConsentUnused => {
                format!("`{value}(true)` makes no difference to any origin; leave it out")
            }
            Concern::NothingChanged { inherited } => {
                format!(
                    "`{value}` changes nothing, because it was so before ({inherited}); leave it out"
                )
            }
            Concern::CorsOff { by } => format!(
                "`{value}` has no effect, because CORS is off there ({by}); remove one of the two"
            ),
        }
    }

    /// The lint about a setting that did nothing; `off_by` is the override that turned CORS off in the end.
    pub(crate) fn of_effect(effect: &Effect, off_by: Option<&Source>) -> Option<Self> {
        let off_later = off_by.filter(|by| **by != effect.source);
        let concern = match (&effect.outcome, off_later) {
            (Outcome::Changed, None) => return None,
            (Outcome::Changed, Some(by)) | (Outcome::Off { by }, _) => {
                Concern::CorsOff { by: by.clone() }
            }
            (Outcome::Same { inherited }, _) => {
                Concern::NothingChanged { inherited: inherited.clone() }
            }
        };
        let (source, key) = (effect.source.clone(), effect.key);
        Some(Self { source, key, value: key.map_or(DISABLE, Key::as_str).into(), concern })
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.source != Source::Base {
            write!(f, "{}: ", self.source)?;
        }
        f.write_str(&self.message())
    }
}

impl LayeredPolicy {
    /// What is legal in this policy and surely a mistake.
    #[must_use]
    pub fn lints(&self) -> Vec<Lint> {
        let of_keys = Key::ALL.iter().flat_map(|key| self.lints_of(*key));
        of_keys.chain(self.lint_consents()).chain(self.lint_effects()).collect()
    }

    fn lint_consents(&self) -> impl Iterator<Item = Lint> {
        let unused = self.policy().consents().given().filter(|consent| !self.uses(*consent));
        unused.map(|consent| Lint {
            source: Source::Base,
            key: None,
            value: consent.as_str().into(),
            concern: Concern::ConsentUnused,
        })
    }

    /// The settings of overrides that did nothing.
    fn lint_effects(&self) -> impl Iterator<Item = Lint> {
        self.effects().iter().filter_map(|effect| Lint::of_effect(effect, self.disabled_by()))
    }

    /// The lints of one setting.
    pub(crate) fn lints_of(&self, key: Key) -> Vec<Lint> {
        let found = match key {
            Key::AllowOrigins => self.lint_origins(),
            Key::AllowMethods => self.lint_methods(),
            Key::AllowHeaders => lint_names(
                self.policy().allow_headers(),
                headers::is_safelisted_in_request,
                &Concern::RequestHeaderSafelisted,
            ),
            Key::ExposeHeaders => lint_names(
                self.policy().expose_headers(),
                headers::is_safelisted_in_response,
                &Concern::ResponseHeaderSafelisted,
            ),
            Key::MaxAge => self.lint_max_age(),
            Key::AllowCredentials => Vec::new(),
        };
        let source = |concern: &Concern| {
            let own = self.origin_of(key);
            // the base policy's origins became a risk where credentials were added
            if own == Source::Base && concern.is_of_credentials() {
                return self.origin_of(Key::AllowCredentials);
            }
            own
        };
        let lint = |(value, concern): (String, Concern)| Lint {
            source: source(&concern),
            key: Some(key),
            value: value.into(),
            concern,
        };
        found.into_iter().map(lint).collect()
    }

    fn lint_origins(&self) -> Vec<(String, Concern)> {
        let mut found = Vec::new();
        if self.allows_no_origin() {
            found.push((String::new(), Concern::NoOrigins));
        }
        let origins = self.policy().allow_origins();
        let suffixes = origins.members().filter(|origin| origin.is_suffix());
        found.extend(suffixes.map(|origin| (origin.to_string(), Concern::OriginIsSuffix)));
        found.extend(origins.members().flat_map(|origin| {
            let risks = risks_of(origin, self.policy()).into_iter();
            risks.map(|risk| (origin.to_string(), risk))
        }));
        found.extend(covered(origins.members()).map(|(origin, by)| {
            (origin.to_string(), Concern::OriginCovered { by: by.to_string() })
        }));
        found
    }

    fn lint_methods(&self) -> Vec<(String, Concern)> {
        let methods = self.policy().allow_methods().into_iter().flat_map(Allowed::members);
        methods
            .filter_map(|method| {
                let write = methods::other_case(method.as_str())?;
                Some((method.to_string(), Concern::MethodCase { write }))
            })
            .collect()
    }

    fn lint_max_age(&self) -> Vec<(String, Concern)> {
        let too_long = self.policy().max_age().filter(|age| age.as_secs() > max_age::LONGEST);
        too_long.map(|age| (age.to_string(), Concern::MaxAgeCapped)).into_iter().collect()
    }

    /// Whether something is set and nobody profits.
    pub(crate) fn allows_no_origin(&self) -> bool {
        let origins = self.policy().allow_origins();
        !self.policy().is_disabled()
            && !origins.is_any()
            && origins.members().next().is_none()
            && Key::ALL.iter().any(|key| !self.contributions(*key).is_empty())
    }
}

/// What strangers may do with an origin that is allowed.
fn risks_of(origin: &OriginPattern, policy: &Policy) -> Vec<Concern> {
    if !policy.allow_credentials() {
        let is_silent = policy.consents().include(Consent::PublicSuffixes);
        let stranger = || Concern::OriginCoversStrangers { stranger: origin.stranger() };
        return (origin.covers_strangers() && !is_silent).then(stranger).into_iter().collect();
    }
    if origin.is_loopback() {
        return vec![Concern::OriginLoopback];
    }
    let any_port = origin.has_any_port().then_some(Concern::OriginAnyPort);
    let address = origin.is_address().then_some(Concern::OriginAddress);
    any_port.into_iter().chain(address).collect()
}

fn lint_names(
    names: &Allowed<HeaderName>,
    is_needless: impl Fn(&str) -> bool,
    concern: &Concern,
) -> Vec<(String, Concern)> {
    let needless = names.members().filter(|name| is_needless(name.as_str()));
    needless.map(|name| (name.to_string(), concern.clone())).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Policy, PolicyBuilder};

    fn base() -> PolicyBuilder {
        Policy::builder().allow_origins(["https://app.example.com"])
    }

    fn lints(builder: &PolicyBuilder) -> Vec<(&'static str, String)> {
        let lints = builder.build_layered().unwrap().lints();
        lints.into_iter().map(|lint| (lint.code(), lint.value.into())).collect()
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn what_is_surely_a_mistake_is_said() {
        let days = |days: u64| base().max_age(std::time::Duration::from_hours(24 * days));
        let table = [
            (
                base().allow_methods(["patch", "Put", "PATCH"]),
                vec![("CORS101", "Put"), ("CORS101", "patch")],
            ),
            (days(2), vec![("CORS102", "172800")]),
            (base().allow_headers(["ACCEPT", "X-A"]), vec![("CORS105", "ACCEPT")]),
            (base().expose_headers(["Content-Type", "ETag"]), vec![("CORS106", "Content-Type")]),
            (base().allow_origins(["https://co.uk"]), vec![("CORS104", "https://co.uk")]),
            (Policy::builder().allow_headers(["X-A"]), vec![("CORS107", "")]),
            (Policy::builder().allow_origins::<[&str; 0]>([]), vec![("CORS107", "")]),
        ];
        for (builder, expected) in table {
            let expected: Vec<(&str, String)> =
                expected.into_iter().map(|(code, value)| (code, value.to_owned())).collect();
            assert_eq!(lints(&builder), expected);
        }
    }

    #[test]
    fn what_may_be_right_is_left_alone() {
        let table = [
            Policy::builder(),
            base(),
            base().allow_methods(["GET", "PATCH", "get-it", "X-Lower"]),
            base().allow_headers(["Content-Type", "Range", "Authorization"]),
            base().expose_headers(["ETag", "Location"]),
            base().max_age(std::time::Duration::from_hours(24)),
            base().allow_origins(["https://me.github.io", "https://github.io", "http://intranet"]),
            base().allow_origins(["*"]).allow_headers(["*"]),
        ];
        for builder in table {
            assert_eq!(lints(&builder), [], "{builder:?}");
        }
    }

    #[test]
    fn an_origin_that_another_covers_is_named_with_it() {
        let table = [
            ("https://a.example.com", "https://*.example.com", true),
            ("https://a.b.example.com", "https://*.example.com", true),
            ("https://a.example.com:8443", "https://*.example.com:*", true),
            ("https://*.a.example.com", "https://*.example.com", true),
            ("https://*.example.com:8443", "https://*.example.com:*", true),
            ("https://example.com:8443", "https://example.com:*", true),
            ("https://a.example.com:*", "https://*.example.com:*", true),
            ("http://[::1]:9090", "http://[::1]:*", true),
            ("https://example.com", "https://*.example.com", false),
            ("http://a.example.com", "https://*.example.com", false),
            ("https://a.example.com:8443", "https://*.example.com", false),
            ("https://a.example.com:*", "https://*.example.com", false),
            ("https://*.example.com:*", "https://example.com:*", false),
            ("https://a.example.com", "https://*.a.example.com", false),
        ];
        for (origin, by, is_covered) in table {
            let lints = base().allow_origins([origin, by]).build_layered().unwrap().lints();
            let messages: Vec<String> = lints.iter().map(ToString::to_string).collect();
            let expected = format!("origin `{origin}` is covered by `{by}`; leave one of them out");
            let expected = if is_covered { vec![expected] } else { Vec::new() };
            assert_eq!(messages, expected);
        }
    }
}
