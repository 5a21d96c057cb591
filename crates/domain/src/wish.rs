//! Wishes: what a customer wants that isn't to be had now. It is open until it arrives, arrived until the customer is told,
//! and may be closed at any time.

/// Where a wish stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishStatus {
    Open,
    Arrived,
    Told,
    Closed,
}

impl WishStatus {
    pub const KEYS: [&'static str; 4] = ["open", "arrived", "told", "closed"];
    const ALL: [Self; 4] = [Self::Open, Self::Arrived, Self::Told, Self::Closed];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }

    /// Whether a wish may go from here to there: nobody is told of what has not arrived; what was told or closed by mistake
    /// is taken up again as open.
    pub fn may_become(self, next: Self) -> bool {
        use WishStatus::{Arrived, Closed, Open, Told};
        match (self, next) {
            (one, other) if one == other => true,
            (Open, Told) | (Closed, Arrived | Told) => false,
            (Told, Arrived) => true,
            _ => matches!(next, Open | Arrived | Told | Closed),
        }
    }
}

/// What may be offered in place of something: the place of the nearest two in price among others of its kind, those
/// without a price last.
pub fn alternatives(wanted: Option<i64>, prices: &[Option<i64>]) -> Vec<usize> {
    let distance = |at: &usize| match (wanted, prices[*at]) {
        (Some(wanted), Some(price)) => (0, wanted.abs_diff(price)),
        (None, Some(_)) => (0, 0),
        (_, None) => (1, 0),
    };
    let mut places: Vec<usize> = (0..prices.len()).collect();
    places.sort_by_key(distance);
    places.truncate(2);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_go_from_open_to_told() {
        use WishStatus::{Arrived, Closed, Open, Told};
        for (from, to, may) in [
            (Open, Arrived, true),
            (Open, Told, false),
            (Open, Closed, true),
            (Arrived, Told, true),
            (Arrived, Open, true),
            (Told, Closed, true),
            (Told, Open, true),
            (Closed, Open, true),
            (Closed, Told, false),
            (Closed, Arrived, false),
            (Open, Open, true),
        ] {
            assert_eq!(from.may_become(to), may, "{from:?} → {to:?}");
        }
        assert_eq!(WishStatus::parse("told"), Some(Told));
    }

    #[test]
    fn the_nearest_in_price_are_offered() {
        assert_eq!(alternatives(Some(100), &[Some(500), Some(90), None, Some(120)]), [1, 3]);
        assert_eq!(alternatives(None, &[None, Some(5), Some(7)]), [1, 2]);
        assert!(alternatives(Some(1), &[]).is_empty());
    }
}
