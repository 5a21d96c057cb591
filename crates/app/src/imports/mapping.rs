//! Which column fills which field, what rows are recognised by, and how their texts are read. Chosen by a person,
//! kept with the import, and savable under a name.

use std::collections::{HashMap, HashSet};

use regulars_domain::error::{Checks, FieldError};
use regulars_domain::ids::{UnitId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::doubles::DoubleRows;
use super::targets::{ImportResource, Target};
use super::values::{DateOrder, DecimalSign};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    pub columns: Vec<ColumnTarget>,
    /// The target rows are matched by; none means every row is new.
    pub key: Option<String>,
    pub options: MappingOptions,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnTarget {
    /// Counts from 0.
    pub index: usize,
    /// A key of the resource's targets or `custom.<key>`; none passes the column over.
    pub target: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MappingOptions {
    pub date_format: DateOrder,
    pub decimal: DecimalSign,
    /// Owner of rows that name none; the importing person when unset.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub default_owner_id: Option<UserId>,
    /// Unit of rows that name none; the importing person's when unset.
    #[schema(value_type = Option<uuid::Uuid>)]
    pub default_unit_id: Option<UnitId>,
    /// Orders may name products that do not exist yet.
    pub create_missing_products: bool,
    /// Orders and contacts may name customers that do not exist yet.
    pub create_missing_customers: bool,
    /// What becomes of rows of customers and contacts that match nobody and look like someone who is there already.
    pub possible_duplicates: DoubleRows,
}

/// A custom field as far as a mapping cares.
pub const CUSTOM_PREFIX: &str = "custom.";

/// The key a new import starts with: the first unique target that is mapped.
pub fn key_suggest(resource: ImportResource, targets: &[Option<String>]) -> Option<String> {
    let mapped = |key: &str| targets.iter().flatten().any(|target| target == key);
    resource.targets().iter().find(|target| target.unique && mapped(target.key)).map(|target| target.key.to_owned())
}

/// Everything wrong with a mapping for a file of `width` columns, told by pointer. `custom_keys` tells of each custom
/// field whether its values are unique.
pub fn mapping_check(
    resource: ImportResource,
    mapping: &Mapping,
    width: usize,
    custom_keys: &HashMap<String, bool>,
) -> Result<(), Vec<FieldError>> {
    let mut checks = Checks::default();
    let mut taken: HashSet<&str> = HashSet::new();
    let mut indexes = HashSet::new();
    for (at, column) in mapping.columns.iter().enumerate() {
        if column.index >= width || !indexes.insert(column.index) {
            checks.fail(format!("/mapping/columns/{at}/index"), "no_such_column");
        }
        let Some(key) = column.target.as_deref() else { continue };
        let repeatable = match target_of(resource, key) {
            Some(target) => target.repeatable,
            None if key.strip_prefix(CUSTOM_PREFIX).is_some_and(|key| custom_keys.contains_key(key)) => false,
            None => {
                checks.fail(format!("/mapping/columns/{at}/target"), "unknown_target");
                continue;
            }
        };
        if !taken.insert(key) && !repeatable {
            checks.fail(format!("/mapping/columns/{at}/target"), "target_taken");
        }
    }
    if let Some(key) = mapping.key.as_deref() {
        let unique = match key.strip_prefix(CUSTOM_PREFIX) {
            Some(custom) => custom_keys.get(custom).copied().unwrap_or(false),
            None => target_of(resource, key).is_some_and(|target| target.unique),
        };
        if !unique || !taken.contains(key) {
            checks.fail("/mapping/key", "not_a_mapped_key");
        }
    }
    for (choices, code) in required(resource) {
        if !choices.iter().any(|choice| taken.contains(choice)) && !matched_only(resource, mapping) {
            checks.fail_with("/mapping/columns", *code, choices.join(", "));
        }
    }
    checks.done()
}

/// Rows that only change existing customers or products need nothing but their key.
fn matched_only(resource: ImportResource, mapping: &Mapping) -> bool {
    matches!(resource, ImportResource::Customers | ImportResource::Products) && mapping.key.is_some()
}

fn target_of(resource: ImportResource, key: &str) -> Option<&'static Target> {
    resource.targets().iter().find(|target| target.key == key)
}

/// For each group at least one target must be mapped.
fn required(resource: ImportResource) -> &'static [(&'static [&'static str], &'static str)] {
    match resource {
        ImportResource::Customers => &[(&["name"], "target_required")],
        ImportResource::Contacts => {
            &[(&["name"], "target_required"), (&["organization_code", "organization_name"], "target_required")]
        }
        ImportResource::Products => &[(&["code"], "target_required"), (&["name"], "target_required")],
        ImportResource::Orders => &[
            (&["customer_code", "customer_name", "customer_phone", "customer_email"], "target_required"),
            (&["ordered_on", "ordered_at"], "target_required"),
            (&["amount", "price", "product_code"], "target_required"),
        ],
        ImportResource::Assets => &[
            (&["customer_code", "customer_name", "customer_phone", "customer_email"], "target_required"),
            (&["name", "product_code"], "target_required"),
        ],
        ImportResource::Consents => &[
            (&["customer_code", "customer_name", "customer_phone", "customer_email"], "target_required"),
            (&["channel"], "target_required"),
            (&["purpose"], "target_required"),
            (&["given"], "target_required"),
        ],
        ImportResource::Preferences | ImportResource::Facts => &[
            (&["customer_code", "customer_name", "customer_phone", "customer_email"], "target_required"),
            (&["kind"], "target_required"),
            (&["value"], "target_required"),
        ],
        ImportResource::Trainings => &[
            (&["customer_code", "customer_name", "customer_phone", "customer_email"], "target_required"),
            (&["course"], "target_required"),
            (&["on"], "target_required"),
        ],
        ImportResource::Opportunities => &[(&["name"], "target_required")],
        ImportResource::Sellout => &[
            (&["period"], "target_required"),
            (&["customer_code", "customer_name"], "target_required"),
            (&["value"], "target_required"),
        ],
    }
}

/// A mapping ready for reading rows: targets by column, without the columns passed over.
#[derive(Debug, Clone)]
pub struct Plan {
    pub resource: ImportResource,
    /// `(column, target)` in the order of the columns.
    pub columns: Vec<(usize, String)>,
    pub key: Option<String>,
    pub options: MappingOptions,
    /// Headings, for messages.
    pub names: Vec<String>,
    /// The first row is a heading and no data.
    pub header_row: bool,
    /// Texts may carry the apostrophe that defuses formulas.
    pub defused: bool,
}

impl Plan {
    pub fn maps(&self, key: &str) -> bool {
        self.columns.iter().any(|(_, target)| target == key)
    }

    pub fn maps_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.maps(key))
    }

    /// How messages call a column: its heading, or its number from 1.
    pub fn column_name(&self, column: usize) -> String {
        match self.names.get(column).map(|name| name.trim()) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => format!("#{}", column + 1),
        }
    }
}
