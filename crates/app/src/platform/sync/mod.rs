//! Synchronising: a program that keeps a copy of what its person may see asks what has changed since it asked last. The
//! first answer walks through everything; later ones follow the log of events. What cannot be told event by event — a
//! role, a department, a name that stands in many records — begins the walk anew.

mod affected;
mod token;

use chrono::{TimeDelta, Utc};
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::ids::{
    AssetId, AttachmentId, CostId, CustomFieldId, DealerId, DictionaryEntryId, FactId, InteractionId, KeyAccountId,
    OpportunityId, OrderId, PartyId, PreferenceId, ProductId, QualificationId, QuoteId, RelationId, TagId, TrainingId,
    WishId,
};
use regulars_persistence::access::chain::event_newest;
use regulars_persistence::event::events_between;
use regulars_persistence::platform::sync::{Synced, shares_run_out, synced_ids};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use self::affected::Affected;
use self::token::{Token, scope_of};
use crate::access::Ref;
use crate::catalog::product::{ProductView, product_get};
use crate::customers::asset::{AssetView, asset_get};
use crate::customers::consent::{StandingWord, consent_words};
use crate::customers::cost::{CostView, cost_get};
use crate::customers::customer::customer_get;
use crate::customers::fact::{CustomerFact, fact_get};
use crate::customers::interaction::{InteractionView, interaction_get};
use crate::customers::key_account::{KeyAccountView, key_account_get};
use crate::customers::preference::{PreferenceView, preference_get};
use crate::customers::qualification::record::{QualificationLine, qualification_line};
use crate::customers::relation::{RelationView, relation_get};
use crate::customers::training::{TrainingView, training_get};
use crate::customers::view::CustomerView;
use crate::platform::attachment::{AttachmentView, attachment_get};
use crate::platform::custom_field::{FieldView, field_get};
use crate::platform::dictionary::{EntryView, entry_get};
use crate::platform::tag::{TagView, tag_get, tags_in_sight};
use crate::sales::dealer::{DealerView, dealer_get};
use crate::sales::opportunity::{OpportunityView, opportunity_get};
use crate::sales::order::order_get;
use crate::sales::quote::quote_get;
use crate::sales::quote::view::QuoteView;
use crate::sales::view::OrderView;
use crate::sales::wish::{WishView, wish_get};
use crate::{AppError, AppResult, Cx};

/// What is gone is told for this long; who asks later begins anew.
pub const KEPT: TimeDelta = TimeDelta::days(90);
/// Clocks of nodes differ by less.
const SLACK: TimeDelta = TimeDelta::seconds(30);
/// Events read for one answer.
const EVENTS: i64 = 500;

/// Kinds in the order of a walk: what others refer to comes first.
const KINDS: [(Synced, &str); 21] = [
    (Synced::DictionaryEntries, "dictionary_entry"),
    (Synced::Tags, "tag"),
    (Synced::CustomFields, "custom_field"),
    (Synced::Products, "product"),
    (Synced::Customers, "customer"),
    (Synced::Relations, "relation"),
    (Synced::Preferences, "preference"),
    (Synced::Facts, "fact"),
    (Synced::KeyAccounts, "key_account"),
    (Synced::Trainings, "training"),
    (Synced::Dealers, "dealer"),
    (Synced::Costs, "cost"),
    (Synced::Consents, "consent"),
    (Synced::Interactions, "interaction"),
    (Synced::Opportunities, "opportunity"),
    (Synced::Quotes, "quote"),
    (Synced::Orders, "order"),
    (Synced::Assets, "asset"),
    (Synced::Wishes, "wish"),
    (Synced::Qualifications, "qualification"),
    (Synced::Attachments, "attachment"),
];

/// Words of the kinds, as `removed` has them.
pub fn kinds() -> [&'static str; 21] {
    KINDS.map(|(_, word)| word)
}

/// What has changed. Apply it in this order: drop everything if `restart`, then drop what is `removed`, then put what is
/// in `changed` in its place.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SyncView {
    /// Everything that was told before is void: drop it. What follows tells all of it anew.
    pub restart: bool,
    pub changed: Changed,
    /// Gone, or no longer within sight. With a customer all that hangs on it goes but for its opportunities, quotes and
    /// orders, unless it is in `changed`.
    pub removed: Vec<Removed>,
    /// Ask again at once: there is more.
    pub more: bool,
    /// For the next question.
    #[schema(example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9…")]
    pub next: String,
}

