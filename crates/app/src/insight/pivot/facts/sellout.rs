//! Cells of the sheets that places are asked for.

use regulars_domain::ids::SelloutCellId;
use regulars_persistence::Db;
use regulars_persistence::insight::pivot::SheetMeasures;
use uuid::Uuid;

use super::{About, PivotRecord, in_order};
use crate::platform::FieldOption;
use crate::sales::sellout::settings::SelloutSettings;
use crate::sales::sellout::told::{SelloutCellView, cell_views};
use crate::{AppResult, Cx};

pub(in super::super) const SELL_OUT: About = About {
    name: ("终端销量", "Sell-out"),
    permission: "sales:order:read",
    resource: "sellout",
    fields: &[
        ("period_begins_on", "期间", "Period"),
        ("measure", "指标", "Measure"),
        ("customer", "门店", "Place"),
        ("product", "商品", "Product"),
        ("competitor_product", "竞品", "Competitor’s product"),
        ("said", "内容", "Words"),
        ("owner", "门店负责人", "Place's owner"),
    ],
    choices: &[],
    dictionaries: &[("competitor_product", "competitor_product")],
    measures: &[
        ("quantity", "销量", "Sold"),
        ("other_quantity", "其他数量", "Other quantities"),
        ("amount", "金额", "Amounts"),
        ("price", "竞品售价", "Competitors’ prices"),
        ("stock", "竞品库存", "Competitors’ stock"),
    ],
    distinct: &[
        ("customer", "门店数", "Places"),
        ("product", "商品数", "Products"),
        ("competitor_product", "竞品数", "Competitors’ products"),
    ],
    records,
};

pub(in super::super) const OFFERS: About = About { name: ("竞品情况", "Competitors’ offers"), ..SELL_OUT };

/// What facts need to know of the sheets.
pub(in super::super) fn sheet_measures(settings: &SelloutSettings) -> SheetMeasures {
    let sold = settings.sold().map(|measure| measure.key.clone());
    let keys = |kind: &str, of: &str| {
        let found = settings.measures.iter().filter(|one| one.kind == kind && one.of == of);
        found.map(|one| one.key.clone()).filter(|key| Some(key) != sold.as_ref()).collect()
    };
    SheetMeasures {
        quantities: keys("quantity", "product"),
        amounts: keys("money", "product"),
        prices: keys("money", "competitor"),
        stocks: keys("quantity", "competitor"),
        beside: keys("text", "place"),
        sold,
    }
}

/// What a word about the place is called that stands beside its products.
pub(in super::super) fn beside_label(settings: &SelloutSettings, field: &str, english: bool) -> Option<String> {
    let measure = settings.measure(field.strip_prefix("sheet.")?)?;
    Some(if english { measure.label_en.clone() } else { measure.label_zh.clone() })
}

pub(in super::super) fn measure_options(settings: &SelloutSettings, english: bool) -> Vec<FieldOption> {
    let label = |one: &crate::sales::sellout::settings::SelloutMeasure| match english {
        true => one.label_en.clone(),
        false => one.label_zh.clone(),
    };
    settings.measures.iter().map(|one| FieldOption { value: one.key.clone(), label: label(one) }).collect()
}

fn records(cx: &Cx, db: &mut Db, ids: &[Uuid]) -> AppResult<Vec<PivotRecord>> {
    let cells: Vec<SelloutCellId> = ids.iter().copied().map(SelloutCellId).collect();
    let views = cell_views(cx, db, &cells)?;
    Ok(in_order(
        ids,
        views,
        |view: &SelloutCellView| view.id,
        |view| PivotRecord {
            id: view.id,
            kind: "sellout_cell".into(),
            title: format!("{} · {}", view.period, view.item_name()),
            on: Some(view.first_day),
            state: Some(format!("{} {}", view.measure_label, view.value)),
            customer: Some(view.place),
            person: view.changed_by,
            amount: None,
            period: Some(view.period),
        },
    ))
}
