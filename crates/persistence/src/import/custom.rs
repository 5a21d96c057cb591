//! Values of custom fields as imports store them.

use regulars_domain::ids::CustomFieldId;

use crate::bulk::{CUSTOM_VALUE, rows_insert};
use crate::customers::custom::CustomValueRow;
use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Bind, Statement};
use crate::types::AnyId;

pub(super) fn custom_row(id: AnyId, row: CustomValueRow) -> Vec<Bind> {
    vec![
        row.field_id.into(),
        id.into(),
        row.position.into(),
        row.text_value.into(),
        row.number_value.into(),
        row.int_value.into(),
        row.date_value.into(),
        row.unique_key.into(),
    ]
}

/// Values of new records.
pub fn customs_insert(db: &mut Db, rows: Vec<(AnyId, CustomValueRow)>) -> StoreResult<()> {
    rows_insert(db, &CUSTOM_VALUE, rows.into_iter().map(|(id, row)| custom_row(id, row)).collect())
}

/// The values of some custom fields of a record become exactly these.
pub fn custom_fields_set(
    db: &mut Db,
    id: AnyId,
    fields: &[CustomFieldId],
    rows: Vec<CustomValueRow>,
) -> StoreResult<()> {
    if fields.is_empty() {
        return Ok(());
    }
    let mut statement = Statement::new("DELETE FROM custom_value").with(" WHERE resource_id = ", id);
    statement.push(" AND field_id IN (").bind_list(fields.iter().copied()).push(")");
    statement.run(db)?;
    customs_insert(db, rows.into_iter().map(|row| (id, row)).collect())
}
