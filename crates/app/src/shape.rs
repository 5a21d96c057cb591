//! Shapes of the contract that no derive can give: closed lists of words that are kept as text, conditions, and the
//! settings of analytics, whose crates know no contract. Each is made from the list or the value that the program
//! itself uses, so the contract can't say anything else.

use std::borrow::Cow;

use regulars_analytics::value::ValuePart;
use regulars_analytics::{churn, holdout, lifecycle, lifetime, loyalty, situation};
use regulars_domain::account_request::{AccountChange as AccountKind, RequestStatus};
use regulars_domain::condition::FieldType;
use regulars_domain::consent::{self, AddressKind, Channel, Refusal};
use regulars_domain::dates_of_life::{LeapDayPolicy, LeapMonthPolicy};
use regulars_domain::dealer::TrainedState;
use regulars_domain::duplicates;
use regulars_domain::journey;
use regulars_domain::key_account;
use regulars_domain::next_action;
use regulars_domain::pivot::{Grain, Preset};
use regulars_domain::sales::{CountsWhen as Counting, OrderStatus as Standing};
use regulars_domain::task::TaskStatus;
use regulars_domain::wish::WishStatus;
use regulars_persistence::insight::pivot::FactKind;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::access::settings::LOCALES;
use crate::customers::key_account::{GOAL_STATUSES, GROUPS};
use crate::customers::{asset, input, interaction, suppression};
use crate::insight::settings::InsightSettings;
use crate::insight::{cluster, dashboard, pivot, win_back};
use crate::platform::webhooks::{STOPPED_FOR, log, send};
use crate::platform::{attachment, custom_field, notice, tag};
use crate::sales::lead_form;

/// Names what can't be derived: a type that stands in `value_type` and the schema it has.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident = $schema:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T($schema)
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

