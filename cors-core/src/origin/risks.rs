//! What may be wrong with allowing an origin: who else could speak for it.

use super::{
    OriginPattern, address, domain, grammar,
    host::LabelPart,
    pattern::{Parts, PortPattern},
};

impl OriginPattern {
    /// Whether an attacker on the network could speak for this origin: neither https, nor the own
    /// machine, nor the scheme of an application or extension.
    ///
    /// Source: W3C Secure Contexts, "potentially trustworthy origin".
    pub(crate) fn is_insecure(&self) -> bool {
        self.as_str().starts_with("http://") && !self.is_loopback()
    }

    /// Whether it is served by the machine that the browser runs on.
    ///
    /// Source: W3C Secure Contexts, RFC 6761 §6.3.
    pub(crate) fn is_loopback(&self) -> bool {
        self.web_host().is_some_and(|host| {
            host == "localhost"
                || host.ends_with(".localhost")
                || host == "[::1]"
                || (address::is_ipv4_like(host) && host.starts_with("127."))
        })
    }

    /// Whether a site is named by an IP address.
    pub(crate) fn is_address(&self) -> bool {
        let is_address = |host: &str| host.starts_with('[') || address::is_ipv4_like(host);
        self.web_host().is_some_and(is_address)
    }

    /// Whether it stands for a site at any port.
    pub(crate) fn has_any_port(&self) -> bool {
        let tuple = self.tuple().filter(|_| self.web_host().is_some());
        tuple.is_some_and(|(.., port)| port == PortPattern::Any)
    }

    /// The host of a site, or the domain that it is below, without a dot at its end; `None` for the
    /// origins of applications and extensions.
    fn web_host(&self) -> Option<&str> {
        let (_, host, _) = self.tuple().filter(|(scheme, ..)| grammar::is_of_web(scheme))?;
        let host = host.strip_prefix("*.").unwrap_or(host);
        Some(host.strip_suffix('.').unwrap_or(host))
    }

    /// Whether it stands for every page of a scheme that applications or extensions have.
    pub(crate) fn is_any_host(&self) -> bool {
        matches!(self.parts(), Parts::AnyHost { .. })
    }

    /// Whether it may stand for names that strangers can register: directly, such as
    /// `https://*.github.io` or `https://app-*.github.io`, or further below, such as
    /// `https://*.amazonaws.com`.
    pub(crate) fn may_cover_strangers(&self) -> bool {
        match self.parts() {
            Parts::Subdomains { base, .. } => domain::may_have_strangers(base),
            // whoever registers the label has all below it
            Parts::Part { label, .. } => {
                domain::may_be_suffix(label.domain())
                    || (!label.left().is_empty() && domain::may_have_strangers(label.domain()))
            }
            _ => false,
        }
    }

    /// Whether it surely does.
    pub(crate) fn covers_strangers(&self) -> bool {
        match self.parts() {
            Parts::Subdomains { base, .. } => domain::has_strangers(base),
            Parts::Part { label, .. } => domain::is_suffix(label.domain()),
            _ => false,
        }
    }

    /// Such a name, if one is known.
    pub(crate) fn stranger(&self) -> Option<String> {
        let by_name = |LabelPart { start, end }| format!("{start}attacker{end}");
        match self.parts() {
            Parts::Subdomains { base, .. } => domain::stranger_below(base),
            Parts::Part { label, .. } => domain::is_suffix(label.domain())
                .then(|| by_name(label))
                .filter(|name| grammar::is_domain(name)),
            _ => None,
        }
    }

    /// Whether it is the origin of a public suffix itself, such as `https://co.uk`: a registry's,
    /// not that of a provider like `github.io`, who may well have a site there.
    pub(crate) fn is_suffix(&self) -> bool {
        let host = self.tuple().map(|(_, host, _)| host);
        host.is_some_and(|host| !host.contains('*') && domain::is_registry(host))
    }
}

#[cfg(test)]
mod tests {
    use super::OriginPattern;

