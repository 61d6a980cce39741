//! What only a table knows of a domain: internationalised names and public suffixes.
//!
//! A table that is left out must not let a value through that it would stop, because another crate
//! of the build may turn its feature on. So what cannot be told counts as the worse.

/// The `xn--` form of a host that is not ASCII, if it has one; hyphens are not checked.
#[cfg(feature = "idna")]
pub(super) fn to_ascii(host: &str) -> Option<String> {
    idna::domain_to_ascii(host).ok()
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

/// Whether strangers may be able to register names below this domain: it is a public suffix, or one is
/// somewhere below it.
///
/// A top-level domain that the list does not have is nobody's to register in.
///
/// Source: the public suffix list, its private section included.
#[cfg(feature = "public-suffix")]
pub(super) fn may_have_strangers(domain: &str) -> bool {
    is_suffix(domain) || has_rules_below(domain)
}

/// Whether strangers surely are able to.
#[cfg(feature = "public-suffix")]
pub(super) fn has_strangers(domain: &str) -> bool {
    may_have_strangers(domain)
}

/// Whether names may be registered directly below this domain.
#[cfg(feature = "public-suffix")]
pub(super) fn may_be_suffix(domain: &str) -> bool {
    is_suffix(domain)
}

/// Whether names surely are registered directly below this domain.
#[cfg(feature = "public-suffix")]
pub(super) fn is_suffix(domain: &str) -> bool {
    kind_of_suffix(domain).is_some()
}

/// A name below such a domain that a stranger can register, if one is known.
#[cfg(feature = "public-suffix")]
pub(super) fn stranger_below(domain: &str) -> Option<String> {
    let domain = without_dot(domain);
    let open = if is_suffix(domain) {
        domain
    } else {
        let is_below =
            |open: &&str| open.strip_suffix(domain).is_some_and(|labels| labels.ends_with('.'));
        OPEN_BELOW.lines().filter(is_below).min_by_key(|open| open.len())?
    };
    Some(format!("attacker.{open}"))
}

/// A public suffix below each domain that is none itself: the list can be asked, but not listed.
/// `tests/core/public_suffixes.rs` makes it of the list, and compares the two.
#[cfg(feature = "public-suffix")]
static OPEN_BELOW: &str = include_str!("open_below.txt");

/// Whether this domain is a registry's, such as `co.uk`.
#[cfg(feature = "public-suffix")]
pub(super) fn is_registry(domain: &str) -> bool {
    kind_of_suffix(domain) == Some(psl::Type::Icann)
}

#[cfg(feature = "public-suffix")]
fn kind_of_suffix(domain: &str) -> Option<psl::Type> {
    let domain = without_dot(domain);
    let suffix = psl::suffix(domain.as_bytes())?;
    suffix.typ().filter(|_| suffix.as_bytes() == domain.as_bytes())
}

/// Whether the list has a rule for a name below this domain: only then does a search ask for one more
/// label than the domain has.
#[cfg(feature = "public-suffix")]
fn has_rules_below(domain: &str) -> bool {
    let mut is_asked = false;
    let labels = without_dot(domain).rsplit('.').map(str::as_bytes);
    let end = std::iter::from_fn(|| {
        is_asked = true;
        None
    });
    psl::Psl::find(&psl::List, labels.chain(end));
    is_asked
}

#[cfg(feature = "public-suffix")]
fn without_dot(domain: &str) -> &str {
    domain.strip_suffix('.').unwrap_or(domain)
}

/// Not known without the feature `public-suffix`: it may be so of any domain.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn may_have_strangers(_: &str) -> bool {
    true
}

/// Not known without the feature `public-suffix`; it is a lint, which refuses nothing.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn has_strangers(_: &str) -> bool {
    false
}

/// Not known without the feature `public-suffix`: it may be so of any domain.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn may_be_suffix(_: &str) -> bool {
    true
}

/// Not known without the feature `public-suffix`; it is a lint, which refuses nothing.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn is_suffix(_: &str) -> bool {
    false
}

/// Not known without the feature `public-suffix`.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn stranger_below(_: &str) -> Option<String> {
    None
}

/// Not known without the feature `public-suffix`; it is a lint, which refuses nothing.
#[cfg(not(feature = "public-suffix"))]
pub(super) fn is_registry(_: &str) -> bool {
    false
}