shapes! {
    CustomerKind = words(input::KINDS);
    CustomerStatus = words(input::STATUSES);
    Gender = words(input::GENDERS);
    BuyingStyle = words(input::STYLES);
    SearchMatch = words(["name", "pinyin", "phone", "code", "email"]);
    InteractionKind = words(interaction::KINDS);
    Direction = words(interaction::DIRECTIONS);
    /// Interactions, and what the program itself noted.
    TimelineKind = words(interaction::KINDS.iter().chain(&["event"]));
    TagColor = words(tag::TAG_COLORS);
    /// Of fields of forms as visitors see them.
    FormFieldType = words(lead_form::FIELD_TYPES);
    QualificationStatus = words(regulars_domain::qualification::Status::KEYS);
    /// What the caller may do with a qualification now.
    QualificationAct = words(crate::customers::qualification::view::ACTS);
    QualificationGap = words(crate::customers::qualification::view::GAPS);
    /// What files hang at.
    AttachmentSubject = words(attachment::SUBJECTS);
    FieldResource = words(custom_field::RESOURCES);
    CustomFieldType = words(custom_field::TYPES);
    Locale = words(LOCALES);
    Reach = words(["own", "team", "tree", "unit", "company"]);
    OrderStatus = words(Standing::KEYS);
    /// How much of an order went out.
    DeliveryState = words(regulars_domain::delivery::DeliveryState::KEYS);
    /// Where a bill stands today.
    BillStatus = words(regulars_domain::bill::BillStatus::KEYS);
    QuoteStatus = words(regulars_domain::quote::QuoteStatus::KEYS);
    OrderCountsWhen = words(Counting::KEYS);
    AbcClass = words(["A", "B", "C"]);
    ValueClass = words(["vip", "major", "ordinary", "small"]);
    Stage = words(regulars_analytics::stage::Stage::ALL.map(|stage| stage.key()));
    Lifecycle = words(lifecycle::Lifecycle::ALL.map(lifecycle::Lifecycle::key));
    LifecycleReason = words(crate::insight::stored::REASONS);
    LoyaltyClass = words(loyalty::LoyaltyClass::ALL.map(loyalty::LoyaltyClass::key));
    MatrixField = words(loyalty::MatrixField::ALL.map(loyalty::MatrixField::key));
    Situation = words(situation::Situation::KEYS);
    ClassKind = words(crate::insight::stored::CLASS_KINDS);
    Judge = words(holdout::Judge::ALL.map(holdout::Judge::key));
    Shortfall = words(lifetime::Shortfall::ALL.map(lifetime::Shortfall::key));
    BillShortfall = words(lifetime::programme::BillShortfall::ALL.map(lifetime::programme::BillShortfall::key));
    LifetimeBasis = words(crate::insight::outlook::LifetimeBasis::ALL.map(crate::insight::outlook::LifetimeBasis::key));
    RiskReason = words(churn::RiskReason::ALL.map(churn::RiskReason::key));
    WarningStatus = words(crate::insight::warning::STATUSES);
    BriefScope = words(crate::insight::brief::SCOPES);
    NextActionRule = words(next_action::Rule::ALL.map(next_action::Rule::key));
    NextActionAct = words(crate::insight::next::ACTS);
    NextActionOutcomeKey = words(next_action::Outcome::KEYS);
    NextActionReason = words(next_action::REASONS);
    NextActionSettings = like(&serde_json::to_value(InsightSettings::default().next_actions).unwrap_or_default());
    LifecycleThresholds = like(&serde_json::to_value(InsightSettings::default().lifecycle_thresholds).unwrap_or_default());
    LoyaltyThresholds = like(&serde_json::to_value(InsightSettings::default().loyalty_thresholds).unwrap_or_default());
    SituationThresholds = like(&serde_json::to_value(InsightSettings::default().situation_thresholds).unwrap_or_default());
    ChurnThresholds = like(&serde_json::to_value(InsightSettings::default().churn_thresholds).unwrap_or_default());
    ValuePartKey = words(ValuePart::ALL.map(ValuePart::key));
    SegmentKind = words(["dynamic", "static"]);
    ImportStatus = words([
        "uploaded", "checking", "checked", "running", "done", "failed", "cancelled", "undoing", "undone",
    ]);
    RowOutcome = words(["create", "update", "unchanged", "reject", "restored", "kept"]);
    TargetKind = words([
        "text", "code", "phone", "email", "date", "instant", "money", "quantity", "bool", "choice", "reference", "custom",
    ]);
    JobStatus = words(["queued", "running", "done", "failed", "cancelled"]);
    ExportResource = words(crate::exports::export::RESOURCES);
    ExportFormat = words(["csv", "xlsx"]);
    ChainFault = words(crate::access::chain::Fault::ALL.map(crate::access::chain::Fault::key));
    HeldKind = words(regulars_persistence::access::handover::Held::ALL.map(regulars_persistence::access::handover::Held::key));
    WebhookStop = words(STOPPED_FOR);
    DeliveryStatus = words(log::STATUSES);
    DeliveryFault = words(send::FAULTS);
    SyncedKind = words(crate::platform::sync::kinds());
    SignInClient = words(["browser", "device"]);
    BatchOp = words(["create", "update", "delete"]);
    ConditionResource = words(["customers", "orders", "quotes", "bills", "products", "assets", "wishes", "opportunities", "tasks"]);
    ConditionGroup = words(["facts", "contact", "metrics", "classes", "purchases", "custom"]);
    ConditionTarget = words(["user", "unit", "department", "tag", "segment", "party", "product", "brand", "category"]);
    ConditionFieldType = words(FieldType::ALL.map(field_type));
    ConditionOp = words(operators());
    Condition = condition();
    OpportunityKind = words(regulars_domain::pipeline::KINDS);
    OpportunityNoteKind = words(regulars_domain::pipeline::NOTE_KINDS);
    OpportunityNoteStatus = words(regulars_domain::pipeline::NOTE_STATUSES);
    PlanStepStatus = words(regulars_domain::pipeline::STEP_STATUSES);
    PoolMoveKind = words(regulars_domain::pool::Move::KEYS);
    PoolRefusal = words(regulars_domain::pool::Refusal::KEYS);
    PlanOutcome = words(regulars_domain::pipeline::PLAN_OUTCOMES);
    StageStatusKey = words(regulars_domain::pipeline::StageStatus::KEYS);
    StageCriterion = words(regulars_domain::pipeline::CRITERIA.map(|(key, ..)| key));
    StepsAsked = words(regulars_domain::pipeline::STEPS_ASKED);
    PivotFact = words(FactKind::ALL.map(FactKind::key));
    PivotGrain = words(Grain::ALL.map(word));
    PivotPreset = words(Preset::ALL.map(word));
    PivotCompare = words(["previous_period", "previous_year"]);
    PivotAggregate = words(pivot::AGGREGATES);
    PivotShown = words(pivot::SHOWN);
    PivotExecutor = words(pivot::EXECUTORS);
    PivotUnit = words(["money", "quantity", "days", "count", "share"]);
    PivotRecordKind = words(pivot::RECORDS);
    PivotGroup = words(["fact", "customer"]);
    WinBackState = words(win_back::STATES);
    ClusteringFeature = words(cluster::FEATURES.map(|feature| feature.key));
    ClusteringUnit = words(cluster::UNITS);
    ClusteringStatus = words(cluster::STATUSES);
    ClusteringVerdict = words(cluster::VERDICTS);
    DashboardSharing = words(dashboard::SHARING);
    DashboardCardKind = words(dashboard::CARD_KINDS);
    DashboardChart = words(dashboard::CHARTS);
    DashboardFigureKey = words(dashboard::FIGURES);
    DashboardListKey = words(dashboard::LISTS);
    DashboardListedSubject = words(dashboard::LISTED_SUBJECTS);
    /// Whether points were learnt from closed leads or set by hand.
    LeadScoringMode = words(regulars_domain::lead_score::MODES);
    /// Why points set by hand apply.
    LeadScoringRefusal = words(regulars_domain::lead_score::Refusal::KEYS);
    LeadScoringQuality = words(regulars_domain::lead_score::Quality::KEYS);
    LeadScoringKind = words(crate::sales::lead_score::facts::AttributeKind::KEYS);
    SalesTargetKind = words(regulars_domain::target::TargetKind::KEYS);
    SelloutPeriod = words(regulars_domain::sellout::PeriodKind::KEYS);
    SelloutMeasureKind = words(regulars_domain::sellout::MeasureKind::KEYS);
    SelloutMeasureOf = words(regulars_domain::sellout::MeasureOf::KEYS);
    TargetSplit = words(regulars_domain::target::TargetSplit::KEYS);
    GrowthField = words(regulars_analytics::growth::GrowthField::ALL.map(|field| field.key()));
    ValueWeights = like(&serde_json::to_value(InsightSettings::default().value_weights).unwrap_or_default());
    ValueCutoffs = cutoffs();
    RfmThresholds = like(&serde_json::to_value(InsightSettings::default().rfm_thresholds).unwrap_or_default());
    StageThresholds = like(&serde_json::to_value(InsightSettings::default().stage_thresholds).unwrap_or_default());
    AssetStatus = words(asset::STATUSES);
    WishStatusKey = words(WishStatus::KEYS);
    TrainedStateKey = words(TrainedState::KEYS);
    RelationshipLevel = words(key_account::Level::KEYS);
    TouchpointState = words(key_account::TouchState::KEYS);
    TouchpointGroup = words(GROUPS.map(|group| group.key));
    GoalStatus = words(GOAL_STATUSES);
    JourneyTrigger = words(journey::TRIGGERS);
    JourneyClass = words(journey::CLASSES);
    JourneySpanUnit = words(journey::UNITS);
    JourneyChannel = words(journey::CHANNELS);
    JourneyRole = words(journey::ROLES);
    JourneyProof = words(journey::PROOFS);
    JourneyRunStatus = words(journey::RUN_STATUSES);
    JourneyStationState = words(journey::STATION_STATES);
    TaskStatusKey = words(TaskStatus::KEYS);
    NoticeKind = words(notice::KINDS);
    ContactChannel = words(Channel::KEYS);
    ContactRefusal = words(Refusal::KEYS);
    AddressMark = words(consent::AddressMark::KEYS);
    SuppressedKind = words(AddressKind::KEYS);
    SuppressionReason = words(suppression::REASONS);
    LeapDay = words(LeapDayPolicy::KEYS);
    LeapMonth = words(LeapMonthPolicy::KEYS);
    DuplicateField = words(duplicates::Field::KEYS);
    DuplicateHow = words(duplicates::How::KEYS);
    DuplicateCertainty = words(duplicates::Certainty::KEYS);
    DuplicateStatus = words(["open", "dismissed"]);
    AccountChange = words(AccountKind::ALL.map(AccountKind::key));
    AccountRequestStatus = words(RequestStatus::ALL.map(RequestStatus::key));
    DuplicateRules = duplicate_rules();
    MergeChoice = words(duplicates::Choice::KEYS);
    AbcCuts = like(&serde_json::to_value(InsightSettings::default().abc_cuts).unwrap_or_default());
}

