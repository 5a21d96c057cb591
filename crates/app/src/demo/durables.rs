//! What the demonstration expects of those who bought coffee gear or furniture.

use regulars_domain::demo::catalogue;

use super::Stage;
use super::goods::categories;
use crate::insight::durable::settings::DurableSettings;

/// Key, names, category, units in thousandths, then price, parts, service and finance in fen.
type Group = (&'static str, &'static str, &'static str, &'static str, i64, [i64; 4]);

const GROUPS: [Group; 2] = [
    ("coffee_gear", "咖啡器具", "Coffee gear", "豆与器具/器具", 800, [36_800, 9_600, 6_000, 0]),
    ("furniture", "小家具", "Small furniture", "家居/小家具", 1_500, [45_000, 4_000, 8_000, 1_200]),
];

pub(super) fn groups(stage: &Stage) -> Vec<DurableSettings> {
    let categories = categories(stage, &catalogue());
    let group = |(key, name_zh, name_en, path, units, [price, parts, service, finance]): Group| DurableSettings {
        key: key.into(),
        name_zh: name_zh.into(),
        name_en: name_en.into(),
        category_ids: categories.get(path).map(|id| id.0).into_iter().collect(),
        product_ids: Vec::new(),
        units,
        price,
        parts,
        service,
        finance,
    };
    GROUPS.into_iter().map(group).collect()
}
