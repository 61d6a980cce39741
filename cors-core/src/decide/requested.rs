//! `Access-Control-Request-Headers`: the names that a preflight announces.

use crate::{
    headers::{HeaderName, cmp_ignoring_case, is_forbidden_in_request, trim_ows},
    token::is_token,
};

/// How much of `Access-Control-Request-Headers` is looked at before the preflight is refused.
///
/// Browsers send one line, with each name once; intermediaries may split or pad it.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Bytes over all lines.
    bytes: usize,
    /// Names over all lines.
    names: usize,
}

impl Limits {
    /// What is enough for most policies, and has to be for one that lists no names.
    const USUAL: Self = Self { bytes: 4096, names: 64 };

    /// Empty elements over all lines, which RFC 9110 §5.6.1.2 asks to tolerate in reason.
    const EMPTY: usize = 16;

    /// Enough for each of these names once, with a comma and a blank on both sides.
    fn of(names: &[String]) -> Self {
        let bytes: usize = names.iter().map(|name| name.len() + " , ".len()).sum();
        Self {
            bytes: Self::USUAL.bytes.max(bytes + Self::EMPTY),
            names: Self::USUAL.names.max(names.len()),
        }
    }
}

/// An accepted `Access-Control-Request-Headers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Requested {
    /// How many names there are.
    pub(crate) names: usize,
    /// Whether it is written as browsers do, so that it may be copied: one line of names in lower case,
    /// sorted, each once, with nothing but commas between.
    pub(crate) is_as_sent: bool,
}

impl Requested {
    pub(crate) const NOTHING: Self = Self { names: 0, is_as_sent: true };
}

/// Why `Access-Control-Request-Headers` was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unacceptable {
    Malformed,
    OverLimit,
    NotAllowed,
}

/// The request headers that a preflight may announce, as a lookup.
#[derive(Debug)]
pub(crate) struct AllowedNames {
    rule: Rule,
    limits: Limits,
}

#[derive(Debug)]
enum Rule {
    Any,
    /// In lower case and sorted, each with the comma that separates it from the next in a line.
    Only(Box<[Box<str>]>),
}

/// A name of the lookup as it is.
fn without_comma(own: &str) -> &str {
    &own[..own.len() - 1]
}

impl AllowedNames {
    pub(crate) const ANY: Self = Self { rule: Rule::Any, limits: Limits::USUAL };

    pub(crate) fn only<'a>(names: impl Iterator<Item = &'a HeaderName>) -> Self {
        let mut names: Vec<String> = names.map(|name| name.as_str().to_ascii_lowercase()).collect();
        names.sort_unstable();
        let limits = Limits::of(&names);
        let names = names.into_iter().map(|name| (name + ",").into()).collect();
        Self { rule: Rule::Only(names), limits }
    }

    pub(crate) fn is_any(&self) -> bool {
        matches!(self.rule, Rule::Any)
    }

    fn contain(&self, name: &str) -> bool {
        match &self.rule {
            // the name `*` would be understood as any header when it comes back
            Rule::Any => name != "*" && !is_forbidden_in_request(name),
            Rule::Only(names) if name.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                names.binary_search_by(|own| cmp_ignoring_case(without_comma(own), name)).is_ok()
            }
            Rule::Only(names) => names.binary_search_by(|own| without_comma(own).cmp(name)).is_ok(),
        }
    }

    /// Takes allowed names from the start of a line, as far as it is written as browsers do: in lower
    /// case, sorted, with nothing but a comma between. Answers how many, and the rest.
    ///
    /// One pass over the names is enough: each is asked only if the rest starts with it.
    ///
    /// Source: Fetch `#cors-unsafe-request-header-names`, `#cors-preflight-fetch`.
    #[inline]
    fn take_sorted<'a>(&self, line: &'a [u8]) -> (usize, Option<&'a [u8]>) {
        let (mut rest, mut taken) = (line, 0);
        let Rule::Only(names) = &self.rule else { return (0, Some(line)) };
        for name in names.iter().map(|name| name.as_bytes()) {
            if let Some(tail) = rest.strip_prefix(name) {
                rest = tail;
                taken += 1;
            } else if name.split_last().is_some_and(|(_, last)| last == rest) {
                return (taken + 1, None);
            }
        }
        (taken, Some(rest))
    }
}

