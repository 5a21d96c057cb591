//! Whether a customer may be contacted over a channel for a purpose: one rule, asked by everything that sends, rings or
//! writes.
//!
//! What people said counts as it stood at the instant asked about: the latest word of the purpose decides. Service, which a
//! customer expects of whoever sold them something, needs no word beforehand but ends when it is withdrawn; everything else
//! needs consent that was given. Who is on the do-not-contact list is not contacted for any purpose.

use chrono::{DateTime, Utc};

/// The purpose that needs no consent beforehand: what a purchase or a request brings with it.
pub const SERVICE: &str = "service";

/// A way to reach a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    Email,
    Sms,
    Phone,
    Wechat,
    Portal,
    Post,
}

impl Channel {
    pub const ALL: [Self; 6] = [Self::Email, Self::Sms, Self::Phone, Self::Wechat, Self::Portal, Self::Post];
    pub const KEYS: [&'static str; 6] = ["email", "sms", "phone", "wechat", "portal", "post"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.key() == key)
    }

    /// What the channel writes to or rings, when the customer's record tells it.
    pub fn address(self) -> Option<AddressKind> {
        match self {
            Self::Email => Some(AddressKind::Email),
            Self::Sms | Self::Phone => Some(AddressKind::Phone),
            Self::Wechat | Self::Portal | Self::Post => None,
        }
    }
}

/// What can stand on the do-not-contact list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AddressKind {
    Email,
    Phone,
}

impl AddressKind {
    pub const KEYS: [&'static str; 2] = ["email", "phone"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        [Self::Email, Self::Phone].into_iter().find(|kind| kind.key() == key)
    }
}

/// What is known of an address: somebody was reached over it, or nobody can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AddressMark {
    Verified,
    Invalid,
}

impl AddressMark {
    pub const KEYS: [&'static str; 2] = ["verified", "invalid"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

/// One word of a customer about one channel and purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Given, or withdrawn.
    pub given: bool,
    pub at: DateTime<Utc>,
}

/// Everything the rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub channel: Channel,
    pub purpose: &'a str,
    /// In the order in which they were noted.
    pub words: &'a [Word],
    /// Addresses of the channel's kind the customer has, and those of them on the do-not-contact list.
    pub addresses: usize,
    pub suppressed: usize,
    /// Those marked invalid that are not on the list.
    pub invalid: usize,
}

/// Why somebody is not to be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Withdrawn,
    NotGiven,
    NoAddress,
    Suppressed,
    Invalid,
}

