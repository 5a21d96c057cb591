//! The history of stages: one row for as long as an opportunity stands in a stage with an amount, with no gap between
//! them. What stood where on any day is a range of an index.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use regulars_domain::actor::Visibility;
use regulars_domain::ids::{OpportunityId, PipelineId, StageId, UnitId, UserId};

use crate::db::Db;
use crate::error::StoreResult;
use crate::sql::{Statement, insert, update};
use crate::types::{AnyId, SqlId, SqlInstant};
use crate::visible::push_visible;

/// The end of what still stands.
pub fn forever() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(9999, 12, 31).and_then(|day| day.and_hms_opt(0, 0, 0)).unwrap_or_default().and_utc()
}

#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StageChangeRow {
    #[diesel(sql_type = SqlId)]
    pub id: AnyId,
    #[diesel(sql_type = SqlId)]
    pub opportunity_id: OpportunityId,
    #[diesel(sql_type = SqlId)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub owner_id: Option<UserId>,
    #[diesel(sql_type = SqlId)]
    pub stage_id: StageId,
    /// The same as `stage_id` where the amount alone changed.
    #[diesel(sql_type = Nullable<SqlId>)]
    pub from_stage_id: Option<StageId>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub next_stage_id: Option<StageId>,
    #[diesel(sql_type = SqlInstant)]
    pub entered_at: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub valid_from: DateTime<Utc>,
    #[diesel(sql_type = SqlInstant)]
    pub valid_to: DateTime<Utc>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub stood_seconds: Option<i64>,
    /// Minor units of the company's currency.
    #[diesel(sql_type = BigInt)]
    pub amount_base: i64,
    #[diesel(sql_type = BigInt)]
    pub probability: i64,
    #[diesel(sql_type = BigInt)]
    pub weighted: i64,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub competitor: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub remark: Option<String>,
    #[diesel(sql_type = Nullable<SqlId>)]
    pub changed_by: Option<UserId>,
}

pub fn change_insert(db: &mut Db, row: StageChangeRow) -> StoreResult<()> {
    insert(
        "opportunity_stage_change",
        [
            ("id", row.id.into()),
            ("opportunity_id", row.opportunity_id.into()),
            ("unit_id", row.unit_id.into()),
            ("owner_id", row.owner_id.into()),
            ("stage_id", row.stage_id.into()),
            ("from_stage_id", row.from_stage_id.into()),
            ("next_stage_id", row.next_stage_id.into()),
            ("entered_at", row.entered_at.into()),
            ("valid_from", row.valid_from.into()),
            ("valid_to", row.valid_to.into()),
            ("stood_seconds", row.stood_seconds.into()),
            ("amount_base", row.amount_base.into()),
            ("probability", row.probability.into()),
            ("weighted", row.weighted.into()),
            ("reason", row.reason.into()),
            ("competitor", row.competitor.into()),
            ("remark", row.remark.into()),
            ("changed_by", row.changed_by.into()),
        ],
    )
    .run(db)?;
    Ok(())
}

/// Ends what stands: from then on it stands in `next`, or nowhere once it is deleted. `stood_seconds` is told when the
/// stage itself is left.
pub fn change_end(
    db: &mut Db,
    id: OpportunityId,
    at: DateTime<Utc>,
    next: Option<StageId>,
    stood_seconds: Option<i64>,
) -> StoreResult<()> {
    update(
        "opportunity_stage_change",
        [("valid_to", at.into()), ("next_stage_id", next.into()), ("stood_seconds", stood_seconds.into())],
    )
    .with(" WHERE opportunity_id = ", id)
    .with(" AND valid_to = ", forever())
    .run(db)?;
    Ok(())
}

/// The whole history of an opportunity, the newest first.
pub fn changes_of(db: &mut Db, id: OpportunityId) -> StoreResult<Vec<StageChangeRow>> {
    Statement::new(
        "SELECT c.id, c.opportunity_id, c.unit_id, c.owner_id, c.stage_id, c.from_stage_id, c.next_stage_id, c.entered_at, \
         c.valid_from, c.valid_to, c.stood_seconds, c.amount_base, c.probability, c.weighted, c.reason, c.competitor, \
         c.remark, c.changed_by FROM opportunity_stage_change c",
    )
    .cached()
    .with(" WHERE c.opportunity_id = ", id)
    .then(" ORDER BY c.valid_to DESC, c.valid_from DESC, c.id DESC")
    .rows(db)
}

/// Whose history is looked at.
#[derive(Debug, Clone)]
pub struct Looked<'a> {
    pub stages: &'a [StageId],
    pub reach: &'a Visibility,
    pub owner: Option<UserId>,
}

impl Looked<'_> {
    /// Every stage on its own, so that each is a range of one index, in one statement.
    fn each(&self, select: &str, range: &dyn Fn(&mut Statement), group: &str) -> Statement {
        let mut all = Statement::default();
        for (at, stage) in self.stages.iter().enumerate() {
            all.push(if at == 0 { "" } else { " UNION ALL " });
            all.push(format!("SELECT {select} FROM opportunity_stage_change c WHERE c.stage_id = ")).bind(*stage);
            range(&mut all);
            all.push(" AND ");
            push_visible(&mut all, "c", self.reach);
            if let Some(owner) = self.owner {
                all.push(" AND c.owner_id = ").bind(owner);
            }
            all.push(format!(" GROUP BY {group}"));
        }
        all
    }
}