    fn expect(is_so: impl Fn(&OriginPattern) -> bool, table: &[(&str, bool)]) {
        for (text, expected) in table {
            assert_eq!(is_so(&text.parse().unwrap()), *expected, "{text}");
        }
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn names_that_anybody_can_register_are_public() {
        let table = [
            ("https://*.github.io", true),
            ("https://*.co.uk:*", true),
            ("https://*.com", true),
            ("https://*.com.", true),
            // rules below, wildcards and exceptions
            ("https://*.amazonaws.com", true),
            ("https://*.us-east-1.amazonaws.com", true),
            ("https://*.ck", true),
            ("https://*.ck.", true),
            ("https://*.co.ck", true),
            ("https://*.www.ck", false),
            ("https://*.evil.co.ck", false),
            ("https://*.kawasaki.jp", true),
            ("https://*.city.kawasaki.jp", false),
            ("https://*.other.kawasaki.jp", true),
            ("https://*.xn--55qx5d.cn", true),
            ("https://*.localhost", false),
            ("https://*.me.github.io", false),
            ("https://*.example.com", false),
            ("https://*.corp", false),
            ("https://github.io", false),
            // a part of the label that is registered, or of one above it
            ("https://app-*.github.io", true),
            ("https://www.app-*.github.io:*", true),
            ("https://deploy-preview-*--site.netlify.app", true),
            ("https://*example.com", true),
            ("https://app-*.co.uk.", true),
            ("https://bucket.s3-*.amazonaws.com", true),
            // nobody registers a name directly below these
            ("https://app-*.amazonaws.com", false),
            ("https://app-*.example.com", false),
            ("https://www.app-*.example.com", false),
            ("https://app-*.me.github.io", false),
            ("https://pr-*.localhost", false),
            ("vscode-webview://*", false),
        ];
        expect(OriginPattern::may_cover_strangers, &table);
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn a_stranger_is_named_who_has_an_origin_of_the_pattern() {
        let stranger = |text: &str| text.parse::<OriginPattern>().unwrap().stranger();
        let table = [
            ("https://*.github.io", Some("attacker.github.io")),
            ("https://app-*.github.io", Some("app-attacker.github.io")),
            ("https://www.a*z.github.io:*", Some("www.aattackerz.github.io")),
            ("https://bucket.s3-*.amazonaws.com", None),
            ("https://app-*.example.com", None),
        ];
        for (text, expected) in table {
            assert_eq!(stranger(text).as_deref(), expected, "{text}");
        }
        let long = format!("https://{}*.github.io", "a".repeat(60));
        assert_eq!(stranger(&long), None);
    }

    #[test]
    fn plain_http_is_insecure_unless_it_stays_on_the_machine() {
        let table = [
            ("https://example.com", false),
            ("http://example.com", true),
            ("http://*.example.com:*", true),
            ("http://localhost:3000", false),
            ("http://*.localhost", false),
            ("http://pr-*.localhost", false),
            ("http://app-*.example.com", true),
            ("http://127.0.0.1:3000", false),
            ("http://[::1]:3000", false),
            ("http://127.example.com", true),
            ("tauri://localhost", false),
        ];
        expect(OriginPattern::is_insecure, &table);
    }

    #[test]
    fn loopback_is_the_own_machine_and_nothing_that_merely_ends_like_it() {
        let table = [
            ("http://localhost:3000", true),
            ("https://localhost", true),
            ("http://localhost.:*", true),
            ("http://app.localhost", true),
            ("http://*.app.localhost:*", true),
            ("http://pr-*.app.localhost:*", true),
            ("http://[::ffff:7f00:1]:3000", false),
            ("http://127.0.0.1:3000", true),
            ("http://127.255.255.254", true),
            ("http://[::1]:3000", true),
            ("http://evillocalhost", false),
            ("http://localhost.example.com", false),
            ("http://mylocalhost.:3000", false),
            ("http://127.example.com", false),
            ("http://128.0.0.1", false),
            ("http://[::2]", false),
            ("http://0.0.0.0", false),
            ("tauri://localhost", false),
        ];
        expect(OriginPattern::is_loopback, &table);
    }

    #[test]
    fn only_sites_have_addresses_and_any_port() {
        let addresses = [
            ("https://203.0.113.7", true),
            ("http://[2001:db8::1]:*", true),
            ("https://example.com:*", false),
            ("https://*.example.com:*", false),
            ("https://example.com:8443", false),
            ("https://7.example.com", false),
            ("tauri://localhost:*", false),
            ("null", false),
        ];
        expect(OriginPattern::is_address, &addresses);
        let any_port = [
            ("https://203.0.113.7", false),
            ("http://[2001:db8::1]:*", true),
            ("https://example.com:*", true),
            ("https://*.example.com:*", true),
            ("https://example.com:8443", false),
            ("https://7.example.com", false),
            ("tauri://localhost:*", false),
            ("null", false),
        ];
        expect(OriginPattern::has_any_port, &any_port);
    }
}
