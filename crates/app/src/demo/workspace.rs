//! What people who work with the product leave behind: tags, custom fields, segments, saved views.

use chrono::{DateTime, Utc};
use regulars_domain::ids::{CategoryId, CustomFieldId, SegmentId, TagId, UnitId, UserId, ViewId};
use regulars_persistence::Db;
use regulars_persistence::demo::{CUSTOM_FIELD, SAVED_VIEW, SEGMENT, TAG};
use serde_json::{Value, json};

use super::company::Staff;
use super::goods::Goods;
use super::rows::Rows;
use super::{Stage, id_at};
use crate::AppResult;

/// Names that customers' rows refer to.
pub(super) struct Words {
    tags: Vec<(usize, &'static str, TagId)>,
    pub card_field: CustomFieldId,
    pub visit_field: CustomFieldId,
}

impl Words {
    /// A unit's tag of that name.
    pub fn tag(&self, unit: usize, name: &str) -> Option<TagId> {
        self.tags.iter().find(|(of, known, _)| *of == unit && *known == name).map(|(_, _, id)| *id)
    }
}

const COLORS: [&str; 6] = ["pine", "blue", "ember", "grape", "red", "yellow"];

/// Makes tags and custom fields.
pub(super) fn words_fill(tx: &mut Db, stage: &Stage, staff: &Staff) -> AppResult<Words> {
    let at = stage.opened_at();
    let mut rows = Rows::default();
    let mut tags = Vec::new();
    for (unit, place) in staff.units.iter().zip(0..) {
        for (position, name) in regulars_domain::demo::tag_names().iter().enumerate() {
            let id: TagId = id_at(at, &mut stage.chance(40, (place * 1_000 + position) as u64));
            let color = COLORS[position % COLORS.len()];
            let row = [id.into(), unit.id.into(), (*name).into(), color.into(), 1_i64.into(), at.into(), at.into()];
            rows.push(TAG, row);
            tags.push((place, *name, id));
        }
    }
    let times = [
        ("morning", "上午", "Morning"),
        ("noon", "中午", "Noon"),
        ("evening", "晚上", "Evening"),
        ("weekend", "周末", "Weekend"),
    ];
    let times: Vec<Value> =
        times.iter().map(|(key, zh, en)| json!({"key": key, "label_zh": zh, "label_en": en, "active": true})).collect();
    let card_field = field(&mut rows, stage, 0, ("member_card", "会员卡号", "Member card"), ("text", json!([])));
    let visit_field =
        field(&mut rows, stage, 1, ("visit_time", "常来时段", "Usual time of visit"), ("choice", json!(times)));
    rows.write(tx)?;
    Ok(Words { tags, card_field, visit_field })
}

fn field(
    rows: &mut Rows,
    stage: &Stage,
    position: i64,
    (key, label_zh, label_en): (&str, &str, &str),
    (kind, choices): (&str, Value),
) -> CustomFieldId {
    let at = stage.opened_at();
    let id: CustomFieldId = id_at(at, &mut stage.chance(41, position.unsigned_abs()));
    rows.push(
        CUSTOM_FIELD,
        [
            id.into(),
            "customer".into(),
            key.into(),
            label_zh.into(),
            label_en.into(),
            kind.into(),
            choices.into(),
            false.into(),
            false.into(),
            position.into(),
            true.into(),
            1_i64.into(),
            at.into(),
            at.into(),
        ],
    );
    id
}

/// Makes segments and saved views, shared within each unit and at head office.
pub(super) fn boards_fill(tx: &mut Db, stage: &Stage, staff: &Staff, goods: &Goods) -> AppResult<()> {
    let mut rows = Rows::default();
    let owners =
        std::iter::once((staff.head_office, staff.founder)).chain(staff.units.iter().map(|unit| (unit.id, unit.head)));
    for (place, (unit, owner)) in owners.enumerate() {
        let board = Board { unit, owner, at: stage.opened_at() };
        for (position, (name, description, condition)) in segments(goods).into_iter().enumerate() {
            let id: SegmentId = id_at(board.at, &mut stage.chance(42, (place * 100 + position) as u64));
            board.segment(&mut rows, id, (name, description), condition);
        }
        for (position, (resource, name, definition)) in views().into_iter().enumerate() {
            let id: ViewId = id_at(board.at, &mut stage.chance(43, (place * 100 + position) as u64));
            board.view(&mut rows, id, (resource, name), (definition, position < 2));
        }
    }
    rows.write(tx)
}

struct Board {
    unit: UnitId,
    owner: UserId,
    at: DateTime<Utc>,
}

impl Board {
    fn segment(&self, rows: &mut Rows, id: SegmentId, (name, description): (&str, &str), condition: Value) {
        rows.push(
            SEGMENT,
            [
                id.into(),
                self.unit.into(),
                self.owner.into(),
                name.into(),
                description.into(),
                "dynamic".into(),
                condition.into(),
                true.into(),
                1_i64.into(),
                self.at.into(),
                self.at.into(),
            ],
        );
    }

    fn view(&self, rows: &mut Rows, id: ViewId, (resource, name): (&str, &str), (definition, pinned): (Value, bool)) {
        rows.push(
            SAVED_VIEW,
            [
                id.into(),
                self.owner.into(),
                self.unit.into(),
                resource.into(),
                name.into(),
                true.into(),
                pinned.into(),
                definition.into(),
                1_i64.into(),
                self.at.into(),
                self.at.into(),
            ],
        );
    }
}

fn leaf(field: &str, op: &str, value: impl Into<Value>) -> Value {
    json!({"field": field, "op": op, "value": value.into()})
}

fn bought(categories: &[CategoryId], op: &str, days: i64) -> Value {
    let ids: Vec<String> = categories.iter().map(ToString::to_string).collect();
    json!({"field": "orders.product", "op": op, "value": {"ids": ids, "days": days}})
}

fn segments(goods: &Goods) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "快要流失的常客",
            "买过三次以上，九十天没有来",
            json!({"all": [leaf("metrics.order_days", "gte", 3), leaf("metrics.recency_days", "gt", 90)]}),
        ),
        (
            "高价值客户",
            "价值等级为 VIP 或重要",
            json!({"all": [leaf("metrics.value_class", "in", json!(["vip", "major"]))]}),
        ),
        ("新客", "三十天内第一次购买", json!({"all": [leaf("metrics.first_order_on", "within_days_ago", 30)]})),
        (
            "喝咖啡不买面包的人",
            "半年内买过咖啡饮品，没有买过烘焙",
            json!({"all": [
                bought(&goods.categories_under("咖啡饮品"), "bought", 180),
                bought(&goods.categories_under("烘焙"), "not_bought", 180),
            ]}),
        ),
        (
            "有欠款的企业客户",
            "组织，未结余额大于零",
            json!({"all": [leaf("kind", "eq", "organization"), leaf("metrics.open_balance", "gt", "0.00")]}),
        ),
    ]
}

fn views() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "customers",
            "最近没来的老客",
            json!({"sort": "-metrics.net", "filter": {"all": [
                leaf("metrics.recency_days", "gt", 60), leaf("metrics.order_days", "gte", 4),
            ]}}),
        ),
        ("customers", "企业客户", json!({"sort": "name", "filter": {"all": [leaf("kind", "eq", "organization")]}})),
        ("customers", "新线索", json!({"sort": "-created_at", "filter": {"all": [leaf("status", "eq", "lead")]}})),
        (
            "orders",
            "未付清的订单",
            json!({"sort": "-ordered_on", "filter": {"all": [leaf("status", "eq", "delivered")]}}),
        ),
    ]
}