/// What stood in a stage at a moment, and since when.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StageStand {
    #[diesel(sql_type = SqlId)]
    pub stage_id: StageId,
    #[diesel(sql_type = BigInt)]
    pub n: i64,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = BigInt)]
    pub weighted: i64,
    #[diesel(sql_type = SqlInstant)]
    pub oldest: DateTime<Utc>,
    /// In the stage for less than a week, a month, a quarter by then.
    #[diesel(sql_type = BigInt)]
    pub within_week: i64,
    #[diesel(sql_type = BigInt)]
    pub within_month: i64,
    #[diesel(sql_type = BigInt)]
    pub within_quarter: i64,
}

/// What stood where at a moment; `ages` are the moments 7, 30 and 90 days before it.
pub fn stages_stood(
    db: &mut Db,
    looked: &Looked<'_>,
    at: DateTime<Utc>,
    ages: [DateTime<Utc>; 3],
) -> StoreResult<Vec<StageStand>> {
    if looked.stages.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::default();
    for (place, stage) in looked.stages.iter().enumerate() {
        statement.push(if place == 0 { "" } else { " UNION ALL " });
        statement.push(
            "SELECT c.stage_id, COUNT(*) AS n, CAST(SUM(c.amount_base) AS BIGINT) AS amount, \
             CAST(SUM(c.weighted) AS BIGINT) AS weighted, MIN(c.entered_at) AS oldest",
        );
        for (since, name) in ages.into_iter().zip(["within_week", "within_month", "within_quarter"]) {
            statement.push(", CAST(SUM(CASE WHEN c.entered_at > ").bind(since);
            statement.push(format!(" THEN 1 ELSE 0 END) AS BIGINT) AS {name}"));
        }
        statement.push(" FROM opportunity_stage_change c WHERE c.stage_id = ").bind(*stage);
        statement.push(" AND c.valid_to > ").bind(at).push(" AND c.valid_from <= ").bind(at).push(" AND ");
        push_visible(&mut statement, "c", looked.reach);
        if let Some(owner) = looked.owner {
            statement.push(" AND c.owner_id = ").bind(owner);
        }
        statement.push(" GROUP BY c.stage_id");
    }
    statement.rows(db)
}

/// How many left a stage after so many hours.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StageLeft {
    #[diesel(sql_type = SqlId)]
    pub stage_id: StageId,
    #[diesel(sql_type = SqlId)]
    pub next_stage_id: StageId,
    #[diesel(sql_type = BigInt)]
    pub hours: i64,
    #[diesel(sql_type = BigInt)]
    pub n: i64,
}

/// Who left which stage for which, after how long, within a time.
pub fn stages_left(
    db: &mut Db,
    looked: &Looked<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> StoreResult<Vec<StageLeft>> {
    if looked.stages.is_empty() {
        return Ok(Vec::new());
    }
    let range = |statement: &mut Statement| {
        statement.push(" AND c.valid_to >= ").bind(from).push(" AND c.valid_to < ").bind(to);
        statement.push(" AND c.stood_seconds IS NOT NULL AND c.next_stage_id IS NOT NULL");
    };
    let select = "c.stage_id, c.next_stage_id, c.stood_seconds / 3600 AS hours, COUNT(*) AS n";
    looked.each(select, &range, "c.stage_id, c.next_stage_id, c.stood_seconds / 3600").rows(db)
}

/// How many ended in a stage for a reason.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct StageEnd {
    #[diesel(sql_type = SqlId)]
    pub stage_id: StageId,
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub n: i64,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What came to won and lost stages within a time and is still there, by reason.
pub fn stages_ended(
    db: &mut Db,
    looked: &Looked<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> StoreResult<Vec<StageEnd>> {
    if looked.stages.is_empty() {
        return Ok(Vec::new());
    }
    let range = |statement: &mut Statement| {
        statement.push(" AND c.valid_to >= ").bind(to).push(" AND c.entered_at >= ").bind(from);
        statement.push(" AND c.valid_from < ").bind(to);
    };
    let select = "c.stage_id, c.reason, COUNT(*) AS n, CAST(SUM(c.amount_base) AS BIGINT) AS amount";
    looked.each(select, &range, "c.stage_id, c.reason").rows(db)
}

/// What is expected in a month.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[diesel(check_for_backend(crate::MultiBackend))]
pub struct MonthExpected {
    /// `2026-06`; absent without a day.
    #[diesel(sql_type = Nullable<Text>)]
    pub month: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub n: i64,
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    #[diesel(sql_type = BigInt)]
    pub weighted: i64,
}

/// What is open now by the month in which it is expected to close.
pub fn months_expected(
    db: &mut Db,
    pipeline: PipelineId,
    reach: &Visibility,
    owner: Option<UserId>,
) -> StoreResult<Vec<MonthExpected>> {
    let mut statement = Statement::new(
        "SELECT SUBSTR(CAST(o.expected_close AS text), 1, 7) AS month, COUNT(*) AS n, \
         CAST(SUM(o.amount_base) AS BIGINT) AS amount, \
         CAST(SUM((o.amount_base * s.probability + 50) / 100) AS BIGINT) AS weighted \
         FROM pipeline_stage s JOIN opportunity o ON o.stage_id = s.id AND o.deleted_at IS NULL \
         WHERE s.status = 'open' AND s.pipeline_id = ",
    );
    statement.bind(pipeline).push(" AND ");
    push_visible(&mut statement, "o", reach);
    if let Some(owner) = owner {
        statement.push(" AND o.owner_id = ").bind(owner);
    }
    statement.push(" GROUP BY SUBSTR(CAST(o.expected_close AS text), 1, 7) ORDER BY 1");
    statement.rows(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_far() {
        assert_eq!(forever().to_rfc3339(), "9999-12-31T00:00:00+00:00");
    }
}