fn words<W: AsRef<str>>(list: impl IntoIterator<Item = W>) -> Schema {
    let words: Vec<String> = list.into_iter().map(|word| word.as_ref().into()).collect();
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
}

fn field_type(kind: FieldType) -> String {
    word(kind)
}

/// How a value of a closed list is written.
fn word(value: impl Serialize) -> String {
    json!(value).as_str().unwrap_or_default().into()
}

fn operators() -> Vec<&'static str> {
    let mut all: Vec<&str> = Vec::new();
    for op in FieldType::ALL.iter().flat_map(|kind| kind.operators()) {
        if !all.contains(op) {
            all.push(op);
        }
    }
    all
}

fn closed() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Object).additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// The one condition language: groups of conditions down to comparisons.
fn condition() -> Schema {
    let itself = || Ref::from_schema_name("Condition");
    let group = |name: &str, of: RefOr<Schema>| closed().property(name, of).required(name);
    let parts = || RefOr::T(ArrayBuilder::new().items(itself()).into());
    let leaf = closed()
        .property("field", ObjectBuilder::new().schema_type(Type::String))
        .required("field")
        .property("op", Ref::from_schema_name("ConditionOp"))
        .required("op")
        .property("value", ObjectBuilder::new().schema_type(SchemaType::AnyValue));
    OneOfBuilder::new()
        .item(group("all", parts()))
        .item(group("any", parts()))
        .item(group("not", RefOr::Ref(itself())))
        .item(leaf)
        .examples([json!({"field": "status", "op": "eq", "value": "customer"})])
        .into()
}

