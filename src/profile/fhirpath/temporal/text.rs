//! Moments as text: FHIR's forms, the literals of expressions, and back.

use std::fmt;

use super::{Precision, Shape, Temporal};

impl Temporal {
    /// What follows `@` in an expression.
    pub(in crate::profile::fhirpath) fn literal(text: &str) -> Option<Self> {
        match text.strip_prefix('T') {
            Some(time) => Self::time(time),
            None if text.contains('T') => Self::date_time(text),
            None => Self::date(text),
        }
    }

    /// `2015`, `2015-02`, `2015-02-04`
    pub(in crate::profile::fhirpath) fn date(text: &str) -> Option<Self> {
        let mut moment = Self::start(Shape::Date);
        let mut parts = text.split('-');
        moment.year = number(parts.next()?, 4)?;
        if moment.year == 0 {
            return None;
        }
        if let Some(month) = parts.next() {
            moment.month = u8::try_from(number(month, 2)?).ok().filter(|month| (1..=12).contains(month))?;
            moment.precision = Precision::Month;
        }
        if let Some(day) = parts.next() {
            moment.day = u8::try_from(number(day, 2)?).ok()?;
            moment.precision = Precision::Day;
            moment.date_in()?;
        }
        parts.next().is_none().then_some(moment)
    }

    /// `2015T`, `2015-02-04T14:34:28.123+10:00`; also a date alone, which is a DateTime without a time.
    pub(in crate::profile::fhirpath) fn date_time(text: &str) -> Option<Self> {
        let (date, clock) = text.split_once('T').unwrap_or((text, ""));
        let mut moment = Self { shape: Shape::DateTime, ..Self::date(date)? };
        if clock.is_empty() {
            return Some(moment);
        }
        if moment.precision != Precision::Day {
            return None;
        }
        let (clock, zone) = clock.split_at(clock.find(['Z', '+', '-']).unwrap_or(clock.len()));
        moment.clock(clock)?;
        moment.zone(zone)?;
        Some(moment)
    }

    /// `14`, `14:34`, `14:34:28.123`
    pub(in crate::profile::fhirpath) fn time(text: &str) -> Option<Self> {
        let mut moment = Self::start(Shape::Time);
        moment.clock(text)?;
        Some(moment)
    }

    fn clock(&mut self, text: &str) -> Option<()> {
        let (whole, fraction) =
            text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
        let mut parts = whole.split(':');
        let mut part = |most| match parts.next() {
            Some(digits) => match number(digits, 2).and_then(|n| u8::try_from(n).ok()) {
                Some(n) if n <= most => Some(Some(n)),
                _ => None,
            },
            None => Some(None),
        };
        self.hour = part(23)??;
        self.precision = Precision::Hour;
        if let Some(minute) = part(59)? {
            self.minute = minute;
            self.precision = Precision::Minute;
        }
        if let Some(second) = part(60)? {
            self.second = second;
            self.precision = Precision::Second;
        }
        if parts.next().is_some() {
            return None;
        }
        if let Some(digits) = fraction {
            if self.precision != Precision::Second || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            let kept = digits.get(..digits.len().min(9)).filter(|kept| !kept.is_empty())?;
            self.digits = kept.len() as u8;
            self.nanosecond = kept.parse::<u32>().ok()? * 10_u32.pow(9 - u32::from(self.digits));
            self.precision = Precision::Fraction;
        }
        Some(())
    }

    fn zone(&mut self, text: &str) -> Option<()> {
        if text.is_empty() {
            return Some(());
        }
        if text == "Z" {
            self.offset = Some(0);
            self.zulu = true;
            return Some(());
        }
        let sign = if text.starts_with('-') { -1 } else { 1 };
        let (hours, minutes) = text.get(1..)?.split_once(':')?;
        let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
        if hours > 14 || minutes > 59 {
            return None;
        }
        self.offset = Some(sign * i16::try_from(hours * 60 + minutes).ok()?);
        Some(())
    }
}

/// Exactly so many digits.
fn number(text: &str, digits: usize) -> Option<u16> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Temporal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.shape != Shape::Time {
            write!(formatter, "{:04}", self.year)?;
            if self.precision >= Precision::Month {
                write!(formatter, "-{:02}", self.month)?;
            }
            if self.precision >= Precision::Day {
                write!(formatter, "-{:02}", self.day)?;
            }
            if self.precision >= Precision::Hour {
                formatter.write_str("T")?;
            }
        }
        if self.precision >= Precision::Hour {
            write!(formatter, "{:02}", self.hour)?;
        }
        if self.precision >= Precision::Minute {
            write!(formatter, ":{:02}", self.minute)?;
        }
        if self.precision >= Precision::Second {
            write!(formatter, ":{:02}", self.second)?;
        }
        if self.precision == Precision::Fraction {
            let digits = usize::from(self.digits);
            let fraction = self.nanosecond / 10_u32.pow(9 - u32::from(self.digits.min(9)));
            write!(formatter, ".{fraction:0digits$}")?;
        }
        match self.offset {
            Some(_) if self.zulu => formatter.write_str("Z"),
            Some(minutes) => {
                let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
                write!(formatter, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_they_are_read() {
        for text in [
            "2015",
            "2015-02",
            "2015-02-04",
            "2015-02-04T14",
            "2015-02-04T14:34:28.123+10:00",
            "2015-02-04T14:34Z",
        ] {
            assert_eq!(Temporal::date_time(text).unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "15",
            "2015-13",
            "2015-02-30",
            "2015-02T10",
            "2015-02-04T25",
            "2015-02-04T10:00+99:00",
            "2015-02-04T10:00:00.",
        ] {
            assert!(Temporal::date_time(wrong).is_none(), "{wrong}");
        }
        assert_eq!(Temporal::literal("T14:34").unwrap().to_string(), "14:34");
    }
}
