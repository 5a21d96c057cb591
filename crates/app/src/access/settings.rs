//! The company and its settings: typed, versioned, audited, with defaults for what was never set.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use regulars_domain::calendar::{Calendar, china};
use regulars_domain::duplicates::Rules;
use regulars_domain::error::Checks;
use regulars_domain::ids::{CompanyId, RoleId};
use regulars_domain::sales::{CountsWhen, day_start};
use regulars_persistence::access::company::{CompanyRow, amounts_recorded, company_get, company_update};
use regulars_persistence::access::role::role_get;
use regulars_persistence::insight::past::PastDay;
use regulars_persistence::{Db, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::second_factor::SecondFactorRule;
use crate::activities::discipline::FollowUpRule;
use crate::customers::duplicates::scan::rules_changed;
use crate::event::Event;
use crate::insight::evaluation::settings_changed;
use crate::insight::goods::goods_known;
use crate::insight::settings::InsightSettings;
use crate::sales::line::tax_rate_read;
use crate::sales::paper::PaperSettings;
use crate::sales::sellout::settings::{SelloutSettings, measures_changed};
use crate::{AppError, AppResult, Cx};

/// Languages the product speaks.
pub const LOCALES: &[&str] = &["zh-CN", "en"];

/// Settings that areas read; each has a default, so that a company that never opened the page works.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Pattern of customer codes: `{unit}` is the unit's code, `{000001}` a number of that width.
    #[schema(required)]
    pub customer_code_pattern: String,
    #[schema(required)]
    pub order_code_pattern: String,
    #[schema(required)]
    pub quote_code_pattern: String,
    #[schema(required)]
    pub bill_code_pattern: String,
    /// Days from a bill to the last day it is paid in time where nobody says another: 0 to 365.
    #[schema(required, example = 30)]
    pub payment_days: u32,
    /// In percent: the tax that prices contain where a line says nothing else.
    #[schema(required, example = "13")]
    pub tax_rate: String,
    /// From which status on an order counts as bought: `confirmed`, `delivered` or `paid`.
    #[schema(value_type = crate::shape::OrderCountsWhen, required)]
    pub order_counts_when: String,
    /// How customers are valued, scored and staged; absent parts take their defaults.
    #[schema(required)]
    pub insight: InsightSettings,
    /// When two customers look like one: rules with weights, and from which score on they possibly or certainly are.
    #[schema(value_type = crate::shape::DuplicateRules, required)]
    pub duplicates: Rules,
    /// Who must sign in with a second step.
    #[schema(required)]
    pub second_factor: SecondFactorRule,
    /// Largest file that can be attached to a record, in megabytes: 1 to 200.
    #[schema(required)]
    pub attachment_max_mb: i64,
    /// On which days people work.
    #[schema(required)]
    pub calendar: CalendarRule,
    /// Whether exported CSV files end with a remark that says who exported them; imports pass over it.
    #[schema(required)]
    pub csv_export_remark: bool,
    /// What places are asked for in sheets, and how often.
    #[schema(required)]
    pub sellout: SelloutSettings,
    /// What quotes and orders say when they are printed, beside their own.
    #[schema(required)]
    pub papers: PaperSettings,
    /// How long records may stay silent, and how often people are to use the program.
    #[schema(required)]
    pub follow_up: FollowUpRule,
}

impl Settings {
    /// Largest file that can be attached, in bytes.
    pub fn attachment_limit(&self) -> u64 {
        self.attachment_max_mb.unsigned_abs() << 20
    }
}

/// The business calendar, in days of the business time zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CalendarRule {
    /// 1 is Monday, 7 Sunday.
    #[schema(required, example = json!([1, 2, 3, 4, 5]))]
    pub weekdays: Vec<u32>,
    /// Days on which nobody works though the weekday says so.
    #[schema(required, example = json!(["2026-10-01"]))]
    pub holidays: Vec<NaiveDate>,
    /// Days on which people work to make up for a holiday.
    #[schema(required, example = json!(["2026-10-10"]))]
    pub workdays: Vec<NaiveDate>,
}

impl Default for CalendarRule {
    /// Monday to Friday, with the public holidays and make-up days of China that are announced.
    fn default() -> Self {
        let (holidays, workdays) = china();
        Self { weekdays: (1..=5).collect(), holidays, workdays }
    }
}