impl Refusal {
    pub const KEYS: [&'static str; 5] = ["withdrawn", "not_given", "no_address", "suppressed", "invalid"];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }
}

/// The word that stood at an instant; of two of the same instant the later noted one.
pub fn word_at(words: &[Word], at: DateTime<Utc>) -> Option<Word> {
    words.iter().filter(|word| word.at <= at).max_by_key(|word| word.at).copied()
}

/// Whether the customer may be contacted at that instant.
pub fn may_contact(asked: Asked<'_>, at: DateTime<Utc>) -> Result<(), Refusal> {
    match word_at(asked.words, at) {
        Some(word) if !word.given => return Err(Refusal::Withdrawn),
        None if asked.purpose != SERVICE => return Err(Refusal::NotGiven),
        _ => {}
    }
    if asked.channel.address().is_none() {
        return Ok(());
    }
    match asked.addresses.saturating_sub(asked.suppressed + asked.invalid) {
        0 if asked.addresses == 0 => Err(Refusal::NoAddress),
        0 if asked.suppressed > 0 => Err(Refusal::Suppressed),
        0 => Err(Refusal::Invalid),
        _ => Ok(()),
    }
}

/// The stricter of what two records of one customer say of a channel and purpose: withdrawn anywhere is withdrawn.
pub fn stricter(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (given, None) => given,
        (None, given) => given,
        (Some(true), Some(true)) => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour)
    }

    fn word(given: bool, hour: i64) -> Word {
        Word { given, at: at(hour) }
    }

    #[test]
    fn the_rule_as_a_table() {
        use Refusal::{Invalid, NoAddress, NotGiven, Suppressed, Withdrawn};
        let (given, withdrawn) = (word(true, 1), word(false, 5));
        type Row = (Channel, &'static str, Vec<Word>, (usize, usize, usize), i64, Result<(), Refusal>);
        let rows: Vec<Row> = vec![
            (Channel::Email, "marketing", vec![], (1, 0, 0), 9, Err(NotGiven)),
            (Channel::Email, "marketing", vec![given], (1, 0, 0), 9, Ok(())),
            (Channel::Email, "marketing", vec![given], (1, 0, 0), 0, Err(NotGiven)),
            (Channel::Email, "marketing", vec![given, withdrawn], (1, 0, 0), 9, Err(Withdrawn)),
            (Channel::Email, "marketing", vec![given, withdrawn], (1, 0, 0), 4, Ok(())),
            (Channel::Email, "marketing", vec![withdrawn, given], (1, 0, 0), 9, Err(Withdrawn)),
            (Channel::Email, "marketing", vec![given, withdrawn, word(true, 7)], (1, 0, 0), 9, Ok(())),
            (Channel::Email, "marketing", vec![given], (0, 0, 0), 9, Err(NoAddress)),
            (Channel::Email, "marketing", vec![given], (2, 1, 0), 9, Ok(())),
            (Channel::Sms, "marketing", vec![given], (2, 2, 0), 9, Err(Suppressed)),
            (Channel::Post, "marketing", vec![given], (0, 0, 0), 9, Ok(())),
            (Channel::Email, SERVICE, vec![], (1, 0, 0), 9, Ok(())),
            (Channel::Email, SERVICE, vec![withdrawn], (1, 0, 0), 9, Err(Withdrawn)),
            (Channel::Phone, SERVICE, vec![], (1, 1, 0), 9, Err(Suppressed)),
            (Channel::Phone, SERVICE, vec![], (1, 0, 1), 9, Err(Invalid)),
            (Channel::Phone, SERVICE, vec![], (2, 0, 1), 9, Ok(())),
            (Channel::Phone, SERVICE, vec![], (2, 1, 1), 9, Err(Suppressed)),
            (Channel::Post, SERVICE, vec![], (1, 0, 1), 9, Ok(())),
        ];
        for (channel, purpose, words, (addresses, suppressed, invalid), hour, verdict) in rows {
            let asked = Asked { channel, purpose, words: &words, addresses, suppressed, invalid };
            assert_eq!(may_contact(asked, at(hour)), verdict, "{channel:?} {purpose} {words:?} at {hour}");
        }
    }

    #[test]
    fn of_two_words_of_an_instant_the_later_noted_counts() {
        assert_eq!(word_at(&[word(true, 1), word(false, 1)], at(2)), Some(word(false, 1)));
        assert_eq!(word_at(&[word(false, 1), word(true, 1)], at(2)), Some(word(true, 1)));
    }

    #[test]
    fn a_merge_keeps_the_stricter() {
        for (one, other, both) in [
            (None, None, None),
            (Some(true), None, Some(true)),
            (Some(true), Some(true), Some(true)),
            (Some(true), Some(false), Some(false)),
            (None, Some(false), Some(false)),
        ] {
            assert_eq!((stricter(one, other), stricter(other, one)), (both, both));
        }
    }

    #[test]
    fn keys_come_back() {
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.key()), Some(channel));
        }
        assert_eq!(AddressKind::parse("phone").map(AddressKind::key), Some("phone"));
        assert_eq!(Refusal::Suppressed.key(), "suppressed");
        assert_eq!((Refusal::Invalid.key(), AddressMark::Invalid.key()), ("invalid", "invalid"));
        assert_eq!(AddressMark::Verified.key(), "verified");
    }
}