/// Checks each name in the lines of `Access-Control-Request-Headers`, in any case, order and
/// number of lines.
///
/// Source: Fetch `#http-access-control-request-headers`, list syntax of RFC 9110 §5.6.1.
#[inline]
pub(crate) fn check<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
    allowed: &AllowedNames,
) -> Result<Requested, Unacceptable> {
    // each line has a name or an empty element
    let limits = allowed.limits;
    if lines.size_hint().0 > limits.names + Limits::EMPTY {
        return Err(Unacceptable::OverLimit);
    }
    let mut read = Read::default();
    for line in lines {
        if line.is_empty() {
            read.empty += 1;
            if read.empty > Limits::EMPTY {
                return Err(Unacceptable::OverLimit);
            }
            continue;
        }
        read.bytes += line.len() + usize::from(read.lines > 0);
        if read.bytes > limits.bytes {
            return Err(Unacceptable::OverLimit);
        }
        // browsers send one line; a look at all names for each line would be too much
        let (taken, rest) =
            if read.lines == 0 { allowed.take_sorted(line) } else { (0, Some(line)) };
        read.names += taken;
        read.lines += 1;
        match rest {
            Some(rest) => read.elements(rest, allowed)?,
            None => read.check(limits)?,
        }
    }
    let is_as_sent = read.lines <= 1 && read.empty == 0 && !read.is_odd;
    Ok(Requested { names: read.names, is_as_sent })
}

/// The names in the lines of `Access-Control-Request-Headers`, written anew in one line: the value for
/// [`FieldValue::RequestedNames`](crate::FieldValue::RequestedNames), where the decision has checked them.
///
/// ```
/// let lines = [b"authorization, X-A ,".as_slice(), b"x-b"];
/// assert_eq!(cors_core::requested_names(lines), "authorization,X-A,x-b");
/// ```
pub fn requested_names<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> String {
    let elements = lines.into_iter().flat_map(|line| line.split(|byte| *byte == b','));
    let names: Vec<&str> = elements.filter_map(|element| as_token(trim_ows(element))).collect();
    names.join(",")
}

/// How much was read, over all lines.
#[derive(Default)]
struct Read {
    bytes: usize,
    names: usize,
    empty: usize,
    /// Those with something in them.
    lines: usize,
    /// Whether browsers would write a line in another way.
    is_odd: bool,
}

impl Read {
    /// Reads elements in whatever way they are written.
    #[inline(never)]
    fn elements(&mut self, list: &[u8], allowed: &AllowedNames) -> Result<(), Unacceptable> {
        // a list of names that are all listed, and written as browsers do, does not come by here
        self.is_odd |= !allowed.is_any();
        let mut previous: &[u8] = b"";
        for element in list.split(|byte| *byte == b',') {
            let name = trim_ows(element);
            if name.is_empty() {
                self.empty += 1;
            } else {
                self.names += 1;
                let name = as_token(name).ok_or(Unacceptable::Malformed)?;
                if !allowed.contain(name) {
                    return Err(Unacceptable::NotAllowed);
                }
                self.is_odd |= element <= previous || element.iter().any(|byte| !is_as_sent(*byte));
                previous = element;
            }
            self.check(allowed.limits)?;
        }
        Ok(())
    }

    fn check(&self, limits: Limits) -> Result<(), Unacceptable> {
        if self.names > limits.names || self.empty > Limits::EMPTY {
            return Err(Unacceptable::OverLimit);
        }
        Ok(())
    }
}

/// Whether browsers write the byte in the name of a header.
fn is_as_sent(byte: u8) -> bool {
    !byte.is_ascii_uppercase() && byte != b' ' && byte != b'\t'
}