/// Records as their own operations show them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Changed {
    pub dictionary_entries: Vec<EntryView>,
    pub tags: Vec<SyncedTag>,
    pub custom_fields: Vec<FieldView>,
    pub products: Vec<ProductView>,
    pub customers: Vec<CustomerView>,
    pub relations: Vec<RelationView>,
    pub preferences: Vec<PreferenceView>,
    pub facts: Vec<CustomerFact>,
    pub key_accounts: Vec<KeyAccountView>,
    pub trainings: Vec<TrainingView>,
    pub dealers: Vec<DealerView>,
    pub costs: Vec<CostView>,
    pub consents: Vec<SyncedConsent>,
    pub interactions: Vec<InteractionView>,
    /// `score`, `score_reasons`, `touched_at` and `untouched` as they were when told: days and what others do move them.
    pub opportunities: Vec<OpportunityView>,
    /// `status` as it was when told: the copy's keeper compares `valid_until` with the day.
    pub quotes: Vec<QuoteView>,
    pub orders: Vec<OrderView>,
    /// `in_warranty` as it was when told: the copy's keeper compares `warranty_end` with the day.
    pub assets: Vec<AssetView>,
    pub wishes: Vec<WishView>,
    /// As the list of qualifications shows them.
    pub qualifications: Vec<QualificationLine>,
    /// Of customers and of their qualifications; the bytes are fetched one by one.
    pub attachments: Vec<AttachmentView>,
}

/// A tag without the count of who wears it, which changes with every customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SyncedTag {
    pub id: Uuid,
    pub name: String,
    #[schema(value_type = crate::shape::TagColor)]
    pub color: String,
    pub unit: Option<Ref>,
    pub version: i64,
}

/// What a customer said about being contacted, under the customer's id. Whether someone may be contacted now depends on
/// the do-not-contact list too and is asked at `GET /customers/{id}/consents`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SyncedConsent {
    /// The customer's.
    pub id: Uuid,
    /// What stands of each channel and purpose that anything was said about; none when it was taken back.
    pub words: Vec<StandingWord>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Removed {
    #[schema(value_type = crate::shape::SyncedKind)]
    pub kind: String,
    pub id: Uuid,
}

impl From<TagView> for SyncedTag {
    fn from(tag: TagView) -> Self {
        Self { id: tag.id, name: tag.name, color: tag.color, unit: tag.unit, version: tag.version }
    }
}

impl Changed {
    /// Reads the record as the caller and takes it in; false when they do not see it.
    fn read(&mut self, cx: &Cx, kind: Synced, id: Uuid) -> AppResult<bool> {
        fn take<T>(list: &mut Vec<T>, read: AppResult<T>) -> AppResult<bool> {
            match read {
                Ok(view) => list.push(view),
                Err(AppError::NotFound | AppError::Forbidden(_) | AppError::Merged(_)) => return Ok(false),
                Err(error) => return Err(error),
            }
            Ok(true)
        }
        match kind {
            Synced::Customers => take(&mut self.customers, customer_get(cx, PartyId(id), &[])),
            Synced::Interactions => take(&mut self.interactions, interaction_get(cx, InteractionId(id))),
            Synced::Relations => take(&mut self.relations, relation_get(cx, RelationId(id))),
            Synced::Opportunities => take(&mut self.opportunities, opportunity_get(cx, OpportunityId(id))),
            Synced::Quotes => take(&mut self.quotes, quote_get(cx, QuoteId(id))),
            Synced::Orders => take(&mut self.orders, order_get(cx, OrderId(id))),
            Synced::Products => take(&mut self.products, product_get(cx, ProductId(id))),
            Synced::DictionaryEntries => take(&mut self.dictionary_entries, entry_get(cx, DictionaryEntryId(id))),
            Synced::Tags => take(&mut self.tags, tag_get(cx, TagId(id)).map(SyncedTag::from)),
            Synced::CustomFields => take(&mut self.custom_fields, field_get(cx, CustomFieldId(id))),
            Synced::Preferences => take(&mut self.preferences, preference_get(cx, PreferenceId(id))),
            Synced::Facts => take(&mut self.facts, fact_get(cx, FactId(id))),
            Synced::Trainings => take(&mut self.trainings, training_get(cx, TrainingId(id))),
            Synced::Costs => take(&mut self.costs, cost_get(cx, CostId(id))),
            Synced::Dealers => take(&mut self.dealers, dealer_get(cx, DealerId(id))),
            Synced::KeyAccounts => take(&mut self.key_accounts, key_account_get(cx, KeyAccountId(id))),
            Synced::Consents => {
                take(&mut self.consents, consent_words(cx, PartyId(id)).map(|words| SyncedConsent { id, words }))
            }
            Synced::Assets => take(&mut self.assets, asset_get(cx, AssetId(id))),
            Synced::Wishes => take(&mut self.wishes, wish_get(cx, WishId(id))),
            Synced::Qualifications => take(&mut self.qualifications, qualification_line(cx, QualificationId(id))),
            Synced::Attachments => take(&mut self.attachments, attachment_get(cx, AttachmentId(id))),
        }
    }
}

