//! Requested headers against the sorted list of allowed ones.

/// Allowed names, in lower case and sorted.
#[derive(Debug)]
pub(super) struct Headers(Box<[&'static [u8]]>);

/// No browser asks for more.
const LIMIT: usize = 1024;

impl Headers {
    pub(super) fn new(names: &[&'static str]) -> Self {
        Self(names.iter().map(|name| name.as_bytes()).collect())
    }

    /// Browsers sort the names and write them in lower case, so one pass over both lists does.
    pub(super) fn contain_all(&self, requested: &[u8]) -> bool {
        let mut rest = requested;
        for name in &self.0 {
            match rest.strip_prefix(*name) {
                Some([]) => return true,
                Some([b',', others @ ..]) => rest = others,
                _ => {}
            }
        }
        requested.len() <= LIMIT && self.contain_each(rest)
    }

    /// In any case and order, with blanks.
    fn contain_each(&self, requested: &[u8]) -> bool {
        requested.split(|byte| *byte == b',').all(|name| {
            let name = name.trim_ascii();
            self.0.iter().any(|own| own.eq_ignore_ascii_case(name))
        })
    }
}