/// Most holidays, and most make-up days, that are kept.
const MOST_DAYS: usize = 1_000;

impl CalendarRule {
    pub fn calendar(&self) -> Calendar {
        Calendar {
            weekdays: self.weekdays.iter().copied().collect(),
            holidays: self.holidays.iter().copied().collect(),
            workdays: self.workdays.iter().copied().collect(),
        }
    }

    fn check(&self, checks: &mut Checks) {
        if self.weekdays.iter().any(|day| !(1..=7).contains(day)) {
            checks.fail_with("/settings/calendar/weekdays", "out_of_range", "1–7");
        }
        for (pointer, days) in
            [("/settings/calendar/holidays", &self.holidays), ("/settings/calendar/workdays", &self.workdays)]
        {
            if days.len() > MOST_DAYS {
                checks.fail_with(pointer, "too_many", MOST_DAYS);
            }
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            customer_code_pattern: "C-{unit}-{000001}".into(),
            order_code_pattern: "O-{unit}-{000001}".into(),
            quote_code_pattern: "Q-{unit}-{000001}".into(),
            bill_code_pattern: "B-{unit}-{000001}".into(),
            payment_days: 30,
            tax_rate: "0".into(),
            order_counts_when: "confirmed".into(),
            insight: InsightSettings::default(),
            duplicates: Rules::default(),
            second_factor: SecondFactorRule::default(),
            attachment_max_mb: 20,
            calendar: CalendarRule::default(),
            csv_export_remark: true,
            sellout: SelloutSettings::default(),
            papers: PaperSettings::default(),
            follow_up: FollowUpRule::default(),
        }
    }
}

/// The company as the program knows it.
#[derive(Debug, Clone)]
pub struct Company {
    pub id: CompanyId,
    pub name: String,
    pub locale: String,
    pub time_zone: Tz,
    pub currency: String,
    pub settings: Settings,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}

impl Company {
    fn from_row(row: CompanyRow) -> AppResult<Self> {
        Ok(Self {
            id: row.id,
            name: row.name,
            locale: row.locale,
            time_zone: row.time_zone.parse().map_err(|_| AppError::Internal("stored time zone".into()))?,
            currency: row.currency,
            settings: serde_json::from_value(row.settings).map_err(AppError::internal)?,
            version: row.version,
            updated_at: row.updated_at,
        })
    }

    /// The day it is for the business at that instant.
    pub fn business_date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.time_zone).date_naive()
    }

    /// The day as a past one, with where it ends.
    pub fn past_day(&self, on: NaiveDate) -> PastDay {
        PastDay { on, end: day_start(self.time_zone, on.succ_opt().unwrap_or(on)) }
    }
}

/// Read by [`App::company`](crate::App::company), which keeps it for a few seconds.
pub fn company_load(db: &mut Db) -> AppResult<Company> {
    let row = company_get(db)?.ok_or(AppError::Conflict("setup_needed"))?;
    Company::from_row(row)
}

/// What the settings page reads and writes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingsInput {
    #[schema(example = "Morning Light Stores")]
    pub company_name: String,
    /// `zh-CN` or `en`: the language of what no person asked for.
    #[schema(value_type = crate::shape::Locale)]
    pub locale: String,
    /// IANA name; business days are days of this zone.
    #[schema(example = "Asia/Shanghai")]
    pub time_zone: String,
    #[schema(example = "CNY")]
    pub currency: String,
    #[serde(default)]
    pub settings: Settings,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SettingsView {
    pub id: uuid::Uuid,
    #[serde(flatten)]
    pub input: SettingsInput,
    pub version: i64,
    pub updated_at: DateTime<Utc>,
}

crate::versioned!(SettingsView);

fn to_view(company: &Company) -> SettingsView {
    SettingsView {
        id: company.id.0,
        input: SettingsInput {
            company_name: company.name.clone(),
            locale: company.locale.clone(),
            time_zone: company.time_zone.name().into(),
            currency: company.currency.clone(),
            settings: company.settings.clone(),
        },
        version: company.version,
        updated_at: company.updated_at,
    }
}

