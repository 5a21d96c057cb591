//! The growth matrix: what of a period's revenue came from customers and products that were there before, and what from
//! new ones; with the repeat-purchase rate and the share that referrals brought.

use std::collections::HashSet;

use chrono::NaiveDate;
use regulars_analytics::growth::GrowthField;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::condition::Condition;
use regulars_domain::pivot::{Group, Key};
use regulars_persistence::insight::growth::products_sold;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::composition::days;
use super::counts_when;
use super::pivot::PivotPeriodView;
use super::pivot::division::{Division, axis, both, measure, question};
use crate::money::Money;
use crate::{AppResult, Cx};

const MOST_PRODUCTS: usize = 250_000;
/// New products up to which a field can be told as a condition.
const MOST_NAMED: usize = 200;
const FIRST: &str = "customer.metrics.first_order_on";

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct GrowthRequest {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub filter: Option<Condition>,
}

/// Sales of a period by who bought and what. A customer is new whose first order, a product is new whose first sale within
/// sight, fell into the period or after it; lines without a product count as existing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GrowthView {
    pub period: PivotPeriodView,
    pub total: Money,
    pub fields: Vec<GrowthCell>,
    /// New products that were sold.
    #[schema(example = 4)]
    pub new_products: usize,
    /// Customers whose first order fell into the period.
    #[schema(example = 120)]
    pub new_buyers: i64,
    /// Those of them who bought on two days or more, by now.
    #[schema(example = 40)]
    pub repeaters: i64,
    /// Repeaters ÷ new buyers; absent without any.
    #[schema(example = 0.333333)]
    pub repeat_rate: Option<f64>,
    /// Sales to customers who came by referral; absent where the source of customers is masked.
    pub referred: Option<Money>,
    /// The same ÷ all sales of the period.
    #[schema(example = 0.25)]
    pub referral_share: Option<f64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GrowthCell {
    #[schema(value_type = crate::shape::GrowthField)]
    pub field: String,
    pub revenue: Money,
    /// Of all revenue of the period.
    #[schema(example = 0.6)]
    pub share: f64,
    /// Lists the order lines of the period in a pivot; absent with more new products than can be named.
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub condition: Option<Value>,
}

pub fn growth_get(cx: &Cx, request: &GrowthRequest) -> AppResult<GrowthView> {
    cx.require("insight:metric:read")?;
    let (from, to) = days(cx, request.from, request.until)?;
    let company = cx.company()?;
    let money = |minor: i64| Money::of(minor, &company.currency);
    let lines = |by_product: bool, filter: Option<Condition>| {
        let rows = if by_product { vec![axis("product", None)] } else { Vec::new() };
        question("order_lines", rows, vec![measure("sum", Some("amount"))], filter, Some((from, to)))
    };
    let came = Condition::leaf(FIRST, "gte", json!(from));
    let newcomers = |filter: Condition| {
        let filter = both(request.filter.clone(), filter);
        question("orders", Vec::new(), vec![measure("distinct", Some("customer"))], Some(filter), None)
    };
    let first_in = Condition::leaf(FIRST, "between", json!([from, to]));
    let returned = Condition::all(vec![first_in.clone(), Condition::leaf("customer.metrics.order_days", "gte", 2)]);
    let source_seen = !cx.actor.masks.hides_field("source");
    cx.read(|db| {
        let all = Division::read(cx, db, &lines(true, request.filter.clone()), MOST_PRODUCTS)?.groups;
        let of_new = both(request.filter.clone(), came.clone());
        let of_new = Division::read(cx, db, &lines(true, Some(of_new)), MOST_PRODUCTS)?.groups;
        let reach = cx.visible(Resource::Order, Action::Read);
        let sold: HashSet<String> =
            products_sold(db, &reach, counts_when(&company), from)?.into_iter().map(|id| id.0.to_string()).collect();
        let is_new = |key: Option<&Key>| matches!(key, Some(Key::Value(id)) if !sold.contains(id));
        let new_products: Vec<&String> = all
            .iter()
            .filter_map(|group| match group.keys.first() {
                Some(Key::Value(id)) if !sold.contains(id) => Some(id),
                _ => None,
            })
            .collect();
        let sum = |groups: &[Group], new: bool| -> i64 {
            let of = groups.iter().filter(|group| is_new(group.keys.first()) == new);
            of.filter_map(|group| group.parts.first()).map(|part| part.sum).sum()
        };
        let whole = sum(&all, false) + sum(&all, true);
        let fields = GrowthField::ALL.map(|field| {
            let (new_customer, new_product) = match field {
                GrowthField::Penetration => (false, false),
                GrowthField::ProductDevelopment => (false, true),
                GrowthField::MarketDevelopment => (true, false),
                GrowthField::Diversification => (true, true),
            };
            let theirs = sum(&of_new, new_product);
            let revenue = if new_customer { theirs } else { sum(&all, new_product) - theirs };
            let who = if new_customer { came.clone() } else { Condition::Not { not: Box::new(came.clone()) } };
            let named = (new_products.len() <= MOST_NAMED).then(|| {
                let bought = Condition::leaf("product", "in", json!(new_products));
                let what = if new_product { bought } else { Condition::Not { not: Box::new(bought) } };
                let all = request.filter.iter().cloned().chain([who, what]).collect();
                serde_json::to_value(Condition::all(all)).ok()
            });
            GrowthCell {
                field: field.key().into(),
                revenue: money(revenue),
                share: if whole == 0 { 0.0 } else { revenue as f64 / whole as f64 },
                condition: named.flatten(),
            }
        });
        let count = |db: &mut _, filter: &Condition| -> AppResult<i64> {
            Ok(Division::read(cx, db, &newcomers(filter.clone()), 1)?.whole(0))
        };
        let (new_buyers, repeaters) = (count(db, &first_in)?, count(db, &returned)?);
        let referred = if source_seen {
            let came_so = both(request.filter.clone(), Condition::leaf("customer.source", "eq", "referral"));
            Some(Division::read(cx, db, &lines(false, Some(came_so)), 1)?.whole(0))
        } else {
            None
        };
        Ok(GrowthView {
            period: PivotPeriodView { from, to },
            total: money(whole),
            fields: fields.to_vec(),
            new_products: new_products.len(),
            new_buyers,
            repeaters,
            repeat_rate: (new_buyers > 0).then(|| repeaters as f64 / new_buyers as f64),
            referred: referred.map(money),
            referral_share: referred.filter(|_| whole != 0).map(|referred| referred as f64 / whole as f64),
        })
    })
}
