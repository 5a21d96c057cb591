//! The card: everything to recognise and serve a customer, in one answer.

use chrono::NaiveDate;
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::PartyId;
use regulars_domain::money::format_decimal;
use regulars_persistence::customers::card::products_owned;
use regulars_persistence::customers::parts::parts_with_birthday;
use regulars_persistence::customers::party::party_get;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::dates::{CardDate, DateOfLife, dates_coming, dates_of_life};
use super::fact::{CustomerFact, facts_of};
use super::merge::absent;
use super::preference::{PreferenceView, preferences_of};
use super::relation::{RelationView, relations_of};
use super::timeline::{TimelineItem, timeline_items};
use super::view::{CustomerView, to_view};
use crate::access::Ref;
use crate::insight::metrics::{Metrics, metrics_of};
use crate::money::QUANTITY_PLACES;
use crate::sales::order::orders_recent;
use crate::sales::view::OrderView;
use crate::{AppResult, Cx};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CustomerCard {
    pub customer: CustomerView,
    /// For those who may see insight.
    pub metrics: Option<Metrics>,
    /// Those confirmed last first.
    pub preferences: Vec<PreferenceView>,
    /// What is known as of a day, the latest first.
    pub facts: Vec<CustomerFact>,
    /// Within 90 days, the nearest first; with those of family who are customers too.
    pub dates_coming: Vec<CardDate>,
    /// All dates to remember, the next first.
    pub dates_of_life: Vec<DateOfLife>,
    pub relations: Vec<RelationView>,
    /// The latest five the caller may see.
    pub recent_orders: Vec<OrderView>,
    pub products_owned: Vec<ProductOwned>,
    /// The latest ten items.
    pub timeline: Vec<TimelineItem>,
    /// What is to be done.
    #[schema(value_type = Vec<Object>)]
    pub open_tasks: Vec<Value>,
}

/// Something bought and kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProductOwned {
    pub product: Ref,
    /// Decimal with three places.
    #[schema(example = "2.000")]
    pub quantity: String,
    pub last_on: NaiveDate,
}

const ORDERS: i64 = 5;
const PRODUCTS: i64 = 10;
const TIMELINE: usize = 10;

pub fn customer_card(cx: &Cx, id: PartyId) -> AppResult<CustomerCard> {
    cx.require("customers:customer:read")?;
    let company = cx.company()?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let orders = cx.visible(Resource::Order, Action::Read);
    cx.read(|db| {
        let record = party_get(db, id, &reach)?.map_or_else(|| Err(absent(db, id, &reach)?), Ok)?;
        let parts = parts_with_birthday(db, id)?;
        let owned = products_owned(db, id, &orders, PRODUCTS)?;
        let metrics = if cx.actor.may("insight:metric:read") { metrics_of(cx, db, &[id])?.remove(&id) } else { None };
        let relations = relations_of(cx, db, id)?;
        let dates_of_life = dates_of_life(cx, &parts.dates)?;
        Ok(CustomerCard {
            metrics,
            preferences: preferences_of(db, id)?,
            facts: facts_of(cx, db, id)?,
            dates_coming: dates_coming(cx, db, (id, &dates_of_life), &relations)?,
            dates_of_life,
            relations,
            recent_orders: orders_recent(cx, db, id, ORDERS)?,
            products_owned: owned
                .into_iter()
                .map(|product| ProductOwned {
                    product: Ref::new(product.product_id, product.name),
                    quantity: format_decimal(product.quantity, QUANTITY_PLACES),
                    last_on: product.last_on,
                })
                .collect(),
            timeline: timeline_items(cx, db, id, &[], None, TIMELINE)?,
            open_tasks: Vec::new(),
            customer: to_view(record, parts, &company.currency, &cx.actor.masks),
        })
    })
}
