//! What a board is made of, and whether it makes sense.

use std::collections::HashSet;

use regulars_domain::error::Checks;
use regulars_domain::pivot::Compare;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::insight::pivot::{PivotPeriod, PivotQuery};
use crate::{AppResult, Cx};

/// Who sees a board besides its owner: nobody, the unit, everyone.
pub const SHARING: [&str; 3] = ["private", "unit", "company"];
pub const CARD_KINDS: [&str; 3] = ["pivot", "figure", "list"];
/// How a pivot is shown.
pub const CHARTS: [&str; 6] = ["table", "bar", "line", "area", "pie", "heat"];
/// Figures with the period before beside them.
pub const FIGURES: [&str; 12] = [
    "revenue",
    "orders",
    "buyers",
    "average_order",
    "margin",
    "new_customers",
    "customers_at_risk",
    "value_at_risk",
    "open_opportunities",
    "open_amount",
    "weighted_amount",
    "target_achievement",
];
/// Lists of what stands now.
pub const LISTS: [&str; 4] = ["warnings", "silent", "targets", "pipeline"];
/// Columns of the whole board.
pub const COLUMNS: i64 = 4;
const MOST_CARDS: usize = 24;
/// Largest board, in bytes of JSON.
const MOST_BYTES: usize = 65_536;

/// A board: its cards in the order in which they are read, and the days they are about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Monday", "sharing": "unit", "period": {"preset": "this_month"}, "cards": [
    {"id": "revenue", "kind": "figure", "width": 1, "figure": "revenue", "compare": "previous_period"},
    {"id": "channels", "kind": "pivot", "width": 2, "chart": "bar", "query": {"fact": "orders",
        "rows": [{"field": "channel"}], "measures": [{"aggregate": "sum", "field": "net"}]}}]}))]
pub struct DashboardInput {
    pub name: String,
    /// Who sees it: its owner, the unit, everyone. What its cards say is counted in the sight of who looks. `company` is
    /// for those who see the customers of the whole company.
    #[serde(default = "private")]
    #[schema(value_type = crate::shape::DashboardSharing)]
    pub sharing: String,
    /// Of the cards that have none of their own.
    #[serde(default)]
    pub period: Option<PivotPeriod>,
    /// At most 24. A PATCH replaces them all.
    #[serde(default)]
    pub cards: Vec<DashboardCard>,
}

fn private() -> String {
    "private".into()
}

/// A card: a pivot (`view_id` or `query`), a figure, or a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"id": "revenue", "kind": "figure", "width": 1, "figure": "revenue",
    "compare": "previous_period"}))]
pub struct DashboardCard {
    /// Chosen by the client; once on a board.
    pub id: String,
    #[schema(value_type = crate::shape::DashboardCardKind)]
    pub kind: String,
    /// What it is called; by what it shows when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Columns of the board it takes, of four; on a phone it takes the whole width.
    #[schema(minimum = 1, maximum = 4, example = 2)]
    pub width: i64,
    /// Its own days instead of the board's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<PivotPeriod>,
    /// A saved pivot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view_id: Option<Uuid>,
    /// A pivot that stands on this card alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<PivotQuery>,
    /// How a pivot is shown; as a table when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::DashboardChart>)]
    pub chart: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::DashboardFigureKey>)]
    pub figure: Option<String>,
    /// With what a figure is compared; with nothing when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::PivotCompare>)]
    pub compare: Option<Compare>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::shape::DashboardListKey>)]
    pub list: Option<String>,
}

/// Refuses a board that makes no sense. What a pivot asks is judged when it is answered: fields come and go.
pub(super) fn check(cx: &Cx, input: &DashboardInput) -> AppResult<()> {
    let today = cx.today()?;
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 80);
    checks.one_of("/sharing", &input.sharing, &SHARING);
    if let Some(period) = &input.period {
        period.read(today, "/period", &mut checks);
    }
    if input.cards.len() > MOST_CARDS {
        checks.fail_with("/cards", "too_many", MOST_CARDS);
    }
    let mut known = HashSet::new();
    for (at, card) in input.cards.iter().enumerate().take(MOST_CARDS) {
        let at = format!("/cards/{at}");
        if !known.insert(card.id.as_str()) {
            checks.fail(format!("{at}/id"), "duplicate");
        }
        if let Some(period) = &card.period {
            period.read(today, &format!("{at}/period"), &mut checks);
        }
        card_check(card, &at, &mut checks);
    }
    let size = serde_json::to_string(&input.cards).map_or(0, |text| text.len());
    if size > MOST_BYTES {
        checks.fail_with("/cards", "too_long", MOST_BYTES);
    }
    Ok(checks.done()?)
}

fn card_check(card: &DashboardCard, at: &str, checks: &mut Checks) {
    checks.text(&format!("{at}/id"), &card.id, 40);
    checks.one_of(&format!("{at}/kind"), &card.kind, &CARD_KINDS);
    if let Some(title) = &card.title {
        checks.text(&format!("{at}/title"), title, 80);
    }
    if !(1..=COLUMNS).contains(&card.width) {
        checks.fail_with(format!("{at}/width"), "out_of_range", format!("1 – {COLUMNS}"));
    }
    let (pivot, figure, list) = (card.kind == "pivot", card.kind == "figure", card.kind == "list");
    for (name, given, fits) in [
        ("view_id", card.view_id.is_some(), pivot && card.query.is_none()),
        ("query", card.query.is_some(), pivot),
        ("chart", card.chart.is_some(), pivot),
        ("figure", card.figure.is_some(), figure),
        ("compare", card.compare.is_some(), figure),
        ("list", card.list.is_some(), list),
    ] {
        if given && !fits {
            checks.fail(format!("{at}/{name}"), "not_allowed_here");
        }
    }
    if pivot && card.view_id.is_none() && card.query.is_none() {
        checks.fail(format!("{at}/query"), "required");
    }
    for (name, needed, value, allowed) in [
        ("chart", false, &card.chart, CHARTS.as_slice()),
        ("figure", figure, &card.figure, FIGURES.as_slice()),
        ("list", list, &card.list, LISTS.as_slice()),
    ] {
        match value {
            Some(value) => checks.one_of(&format!("{at}/{name}"), value, allowed),
            None if needed => checks.fail(format!("{at}/{name}"), "required"),
            None => {}
        }
    }
}
