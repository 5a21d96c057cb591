//! The log of exports: who took what, which fields of how many rows, and how often the file was fetched. Everybody sees
//! their own; who keeps accounts or audits sees those within reach, and of what was asked for only what they may see.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::ids::{JobId, UserId};
use regulars_persistence::Db;
use regulars_persistence::access::organisation::unit_list;
use regulars_persistence::access::user::user_rows;
use regulars_persistence::customers::custom::custom_definitions;
use regulars_persistence::platform::export::{
    EXPORT_FROM, EXPORT_ID, ExportReach, ExportRow, export_catalogue, export_insert, export_rows, export_scope,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::columns::columns_of;
use super::export::{ExportInput, ExportPeriod, PERMISSION, WITH_CUSTOM};
use super::shown::columns_shown;
use crate::access::Ref;
use crate::customers::mask::condition_mask;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppResult, Cx};

const READ: &str = "platform:export:read";

/// An export that was made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExportView {
    /// Stands in the file itself, and in its name.
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub person: Ref,
    /// Where the person sat.
    pub unit: Ref,
    #[schema(value_type = crate::shape::ExportResource)]
    pub resource: String,
    #[schema(value_type = crate::shape::ExportFormat)]
    pub format: String,
    /// Absent when there was none, or when it is `withheld`.
    #[schema(value_type = Option<crate::shape::Condition>)]
    pub filter: Option<Value>,
    pub q: Option<String>,
    pub sort: Option<String>,
    pub segment_id: Option<Uuid>,
    /// The days of a report.
    pub period: Option<ExportPeriod>,
    /// What was searched and filtered for is kept from readers who may not see such records.
    pub withheld: bool,
    /// The columns, in their order.
    pub columns: Vec<ExportColumn>,
    #[schema(example = 1200)]
    pub rows: i64,
    #[schema(example = 1)]
    pub downloads: i64,
    pub downloaded_at: Option<DateTime<Utc>>,
}

/// A column of an exported file, named in the reader's language.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ExportColumn {
    #[schema(example = "phone")]
    pub key: String,
    #[schema(example = "Phone")]
    pub label: String,
}

/// Notes what a file holds, in the transaction that ends its writing.
pub(super) fn export_note(
    cx: &Cx,
    tx: &mut Db,
    id: JobId,
    input: &ExportInput,
    fields: &[String],
    rows: i64,
) -> AppResult<()> {
    let asked = input.filter.as_ref().or(input.pivot.as_ref().and_then(|query| query.filter.as_ref()));
    let request = json!({"filter": asked, "q": input.q, "sort": input.sort, "segment_id": input.segment_id,
        "period": input.period});
    let row = ExportRow {
        id,
        user_id: cx.actor.user_id,
        unit_id: cx.actor.unit_id,
        resource: input.resource.clone(),
        format: input.format.clone(),
        request,
        fields: json!(fields),
        records: rows,
        at: cx.now,
        downloads: 0,
        downloaded_at: None,
    };
    Ok(export_insert(tx, row)?)
}

fn reach(cx: &Cx) -> AppResult<ExportReach> {
    if !cx.actor.may(READ) {
        cx.require(PERMISSION)?;
        return Ok(ExportReach::Own(cx.actor.user_id));
    }
    Ok(cx.actor.organisation_reach().map_or(ExportReach::Company, ExportReach::Unit))
}

/// The exports within sight, the latest first.
pub fn export_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<ExportView>> {
    let scope = export_scope(reach(cx)?);
    let catalogue = export_catalogue();
    let source = Source { from: EXPORT_FROM, id: EXPORT_ID, catalogue: &catalogue, default_sort: "-at" };
    cx.read(|db| {
        let page = page_ids(cx, db, request, &source, &scope)?;
        let rows = export_rows(db, page.items.iter().copied().map(JobId))?;
        let people: HashMap<UserId, String> =
            user_rows(db, rows.iter().map(|row| row.user_id))?.into_iter().map(|user| (user.id, user.name)).collect();
        let units: HashMap<_, _> = unit_list(db, None)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
        let words = column_words(cx, db)?;
        let mut views: HashMap<Uuid, ExportView> = HashMap::new();
        for row in rows {
            let person = Ref::new(row.user_id, people.get(&row.user_id).cloned().unwrap_or_default());
            let unit = Ref::new(row.unit_id, units.get(&row.unit_id).cloned().unwrap_or_default());
            views.insert(row.id.0, view(cx, row, person, unit, &words));
        }
        Ok(Page {
            items: page.items.iter().filter_map(|id| views.remove(id)).collect(),
            next_cursor: page.next_cursor,
            total: page.total,
            total_capped: page.total_capped,
        })
    })
}

/// Resource, key and word of every column a file may have.
fn column_words(cx: &Cx, db: &mut Db) -> AppResult<Vec<(String, String, String)>> {
    let chinese = cx.request.locale.starts_with("zh");
    let mut words = Vec::new();
    for resource in
        ["customers", "orders", "opportunities", "products", "assets", "consents", "audit-events", "discipline"]
    {
        let all = columns_of(resource, chinese).into_iter().flatten().chain(columns_shown(resource, chinese));
        words.extend(all.map(|column| (resource.to_string(), column.key, column.label)));
    }
    for (list, resource) in WITH_CUSTOM {
        for field in custom_definitions(db, resource)? {
            let label = if chinese { field.label_zh } else { field.label_en };
            words.push(((*list).into(), format!("custom.{}", field.key), label));
        }
    }
    Ok(words)
}

/// Whether the reader may see records of the kind, and so what was looked for among them.
fn sees(cx: &Cx, resource: &str) -> bool {
    cx.actor.may(match resource {
        "customers" | "assets" | "consents" => "customers:customer:read",
        "orders" => "sales:order:read",
        "opportunities" => "sales:opportunity:read",
        "products" => "catalog:product:read",
        "pivots" => "insight:metric:read",
        "discipline" => "activities:discipline:read",
        _ => "access:audit:read",
    })
}

fn view(cx: &Cx, row: ExportRow, person: Ref, unit: Ref, words: &[(String, String, String)]) -> ExportView {
    let own = row.user_id == cx.actor.user_id;
    let withheld = !own && !sees(cx, &row.resource);
    let mut filter = row.request.get("filter").filter(|filter| !filter.is_null() && !withheld).cloned();
    if let Some(filter) = &mut filter {
        condition_mask(&cx.actor.masks, filter);
    }
    let text = |name: &str| row.request[name].as_str().map(String::from);
    let keys: Vec<String> = serde_json::from_value(row.fields).unwrap_or_default();
    let label = |key: &str| {
        let known = words.iter().find(|(resource, known, _)| *resource == row.resource && known == key);
        known.map_or_else(|| key.to_string(), |(_, _, label)| label.clone())
    };
    // A search may be for a number or a name that is masked for this reader.
    let searched = own || (!withheld && cx.actor.masks.is_empty());
    ExportView {
        id: row.id.0,
        at: row.at,
        person,
        unit,
        filter,
        q: text("q").filter(|_| searched),
        sort: text("sort"),
        period: serde_json::from_value(row.request["period"].clone()).ok(),
        segment_id: text("segment_id").and_then(|id| id.parse().ok()),
        withheld,
        columns: keys.into_iter().map(|key| ExportColumn { label: label(&key), key }).collect(),
        rows: row.records,
        downloads: row.downloads,
        downloaded_at: row.downloaded_at,
        resource: row.resource,
        format: row.format,
    }
}
