//! Offers and orders as papers for the customer: the same figures as on the screen, in the customer's language.

use regulars_domain::error::Checks;
use regulars_domain::ids::{OrderId, PartyId, QuoteId};
use regulars_domain::money::group_digits;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::line::{OrderLineView, TaxView};
use super::order::order_get;
use super::quote::quote_get;
use crate::access::Ref;
use crate::access::settings::LOCALES;
use crate::customers::customer::customer_get;
use crate::customers::input::AddressEntry;
use crate::money::Money;
use crate::platform::paper::{Cell, Column, Paper, Sum, pdf};
use crate::{AppError, AppResult, Cx};

/// Most letters of a text on papers.
const MOST: usize = 4_000;

/// What the company says on every paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PaperSettings {
    /// Under the company's name: address, phone, tax ID, bank account; a line each.
    #[schema(required, example = "上海市静安区南京西路 100 号\n021-5555 0100")]
    pub letterhead: String,
    /// At the end of quotes: how long prices hold, how one pays.
    #[schema(required, example = "Payment within 30 days.")]
    pub quote_terms: String,
    /// At the end of orders.
    #[schema(required, example = "Goods stay ours until they are paid.")]
    pub order_terms: String,
}

impl PaperSettings {
    pub fn check(&self, checks: &mut Checks, pointer: &str) {
        for (key, text) in
            [("letterhead", &self.letterhead), ("quote_terms", &self.quote_terms), ("order_terms", &self.order_terms)]
        {
            checks.optional_text(&format!("{pointer}/{key}"), Some(text), MOST);
        }
    }
}

/// A file, and what it is called.
#[derive(Debug, Clone)]
pub struct PaperFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The offer as PDF, in that language or the caller's.
pub fn quote_paper(cx: &Cx, id: QuoteId, locale: Option<&str>) -> AppResult<PaperFile> {
    let words = Words::of(cx, locale)?;
    let quote = quote_get(cx, id)?;
    let mut facts = vec![(words.say("报价日期", "Date"), quote.quoted_on.to_string())];
    facts.push((words.say("有效期至", "Valid until"), quote.valid_until.to_string()));
    if quote.versions.len() > 1 {
        facts.push((words.say("版本", "Version"), quote.revision.to_string()));
    }
    words.whose(&mut facts, &quote.unit, quote.owner.as_ref());
    let mut sums = words.sums(&quote.gross, &quote.discount);
    sums.push(words.total(&quote.net));
    sums.extend(words.taxes(&quote.taxes));
    let settings = &cx.company()?.settings.papers;
    let paper = Paper {
        title: words.say("报价单", "Quote"),
        number: quote.code.clone(),
        receiver: words.receiver(cx, &quote.customer, quote.customer_code.as_deref())?,
        facts,
        columns: words.columns(&quote.currency),
        rows: words.rows(&quote.lines),
        sums,
        texts: words.texts(quote.note.as_deref(), &settings.quote_terms),
        signatures: vec![words.say("报价人", "For us"), words.say("客户确认（签字盖章）", "Accepted by the customer")],
        ..words.blank(cx)?
    };
    Ok(PaperFile { name: words.name(&paper), bytes: pdf(&paper)? })
}

