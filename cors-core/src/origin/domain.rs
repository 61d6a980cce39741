//! What only a table knows of a domain: internationalised names and public suffixes.
//!
//! A table that is left out must not let a value through that it would stop, because another crate
//! of the build may turn its feature on. So what cannot be told counts as the worse.

/// The `xn--` form of a host that is not ASCII, if it has one.
#[cfg(feature = "idna")]
pub(super) fn to_ascii(host: &str) -> Option<String> {
    idna::domain_to_ascii_strict(host).ok()
}

/// Not known without the feature `idna`.
#[cfg(not(feature = "idna"))]
pub(super) fn to_ascii(_: &str) -> Option<String> {
    None
}

/// Whether the `xn--` labels of an ASCII host, if it has any, are what a browser makes of a Unicode
/// name.
pub(super) fn is_valid_idn(host: &str) -> bool {
    let has_punycode = host.split('.').any(|label| label.starts_with("xn--"));
    !has_punycode || is_punycode_of_a_name(host)
}

/// Source: UTS #46, as the URL standard uses it.
#[cfg(feature = "idna")]
fn is_punycode_of_a_name(host: &str) -> bool {
    let (unicode, result) = idna::domain_to_unicode(host);
    result.is_ok() && idna::domain_to_ascii(&unicode).is_ok_and(|ascii| ascii == host)
}

/// Not known without the feature `idna`.
#[cfg(not(feature = "idna"))]
fn is_punycode_of_a_name(_: &str) -> bool {
    false
}

/// Whether anybody may be able to register a name directly below this domain.
///
/// Source: the public suffix list.
#[cfg(feature = "public-suffix")]
pub(super) fn may_be_public_suffix(domain: &str) -> bool {
    kind_of_suffix(domain).is_some()
}

/// Whether this domain is a registry's, such as `co.uk`.
#[cfg(feature = "public-suffix")]
pub(super) fn is_registry(domain: &str) -> bool {
    kind_of_suffix(domain) == Some(psl::Type::Icann)
}

#[cfg(feature = "public-suffix")]
fn kind_of_suffix(domain: &str) -> Option<psl::Type> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let suffix = psl::suffix(domain.as_bytes())?;
    suffix.typ().filter(|_| suffix.as_bytes() == domain.as_bytes())
}

/// Not known without the feature `public-suffix`: it may be so of any domain.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn may_be_public_suffix(_: &str) -> bool {
    true
}

/// Not known without the feature `public-suffix`; it is a lint, which refuses nothing.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn is_registry(_: &str) -> bool {
    false
}
