//! `Expires` of cookies, which is read more generously than other dates (RFC 6265bis, section 5.1.1).

use std::time::Duration;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// What has been found of a date.
#[derive(Debug, Default)]
struct Found {
    time: Option<(u64, u64, u64)>,
    day: Option<u64>,
    month: Option<u64>,
    year: Option<u64>,
}

/// The time since the Unix epoch, zero for any before; `None` if it is no date.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let mut found = Found::default();
    let is_delimiter =
        |char: char| !(char.is_ascii_alphanumeric() || char == ':' || !char.is_ascii());
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        found.take(token);
    }
    let (hour, minute, second) = found.time?;
    let (day, month) = (found.day?, found.month?);
    let year = match found.year? {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year => year,
    };
    let is_date = (1..=days_of(year, month)).contains(&day) && year >= 1601;
    if !is_date || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days =
        days_since_year_zero(year, month, day).saturating_sub(days_since_year_zero(1970, 1, 1));
    let is_past = year < 1970;
    let seconds = if is_past { 0 } else { ((days * 24 + hour) * 60 + minute) * 60 + second };
    Some(Duration::from_secs(seconds))
}

impl Found {
    /// Each token is the first of these that is still missing.
    fn take(&mut self, token: &str) {
        if self.time.is_none() && self.take_time(token) {
            return;
        }
        if self.day.is_none() {
            self.day = digits(token, 1..=2);
            if self.day.is_some() {
                return;
            }
        }
        if self.month.is_none() {
            self.month = month(token);
            if self.month.is_some() {
                return;
            }
        }
        if self.year.is_none() {
            self.year = digits(token, 2..=4);
        }
    }

    fn take_time(&mut self, token: &str) -> bool {
        let mut fields = token.splitn(3, ':').map(|field| digits(field, 1..=2));
        if let (Some(Some(hour)), Some(Some(minute)), Some(Some(second))) =
            (fields.next(), fields.next(), fields.next())
        {
            self.time = Some((hour, minute, second));
        }
        self.time.is_some()
    }
}

fn month(token: &str) -> Option<u64> {
    let start = token.get(..3)?.to_ascii_lowercase();
    (1..).zip(MONTHS).find(|(_, name)| *name == start).map(|(number, _)| number)
}

/// The number at the start of a token, if it has so many digits.
fn digits(token: &str, count: std::ops::RangeInclusive<usize>) -> Option<u64> {
    let end = token.find(|char: char| !char.is_ascii_digit()).unwrap_or(token.len());
    count.contains(&end).then(|| token[..end].parse().ok()).flatten()
}

fn is_leap(year: u64) -> bool {
    (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
}

fn days_of(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_year_zero(year: u64, month: u64, day: u64) -> u64 {
    let past = year - 1;
    let of_months: u64 = (1..month).map(|month| days_of(year, month)).sum();
    past * 365 + past / 4 - past / 100 + past / 400 + of_months + day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_all_their_forms() {
        let table = [
            ("Wed, 21 Oct 2015 07:28:00 GMT", 1_445_412_480),
            ("Wed, 21-Oct-2015 07:28:00 GMT", 1_445_412_480),
            ("Wednesday, 21-Oct-15 07:28:00 GMT", 1_445_412_480),
            ("Wed Oct 21 07:28:00 2015", 1_445_412_480),
            ("21 october 2015 7:28:0", 1_445_412_480),
            ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 01 Jan 1970 00:00:01 GMT", 1),
            ("Mon, 01 Jan 1601 00:00:00 GMT", 0),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text), Some(Duration::from_secs(expected)), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0",
            "Session",
            "Wed, 21 Oct 2015",
            "21 Oct 07:28:00",
            "Wed, 31 Apr 2015 07:28:00 GMT",
            "Sun, 29 Feb 2015 07:28:00 GMT",
            "Wed, 21 Oct 2015 24:00:00 GMT",
            "Wed, 21 Oct 2015 07:60:00 GMT",
            "Wed, 21 Oct 1600 07:28:00 GMT",
            "Wed, 00 Oct 2015 07:28:00 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
