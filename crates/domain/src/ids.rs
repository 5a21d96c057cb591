//! One newtype for every kind of id, so that a customer's id never passes for a user's.
//! Ids are UUID v7, made in the application; their order is the order of creation.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id, later than every id made before it on this machine.
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(s).map(Self)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    CompanyId, UnitId, DepartmentId, UserId, RoleId, SessionId, ApiKeyId, EventId, JobId,
    DictionaryEntryId, ViewId, DashboardId, ClusteringId,
    /// A person or an organisation.
    PartyId,
    PreferenceId, FactId, KeyAccountId, TrainingId, DealerId, CostId, RelationId, TagId, CustomFieldId,
    InteractionId,
    BrandId, CategoryId, ProductId, OrderId, PaymentId, ReturnId, OrderDeliveryId, BillId, QuoteId,
    SegmentId, ImportId, ImportMappingId, EvaluationId,
    /// Two records that may be one customer.
    DuplicateId,
    MergeId,
    ShareId,
    /// A change of an account that was asked for.
    AccountRequestId,
    AttachmentId,
    /// A word of a customer about being contacted.
    ConsentId,
    SuppressionId,
    /// A thing a customer owns.
    AssetId,
    WishId,
    TaskId,
    /// That a task is about a customer.
    TaskPartyId,
    /// What is to be sold in a year.
    TargetId,
    /// What places sold in a period.
    SelloutSheetId, SelloutCellId, SelloutChangeId,
    QualificationId, QualificationTemplateId,
    LifetimeModelId, ClassChangeId,
    /// That a customer is about to leave.
    WarningId,
    PipelineId, StageId,
    /// A lead or an opportunity.
    OpportunityId,
    /// A form on the web that makes leads.
    LeadFormId,
    /// What somebody made of a suggestion.
    NextActionOutcomeId,
    WebhookId,
    /// One message to one endpoint.
    DeliveryId,
    /// What somebody was told.
    NoticeId,
    /// That somebody travels.
    TravelId,
    /// The customers of a unit whom nobody holds, and their moves.
    PoolId, PoolMoveId,
    /// A template of timed touchpoints, one going on with a customer, and one touchpoint of it.
    JourneyId, JourneyRunId, StationId,
}
