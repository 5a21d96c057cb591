//! Finding qualifications: one, those of a customer, those of a list.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use regulars_domain::actor::{Action, Resource};
use regulars_domain::ids::{PartyId, QualificationId};
use regulars_persistence::Db;
use regulars_persistence::customers::qualification::{
    QUALIFICATION_FROM, QUALIFICATION_ID, QualificationRecord, push_qualifications, qualification_catalogue,
    qualification_get as row_get, qualifications_by_id, qualifications_of,
};
use regulars_persistence::sql::Statement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::{Held, QualificationView, view};
use crate::access::Ref;
use crate::customers::place::party_place;
use crate::list::{ListRequest, Page, Source, page_ids};
use crate::{AppError, AppResult, Cx};

pub(super) const READ: &str = "customers:customer:read";

/// A qualification in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct QualificationLine {
    pub id: Uuid,
    pub customer: Ref,
    pub unit: Ref,
    pub owner: Option<Ref>,
    pub template: Ref,
    #[schema(value_type = crate::shape::QualificationStatus)]
    pub status: String,
    /// The approval that comes next, of one that is proposed.
    #[schema(example = json!(null))]
    pub waits_for: Option<String>,
    pub started_by: Ref,
    pub started_at: DateTime<Utc>,
    pub proposed_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
}

pub(super) fn line(held: Held) -> QualificationLine {
    let Held { record, definition, .. } = held;
    let own = record.own;
    let stage = usize::try_from(own.stage).ok().and_then(|stage| definition.approvals.get(stage));
    QualificationLine {
        id: own.id.0,
        customer: Ref::new(own.party_id, record.customer),
        unit: Ref::new(record.unit_id, record.unit),
        owner: record.owner_id.map(|id| Ref::new(id, record.owner.unwrap_or_default())),
        template: Ref::new(own.template_id, record.template_name),
        waits_for: stage.filter(|_| own.status == "proposed").map(|asked| asked.label.clone()),
        status: own.status,
        started_by: Ref::new(own.started_by, record.started_by_name),
        started_at: own.started_at,
        proposed_at: own.proposed_at,
        updated_at: own.updated_at,
    }
}

/// One page of the qualifications of customers within reach.
pub fn qualification_list(cx: &Cx, request: &ListRequest) -> AppResult<Page<QualificationLine>> {
    cx.require(READ)?;
    let reach = cx.visible(Resource::Customer, Action::Read);
    cx.read(|db| {
        let catalogue = qualification_catalogue();
        let source = Source {
            from: QUALIFICATION_FROM,
            id: QUALIFICATION_ID,
            catalogue: &catalogue,
            default_sort: "-updated_at",
        };
        let mut base = Statement::default();
        push_qualifications(&mut base, &reach);
        let page = page_ids(cx, db, request, &source, &base)?;
        let ids: Vec<QualificationId> = page.items.iter().copied().map(QualificationId).collect();
        let records = qualifications_by_id(db, &ids, &reach)?;
        let mut by_id: HashMap<QualificationId, QualificationRecord> =
            records.into_iter().map(|record| (record.own.id, record)).collect();
        let records = ids.iter().filter_map(|id| by_id.remove(id));
        let items = records.map(|record| Held::of(record).map(line)).collect::<AppResult<Vec<_>>>()?;
        Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_capped: page.total_capped })
    })
}

/// A qualification whose customer the caller sees.
pub(super) fn found(cx: &Cx, db: &mut Db, id: QualificationId, action: Action) -> AppResult<Held> {
    let reach = cx.visible(Resource::Customer, action);
    Held::of(row_get(db, id, &reach)?.ok_or(AppError::NotFound)?)
}

pub fn qualification_get(cx: &Cx, id: QualificationId) -> AppResult<QualificationView> {
    cx.require(READ)?;
    cx.read(|db| {
        let held = found(cx, db, id, Action::Read)?;
        view(cx, db, held)
    })
}

/// Everything of a customer: the one under way first, then those that are over.
pub fn qualifications_of_customer(cx: &Cx, party: PartyId) -> AppResult<Page<QualificationView>> {
    cx.require(READ)?;
    cx.read(|db| {
        party_place(cx, db, party, Action::Read)?;
        let records = qualifications_of(db, party, &cx.visible(Resource::Customer, Action::Read))?;
        let views = records.into_iter().map(|record| Held::of(record).and_then(|held| view(cx, db, held)));
        Ok(Page::whole(views.collect::<AppResult<Vec<_>>>()?))
    })
}

/// One as a list shows it.
pub fn qualification_line(cx: &Cx, id: QualificationId) -> AppResult<QualificationLine> {
    cx.require(READ)?;
    cx.read(|db| found(cx, db, id, Action::Read).map(line))
}
