//! Mappings saved under a name, for files that come again and again.

use chrono::{DateTime, Utc};
use regulars_domain::error::Checks;
use regulars_domain::ids::ImportMappingId;
use regulars_persistence::import::{
    MappingRecord, mapping_delete as row_delete, mapping_insert, mapping_list as row_list,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::mapping::Mapping;
use super::record::PERMISSION;
use super::targets::ImportResource;
use crate::list::{Page, Versioned};
use crate::{AppError, AppResult, Cx};

/// A mapping to be saved.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedMappingInput {
    #[schema(example = "Till export")]
    pub name: String,
    #[schema(value_type = ImportResource)]
    pub resource: String,
    pub mapping: Mapping,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SavedMappingView {
    pub id: Uuid,
    pub name: String,
    #[schema(value_type = ImportResource)]
    pub resource: String,
    pub mapping: Mapping,
    pub created_at: DateTime<Utc>,
}

impl Versioned for SavedMappingView {
    fn id(&self) -> Uuid {
        self.id
    }
    /// Saved mappings are replaced, not edited.
    fn version(&self) -> i64 {
        1
    }
}

fn to_view(row: MappingRecord) -> AppResult<SavedMappingView> {
    Ok(SavedMappingView {
        id: row.id.0,
        name: row.name,
        resource: row.resource,
        mapping: serde_json::from_value(row.mapping).map_err(AppError::internal)?,
        created_at: row.created_at,
    })
}

pub fn mapping_list(cx: &Cx, resource: Option<&str>) -> AppResult<Page<SavedMappingView>> {
    cx.require(PERMISSION)?;
    let rows = cx.read(|db| Ok(row_list(db, cx.actor.unit_id, resource)?))?;
    Ok(Page::whole(rows.into_iter().map(to_view).collect::<AppResult<_>>()?))
}

/// Saves a mapping for everyone in the unit who imports.
pub fn mapping_create(cx: &Cx, input: SavedMappingInput) -> AppResult<SavedMappingView> {
    cx.require(PERMISSION)?;
    let mut checks = Checks::default();
    checks.text("/name", &input.name, 100);
    checks.one_of("/resource", &input.resource, &ImportResource::ALL.map(ImportResource::name));
    checks.done()?;
    let row = MappingRecord {
        id: ImportMappingId::fresh(),
        unit_id: cx.actor.unit_id,
        owner_id: cx.actor.user_id,
        name: input.name.trim().into(),
        resource: input.resource,
        mapping: json!(input.mapping),
        created_at: cx.now,
    };
    cx.create(move |tx| {
        mapping_insert(tx, row.clone())?;
        to_view(row.clone())
    })
}

pub fn mapping_delete(cx: &Cx, id: ImportMappingId) -> AppResult<()> {
    cx.require(PERMISSION)?;
    let unit = cx.actor.unit_id;
    cx.change(move |tx| if row_delete(tx, id, unit)? { Ok(()) } else { Err(AppError::NotFound) })
}
