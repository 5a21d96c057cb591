//! Taking a file in: look at it, read its columns, suggest what they mean. A file that can't be read is refused here,
//! before anything is stored.

use std::path::{Path, PathBuf};

use regulars_domain::ids::ImportId;
use regulars_persistence::import::reference::custom_targets;
use regulars_persistence::import::{ImportRecord, import_insert};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::format::{FileFormat, format_detect};
use super::mapping::{CUSTOM_PREFIX, ColumnTarget, Mapping, MappingOptions, key_suggest};
use super::outcome::Counts;
use super::record::{
    ColumnView, ImportView, PERMISSION, file_path, may_write, resource_name, takes_custom, target_masked, to_view,
};
use super::rows::{Flow, Resume, rows_read};
use super::suggestion::{Column, CustomTarget, Shape, date_order_suggest, decimal_suggest, mapping_suggest, shape_of};
use super::targets::{ImportResource, ValueKind};
use super::work::file_error;
use crate::event::Event;
use crate::list::Page;
use crate::{AppError, AppResult, Cx};

/// Rows looked at for samples, and samples shown of a column.
const SAMPLE_ROWS: usize = 200;
const SAMPLES: usize = 5;

/// Where an upload is written before [`import_create`] takes it. Refuses callers who may not import `resource`.
pub fn upload_begin(cx: &Cx, resource: &str) -> AppResult<(ImportId, PathBuf)> {
    cx.require(PERMISSION)?;
    let resource = ImportResource::parse(resource).ok_or_else(|| AppError::invalid("resource", "not_allowed"))?;
    may_write(cx, resource)?;
    let id = ImportId::fresh();
    let path = file_path(cx, id);
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(AppError::internal)?;
    }
    Ok((id, path))
}

/// What an upload says of itself.
#[derive(Debug, Clone)]
pub struct Upload {
    pub id: ImportId,
    pub resource: String,
    pub file_name: String,
    /// Bytes.
    pub size: u64,
}

/// Makes an import of a file that lies where [`upload_begin`] said. An unreadable file is removed again.
pub fn import_create(cx: &Cx, upload: Upload) -> AppResult<ImportView> {
    let path = file_path(cx, upload.id);
    let created = import_record(cx, &upload, &path).and_then(|record| {
        let within = cx.clone();
        cx.create(move |tx| {
            import_insert(tx, record.clone())?;
            Event::new(&within, "import", record.id, "uploaded")
                .stands(record.unit_id, Some(record.created_by))
                .after(&json!({"file_name": record.file_name, "resource": record.resource, "size": record.size}))
                .record(tx)?;
            to_view(record.clone())
        })
    });
    // A repeated upload answers with the first one's import; its own copy is not needed.
    let kept = created.as_ref().is_ok_and(|view| view.id == upload.id.0);
    if !kept && let Err(error) = std::fs::remove_file(&path) {
        tracing::warn!(import.id = %upload.id, error = %error, "a refused upload stays");
    }
    created
}

fn import_record(cx: &Cx, upload: &Upload, path: &Path) -> AppResult<ImportRecord> {
    let resource =
        ImportResource::parse(&upload.resource).ok_or_else(|| AppError::invalid("resource", "not_allowed"))?;
    let format = format_detect(path).map_err(|fault| file_error(cx, &fault))?;
    let columns = columns_read(cx, resource, path, &format)?;
    let mapping = mapping_propose(resource, &columns);
    Ok(ImportRecord {
        id: upload.id,
        unit_id: cx.actor.unit_id,
        created_by: cx.actor.user_id,
        resource: resource.name().into(),
        file_name: upload.file_name.chars().filter(|c| !c.is_control()).take(200).collect(),
        size: i64::try_from(upload.size).unwrap_or(i64::MAX),
        status: "uploaded".into(),
        format: json!(format),
        source_columns: json!(columns),
        mapping: json!(mapping),
        counts: json!(Counts::default()),
        checkpoint: None,
        job_id: None,
        version: 1,
        created_at: cx.now,
        updated_at: cx.now,
    })
}

