//! The bills of one order that stand, and the money that settles them.

use regulars_domain::bill::{Due, LineBilled, billable, credits, settle};
use regulars_domain::ids::{BillId, OrderId};
use regulars_domain::tax::taxes;
use regulars_persistence::Db;
use regulars_persistence::sales::bill::{BillLineRow, BillRow, bill_line_credit, bill_lines_of, bill_update, bills_of};
use regulars_persistence::sales::line::LineRow;
use regulars_persistence::sales::order::{OrderRow, PaymentRow, ReturnRow, payments_of};

use super::super::order::returned_by_line;
use crate::AppResult;

/// What stands, the earliest due first.
pub struct Books {
    bills: Vec<BillRow>,
    lines: Vec<BillLineRow>,
    payments: Vec<PaymentRow>,
}

/// What stands on bills of an order.
pub fn billed(db: &mut Db, id: OrderId) -> AppResult<i64> {
    let bills = bills_of(db, id)?;
    Ok(bills.iter().filter(|bill| bill.cancelled_at.is_none()).map(|bill| bill.amount - bill.credited).sum())
}

impl Books {
    pub fn read(db: &mut Db, id: OrderId) -> AppResult<Self> {
        let mut bills = bills_of(db, id)?;
        bills.retain(|bill| bill.cancelled_at.is_none());
        let ids: Vec<BillId> = bills.iter().map(|bill| bill.id).collect();
        let lines = if ids.is_empty() { Vec::new() } else { bill_lines_of(db, &ids)? };
        Ok(Self { bills, lines, payments: payments_of(db, &[id])? })
    }

    /// The bill of this order that stands, if it is one.
    pub fn bill(&self, id: BillId) -> Option<&BillRow> {
        self.bills.iter().find(|bill| bill.id == id)
    }

    fn billed(&self) -> i64 {
        self.bills.iter().map(|bill| bill.amount - bill.credited).sum()
    }

    /// What may still be billed.
    pub fn billable(&self, row: &OrderRow) -> i64 {
        billable(row.net, row.returned, self.billed())
    }

    /// The lines of the order as bills see them.
    pub fn lines(&self, row: &OrderRow, lines: &[LineRow], returns: &[ReturnRow]) -> Vec<LineBilled> {
        let amounts: Vec<(i64, i64)> = lines.iter().map(|line| (line.amount, line.tax_rate)).collect();
        let whole = row.discount - lines.iter().map(|line| line.discount).sum::<i64>();
        let returned = returned_by_line(returns);
        let of = |(line, payable): (&LineRow, i64)| LineBilled {
            payable,
            returned: returned.get(&line.position).map_or(0, |back| back.1),
            billed: self
                .lines
                .iter()
                .filter(|one| one.position == line.position)
                .map(|one| one.amount - one.credited)
                .sum(),
        };
        lines.iter().zip(taxes(&amounts, whole).payable).map(of).collect()
    }

    /// Takes off the bills what the order no longer comes to after a return: first of the line that came back, of the
    /// latest bill first.
    pub fn credit(&mut self, tx: &mut Db, row: &OrderRow, position: Option<i32>) -> AppResult<()> {
        let excess = self.billed() - (row.net - row.returned);
        if excess <= 0 {
            return Ok(());
        }
        self.lines.sort_by_key(|line| (Some(line.position) != position, std::cmp::Reverse(line.bill_id)));
        let left: Vec<i64> = self.lines.iter().map(|line| line.amount - line.credited).collect();
        for (line, credit) in self.lines.iter_mut().zip(credits(&left, excess)).filter(|(_, credit)| *credit > 0) {
            line.credited += credit;
            bill_line_credit(tx, line)?;
            if let Some(bill) = self.bills.iter_mut().find(|bill| bill.id == line.bill_id) {
                bill.credited += credit;
                bill_update(tx, bill)?;
            }
        }
        self.settle(tx)
    }

    /// Notes what is paid of each bill.
    pub fn settle(&mut self, tx: &mut Db) -> AppResult<()> {
        let tied = |id: BillId| {
            let named = self.payments.iter().filter(|payment| payment.bill_id == Some(id));
            named.map(|payment| payment.amount).sum::<i64>()
        };
        let dues: Vec<Due> =
            self.bills.iter().map(|bill| Due { owed: bill.amount - bill.credited, tied: tied(bill.id) }).collect();
        let all: i64 = self.payments.iter().map(|payment| payment.amount).sum();
        let free = all - dues.iter().map(|due| due.tied).sum::<i64>();
        for (bill, paid) in self.bills.iter_mut().zip(settle(&dues, free)) {
            if bill.paid != paid {
                bill.paid = paid;
                bill_update(tx, bill)?;
            }
        }
        Ok(())
    }
}
