//! What moved on the lines of an order, read once: deliveries that stand, and returns.

use std::collections::HashMap;

use regulars_domain::delivery::{DeliveryState, LineOut, may_stand, status_after};
use regulars_domain::error::Checks;
use regulars_domain::ids::OrderId;
use regulars_domain::sales::OrderStatus;
use regulars_persistence::Db;
use regulars_persistence::sales::delivery::{DeliveryLineRow, DeliveryRow, deliveries_of, delivery_lines_of};
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::order::{ReturnRow, returns_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::quantity_text;
use crate::{AppError, AppResult};

/// What of a line of an order moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LineDelivery {
    #[schema(example = "1.000")]
    pub delivered: String,
    /// What came back, and what was given up before it went out.
    #[schema(example = "0.000")]
    pub returned: String,
    /// Still to be delivered.
    #[schema(example = "1.000")]
    pub open: String,
}

impl LineDelivery {
    pub(super) fn of(line: LineOut) -> Self {
        Self {
            delivered: quantity_text(line.delivered),
            returned: quantity_text(line.returned),
            open: quantity_text(line.open()),
        }
    }
}

/// What moved, by the numbers of the lines.
#[derive(Debug, Default)]
pub(super) struct Goods {
    delivered: HashMap<i32, i64>,
    returned: HashMap<i32, i64>,
    unsent: HashMap<i32, i64>,
    /// Whether a delivery stands.
    pub kept: bool,
}

impl Goods {
    pub fn read(db: &mut Db, id: OrderId) -> AppResult<Self> {
        let deliveries = deliveries_of(db, &[id])?;
        let parts = if deliveries.is_empty() { Vec::new() } else { delivery_lines_of(db, &[id])? };
        Ok(Self::of(&deliveries, &parts, &returns_of(db, &[id])?))
    }

    /// The same of what is read already.
    pub fn of(deliveries: &[DeliveryRow], parts: &[DeliveryLineRow], returns: &[ReturnRow]) -> Self {
        let stands = |part: &&DeliveryLineRow| {
            deliveries.iter().any(|one| one.id == part.delivery_id && one.cancelled_at.is_none())
        };
        let mut goods = Self { kept: deliveries.iter().any(|one| one.cancelled_at.is_none()), ..Self::default() };
        for part in parts.iter().filter(stands) {
            *goods.delivered.entry(part.position).or_default() += part.quantity;
        }
        for back in returns {
            if let (Some(position), Some(quantity)) = (back.line_position, back.quantity) {
                *goods.returned.entry(position).or_default() += quantity;
                *goods.unsent.entry(position).or_default() += back.unsent;
            }
        }
        goods
    }

    fn moved(&self, line: &LineRow) -> LineOut {
        let of = |sums: &HashMap<i32, i64>| sums.get(&line.position).copied().unwrap_or(0);
        LineOut {
            quantity: line.quantity,
            delivered: of(&self.delivered),
            returned: of(&self.returned),
            unsent: of(&self.unsent),
        }
    }

    /// A line of an order that stands there.
    pub fn line(&self, status: OrderStatus, line: &LineRow) -> LineOut {
        self.moved(line).standing(status, self.kept)
    }

    fn lines(&self, status: OrderStatus, lines: &[LineRow]) -> Vec<LineOut> {
        lines.iter().map(|line| self.line(status, line)).collect()
    }

    /// Where the order stands after goods moved or lines changed.
    pub fn status_after(&self, status: OrderStatus, lines: &[LineRow]) -> OrderStatus {
        status_after(status, &self.lines(status, lines))
    }

    /// The same by deliveries alone: without any, nothing is out.
    pub fn status_of_goods(&self, status: OrderStatus, lines: &[LineRow]) -> OrderStatus {
        let lines: Vec<LineOut> = lines.iter().map(|line| self.moved(line)).collect();
        status_after(status, &lines)
    }

    /// Whether somebody may say by hand that the order stands there.
    pub fn may_stand(&self, to: OrderStatus, lines: &[LineRow]) -> bool {
        let lines: Vec<LineOut> = lines.iter().map(|line| self.moved(line)).collect();
        may_stand(to, &lines, self.kept)
    }

    pub fn state(&self, status: OrderStatus) -> Option<DeliveryState> {
        DeliveryState::of(status, self.kept)
    }

    /// Lines may not shrink below what went out of them and what was given up.
    pub fn stand(&self, lines: &[LineRow]) -> AppResult<()> {
        let mut checks = Checks::default();
        for (position, delivered) in &self.delivered {
            let gone = delivered + self.unsent.get(position).copied().unwrap_or(0);
            match lines.iter().position(|line| line.position == *position) {
                None => checks.fail("/lines", "line_delivered"),
                Some(index) if lines[index].quantity < gone => {
                    checks.fail(format!("/lines/{index}/quantity"), "line_delivered");
                }
                Some(_) => {}
            }
        }
        checks.done().map_err(AppError::Validation)
    }
}
