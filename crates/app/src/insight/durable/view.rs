//! Groups of durables as they are shown: how many bought them, and what these are worth yet.

use regulars_domain::actor::{Action, Resource};
use regulars_persistence::insight::durable::durables_held;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::settings::DurableSettings;
use crate::money::Money;
use crate::{AppResult, Cx};

/// A group of durables with its buyers within sight.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DurableView {
    pub settings: DurableSettings,
    /// Units × price.
    pub units_value: Money,
    /// What a buyer is expected to bring yet: units × price + parts + service + finance.
    pub value: Money,
    /// Customers who bought of it last, as the latest evaluations found them.
    pub customers: i64,
    /// What they are expected to bring yet, all together, as evaluated.
    pub total: Money,
    /// Who they are.
    #[schema(value_type = crate::shape::Condition)]
    pub condition: Value,
}

/// The groups in the order of the settings.
pub fn durable_list(cx: &Cx) -> AppResult<Vec<DurableView>> {
    cx.require("insight:metric:read")?;
    let company = cx.company()?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    let held = cx.read(|db| Ok(durables_held(db, &reach)?))?;
    let money = |minor: i64| Money::of(minor, &company.currency);
    let one = |settings: &DurableSettings| {
        let (customers, total) =
            held.iter().find(|row| row.durable == settings.key).map_or((0, 0), |row| (row.customers, row.total));
        let rest = settings.parts + settings.service + settings.finance;
        DurableView {
            units_value: money(settings.value() - rest),
            value: money(settings.value()),
            customers,
            total: money(total),
            condition: json!({"field": "metrics.durable", "op": "eq", "value": settings.key}),
            settings: settings.clone(),
        }
    };
    Ok(company.settings.insight.durables.iter().map(one).collect())
}
