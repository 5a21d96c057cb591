//! What of an order went out, what is still to go, and what that means for where the order stands: one rule for
//! deliveries, returns, changes of lines and moves by hand. Quantities are thousandths.

use crate::sales::OrderStatus;

/// A line of an order and what moved on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineOut {
    /// Ordered.
    pub quantity: i64,
    pub delivered: i64,
    /// All that came back or was given up.
    pub returned: i64,
    /// The part of `returned` that had never gone out: it is not to be delivered any more.
    pub unsent: i64,
}

impl LineOut {
    /// The line of an order that stands there. One that somebody says is delivered without deliveries on file (`kept`)
    /// counts as delivered in full.
    pub fn standing(self, status: OrderStatus, kept: bool) -> Self {
        match status {
            OrderStatus::Delivered | OrderStatus::Completed if !kept => {
                Self { delivered: self.quantity - self.unsent, ..self }
            }
            _ => self,
        }
    }

    /// What is still to go out.
    pub fn open(self) -> i64 {
        (self.quantity - self.delivered - self.unsent).max(0)
    }

    /// What the customer has.
    pub fn out(self) -> i64 {
        (self.delivered - (self.returned - self.unsent)).max(0)
    }

    /// Whether so much may go out now.
    pub fn may_deliver(self, quantity: i64) -> bool {
        quantity > 0 && quantity <= self.open()
    }

    /// Whether a delivery of so much may be cancelled: what came back had been out.
    pub fn may_take_back(self, quantity: i64) -> bool {
        quantity <= self.out()
    }

    /// How much of a return of so much had never gone out: what the customer has comes back first.
    pub fn unsent_of(self, quantity: i64) -> i64 {
        (quantity - self.out()).max(0)
    }
}

/// How much of an order went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    None,
    Part,
    Full,
}

impl DeliveryState {
    pub const KEYS: &'static [&'static str] = &["none", "part", "full"];

    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Part => "part",
            Self::Full => "full",
        }
    }

    /// Of an order with or without deliveries on file; nothing for what is no sale. It follows from the status because
    /// the status follows the deliveries ([`status_after`], [`may_stand`]).
    pub fn of(status: OrderStatus, kept: bool) -> Option<Self> {
        match status {
            OrderStatus::Draft | OrderStatus::Cancelled => None,
            OrderStatus::Confirmed => Some(if kept { Self::Part } else { Self::None }),
            OrderStatus::Delivered | OrderStatus::Completed => Some(Self::Full),
        }
    }
}

fn all_out(lines: &[LineOut]) -> bool {
    lines.iter().all(|line| line.open() == 0)
}

/// Where an order stands after goods moved on it: delivered when some went out and nothing is open, confirmed again when
/// something is. What is finished stays so.
pub fn status_after(status: OrderStatus, lines: &[LineOut]) -> OrderStatus {
    let some_out = lines.iter().any(|line| line.delivered > 0);
    match status {
        OrderStatus::Confirmed if some_out && all_out(lines) => OrderStatus::Delivered,
        OrderStatus::Delivered if !all_out(lines) => OrderStatus::Confirmed,
        other => other,
    }
}

/// Whether somebody may say by hand that the order stands there. Without deliveries on file (`kept`) anything goes; with
/// them it is delivered when nothing is open, and goes no step back while something is out.
pub fn may_stand(to: OrderStatus, lines: &[LineOut], kept: bool) -> bool {
    match to {
        OrderStatus::Draft | OrderStatus::Cancelled => !kept,
        OrderStatus::Confirmed => !kept || !all_out(lines),
        OrderStatus::Delivered | OrderStatus::Completed => !kept || all_out(lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OrderStatus::{Cancelled, Completed, Confirmed, Delivered, Draft};

    fn out(quantity: i64, delivered: i64) -> LineOut {
        LineOut { quantity, delivered, ..LineOut::default() }
    }

    #[test]
    fn the_order_follows_its_deliveries() {
        let given_up = LineOut { returned: 5, unsent: 5, ..out(5, 0) };
        for (status, lines, after) in [
            (Confirmed, vec![out(5, 0)], Confirmed),
            (Confirmed, vec![out(5, 5), out(2, 1)], Confirmed),
            (Confirmed, vec![out(5, 5), out(2, 2)], Delivered),
            (Confirmed, vec![out(5, 5), given_up], Delivered),
            (Confirmed, vec![given_up], Confirmed),
            (Delivered, vec![out(5, 5), out(2, 0)], Confirmed),
            (Delivered, vec![LineOut { returned: 5, ..out(5, 5) }], Delivered),
            (Completed, vec![out(5, 0)], Completed),
            (Draft, vec![out(5, 5)], Draft),
        ] {
            assert_eq!(status_after(status, &lines), after, "{status:?} {lines:?}");
        }
    }

    #[test]
    fn hands_say_nothing_else_than_deliveries() {
        let (part, all) = ([out(5, 2)], [out(5, 5)]);
        for (to, with_none, with_part, with_all) in [
            (Draft, true, false, false),
            (Confirmed, true, true, false),
            (Delivered, true, false, true),
            (Completed, true, false, true),
            (Cancelled, true, false, false),
        ] {
            assert_eq!(
                (may_stand(to, &[out(5, 0)], false), may_stand(to, &part, true), may_stand(to, &all, true)),
                (with_none, with_part, with_all),
                "{to:?}"
            );
        }
    }

    #[test]
    fn what_is_said_to_be_delivered_is_out() {
        let line = LineOut { returned: 2, unsent: 1, ..out(5, 0) };
        let stands = line.standing(Delivered, false);
        assert_eq!((stands.delivered, stands.open(), stands.out()), (4, 0, 3));
        assert_eq!(line.standing(Confirmed, false), line);
        assert_eq!(out(5, 2).standing(Delivered, true), out(5, 2));
    }

    #[test]
    fn the_state_of_delivery_follows_from_the_status() {
        for (status, without, with) in [
            (Draft, None, None),
            (Confirmed, Some("none"), Some("part")),
            (Delivered, Some("full"), Some("full")),
            (Completed, Some("full"), Some("full")),
            (Cancelled, None, None),
        ] {
            let state = |kept| DeliveryState::of(status, kept).map(DeliveryState::key);
            assert_eq!((state(false), state(true)), (without, with), "{status:?}");
            assert!([without, with].into_iter().flatten().all(|key| DeliveryState::KEYS.contains(&key)));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_more_goes_out_than_was_ordered_nor_comes_back_than_is_there(
            quantity in 1i64..10_000,
            steps in proptest::collection::vec((0u8..3, 1i64..4_000), 0..40),
        ) {
            let mut line = out(quantity, 0);
            for (what, much) in steps {
                match what {
                    0 if line.may_deliver(much) => line.delivered += much,
                    1 if line.may_take_back(much) => line.delivered -= much,
                    2 if much <= quantity - line.returned => {
                        line.unsent += line.unsent_of(much);
                        line.returned += much;
                    }
                    _ => {}
                }
                proptest::prop_assert!(line.delivered >= 0 && line.unsent >= 0);
                proptest::prop_assert!(line.delivered + line.unsent <= quantity, "ordered less given up");
                proptest::prop_assert!(line.returned - line.unsent <= line.delivered, "it had been out");
                proptest::prop_assert_eq!(line.open() + line.out(), quantity - line.returned, "nothing is lost");
            }
        }
    }
}