/// The order as PDF, in that language or the caller's.
pub fn order_paper(cx: &Cx, id: OrderId, locale: Option<&str>) -> AppResult<PaperFile> {
    let words = Words::of(cx, locale)?;
    let order = order_get(cx, id)?;
    let mut facts = vec![(words.say("下单日期", "Date"), order.ordered_on.to_string())];
    if let Some(quote) = &order.quote {
        facts.push((words.say("报价单号", "Quote"), quote.name.clone()));
    }
    words.whose(&mut facts, &order.unit, order.owner.as_ref());
    let mut sums = words.sums(&order.gross, &order.discount);
    sums.push(words.total(&order.net));
    sums.extend(words.taxes(&order.taxes));
    if is_some(&order.returned) {
        sums.push(sum(words.say("已退货", "Returned"), &order.returned));
    }
    if is_some(&order.paid) {
        sums.push(sum(words.say("已付款", "Paid"), &order.paid));
    }
    if is_some(&order.returned) || is_some(&order.paid) {
        sums.push(sum(words.say("未付余额", "Still to pay"), &order.balance));
    }
    let settings = &cx.company()?.settings.papers;
    let cancelled = order.status == "cancelled";
    let paper = Paper {
        title: if cancelled {
            words.say("订单（已取消）", "Order (cancelled)")
        } else {
            words.say("订单", "Order")
        },
        number: order.code.clone(),
        receiver: words.receiver(cx, &order.customer, order.customer_code.as_deref())?,
        facts,
        columns: words.columns(&order.currency),
        rows: words.rows(&order.lines),
        sums,
        texts: words.texts(order.note.as_deref(), &settings.order_terms),
        signatures: vec![words.say("供方（签字盖章）", "Supplier"), words.say("需方（签字盖章）", "Customer")],
        ..words.blank(cx)?
    };
    Ok(PaperFile { name: words.name(&paper), bytes: pdf(&paper)? })
}

fn sum(label: String, money: &Money) -> Sum {
    Sum { label, value: figure(money), total: false }
}