/// What has changed since the token was given; everything, when there is none. About `limit` records at a time.
pub fn sync(cx: &Cx, since: Option<&str>, limit: usize) -> AppResult<SyncView> {
    let scope = scope_of(cx)?;
    let known = since.map(|text| Token::read(cx, text)).transpose()?;
    if known.as_ref().is_some_and(|token| cx.now - token.at > KEPT) {
        return Err(AppError::Gone("sync_expired"));
    }
    let newest = cx.read(|db| Ok(event_newest(db)?))?;
    match known {
        Some(token) if token.seq > newest => Err(AppError::Gone("sync_expired")),
        Some(token) if token.scope == scope && token.walk.is_some() => walk(cx, token, false, limit),
        Some(token) if token.scope == scope => follow(cx, token, limit),
        _ => walk(cx, Token::start(cx, scope, newest), true, limit),
    }
}

/// The next part of everything.
fn walk(cx: &Cx, mut token: Token, restart: bool, limit: usize) -> AppResult<SyncView> {
    let mut changed = Changed::default();
    let mut left = limit as i64;
    while let Some((kind, after)) = token.walk {
        let Some((synced, _)) = KINDS.get(kind).copied() else {
            token.walk = None;
            break;
        };
        if left == 0 {
            break;
        }
        let reach = reach(cx, synced);
        let ids = match reach {
            Visibility::Nothing => Vec::new(),
            reach => cx.read(|db| Ok(synced_ids(db, synced, &reach, after, left)?))?,
        };
        for id in &ids {
            changed.read(cx, synced, *id)?;
        }
        token.walk = Some(match ids.last() {
            Some(last) if ids.len() as i64 == left => (kind, *last),
            _ => (kind + 1, Uuid::nil()),
        });
        left -= ids.len() as i64;
    }
    let more = token.walk.is_some();
    Ok(SyncView { restart, changed, removed: Vec::new(), more, next: token.write(cx)? })
}

/// Whose records of a kind the caller reaches.
fn reach(cx: &Cx, kind: Synced) -> Visibility {
    match kind {
        Synced::Orders | Synced::Quotes => cx.visible(Resource::Order, Action::Read),
        Synced::Opportunities => cx.visible(Resource::Opportunity, Action::Read),
        Synced::Products if !cx.actor.may("catalog:product:read") => Visibility::Nothing,
        Synced::Products | Synced::DictionaryEntries | Synced::CustomFields => Visibility::Company,
        Synced::Tags => tags_in_sight(cx).map_or(Visibility::Company, Visibility::Unit),
        _ => cx.visible(Resource::Customer, Action::Read),
    }
}

/// The next part of the log.
fn follow(cx: &Cx, mut token: Token, limit: usize) -> AppResult<SyncView> {
    let actor = &cx.actor;
    let asked = token.at;
    let now = Utc::now();
    let (events, run_out) = cx.read(|db| {
        let events = events_between(db, token.seq, EVENTS)?;
        Ok((events, shares_run_out(db, actor.user_id, actor.department_id, asked - SLACK, now)?))
    })?;
    let mut affected = Affected::default();
    for party in run_out {
        affected.customer_deeply(cx, party)?;
    }
    // Counted behind them, so that every answer gets on in the log.
    let enough = affected.len() + limit;
    let full = events.len() as i64 == EVENTS;
    let mut more = full;
    for (seq, event) in &events {
        if affected.len() >= enough {
            more = true;
            break;
        }
        if !affected.take(cx, event)? {
            let newest = cx.read(|db| Ok(event_newest(db)?))?;
            return walk(cx, Token::start(cx, token.scope, newest), true, limit);
        }
        token.seq = *seq;
    }
    let mut changed = Changed::default();
    let mut removed = Vec::new();
    for (kind, id) in affected.records() {
        let (synced, word) = KINDS[kind];
        if !changed.read(cx, synced, id)? && affected.was_in_sight(cx, synced, id)? {
            removed.push(Removed { kind: word.into(), id });
        }
    }
    token.at = cx.now;
    Ok(SyncView { restart: false, changed, removed, more, next: token.write(cx)? })
}