/// The columns of a file with samples and what they seem to mean.
pub(super) fn columns_read(
    cx: &Cx,
    resource: ImportResource,
    path: &Path,
    format: &FileFormat,
) -> AppResult<Vec<ColumnView>> {
    let mut columns: Vec<Column> = Vec::new();
    let mut rows = 0;
    rows_read(path, format, Resume::default(), &mut |row| {
        if columns.is_empty() {
            let heads = row.record.iter().map(|head| if format.header_row { head.trim() } else { "" });
            columns = heads
                .map(|name| Column { name: name.trim_start_matches('\u{feff}').into(), samples: vec![] })
                .collect();
            if format.header_row {
                return Ok(Flow::Go);
            }
        }
        for (column, field) in columns.iter_mut().zip(row.record.iter()) {
            let field = field.trim();
            if column.samples.len() < SAMPLES && !field.is_empty() && !column.samples.iter().any(|other| other == field)
            {
                column.samples.push(field.chars().take(100).collect());
            }
        }
        rows += 1;
        Ok(if rows < SAMPLE_ROWS { Flow::Go } else { Flow::Stop })
    })
    .map_err(|fault| file_error(cx, &fault))?;
    let custom: Vec<CustomTarget> = cx.read(|db| {
        let fields = custom_targets(db, resource_name(resource))?.into_iter().filter(|_| takes_custom(resource));
        Ok(fields.map(|f| CustomTarget { key: f.key, label_zh: f.label_zh, label_en: f.label_en }).collect())
    })?;
    let suggested = mapping_suggest(resource, &columns, &custom);
    let views = columns.into_iter().zip(suggested).enumerate().map(|(index, (column, suggested_target))| ColumnView {
        index,
        name: column.name,
        samples: column.samples,
        suggested_target: suggested_target.filter(|target| !target_masked(cx, resource, target)),
    });
    Ok(views.collect())
}

/// The mapping a new import starts with.
fn mapping_propose(resource: ImportResource, columns: &[ColumnView]) -> Mapping {
    let targets: Vec<Option<String>> = columns.iter().map(|column| column.suggested_target.clone()).collect();
    let samples = |kinds: &'static [ValueKind]| {
        columns
            .iter()
            .filter(move |column| {
                let key = column.suggested_target.as_deref();
                resource.targets().iter().any(|target| Some(target.key) == key && kinds.contains(&target.kind))
            })
            .flat_map(|column| column.samples.iter().map(String::as_str))
    };
    let dates = samples(&[ValueKind::Date, ValueKind::Instant]).filter(|text| shape_of(text) == Shape::Date);
    Mapping {
        key: key_suggest(resource, &targets),
        options: MappingOptions {
            date_format: date_order_suggest(dates),
            decimal: decimal_suggest(samples(&[ValueKind::Money, ValueKind::Quantity])),
            ..MappingOptions::default()
        },
        columns: targets.into_iter().enumerate().map(|(index, target)| ColumnTarget { index, target }).collect(),
    }
}

/// A field that columns may fill.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TargetView {
    #[schema(example = "phone")]
    pub target: String,
    #[schema(example = "Phone")]
    pub label: String,
    pub label_zh: String,
    pub label_en: String,
    #[schema(value_type = crate::shape::TargetKind)]
    pub kind: String,
    /// Several columns may fill it.
    pub repeatable: bool,
    /// Rows can be matched by it.
    pub unique: bool,
}

/// What columns of a file of this resource can mean.
pub fn target_list(cx: &Cx, resource: &str) -> AppResult<Page<TargetView>> {
    cx.require(PERMISSION)?;
    let resource = ImportResource::parse(resource).ok_or_else(|| AppError::invalid("resource", "not_allowed"))?;
    let chinese = cx.request.locale.starts_with("zh");
    let fixed = resource.targets().iter().map(|target| TargetView {
        target: target.key.into(),
        label: target.label(chinese).into(),
        label_zh: target.label_zh.into(),
        label_en: target.label_en.into(),
        kind: json!(target.kind).as_str().unwrap_or("text").into(),
        repeatable: target.repeatable,
        unique: target.unique,
    });
    let custom = cx.read(|db| Ok(custom_targets(db, resource_name(resource))?))?.into_iter().map(|field| TargetView {
        target: format!("{CUSTOM_PREFIX}{}", field.key),
        label: if chinese { field.label_zh.clone() } else { field.label_en.clone() },
        label_zh: field.label_zh,
        label_en: field.label_en,
        kind: "custom".into(),
        repeatable: false,
        unique: false,
    });
    let custom = custom.filter(|_| takes_custom(resource));
    let open = |target: &TargetView| !target_masked(cx, resource, &target.target);
    Ok(Page::whole(fixed.chain(custom).filter(open).collect()))
}
