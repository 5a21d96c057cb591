//! The board that comes with the program: yesterday and this month by unit, person, region and product, what is new, what
//! is at risk, what is to come. Everyone has it, each with their own figures; it can be copied.

use regulars_domain::ids::DashboardId;
use regulars_domain::pivot::{Compare, Grain, Preset};
use uuid::Uuid;

use super::card::{DashboardCard, DashboardInput};
use crate::insight::pivot::{PivotAxis, PivotMeasure, PivotPeriod, PivotQuery, PivotSort, PivotTop};

/// Its id, the same everywhere.
pub(super) const EXECUTIVE: DashboardId = DashboardId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

fn card(id: &str, kind: &str, width: i64) -> DashboardCard {
    DashboardCard {
        id: id.into(),
        kind: kind.into(),
        title: None,
        width,
        period: None,
        view_id: None,
        query: None,
        chart: None,
        figure: None,
        compare: None,
        list: None,
    }
}

fn figure(id: &str, key: &str, compare: Option<Compare>) -> DashboardCard {
    DashboardCard { figure: Some(key.into()), compare, ..card(id, "figure", 1) }
}

fn list(key: &str) -> DashboardCard {
    DashboardCard { list: Some(key.into()), ..card(key, "list", 2) }
}

fn axis(field: &str, top: Option<usize>) -> PivotAxis {
    PivotAxis { field: field.into(), grain: None, top: top.map(|n| PivotTop { n, measure: 0 }) }
}

fn pivot(id: &str, title: &str, chart: &str, fact: &str, rows: PivotAxis) -> DashboardCard {
    let field = if fact == "orders" { "net" } else { "amount" };
    let by_day = rows.grain.is_some();
    let query = PivotQuery {
        fact: fact.into(),
        rows: vec![rows],
        columns: Vec::new(),
        measures: vec![PivotMeasure { aggregate: "sum".into(), field: Some(field.into()), show: None }],
        filter: None,
        period: None,
        compare: None,
        sort: (!by_day).then_some(PivotSort { measure: Some(0), descending: true }),
    };
    DashboardCard { title: Some(title.into()), query: Some(query), chart: Some(chart.into()), ..card(id, "pivot", 2) }
}

pub(super) fn executive(english: bool) -> DashboardInput {
    let word = |zh: &'static str, en: &'static str| if english { en } else { zh };
    let preset = |preset: Preset| Some(PivotPeriod { preset: Some(preset), from: None, to: None });
    let before = Some(Compare::PreviousPeriod);
    let yesterday = |card: DashboardCard, title: &str| DashboardCard {
        title: Some(title.into()),
        period: preset(Preset::Yesterday),
        ..card
    };
    let by_day = PivotAxis { grain: Some(Grain::Day), ..axis("ordered_on", None) };
    DashboardInput {
        name: word("经营总览", "Executive").into(),
        sharing: "company".into(),
        period: preset(Preset::ThisMonth),
        cards: vec![
            yesterday(figure("revenue_yesterday", "revenue", before), word("昨日销售额", "Revenue yesterday")),
            figure("revenue", "revenue", before),
            figure("target", "target_achievement", None),
            figure("new_customers", "new_customers", before),
            yesterday(figure("orders_yesterday", "orders", before), word("昨日订单", "Orders yesterday")),
            figure("average_order", "average_order", before),
            figure("open_amount", "open_amount", before),
            figure("at_risk", "value_at_risk", before),
            DashboardCard {
                width: 4, ..pivot("days", word("每日销售额", "Revenue by day"), "line", "orders", by_day)
            },
            pivot("units", word("各单位销售额", "Revenue by unit"), "bar", "orders", axis("unit", Some(10))),
            pivot("people", word("各负责人销售额", "Revenue by person"), "bar", "orders", axis("owner", Some(10))),
            pivot(
                "regions",
                word("各地区销售额", "Revenue by region"),
                "pie",
                "orders",
                axis("customer.province", Some(7)),
            ),
            pivot(
                "products",
                word("商品销售额", "Revenue by product"),
                "bar",
                "order_lines",
                axis("product", Some(10)),
            ),
            list("targets"),
            list("pipeline"),
            list("warnings"),
            list("silent"),
        ],
    }
}