fn is_some(money: &Money) -> bool {
    money.amount.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

fn figure(money: &Money) -> String {
    group_digits(&money.amount)
}

/// "2.000" as "2".
fn short(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}

/// The words of a paper in its language.
struct Words {
    locale: String,
}

impl Words {
    fn of(cx: &Cx, locale: Option<&str>) -> AppResult<Self> {
        let locale = locale.unwrap_or(&cx.request.locale);
        let mut checks = Checks::default();
        checks.one_of("/locale", locale, LOCALES);
        checks.done()?;
        Ok(Self { locale: locale.into() })
    }

    fn chinese(&self) -> bool {
        self.locale.starts_with("zh")
    }

    fn say(&self, zh: &str, en: &str) -> String {
        if self.chinese() { zh } else { en }.into()
    }

    /// What is the same on all papers of the company.
    fn blank(&self, cx: &Cx) -> AppResult<Paper> {
        let company = cx.company()?;
        Ok(Paper {
            locale: self.locale.clone(),
            title: String::new(),
            number: String::new(),
            sender: (company.name.clone(), company.settings.papers.letterhead.lines().map(str::to_string).collect()),
            receiver: (String::new(), Vec::new()),
            facts: Vec::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            sums: Vec::new(),
            texts: Vec::new(),
            signatures: Vec::new(),
            made_at: cx.now,
        })
    }

    fn name(&self, paper: &Paper) -> String {
        format!("{}-{}.pdf", paper.title, paper.number)
    }

    /// The customer with what the caller may see of the address; of one out of sight only the code.
    fn receiver(&self, cx: &Cx, customer: &Ref, code: Option<&str>) -> AppResult<(String, Vec<String>)> {
        let mut lines = vec![customer.name.clone()];
        match customer_get(cx, PartyId(customer.id), &[]) {
            Ok(seen) => {
                let address = seen.addresses.iter().find(|one| one.primary).or_else(|| seen.addresses.first());
                if let Some(address) = address.filter(|_| !seen.masked.iter().any(|key| key == "address")) {
                    lines.push(self.address(address));
                }
                if let Some(tax_id) = seen.tax_id.filter(|_| !seen.masked.iter().any(|key| key == "tax_id")) {
                    lines.push(format!("{} {tax_id}", self.say("税号", "Tax ID")));
                }
            }
            Err(AppError::NotFound | AppError::Forbidden(_)) => {}
            Err(error) => return Err(error),
        }
        lines.extend(code.map(|code| format!("{} {code}", self.say("客户编号", "Customer no."))));
        lines.retain(|line| !line.trim().is_empty());
        Ok((self.say("致", "To"), lines))
    }

    /// From the largest to the smallest in Chinese, the other way round in English.
    fn address(&self, address: &AddressEntry) -> String {
        let mut parts: Vec<&str> =
            [&address.country, &address.province, &address.city, &address.district, &address.street]
                .into_iter()
                .filter_map(|part| part.as_deref().filter(|text| !text.is_empty()))
                .collect();
        // Cities of their own stand in both places.
        parts.dedup();
        if self.chinese() {
            let postcode = address.postcode.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
            return parts.concat() + &postcode;
        }
        parts.reverse();
        parts.extend(address.postcode.as_deref());
        parts.join(", ")
    }

    fn whose(&self, facts: &mut Vec<(String, String)>, unit: &Ref, owner: Option<&Ref>) {
        facts.push((self.say("业务单位", "Unit"), unit.name.clone()));
        if let Some(owner) = owner.filter(|owner| !owner.name.is_empty()) {
            facts.push((self.say("经办人", "Contact"), owner.name.clone()));
        }
    }

    fn columns(&self, currency: &str) -> Vec<Column> {
        let column = |label: String, share: f32, figures: bool| Column { label, share, figures };
        vec![
            column("#".into(), 3.0, false),
            column(self.say("商品", "Item"), 37.0, false),
            column(self.say("数量", "Quantity"), 10.0, true),
            column(format!("{} ({currency})", self.say("单价", "Price")), 14.0, true),
            column(self.say("折扣", "Discount"), 11.0, true),
            column(self.say("税率", "Tax"), 8.0, true),
            column(format!("{} ({currency})", self.say("金额", "Amount")), 16.0, true),
        ]
    }

    fn rows(&self, lines: &[OrderLineView]) -> Vec<Vec<Cell>> {
        let row = |(at, line): (usize, &OrderLineView)| {
            let mut item = Cell::of(&line.name);
            item.under.extend(line.product_code.clone());
            item.under.extend(
                line.options.iter().map(|option| {
                    format!("{}{}{}", option.name, if self.chinese() { "：" } else { ": " }, option.value)
                }),
            );
            item.under.extend(line.promised_on.map(|day| format!("{} {day}", self.say("承诺交期", "Promised for"))));
            let discount = &line.discount;
            let less = if is_some(discount) { format!("−{}", figure(discount)) } else { "–".into() };
            vec![
                Cell::of((at + 1).to_string()),
                item,
                Cell::of(group_digits(short(&line.quantity))),
                Cell::of(figure(&line.price)),
                Cell::of(less),
                Cell::of(format!("{}%", short(&line.tax_rate))),
                Cell::of(figure(&line.amount)),
            ]
        };
        lines.iter().enumerate().map(row).collect()
    }

    /// Before and less the discounts, where there are any.
    fn sums(&self, gross: &Money, discount: &Money) -> Vec<Sum> {
        if !is_some(discount) {
            return Vec::new();
        }
        let less =
            Sum { label: self.say("折扣", "Discount"), value: format!("−{}", figure(discount)), total: false };
        vec![sum(self.say("折前合计", "Before discount"), gross), less]
    }

    fn total(&self, net: &Money) -> Sum {
        let label = format!("{} ({})", self.say("应付合计", "Total"), net.currency);
        Sum { label, value: figure(net), total: true }
    }

    /// The tax that the total contains, at each rate.
    fn taxes(&self, taxes: &[TaxView]) -> Vec<Sum> {
        let one =
            |tax: &TaxView| sum(format!("{} {}%", self.say("其中税额", "of which tax at"), short(&tax.rate)), &tax.tax);
        taxes.iter().filter(|tax| short(&tax.rate) != "0").map(one).collect()
    }

    fn texts(&self, note: Option<&str>, terms: &str) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        if let Some(note) = note.filter(|note| !note.trim().is_empty()) {
            texts.push((self.say("备注", "Note"), note.into()));
        }
        if !terms.trim().is_empty() {
            texts.push((self.say("条款", "Terms"), terms.into()));
        }
        texts
    }
}
