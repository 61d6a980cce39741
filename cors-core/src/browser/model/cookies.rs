//! The cookies that a browser has stored (RFC 6265bis, sections 5.7 and 5.8).

use super::cookie::{Context, Cookie, RejectedCookie};
use super::site::is_trustworthy;

/// All cookies, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Cookies(Vec<Cookie>);

impl Cookies {
    /// Stores what a `Set-Cookie` line says, or takes the cookie away if it has expired.
    ///
    /// # Errors
    ///
    /// Fails with the reason if browsers do not store it.
    pub(super) fn set(&mut self, line: &str, context: &Context<'_>) -> Result<(), RejectedCookie> {
        let cookie = Cookie::parse(line, context)?;
        let is_plain = !cookie.is_secure && !is_trustworthy(context.url);
        if is_plain
            && self.0.iter().any(|own| own.is_hidden_by(&cookie) && !own.is_expired(context.now))
        {
            return Err(RejectedCookie::OverSecure);
        }
        self.store(cookie, context);
        Ok(())
    }

    /// Stores a cookie in the place of the one that it replaces.
    pub(super) fn store(&mut self, cookie: Cookie, context: &Context<'_>) {
        let known = self.0.iter().position(|own| own.is_same(&cookie));
        let is_expired = cookie.is_expired(context.now);
        match known {
            Some(at) if is_expired => drop(self.0.remove(at)),
            Some(at) => self.0[at] = cookie,
            None if is_expired => {}
            None => self.0.push(cookie),
        }
    }

    /// Names and values that go with a request: longer paths first, then older cookies.
    pub(super) fn of(&self, context: &Context<'_>) -> Vec<(&str, &str)> {
        let mut own: Vec<&Cookie> = self.0.iter().filter(|own| own.goes_to(context)).collect();
        own.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        own.into_iter().map(|cookie| (&cookie.name[..], &cookie.value[..])).collect()
    }

    /// The value of `Cookie`; `None` if there is no cookie.
    pub(super) fn header(&self, context: &Context<'_>) -> Option<String> {
        let pair = |(name, value): (&str, &str)| {
            if name.is_empty() { value.to_owned() } else { format!("{name}={value}") }
        };
        let pairs: Vec<String> = self.of(context).into_iter().map(pair).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}
