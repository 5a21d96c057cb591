//! Many customers in one call: all or nothing, or each for itself.

use regulars_domain::error::FieldError;
use regulars_domain::ids::PartyId;
use regulars_persistence::Db;
use regulars_persistence::customers::party::PartyRecord;
use regulars_persistence::db::savepoint;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::input::CustomerInput;
use super::write::{
    Creation, Revision, creation_check, creation_store, deletion_store, own_require, record_to_change, revision_check,
    revision_store,
};
use crate::{AppError, AppResult, Cx};

/// Most items of one call.
pub const MOST: usize = 500;

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"create": [{"kind": "person", "name": "陈晨"}], "update": [], "delete": []}))]
pub struct BatchInput {
    pub create: Vec<CustomerInput>,
    /// Merge-patches, each with `id` and the `version` that was read.
    pub update: Vec<BatchUpdate>,
    pub delete: Vec<BatchDelete>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BatchUpdate {
    pub id: Uuid,
    #[schema(example = 1)]
    pub version: i64,
    #[serde(flatten)]
    #[schema(value_type = Object, example = json!({"status": "customer"}))]
    pub patch: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchDelete {
    pub id: Uuid,
    #[schema(example = 1)]
    pub version: i64,
}

/// How one item went, in the order create, update, delete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchItem {
    /// `create`, `update` or `delete`.
    pub op: String,
    /// Place in the list of that name.
    pub index: usize,
    pub id: Option<Uuid>,
    pub version: Option<i64>,
    pub fault: Option<BatchFault>,
}

/// Why an item was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BatchFault {
    Validation(Vec<FieldError>),
    NotFound,
    Forbidden(String),
    Conflict(String),
    Stale(i64),
}

/// What the person did wrong is the item's own; anything else fails the whole call.
fn fault_of(error: AppError) -> AppResult<BatchFault> {
    Ok(match error {
        AppError::Validation(errors) => BatchFault::Validation(errors),
        AppError::NotFound => BatchFault::NotFound,
        AppError::Forbidden(permission) => BatchFault::Forbidden(permission),
        AppError::Conflict(code) => BatchFault::Conflict(code.into()),
        AppError::Stale { current } => BatchFault::Stale(current),
        other => return Err(other),
    })
}

/// An item that was checked, or why it was refused.
#[derive(Clone)]
struct Prepared {
    op: &'static str,
    index: usize,
    work: Result<Work, AppError>,
}

#[derive(Clone)]
enum Work {
    Create(Box<Creation>),
    Update(Box<Revision>),
    Delete(Box<PartyRecord>),
}

/// Runs a batch. Atomic: the first fault refuses everything, its pointers leading into the batch. Otherwise every item
/// says how it went.
pub fn customer_batch(cx: &Cx, input: BatchInput, atomic: bool) -> AppResult<Vec<BatchItem>> {
    let count = input.create.len() + input.update.len() + input.delete.len();
    if count > MOST {
        return Err(AppError::Validation(vec![FieldError::new("", "out_of_range").with(format!("1–{MOST}"))]));
    }
    if !input.create.is_empty() || !input.update.is_empty() {
        cx.require("customers:customer:write")?;
    }
    if !input.delete.is_empty() {
        cx.require("customers:customer:delete")?;
    }
    let prepared = prepare(cx, input)?;
    if atomic {
        let faults: Vec<FieldError> = prepared.iter().flat_map(placed_errors).collect();
        if !faults.is_empty() {
            return Err(AppError::Validation(faults));
        }
        if let Some(error) = prepared.iter().find_map(|item| item.work.as_ref().err()) {
            return Err(error.clone());
        }
    }
    let within = cx.clone();
    cx.create(move |tx| prepared.iter().map(|item| item_run(tx, &within, item, atomic)).collect())
}

fn prepare(cx: &Cx, input: BatchInput) -> AppResult<Vec<Prepared>> {
    let mut prepared = Vec::new();
    let mut add = |op: &'static str, index: usize, work: AppResult<Work>| match work {
        Err(error @ (AppError::Busy | AppError::Internal(_) | AppError::Serialization | AppError::StorageFull)) => {
            Err(error)
        }
        work => {
            prepared.push(Prepared { op, index, work });
            Ok(())
        }
    };
    for (index, item) in input.create.into_iter().enumerate() {
        add("create", index, creation_check(cx, item).map(|work| Work::Create(Box::new(work))))?;
    }
    for (index, item) in input.update.into_iter().enumerate() {
        let work = revision_check(cx, PartyId(item.id), item.version, &Value::Object(item.patch));
        add("update", index, work.map(|work| Work::Update(Box::new(work))))?;
    }
    for (index, item) in input.delete.into_iter().enumerate() {
        let work = cx.read(|db| {
            let record = record_to_change(cx, db, PartyId(item.id), item.version)?;
            own_require(cx, db, PartyId(item.id)).map(|()| record)
        });
        add("delete", index, work.map(|work| Work::Delete(Box::new(work))))?;
    }
    Ok(prepared)
}

/// The errors of an item with pointers that lead into the batch: `/create/3/name`.
fn placed_errors(item: &Prepared) -> Vec<FieldError> {
    let Err(AppError::Validation(errors)) = &item.work else { return Vec::new() };
    let place = |error: &FieldError| FieldError {
        pointer: format!("/{}/{}{}", item.op, item.index, error.pointer),
        ..error.clone()
    };
    errors.iter().map(place).collect()
}

fn item_run(tx: &mut Db, cx: &Cx, item: &Prepared, atomic: bool) -> AppResult<BatchItem> {
    let blank = BatchItem { op: item.op.into(), index: item.index, id: None, version: None, fault: None };
    let outcome = match &item.work {
        Err(error) => Err(error.clone()),
        Ok(work) if atomic => work_store(tx, cx, work),
        Ok(work) => savepoint(tx, |tx| work_store(tx, cx, work)),
    };
    match outcome {
        Ok((id, version)) => Ok(BatchItem { id: Some(id), version, ..blank }),
        Err(error) if atomic => Err(error),
        Err(error) => Ok(BatchItem { fault: Some(fault_of(error)?), ..blank }),
    }
}

fn work_store(tx: &mut Db, cx: &Cx, work: &Work) -> AppResult<(Uuid, Option<i64>)> {
    match work {
        Work::Create(creation) => creation_store(tx, cx, creation).map(|view| (view.id, Some(view.version))),
        Work::Update(revision) => revision_store(tx, cx, revision).map(|view| (view.id, Some(view.version))),
        Work::Delete(record) => deletion_store(tx, cx, record).map(|()| (record.party.id.0, None)),
    }
}
