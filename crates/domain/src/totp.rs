//! One-time codes by time (RFC 6238 over RFC 4226): HMAC-SHA-1, steps of 30 seconds, six digits, which every authenticator
//! app understands.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Seconds a code stands for.
pub const STEP: i64 = 30;
pub const DIGITS: u32 = 6;
/// Bytes of a secret: the length of the hash, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
/// Steps a clock may be off, either way.
const DRIFT: i64 = 1;

/// The step an instant falls in.
pub fn step_at(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(STEP)
}

/// The code of a step, with so many digits.
fn code_of(secret: &[u8], step: i64, digits: u32) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[hash.len() - 1] & 0x0f);
    let number = hash[at..at + 4].iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:0width$}", number % 10_u32.pow(digits), width = digits as usize)
}

/// The code of a step.
pub fn code_at(secret: &[u8], step: i64) -> String {
    code_of(secret, step, DIGITS)
}

/// The step whose code this is, later than `last`: a code is good once. All that could match are compared, whichever does.
pub fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>, last: i64) -> Option<i64> {
    let here = step_at(now);
    let met = |step: &i64| same(code_at(secret, *step).as_bytes(), code.as_bytes());
    (here - DRIFT..=here + DRIFT).filter(met).filter(|step| *step > last).min()
}

/// Compares without telling by its time where the two differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// RFC 4648 without padding: how a secret is typed.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for group in bytes.chunks(5) {
        let mut bits = [0; 5];
        bits[..group.len()].copy_from_slice(group);
        let number = bits.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        let letters = (group.len() * 8).div_ceil(5);
        text.extend((0..letters).map(|at| char::from(LETTERS[(number >> (35 - 5 * at)) as usize & 31])));
    }
    text
}

/// What an authenticator app reads from the square: whose code it is, for which account.
pub fn uri(issuer: &str, account: &str, secret: &[u8]) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}",
        base32(secret)
    )
}

fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("an instant")
    }

    /// RFC 6238, appendix B, the rows for SHA-1.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code_of(SECRET, step_at(at(seconds)), 8), code, "{seconds}");
        }
    }

    /// RFC 4226, appendix D.
    #[test]
    fn codes_have_six_digits() {
        for (step, code) in ["755224", "287082", "359152", "969429", "338314"].into_iter().enumerate() {
            assert_eq!(code_at(SECRET, step as i64), code);
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_its_neighbours_and_once() {
        let now = at(1_234_567_890);
        let here = step_at(now);
        for (step, met) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = code_at(SECRET, here + step);
            assert_eq!(step_of(SECRET, &code, now, 0), met.then_some(here + step), "{step}");
            assert_eq!(step_of(SECRET, &code, now, here + step), None, "used already: {step}");
        }
        assert_eq!(step_of(SECRET, &code_at(SECRET, here - 1), now, here), None, "older than the last one used");
        for odd in ["", "12345", "1234567", "abcdef"] {
            assert_eq!(step_of(SECRET, odd, now, 0), None);
        }
    }

    /// RFC 4648, section 10, without the padding.
    #[test]
    fn secrets_are_written_in_base32() {
        for (plain, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), text);
        }
        assert_eq!(
            uri("青禾 Tea", "lin@x", b"foobar"),
            "otpauth://totp/%E9%9D%92%E7%A6%BE%20Tea:lin%40x?secret=MZXW6YTBOI&issuer=%E9%9D%92%E7%A6%BE%20Tea\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
