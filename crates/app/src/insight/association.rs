//! What goes together: learnt of a unit's baskets by each evaluation, listed, and recommended to who has one and not the
//! other.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use regulars_analytics::associations::{Least, associations};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::error::Checks;
use regulars_domain::ids::{PartyId, ProductId, UnitId};
use regulars_persistence::insight::association::{
    AssociationRow, BasketRow, NamedRow, RulesSought, associations_list as rows_list, associations_replace,
    baskets_of_unit, recommendations_of,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::evaluation::unit_in_sight;
use super::next::offer_words;
use super::overview::sight;
use super::settings::AssociationSettings;
use crate::access::Ref;
use crate::customers::place::party_place;
use crate::list::Page;
use crate::money::Money;
use crate::{App, AppError, AppResult, Cx};

/// The baskets are those of a year, of at most so many sales.
const YEAR: Days = Days::new(365);
const SALES: i64 = 50_000;
/// Goods of one customer that are looked at: pairs grow with the square.
const WIDE: usize = 60;
/// Rules that are kept of a unit, and shown at once.
const KEPT: usize = 5_000;
const SHOWN: i64 = 500;
/// Recommendations for one customer.
const RECOMMENDED: usize = 5;

/// Who has one product has the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AssociationView {
    /// Whose customers it was learnt of.
    pub unit: Ref,
    pub has: Ref,
    pub offer: Ref,
    /// Customers who bought both within a year.
    #[schema(example = 24)]
    pub count: i64,
    /// The same ÷ all customers who bought.
    #[schema(example = 0.08)]
    pub support: f64,
    /// The same ÷ those who bought the first.
    #[schema(example = 0.72)]
    pub confidence: f64,
    /// The confidence ÷ the share of all who bought the second: how many times likelier than by chance.
    #[schema(example = 1.4)]
    pub lift: f64,
}

/// Which rules are listed.
#[derive(Debug, Clone, Default)]
pub struct AssociationsRequest {
    /// On either side.
    pub product: Option<ProductId>,
    pub count: Option<i64>,
    pub confidence: Option<f64>,
    pub lift: Option<f64>,
}

/// Something a customer may want, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecommendationView {
    pub product: Ref,
    pub price: Option<Money>,
    /// What they have, with which it goes.
    pub has: Ref,
    /// In the caller's language.
    #[schema(example = "Green tea is bought by 72 % of those who have a tea pot (lift 1.4)")]
    pub reason: String,
    /// They have it already, and it is used up.
    pub again: bool,
    #[schema(example = 24)]
    pub count: i64,
    #[schema(example = 0.72)]
    pub confidence: f64,
    #[schema(example = 1.4)]
    pub lift: f64,
}

/// Learns anew what customers of a unit who have one product have too.
pub(super) fn associations_learn(
    app: &App,
    unit: UnitId,
    as_of: NaiveDate,
    settings: &AssociationSettings,
) -> AppResult<()> {
    let since = as_of.checked_sub_days(YEAR).unwrap_or(as_of);
    let rows = app.db().read(|db| Ok::<_, AppError>(baskets_of_unit(db, unit, since, SALES)?))?;
    let baskets = baskets(&rows);
    let least = Least {
        count: u32::try_from(settings.count).unwrap_or(u32::MAX),
        confidence: settings.confidence,
        lift: settings.lift,
    };
    let rules = associations(&baskets, least);
    let of_baskets = i64::try_from(baskets.len()).unwrap_or(i64::MAX);
    let single = rules.into_iter().filter_map(|rule| match rule.left.as_slice() {
        [has] => Some(AssociationRow {
            has: *has,
            offer: rule.right,
            baskets: i64::from(rule.count),
            of_baskets,
            confidence: rule.confidence,
            lift: rule.lift,
        }),
        _ => None,
    });
    let kept: Vec<AssociationRow> = single.take(KEPT).collect();
    app.db().write(move |tx| Ok::<_, AppError>(associations_replace(tx, unit, &kept)?))
}

/// A basket each customer, of rows in order of customers.
fn baskets(rows: &[BasketRow]) -> Vec<Vec<ProductId>> {
    let of_one = rows.chunk_by(|one, next| one.party_id == next.party_id);
    of_one.map(|rows| rows.iter().take(WIDE).map(|row| row.product_id).collect()).collect()
}

/// The rules of the units within sight, the strongest lift first; at most 500.
pub fn association_list(cx: &Cx, request: &AssociationsRequest) -> AppResult<Page<AssociationView>> {
    sight(cx)?;
    let mut checks = Checks::default();
    if request.count.is_some_and(|count| count < 0) {
        checks.fail_with("count", "out_of_range", "≥ 0");
    }
    if request.confidence.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        checks.fail_with("confidence", "out_of_range", "0 – 1");
    }
    if request.lift.is_some_and(|lift| !(0.0..=1e6).contains(&lift)) {
        checks.fail_with("lift", "out_of_range", "0 – 1000000");
    }
    checks.done()?;
    let sought = RulesSought {
        unit: unit_in_sight(cx),
        product: request.product,
        count: request.count.unwrap_or(0),
        confidence: request.confidence.unwrap_or(0.0),
        lift: request.lift.unwrap_or(0.0),
    };
    let rows = cx.read(|db| Ok(rows_list(db, &sought, SHOWN)?))?;
    Ok(Page::whole(rows.into_iter().map(view).collect()))
}

fn view(row: NamedRow) -> AssociationView {
    AssociationView {
        unit: Ref::new(row.unit_id, row.unit),
        has: Ref::new(row.has_id, row.has),
        offer: Ref::new(row.offer_id, row.offer),
        count: row.baskets,
        support: if row.of_baskets > 0 { row.baskets as f64 / row.of_baskets as f64 } else { 0.0 },
        confidence: row.confidence,
        lift: row.lift,
    }
}

/// What goes with what a customer has, the strongest first; never what they have already, unless it is used up.
pub fn recommendation_list(cx: &Cx, party: PartyId) -> AppResult<Page<RecommendationView>> {
    cx.require("customers:customer:read")?;
    cx.require("insight:metric:read")?;
    let english = cx.request.locale == "en";
    cx.read(|db| {
        let unit = party_place(cx, db, party, Action::Read)?.unit_id;
        let rows = recommendations_of(db, (party, unit), &cx.visible(Resource::Order, Action::Read))?;
        let mut known = HashSet::new();
        let strongest = rows.into_iter().filter(|row| known.insert(row.offer_id)).take(RECOMMENDED);
        let view = |row: regulars_persistence::insight::association::RecommendationRow| RecommendationView {
            reason: offer_words(english, &row.has, &row.offer, row.confidence, row.lift),
            product: Ref::new(row.offer_id, row.offer),
            price: row.price.map(|minor| Money::of(minor, &row.currency)),
            has: Ref::new(row.has_id, row.has),
            again: row.owned,
            count: row.baskets,
            confidence: row.confidence,
            lift: row.lift,
        };
        Ok(Page::whole(strongest.map(view).collect()))
    })
}
