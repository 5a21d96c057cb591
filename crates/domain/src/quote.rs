//! What may happen to an offer. One that was sent is not edited any more: it is revised, and the version before stays.

use chrono::NaiveDate;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteStatus {
    Draft,
    Sent,
    Accepted,
    Declined,
    /// Sent, and its last day is over; never stored.
    Expired,
    /// A later version was sent.
    Superseded,
}

impl QuoteStatus {
    pub const KEYS: &'static [&'static str] = &["draft", "sent", "accepted", "declined", "expired", "superseded"];

    pub fn parse(key: &str) -> Option<Self> {
        Some(match key {
            "draft" => Self::Draft,
            "sent" => Self::Sent,
            "accepted" => Self::Accepted,
            "declined" => Self::Declined,
            "expired" => Self::Expired,
            "superseded" => Self::Superseded,
            _ => return None,
        })
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
        }
    }

    /// What it is on that day: a sent one expires when its last day is over.
    pub fn on(self, today: NaiveDate, valid_until: NaiveDate) -> Self {
        if self == Self::Sent && valid_until < today { Self::Expired } else { self }
    }

    /// Where a person may take it from here. An answer may be taken back; an expired one is revised, not accepted.
    pub fn next(self) -> &'static [QuoteStatus] {
        match self {
            Self::Draft => &[Self::Sent],
            Self::Sent => &[Self::Accepted, Self::Declined],
            Self::Accepted | Self::Declined => &[Self::Sent],
            Self::Expired => &[Self::Declined],
            Self::Superseded => &[],
        }
    }

    /// Whether it may become an order; a sent one is accepted by that.
    pub fn may_be_ordered(self) -> bool {
        matches!(self, Self::Sent | Self::Accepted)
    }

    /// Whether a new version may be made of it.
    pub fn may_be_revised(self) -> bool {
        matches!(self, Self::Sent | Self::Declined | Self::Expired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_key() {
        for key in QuoteStatus::KEYS {
            assert_eq!(QuoteStatus::parse(key).map(QuoteStatus::key), Some(*key));
        }
        assert_eq!(QuoteStatus::parse("lost"), None);
    }

    #[test]
    fn only_sent_ones_expire_and_only_after_their_last_day() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap_or_default();
        for (status, today, is) in [
            (QuoteStatus::Sent, 31, QuoteStatus::Sent),
            (QuoteStatus::Sent, 30, QuoteStatus::Sent),
            (QuoteStatus::Draft, 31, QuoteStatus::Draft),
            (QuoteStatus::Accepted, 31, QuoteStatus::Accepted),
        ] {
            assert_eq!(status.on(day(today), day(31)), is);
        }
        assert_eq!(QuoteStatus::Sent.on(day(31), day(30)), QuoteStatus::Expired);
        assert_eq!(QuoteStatus::Accepted.on(day(31), day(30)), QuoteStatus::Accepted);
    }

    #[test]
    fn what_was_sent_is_never_a_draft_again() {
        for status in QuoteStatus::KEYS.iter().filter_map(|key| QuoteStatus::parse(key)) {
            assert!(!status.next().contains(&QuoteStatus::Draft));
            assert!(!status.next().contains(&QuoteStatus::Superseded), "only a later version replaces");
            assert!(!status.next().contains(&QuoteStatus::Expired), "only time makes expired");
        }
    }
}