/// Checks shared by set-up and the settings page.
pub fn settings_check(checks: &mut Checks, input: &SettingsInput) {
    checks.text("/company_name", &input.company_name, 200);
    checks.one_of("/locale", &input.locale, LOCALES);
    if input.time_zone.parse::<Tz>().is_err() {
        checks.fail("/time_zone", "unknown_time_zone");
    }
    if input.currency.len() != 3 || !input.currency.bytes().all(|b| b.is_ascii_uppercase()) {
        checks.fail("/currency", "unknown_currency");
    }
    checks.one_of("/settings/order_counts_when", &input.settings.order_counts_when, CountsWhen::KEYS);
    if !(1..=200).contains(&input.settings.attachment_max_mb) {
        checks.fail_with("/settings/attachment_max_mb", "out_of_range", "1–200");
    }
    if input.settings.payment_days > 365 {
        checks.fail_with("/settings/payment_days", "out_of_range", "0–365");
    }
    tax_rate_read(checks, "/settings/tax_rate", &input.settings.tax_rate);
    input.settings.calendar.check(checks);
    input.settings.sellout.check(checks, "/settings/sellout");
    input.settings.papers.check(checks, "/settings/papers");
    input.settings.follow_up.check(checks, "/settings/follow_up");
    input.settings.insight.check(checks, "/settings/insight");
    input.settings.duplicates.check(checks, "/settings/duplicates");
    for (pointer, pattern) in [
        ("/settings/customer_code_pattern", &input.settings.customer_code_pattern),
        ("/settings/order_code_pattern", &input.settings.order_code_pattern),
        ("/settings/quote_code_pattern", &input.settings.quote_code_pattern),
        ("/settings/bill_code_pattern", &input.settings.bill_code_pattern),
    ] {
        if !pattern.contains("{0") || pattern.chars().count() > 40 {
            checks.fail(pointer, "code_pattern");
        }
    }
}

pub fn settings_get(cx: &Cx) -> AppResult<SettingsView> {
    cx.require("platform:settings:read")?;
    Ok(to_view(&cx.read(company_load)?))
}

fn roles_check(tx: &mut Db, rule: &SecondFactorRule) -> AppResult<()> {
    let mut checks = Checks::default();
    for (index, id) in rule.roles.iter().enumerate() {
        if role_get(tx, RoleId(*id))?.is_none() {
            checks.fail(format!("/settings/second_factor/roles/{index}"), "unknown_reference");
        }
    }
    Ok(checks.done()?)
}

/// Replaces the settings if `version` still stands.
pub fn settings_update(cx: &Cx, version: i64, patch: &Value) -> AppResult<SettingsView> {
    cx.require("platform:settings:write")?;
    let company = cx.read(company_load)?;
    if company.version != version {
        return Err(AppError::Stale { current: company.version });
    }
    let before = to_view(&company).input;
    let input: SettingsInput = crate::patch::patched(&before, patch)?;
    let mut checks = Checks::default();
    settings_check(&mut checks, &input);
    checks.done()?;
    let row = CompanyRow {
        id: company.id,
        name: input.company_name.clone(),
        locale: input.locale.clone(),
        time_zone: input.time_zone.clone(),
        currency: input.currency.clone(),
        settings: serde_json::to_value(&input.settings).map_err(AppError::internal)?,
        version,
        updated_at: cx.now,
    };
    let within = cx.clone();
    cx.change(move |tx| {
        roles_check(tx, &input.settings.second_factor)?;
        goods_known(tx, &input.settings.insight.programmes, &before.settings.insight.programmes)?;
        goods_known(tx, &input.settings.insight.durables, &before.settings.insight.durables)?;
        if before.currency != input.currency && amounts_recorded(tx)? {
            return Err(AppError::Conflict("currency_in_use"));
        }
        if !company_update(tx, row.clone())? {
            let current = company_get(tx)?.ok_or(StoreError::NotFound)?.version;
            return Err(AppError::Stale { current });
        }
        measures_changed(tx, &before.settings.sellout, &input.settings.sellout)?;
        settings_changed(tx, &before.settings, &input.settings, (row.version, within.now))?;
        rules_changed(tx, &before.settings.duplicates, &input.settings.duplicates, within.now)?;
        Event::new(&within, "settings", row.id, "updated").difference(&before, &input).record(tx)
    })?;
    cx.app.company_changed();
    cx.app.actors().forget();
    Ok(to_view(&cx.read(company_load)?))
}
