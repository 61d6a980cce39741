//! The lints of one policy.

use super::{Concern, Lint, overlap::not_admitted};
use crate::{
    headers::{self, HeaderName},
    max_age, methods,
    origin::{OriginPattern, covered},
    policy::{Allowed, Consent, Credentials, GroupReport, LayeredPolicy, Policy},
    setting::Key,
    source::Source,
};

impl LayeredPolicy {
    /// What is legal in this policy and surely a mistake.
    #[must_use]
    pub fn lints(&self) -> Vec<Lint> {
        let of_keys = Key::ALL.iter().flat_map(|key| self.lints_of(*key));
        let of_base = self.lint_consents().chain(self.lint_groups());
        let of_layers = of_base.chain(self.lint_effects());
        of_keys.chain(of_layers).chain(self.lint_variables()).collect()
    }

    fn lint_variables(&self) -> impl Iterator<Item = Lint> {
        self.ignored_variables().iter().map(|ignored| Lint {
            source: Source::Environment(ignored.name.into()),
            key: None,
            value: ignored.name.into(),
            concern: Concern::VariableIgnored { write: ignored.write },
        })
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

    fn lint_groups(&self) -> impl Iterator<Item = Lint> {
        self.unused_groups().map(|GroupReport { name, variable, did_you_mean }| Lint {
            source: variable.map_or(Source::Base, |variable| Source::Environment(variable.into())),
            key: None,
            value: name.into(),
            concern: Concern::GroupUnused { did_you_mean },
        })
    }

    /// The settings of overrides that did nothing.
    fn lint_effects(&self) -> impl Iterator<Item = Lint> {
        self.effects().iter().flat_map(|effect| {
            if let Some(lint) = Lint::of_effect(effect, self.off_by()) {
                return vec![lint];
            }
            let idle = effect.elements.iter().filter(|element| element.is_idle);
            idle.map(|element| Lint::of_element(effect, element)).collect()
        })
    }

    /// The lints of one setting.
    pub(crate) fn lints_of(&self, key: Key) -> Vec<Lint> {
        let found = match key {
            Key::AllowOrigins => self.lint_origins(),
            Key::AllowMethods => self.lint_methods(),
            Key::AllowHeaders => self.lint_request_headers(),
            Key::ExposeHeaders => lint_names(
                self.policy().expose_headers(),
                headers::is_safelisted_in_response,
                &Concern::ResponseHeaderSafelisted,
            ),
            Key::MaxAge => self.lint_max_age(),
            Key::AllowCredentials => self.lint_credentials(),
            Key::ExposeAnyHeader => self.lint_expose_any(),
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
            source: self.source_of_origin(key, &value, &source(&concern)),
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
        let policy = self.policy();
        let have_all = *policy.allow_credentials() == Credentials::Always;
        let risks = |origin: &OriginPattern| risks_of(origin, have_all, policy);
        found.extend(lint_list(policy.allow_origins().members(), risks));
        found
    }

    fn lint_credentials(&self) -> Vec<(String, Concern)> {
        let policy = self.policy();
        let risks = |origin: &OriginPattern| risks_of(origin, true, policy);
        let mut found = lint_list(policy.allow_credentials().listed(), risks);
        let idle = not_admitted(policy).into_iter();
        found.extend(idle.map(|origin| (origin.to_string(), Concern::CredentialsWithoutEffect)));
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

    fn lint_request_headers(&self) -> Vec<(String, Concern)> {
        let names = self.policy().allow_headers();
        let needless =
            lint_names(names, headers::is_safelisted_in_request, &Concern::RequestHeaderSafelisted);
        let forbidden =
            lint_names(names, headers::is_forbidden_in_request, &Concern::RequestHeaderForbidden);
        needless.into_iter().chain(forbidden).collect()
    }

    fn lint_expose_any(&self) -> Vec<(String, Concern)> {
        let policy = self.policy();
        let is_star = policy.exposes_any_header() && policy.allow_credentials().is_never();
        is_star.then(|| (String::new(), Concern::ExposeAnyAlone)).into_iter().collect()
    }

    fn lint_max_age(&self) -> Vec<(String, Concern)> {
        let too_long = self.policy().max_age().filter(|age| age.as_secs() > max_age::LONGEST);
        too_long.map(|age| (age.to_string(), Concern::MaxAgeCapped)).into_iter().collect()
    }

    /// Whether something is set and nobody profits.
    pub(crate) fn allows_no_origin(&self) -> bool {
        let origins = self.policy().allow_origins();
        self.policy().off().is_none()
            && !origins.is_any()
            && origins.members().next().is_none()
            && Key::ALL.iter().any(|key| !self.contributions(*key).is_empty())
    }
}

/// The lints of a list of origins.
fn lint_list<'a>(
    origins: impl Iterator<Item = &'a OriginPattern> + Clone,
    risks_of: impl Fn(&OriginPattern) -> Vec<Concern>,
) -> Vec<(String, Concern)> {
    let suffixes = origins.clone().filter(|origin| origin.is_suffix());
    let suffixes = suffixes.map(|origin| (origin.to_string(), Concern::OriginIsSuffix));
    let risks = origins
        .clone()
        .flat_map(|origin| risks_of(origin).into_iter().map(|risk| (origin.to_string(), risk)));
    let covered = covered(origins)
        .map(|(origin, by)| (origin.to_string(), Concern::OriginCovered { by: by.to_string() }));
    suffixes.chain(risks).chain(covered).collect()
}

/// What strangers may do with an origin that is allowed.
fn risks_of(origin: &OriginPattern, has_credentials: bool, policy: &Policy) -> Vec<Concern> {
    if !has_credentials {
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

    fn origins(origins: &[&str]) -> PolicyBuilder {
        Policy::builder().allow_origins(origins)
    }

    fn base() -> PolicyBuilder {
        origins(&["https://app.example.com"])
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
            (
                base().allow_headers(["Cookie", "X-A", "Accept-Encoding", "Origin"]),
                vec![("CORS116", "Accept-Encoding"), ("CORS116", "Cookie"), ("CORS116", "Origin")],
            ),
            (base().expose_headers(["Content-Type", "ETag"]), vec![("CORS106", "Content-Type")]),
            (origins(&["https://co.uk"]), vec![("CORS104", "https://co.uk")]),
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
            origins(&["https://me.github.io", "https://github.io", "http://intranet"]),
            origins(&["*"]).allow_headers(["*"]),
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
            ("https://app-1.example.com", "https://app-*.example.com", true),
            ("https://app-1.example.com:8443", "https://app-*.example.com:*", true),
            ("https://app-x-*.example.com", "https://app-*.example.com", true),
            ("https://app-*-x.example.com", "https://app-*.example.com", true),
            ("https://app-*.example.com:*", "https://*.example.com:*", true),
            ("https://www.app-*.example.com", "https://*.com", true),
            ("https://www.app-1.example.com", "https://www.app-*.example.com", true),
            ("vscode-webview://a", "vscode-webview://*", true),
            ("app://*.Example", "app://*", true),
            ("https://app-.example.com", "https://app-*.example.com", false),
            ("https://app-a_b.example.com", "https://app-*.example.com", false),
            ("https://a.app-1.example.com", "https://app-*.example.com", false),
            ("https://*.app-1.example.com", "https://app-*.example.com", false),
            ("https://app-1.example.com:*", "https://app-*.example.com", false),
            ("http://app-1.example.com", "https://app-*.example.com", false),
            ("app://a:8080", "app://*", false),
            ("app://a", "vscode-webview://*", false),
            ("https://example.com", "https://*.example.com", false),
            ("http://a.example.com", "https://*.example.com", false),
            ("https://a.example.com:8443", "https://*.example.com", false),
            ("https://a.example.com:*", "https://*.example.com", false),
            ("https://*.example.com:*", "https://example.com:*", false),
            ("https://a.example.com", "https://*.a.example.com", false),
        ];
        for (origin, by, is_covered) in table {
            let builder = origins(&[origin, by]);
            let builder = builder.dangerously_allow_public_suffixes(by == "https://*.com");
            let lints = builder.build_layered().unwrap().lints();
            let messages: Vec<String> = lints.iter().map(ToString::to_string).collect();
            let expected = format!("origin `{origin}` is covered by `{by}`; leave one of them out");
            let expected = if is_covered { vec![expected] } else { Vec::new() };
            assert_eq!(messages, expected);
        }
    }
}
