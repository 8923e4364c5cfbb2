//! Dates: seconds since 1970, "broken down time" arrays and their texts. The only time zone is UTC.

use super::natives::Line;
use crate::Value;
use jaq_core::native::{bome, unary, v};
use jaq_core::{Error, ValR};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{Offset, TimeZone};

/// The natives of this file.
pub(super) fn table() -> Box<[Line]> {
    Box::new([
        ("gmtime", v(0), |cv| bome(broken_down(&cv.1))),
        ("localtime", v(0), |cv| bome(broken_down(&cv.1))),
        ("mktime", v(0), |cv| bome(seconds(&cv.1))),
        ("strftime", v(1), |cv| unary(cv, |value, layout| written(&value, &layout, "strftime/1"))),
        ("strflocaltime", v(1), |cv| unary(cv, |value, layout| written(&value, &layout, "strflocaltime/1"))),
        ("strptime", v(1), |cv| unary(cv, |value, layout| read(&value, &layout))),
    ])
}

fn timestamp(seconds: f64) -> Result<Timestamp, Error<Value>> {
    // Towards zero, as C converts a number to a time.
    Timestamp::new(seconds as i64, 0)
        .map_err(|_| Error::str("error converting number of seconds since epoch to datetime"))
}

/// `[year, month from 0, day, hours, minutes, seconds, weekday from Sunday, day of the year from 0]`.
fn broken_down(value: &Value) -> ValR<Value> {
    let seconds = value.as_f64().ok_or_else(|| Error::str("gmtime() requires numeric inputs"))?;
    let time = timestamp(seconds)?.to_zoned(TimeZone::UTC).datetime();
    Ok(as_array(time, seconds - seconds.floor()))
}

fn as_array(time: DateTime, fraction: f64) -> Value {
    let integer = |number: i64| Value::Integer(number);
    let second = f64::from(time.second()) + fraction;
    Value::array([
        integer(time.year().into()),
        integer(i64::from(time.month()) - 1),
        integer(time.day().into()),
        integer(time.hour().into()),
        integer(time.minute().into()),
        Value::number(second),
        integer(time.weekday().to_sunday_zero_offset().into()),
        integer(i64::from(time.day_of_year()) - 1),
    ])
}

fn from_array(value: &Value, who: &str) -> Result<DateTime, Error<Value>> {
    let wrong = || Error::str(format!("{who} requires parsed datetime inputs"));
    let items = value.as_array().ok_or_else(wrong)?;
    let part = |position: usize| items.get(position).and_then(Value::as_f64).map(f64::floor);
    let parts: Option<Vec<f64>> = (0..6).map(part).collect();
    let parts = parts.ok_or_else(wrong)?;
    // A day, hour, minute or second beyond its range runs over into the next larger unit, as in C.
    let start = DateTime::new(parts[0] as i16, 1, 1, 0, 0, 0, 0).map_err(|_| wrong())?;
    let days = jiff::Span::new().try_months(parts[1] as i64).and_then(|span| span.try_days(parts[2] as i64 - 1));
    let date = days.and_then(|span| start.checked_add(span)).map_err(|_| wrong())?;
    let time = jiff::Span::new()
        .try_hours(parts[3] as i64)
        .and_then(|span| span.try_minutes(parts[4] as i64))
        .and_then(|span| span.try_seconds(parts[5] as i64));
    time.and_then(|span| date.checked_add(span)).map_err(|_| wrong())
}

fn seconds(value: &Value) -> ValR<Value> {
    if value.as_array().is_none() {
        return Err(Error::str("mktime requires array inputs"));
    }
    let time = from_array(value, "mktime")?;
    let zoned = time.to_zoned(TimeZone::UTC).map_err(|_| Error::str("invalid gmtime representation"))?;
    Ok(Value::Integer(zoned.timestamp().as_second()))
}

fn written(value: &Value, layout: &Value, who: &str) -> ValR<Value> {
    let time = match value {
        Value::Integer(_) | Value::Float(_) => {
            timestamp(value.as_f64().unwrap_or_default())?.to_zoned(TimeZone::UTC).datetime()
        }
        Value::Array(_) => from_array(value, who)?,
        _ => return Err(Error::str(format!("{who} requires parsed datetime inputs"))),
    };
    let Value::String(layout) = layout else {
        return Err(Error::str(format!("{who} requires a string format")));
    };
    let zoned = time.to_zoned(TimeZone::UTC).map_err(|_| Error::str(format!("{who}: unknown system failure")))?;
    strtime::format(in_plain_layout(layout), &zoned)
        .map(Value::from)
        .map_err(|error| Error::str(format!("{who}: unknown layout `{}`: {error}", &**layout)))
}

/// The layout with what depends on a language written as in C's own, "POSIX".
fn in_plain_layout(layout: &str) -> String {
    layout
        .replace("%c", "%a %b %e %H:%M:%S %Y")
        .replace("%x", "%m/%d/%y")
        .replace("%X", "%H:%M:%S")
        .replace("%r", "%I:%M:%S %p")
}

fn read(value: &Value, layout: &Value) -> ValR<Value> {
    let Value::String(text) = value else {
        return Err(Error::str("strptime/1 requires string inputs and arguments"));
    };
    let Value::String(layout) = layout else {
        return Err(Error::str("strptime/1 requires string inputs and arguments"));
    };
    let mismatch = || Error::str(format!("date \"{}\" does not match format \"{}\"", &**text, &**layout));
    // `%Z` takes a name of a time zone and gives it no meaning, as in C.
    let (text_left, layout_left) = without_zone_name(text, layout);
    let parsed = BrokenDownTime::parse_prefix(layout_left.as_str(), text_left.as_str());
    let (mut time, end) = parsed.map_err(|_| mismatch())?;
    if time.offset().is_none() {
        time.set_offset(Some(Offset::UTC));
    }
    if time.year().is_none() && time.timestamp().is_none() {
        time.set_year(Some(1900)).map_err(|_| mismatch())?;
    }
    if time.month().is_none() && time.day_of_year().is_none() {
        time.set_month(Some(1)).map_err(|_| mismatch())?;
    }
    if time.day().is_none() && time.day_of_year().is_none() {
        time.set_day(Some(1)).map_err(|_| mismatch())?;
    }
    // The fields are taken as they are read: an offset changes nothing, as in C.
    let date_time = match time.to_datetime() {
        Ok(date_time) => date_time,
        Err(_) => {
            let date = time.to_date().map_err(|_| mismatch())?;
            date.to_datetime(time.to_time().unwrap_or_default())
        }
    };
    let fields = as_array(date_time, 0.0);
    match (fields, &text_left[end..]) {
        (Value::Array(mut fields), rest) if !rest.is_empty() => {
            // What the layout does not take comes after the fields, as in jq 1.6.
            fields.push(Value::from(rest));
            Ok(Value::Array(fields))
        }
        (fields, _) => Ok(fields),
    }
}

/// `layout` without a final `%Z`, and `text` without the letters it stands for.
fn without_zone_name(text: &str, layout: &str) -> (String, String) {
    match layout.strip_suffix("%Z") {
        Some(layout) => (text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).to_owned(), layout.to_owned()),
        None => (text.to_owned(), layout.to_owned()),
    }
}