fn cutoffs() -> Schema {
    let number = || ObjectBuilder::new().schema_type(Type::Number);
    closed()
        .property("by", words(["shares", "scores"]))
        .property("vip", number())
        .property("major", number())
        .property("ordinary", number())
        .required("by")
        .required("vip")
        .required("major")
        .required("ordinary")
        .into()
}

/// Rules with weights, each of groups that all hold when any of their comparisons does.
fn duplicate_rules() -> Schema {
    let number = || ObjectBuilder::new().schema_type(Type::Integer);
    let list = |of: Schema| ArrayBuilder::new().items(RefOr::T(of)).min_items(Some(1));
    let comparison = closed()
        .property("field", words(duplicates::Field::KEYS))
        .required("field")
        .property("how", words(duplicates::How::KEYS))
        .required("how")
        .property("percent", number().minimum(Some(10)).maximum(Some(99)));
    let group = closed().property("any", list(comparison.into())).required("any");
    let rule = closed()
        .property("key", ObjectBuilder::new().schema_type(Type::String))
        .required("key")
        .property("weight", number().minimum(Some(-100)).maximum(Some(100)))
        .required("weight")
        .property("kind", words(input::KINDS))
        .property("all", list(group.into()))
        .required("all");
    let points = || number().minimum(Some(1)).maximum(Some(100));
    closed()
        .property("possible", points())
        .required("possible")
        .property("certain", points())
        .required("certain")
        .property("rules", list(rule.into()))
        .required("rules")
        .examples([json!(duplicates::Rules::default())])
        .into()
}

/// A schema of what looks like this value: every member there, each of the same kind, lists of the same length.
fn like(value: &Value) -> Schema {
    match value {
        Value::Object(members) => {
            let whole = members.iter().fold(closed(), |whole, (name, member)| {
                whole.property(name.clone(), like(member)).required(name.clone())
            });
            whole.into()
        }
        Value::Array(items) => {
            let first = items.first().map(like).unwrap_or_default();
            ArrayBuilder::new().items(RefOr::T(first)).min_items(Some(items.len())).max_items(Some(items.len())).into()
        }
        Value::Number(number) if number.is_f64() => ObjectBuilder::new().schema_type(Type::Number).into(),
        Value::Number(_) => ObjectBuilder::new().schema_type(Type::Integer).into(),
        Value::Bool(_) => ObjectBuilder::new().schema_type(Type::Boolean).into(),
        _ => ObjectBuilder::new().schema_type(Type::String).into(),
    }
}
