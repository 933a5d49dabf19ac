//! England's clocks: summer time runs from the last Sunday of March to the last Sunday of October, changing at 01:00 UTC
//! (Summer Time Act 1972 as amended in 2002). One rule, so it stands here instead of a time-zone database.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, Utc};

/// The offset of England's clocks at an instant; `None` beyond the years that dates can have.
pub fn offset_in_england(at: DateTime<Utc>) -> Option<FixedOffset> {
    let summer = change(at.year(), 3)? <= at && at < change(at.year(), 10)?;
    FixedOffset::east_opt(if summer { 3600 } else { 0 })
}

/// When the clocks change in March or October, which both have 31 days.
fn change(year: i32, month: u32) -> Option<DateTime<Utc>> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    let sunday = last.checked_sub_days(Days::new(u64::from(last.weekday().num_days_from_sunday())))?;
    Some(sunday.and_hms_opt(1, 0, 0)?.and_utc())
}
