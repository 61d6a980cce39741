//! `max_age`: how long a browser may remember the answer to a preflight.

use std::{fmt, time::Duration};

use crate::error::{ConfigError, Problem};

/// Whole seconds for `Access-Control-Max-Age`.
///
/// Written as seconds (`600`) or with a unit: `"90s"`, `"10m"`, `"2h"`, `"1d"`. Zero turns the
/// preflight cache off. Browsers cap it: Chromium at 7200 s, Firefox at 86400 s.
///
/// ```
/// use std::time::Duration;
/// use cors_core::MaxAge;
///
/// assert_eq!("10m".parse::<MaxAge>().unwrap().as_secs(), 600);
/// assert_eq!(MaxAge::try_from(Duration::from_secs(5)).unwrap().as_secs(), 5);
/// assert!("soon".parse::<MaxAge>().is_err());
/// ```
///
/// Source: Fetch `#http-access-control-max-age`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaxAge(u32);

/// No browser remembers longer: Firefox has the largest cap.
pub(crate) const LONGEST: u32 = 86_400;

/// What browsers take where no header says it.
const DEFAULT: MaxAge = MaxAge(5);

/// How long a browser may remember a preflight that is answered with this, or without any.
pub(crate) fn remembered(max_age: Option<MaxAge>) -> Duration {
    Duration::from_secs(max_age.unwrap_or(DEFAULT).0.min(LONGEST).into())
}

impl MaxAge {
    /// The time in seconds.
    #[must_use]
    pub fn as_secs(self) -> u32 {
        self.0
    }

    pub(crate) fn from_secs(secs: u64) -> Result<Self, ConfigError> {
        u32::try_from(secs)
            .map(Self)
            .map_err(|_| ConfigError::new(secs.to_string(), Problem::MaxAge))
    }
}

impl TryFrom<Duration> for MaxAge {
    type Error = ConfigError;

    fn try_from(duration: Duration) -> Result<Self, ConfigError> {
        if duration.subsec_nanos() == 0 {
            Self::from_secs(duration.as_secs())
        } else {
            Err(ConfigError::new(format!("{duration:?}"), Problem::MaxAge))
        }
    }
}

impl std::str::FromStr for MaxAge {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let digits_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at(digits_end);
        let seconds_per_unit: u64 = match unit {
            "" | "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            _ => return Err(ConfigError::new(text, Problem::MaxAge)),
        };
        digits
            .parse::<u64>()
            .ok()
            .and_then(|count| count.checked_mul(seconds_per_unit))
            .and_then(|secs| u32::try_from(secs).ok())
            .map(Self)
            .ok_or_else(|| ConfigError::new(text, Problem::MaxAge))
    }
}

impl fmt::Display for MaxAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::{MaxAge, remembered};

    #[test]
    fn browsers_remember_for_five_seconds_to_a_day() {
        for (max_age, secs) in [(None, 5), (Some(0), 0), (Some(600), 600), (Some(90_000), 86_400)] {
            assert_eq!(remembered(max_age.map(MaxAge)).as_secs(), secs, "{max_age:?}");
        }
    }

    #[test]
    fn seconds_with_or_without_a_unit() {
        let accepted =
            [("0", 0), ("600", 600), ("90s", 90), ("5m", 300), ("2h", 7200), ("1d", 86_400)];
        for (text, secs) in accepted {
            assert_eq!(text.parse::<MaxAge>().unwrap().as_secs(), secs, "{text}");
        }
        let of = |millis| MaxAge::try_from(std::time::Duration::from_millis(millis));
        assert_eq!(of(5000).unwrap().as_secs(), 5);
        assert_eq!(of(1500).unwrap_err().to_string().matches("1.5s").count(), 1);
        for text in ["", "m", "-1", "2.5", "+60", " 5", "5 m", "1w", "99999999999999999999d"] {
            assert_eq!(text.parse::<MaxAge>().unwrap_err().code(), "CORS050", "{text}");
        }
    }
}
