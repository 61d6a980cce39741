//! Differences as text, a line each.

use std::fmt;

use super::difference::{
    Change, Comparison, Difference, Direction, Place, Standing, Subject, Witness,
};

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        match self.more {
            0 => Ok(()),
            1 => writeln!(f, "and 1 more difference"),
            more => writeln!(f, "and {more} more differences"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, standing, change } = self;
        write!(f, "{place}{standing}: {change}")
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => f.write_str("base policy"),
            Self::Scope { path, unrouted_only: false } => write!(f, "everything below {path}"),
            Self::Scope { path, unrouted_only: true } => write!(f, "no route below {path}"),
            Self::Route { pattern, methods } => write!(f, "{} {pattern}", methods.join(", ")),
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Both => Ok(()),
            Self::New { before } => write!(f, " (new, before as {before})"),
            Self::Gone { now } => write!(f, " (gone, now as {now})"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.direction)?;
        let may = if self.direction == Direction::Narrower { "may no longer" } else { "may" };
        let first = self.witnesses.first();
        let origin = first.map(|witness| witness.origin.as_str()).unwrap_or_default();
        match self.subject {
            Subject::Origins => write!(f, "{} {may} read responses", self.origins(true))?,
            Subject::Credentials => {
                write!(f, "{} {may} read responses with credentials", self.origins(false))?;
            }
            Subject::Methods => {
                let methods = self.names(|witness| witness.method.as_deref());
                write!(f, "{origin} {may} send {methods}")?;
            }
            Subject::RequestHeaders => {
                let headers = self.names(|witness| witness.header.as_deref());
                write!(f, "{origin} {may} send the header{} {headers}", self.plural())?;
            }
            Subject::ExposedHeaders => {
                let headers = self.names(|witness| witness.header.as_deref());
                write!(f, "{origin} {may} read the header{} {headers}", self.plural())?;
            }
            Subject::MaxAge { before, now } => {
                let [before, now] = [before, now].map(|time| time.as_secs());
                write!(f, "preflights may be remembered for {now} s, not {before} s")?;
            }
            Subject::Disable => {
                let is_off = self.direction == Direction::Narrower;
                let off = if is_off { "CORS is disabled" } else { "CORS is no longer disabled" };
                write!(f, "{off}: {} {may} read responses", self.origins(true))?;
            }
            Subject::External { left } => {
                let is = if left { "is" } else { "is no longer" };
                write!(f, "CORS {is} left to another layer")?;
            }
        }
        write!(f, " ({})", self.subject.as_str())
    }
}

impl Change {
    /// The origins of the witnesses; with credentials where that is not what the change is about.
    fn origins(&self, are_marked: bool) -> String {
        let texts = self.witnesses.iter().map(|witness| {
            let mark =
                if are_marked && witness.with_credentials { " (with credentials)" } else { "" };
            format!("{}{mark}", witness.origin)
        });
        self.listed(texts.collect())
    }

    fn names(&self, name: impl Fn(&Witness) -> Option<&str>) -> String {
        self.listed(self.witnesses.iter().filter_map(|own| name(own).map(str::to_owned)).collect())
    }

    fn listed(&self, mut texts: Vec<String>) -> String {
        if self.more > 0 {
            return format!("{} and {} more", texts.join(", "), self.more);
        }
        match texts.pop() {
            Some(last) if !texts.is_empty() => format!("{} and {last}", texts.join(", ")),
            last => last.unwrap_or_default(),
        }
    }

    fn plural(&self) -> &'static str {
        if self.witnesses.len() + self.more > 1 { "s" } else { "" }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
