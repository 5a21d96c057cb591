//! The tables that a made-up company is poured into, many rows at once. Values stand in the order of the columns.

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, insert_batch};

/// A table and the columns that are filled; the others stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    name: &'static str,
    columns: &'static [&'static str],
}

macro_rules! tables {
    ($($constant:ident = $name:literal [$($column:literal),+ $(,)?];)+) => {$(
        pub const $constant: Table = Table { name: $name, columns: &[$($column),+] };
    )+};
}

tables! {
    BRAND = "brand" ["id", "name", "active", "version", "created_at", "updated_at"];
    CATEGORY = "category" ["id", "parent_id", "name", "position", "version", "created_at", "updated_at"];
    PRODUCT = "product" [
        "id", "code", "name", "name_key", "brand_id", "category_id", "unit_of_measure", "price", "cost", "currency",
        "active", "consumable", "version", "created_at", "updated_at",
    ];
    PARTY = "party" [
        "id", "unit_id", "owner_id", "code", "kind", "name", "name_key", "name_key_set", "status", "gender", "birthday",
        "tax_id", "industry", "source", "level", "buying_style", "internal", "version", "created_by", "created_at",
        "updated_at",
    ];
    PARTY_PHONE = "party_phone" ["party_id", "position", "number", "is_primary", "mark", "mark_reason", "marked_at", "marked_by"];
    PARTY_EMAIL = "party_email" ["party_id", "position", "address", "is_primary", "mark", "mark_reason", "marked_at", "marked_by"];
    PARTY_ADDRESS = "party_address" [
        "party_id", "position", "province", "city", "district", "street", "postcode", "is_primary",
    ];
    PARTY_DATE = "party_date" [
        "party_id", "position", "kind", "label", "person", "on_date", "year_known", "lunar_month", "lunar_day",
        "lunar_leap", "lunar_year", "yearly", "leap_day", "leap_month", "next_on",
    ];
    PARTY_PREFERENCE = "party_preference" [
        "id", "party_id", "key", "value", "source", "confirmed_on", "version", "created_at", "updated_at",
    ];
    PARTY_RELATION = "party_relation" [
        "id", "from_id", "to_id", "role", "is_primary", "valid_from", "version", "created_at", "updated_at",
    ];
    TAG = "tag" ["id", "unit_id", "name", "color", "version", "created_at", "updated_at"];
    PARTY_TAG = "party_tag" ["tag_id", "party_id"];
    CUSTOM_FIELD = "custom_field" [
        "id", "resource", "key", "label_zh", "label_en", "field_type", "choices", "required", "is_unique", "position",
        "active", "version", "created_at", "updated_at",
    ];
    CUSTOM_VALUE = "custom_value" ["field_id", "resource_id", "position", "text_value", "int_value"];
    INTERACTION = "interaction" [
        "id", "party_id", "unit_id", "actor_id", "kind", "direction", "body", "at", "version", "created_at", "updated_at",
    ];
    EVENT = "event" [
        "id", "at", "actor_id", "action", "resource", "resource_id", "party_id", "unit_id", "owner_id", "after",
    ];
    SEARCH_PENDING = "search_pending" ["party_id", "queued_at"];
    SALES_ORDER = "sales_order" [
        "id", "unit_id", "owner_id", "party_id", "code", "status", "ordered_on", "ordered_at", "channel", "currency",
        "gross", "discount", "net", "net_base", "cost", "returned", "paid", "version", "created_by", "created_at",
        "updated_at",
    ];
    ORDER_LINE = "order_line" [
        "order_id", "position", "product_id", "product_code", "name", "quantity", "price", "discount", "amount", "cost",
    ];
    PAYMENT = "payment" ["id", "order_id", "on_date", "amount", "method", "created_at"];
    ORDER_RETURN = "order_return" [
        "id", "order_id", "line_position", "on_date", "quantity", "amount", "reason", "created_at",
    ];
    DELIVERY = "delivery" ["id", "order_id", "on_date", "carrier", "tracking", "created_by", "created_at"];
    DELIVERY_LINE = "delivery_line" ["delivery_id", "position", "quantity"];
    SEGMENT = "segment" [
        "id", "unit_id", "owner_id", "name", "description", "kind", "condition", "shared", "version", "created_at",
        "updated_at",
    ];
    SEGMENT_MEMBER = "segment_member" ["segment_id", "party_id", "added_at"];
    SAVED_VIEW = "saved_view" [
        "id", "owner_id", "unit_id", "resource", "name", "shared", "pinned", "definition", "version", "created_at",
        "updated_at",
    ];
}

pub fn rows_insert(db: &mut Db, table: Table, rows: Vec<Vec<Bind>>) -> StoreResult<()> {
    insert_batch(db, table.name, table.columns, rows)
}