fn as_token(bytes: &[u8]) -> Option<&str> {
    is_token(bytes).then(|| std::str::from_utf8(bytes).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{AllowedNames, Unacceptable, check};
    use crate::headers::HeaderName;

    #[test]
    fn requested_names_are_read_as_a_list_within_bounds() {
        let allowed = ["X-B", "x-a"].map(|name| HeaderName::of_request(name).unwrap());
        let allowed = AllowedNames::only(allowed.iter());
        let check = |lines: &[&str]| check(lines.iter().map(|line| line.as_bytes()), &allowed);
        let sixteen = ",".repeat(15);
        let seventeen = ",".repeat(16);
        let many = vec!["x-a"; 64].join(",");
        let too_many = vec!["x-a"; 65].join(",");
        let padded = format!("x-a{}", " ".repeat(4096));
        let accepted: [(&[&str], usize); 9] = [
            (&[], 0),
            (&[""], 0),
            (&["x-a,x-b"], 2),
            (&["x-b , X-A"], 2),
            (&["x-a,x-a"], 2),
            (&["x-a", "\tx-b "], 2),
            (&[",x-a,,"], 1),
            (&[&sixteen], 0),
            (&[&many], 64),
        ];
        for (lines, names) in accepted {
            assert_eq!(check(lines).map(|own| own.names), Ok(names), "{lines:?}");
        }
        let refused: [(&[&str], Unacceptable); 8] = [
            (&["x-c"], Unacceptable::NotAllowed),
            (&["*"], Unacceptable::NotAllowed),
            (&["x-a;x-b"], Unacceptable::Malformed),
            (&["x-a x-b"], Unacceptable::Malformed),
            (&["x-\u{e9}"], Unacceptable::Malformed),
            (&[&seventeen], Unacceptable::OverLimit),
            (&[&too_many], Unacceptable::OverLimit),
            (&[&padded], Unacceptable::OverLimit),
        ];
        for (lines, reason) in refused {
            assert_eq!(check(lines), Err(reason), "{lines:?}");
        }
    }

    #[test]
    fn lines_that_can_only_be_too_many_are_not_read() {
        let lines = |count| std::iter::repeat_with(|| panic!("a line was read")).take(count);
        assert_eq!(check(lines(81), &AllowedNames::ANY), Err(Unacceptable::OverLimit));
        let names = std::iter::repeat_n(b"x-a".as_slice(), 64);
        let empty = std::iter::repeat_n(b"".as_slice(), 16);
        let read = check(names.chain(empty), &AllowedNames::ANY);
        assert_eq!(read.map(|own| own.names), Ok(64));
    }

    /// `authorization, X-A ,,x-b` came back as it was.
    #[test]
    fn a_list_may_be_copied_if_a_browser_could_have_written_it() {
        let listed = ["x-a", "x-a-b", "x-b"].map(|name| HeaderName::of_request(name).unwrap());
        let rows: [(&[&str], bool); 14] = [
            (&[], true),
            (&["x-a"], true),
            (&["x-a,x-b"], true),
            (&["x-a,x-a-b,x-b"], true),
            (&["x-a, x-b"], false),
            (&["x-a ,x-b"], false),
            (&["x-b,\tx-a"], false),
            (&["X-a,x-b"], false),
            (&["x-a,,x-b"], false),
            (&["x-a,"], false),
            (&["x-a", ""], false),
            (&["x-b,x-a"], false),
            (&["x-a,x-a"], false),
            (&["x-a", "x-b"], false),
        ];
        for allowed in [AllowedNames::only(listed.iter()), AllowedNames::ANY] {
            for (lines, is_as_sent) in rows {
                let read = check(lines.iter().map(|line| line.as_bytes()), &allowed).unwrap();
                assert_eq!(read.is_as_sent, is_as_sent, "{lines:?} under {allowed:?}");
            }
        }
    }

    /// A policy with seventy names refused a preflight that named all of them, and nothing said so.
    #[test]
    fn whatever_a_policy_allows_is_within_the_bounds() {
        for (count, len) in [(65, 3), (70, 20), (300, 8), (40, 150), (2, 5000)] {
            let names = (0..count).map(|number| format!("x-{number:0len$}"));
            let names: Vec<String> = names.collect();
            let own: Vec<HeaderName> =
                names.iter().map(|name| HeaderName::of_request(name).unwrap()).collect();
            let allowed = AllowedNames::only(own.iter());
            let check = |lines: &[&str]| {
                let read = check(lines.iter().map(|line| line.as_bytes()), &allowed);
                read.map(|own| own.names)
            };
            let all: Vec<&str> = names.iter().map(String::as_str).collect();
            let padded = format!("{}{}", all.join(" , "), ",".repeat(16));
            assert_eq!(check(&[&all.join(",")]), Ok(count));
            assert_eq!(check(&[&padded.to_uppercase()]), Ok(count));
            assert_eq!(check(&all), Ok(count));
            // no browser names one twice
            let most = count.max(64);
            let more = [&all[..], &vec![all[0]; most + 1 - count]].concat();
            assert_eq!(check(&more), Err(Unacceptable::OverLimit));
            let blank = " ".repeat(4097 + count * (len + 5));
            let twice = format!("{}{blank}", all.join(","));
            assert_eq!(check(&[&twice]), Err(Unacceptable::OverLimit));
            assert!(check(&[&format!("{},x-other", all.join(","))]).is_err());
        }
    }
}
