//! As much of the URL standard as the model needs: absolute http URLs, and paths.

/// The origin of an absolute URL, serialised as it is written there.
pub(crate) fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |path| start + path);
    let userinfo = url[start..end].rfind('@').map(|at| start + at + 1);
    // a URL with credentials is refused before its origin is asked for
    if userinfo.is_some() { "" } else { &url[..end] }
}

/// The host of an absolute URL, without a port.
pub(crate) fn host(url: &str) -> &str {
    let origin = origin(url);
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

/// Whether the URL includes credentials.
pub(crate) fn has_credentials(url: &str) -> bool {
    origin(url).is_empty()
}

/// What a `Location` means; `None` if it leads nowhere a fetch may go.
pub(crate) fn resolve(base: &str, location: &str) -> Option<String> {
    if location.starts_with('/') {
        return Some(format!("{}{location}", origin(base)));
    }
    location.starts_with("http://").then(|| location.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_origins_and_hosts() {
        let table = [
            ("http://a.example", "http://a.example", "a.example"),
            ("http://a.example/x?y=http://b.example", "http://a.example", "a.example"),
            ("http://a.example:8443?x", "http://a.example:8443", "a.example"),
            ("http://u:p@a.example/", "", ""),
        ];
        for (url, expected, name) in table {
            assert_eq!((origin(url), host(url)), (expected, name), "{url}");
            assert_eq!(has_credentials(url), expected.is_empty(), "{url}");
        }
    }
}
