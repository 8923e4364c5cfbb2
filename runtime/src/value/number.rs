use std::fmt::Write;

/// A number as JSON text: the fewest digits that name it, laid out as jq lays them out.
///
/// What JSON cannot say becomes what jq prints for it: null for no number, the largest one for infinity.
///
/// ```
/// use zisc_runtime::value::number_text;
///
/// assert_eq!(number_text(0.1), "0.1");
/// assert_eq!(number_text(1e-5), "1e-05");
/// assert_eq!(number_text(1.5e300), "1.5e+300");
/// ```
pub fn number_text(number: f64) -> String {
    let mut out = String::new();
    write_number(number, &mut out);
    out
}

/// [`number_text`] onto the end of `out`.
pub(crate) fn write_number(number: f64, out: &mut String) {
    if number.is_nan() {
        return out.push_str("null");
    }
    let number = number.clamp(f64::MIN, f64::MAX);
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = match digits.strip_prefix('-') {
        Some(digits) => {
            out.push('-');
            digits
        }
        None => digits,
    };
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    // Where the point stands, counted from the first digit.
    let point = exponent + 1;
    let count = digits.len() as i32;
    if point <= -4 || point > count + 15 {
        out.push_str(&digits[..1]);
        if count > 1 {
            out.push('.');
            out.push_str(&digits[1..]);
        }
        // Writing to a string cannot fail.
        let _ = write!(out, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    } else if point <= 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', point.unsigned_abs() as usize));
        out.push_str(&digits);
    } else if point >= count {
        out.push_str(&digits);
        out.extend(std::iter::repeat_n('0', (point - count) as usize));
    } else {
        let (whole, rest) = digits.split_at(point as usize);
        out.push_str(whole);
        out.push('.');
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::number_text;

    #[test]
    fn numbers_look_as_in_jq() {
        for (number, text) in [
            (3.0, "3"),
            (-0.0, "-0"),
            (0.30000000000000004, "0.30000000000000004"),
            (0.00001, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (1e17, "1e+17"),
            (123456789012345680.0, "123456789012345680"),
            (12345678901234567000.0, "12345678901234567000"),
            (f64::INFINITY, "1.7976931348623157e+308"),
            (f64::NAN, "null"),
            (-2.5, "-2.5"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }
}
