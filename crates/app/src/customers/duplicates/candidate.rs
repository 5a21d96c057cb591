//! While someone types a new customer: who may be that customer already.

use chrono::NaiveDate;
use regulars_domain::actor::{Action, Resource, Visibility};
use regulars_domain::duplicates::{Certainty, Profile, Score, score_of};
use regulars_domain::ids::{PartyId, UnitId};
use regulars_domain::mask::{BIRTHDAY, EMAIL, Masks, PHONE, TAX_ID};
use regulars_domain::naming::{email_normalized, name_cleaned, phone_normalized, reading, reading_normalized};
use regulars_persistence::customers::party::party_list_by_id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::compare::{compared_of, form_of, kind_of, sharing};
use super::{ReasonView, reason_views};
use crate::customers::view::{CustomerView, customer_views};
use crate::list::Page;
use crate::{AppResult, Cx};

/// Most candidates that are shown, and values of a kind that are looked at.
const MOST: usize = 5;
const MOST_VALUES: usize = 20;
/// With more namesakes than this a name says nothing.
const NAMESAKES: usize = 5;

/// What is known so far; what cannot be read yet is passed over.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"kind": "person", "name": "张伟", "phones": ["138 0013 8000"]}))]
pub struct CandidateInput {
    /// A person when absent.
    #[schema(value_type = Option<crate::shape::CustomerKind>)]
    pub kind: Option<String>,
    pub name: Option<String>,
    pub name_pinyin: Option<String>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub tax_id: Option<String>,
    pub birthday: Option<NaiveDate>,
    /// The unit it would belong to; the caller's own when absent.
    pub unit_id: Option<Uuid>,
    /// The customer that is being edited.
    pub except_id: Option<Uuid>,
}

/// A customer that may be the one being typed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CandidateView {
    pub customer: CustomerView,
    /// 0–100.
    #[schema(example = 90)]
    pub score: i32,
    /// `weak` says that only the name is the same.
    #[schema(value_type = crate::shape::DuplicateCertainty)]
    pub certainty: String,
    /// `this` is what was typed.
    pub reasons: Vec<ReasonView>,
}

/// Customers the caller may see, the likeliest first.
pub fn candidate_list(cx: &Cx, input: &CandidateInput) -> AppResult<Page<CandidateView>> {
    cx.require("customers:customer:read")?;
    let (company, today) = (cx.company()?, cx.today()?);
    let rules = &company.settings.duplicates;
    let unit = input.unit_id.map_or(cx.actor.unit_id, UnitId);
    let reach = match cx.visible(Resource::Customer, Action::Read) {
        Visibility::Company => Visibility::Unit(unit),
        own => own,
    };
    let (mut profile, name_key) = typed(input);
    forget(&mut profile, &cx.actor.masks);
    cx.read(|db| {
        let ids = sharing(db, rules, (&profile, &name_key), &reach, today, true)?;
        let mut found: Vec<(PartyId, bool, Score)> = compared_of(db, &ids)?
            .into_values()
            .filter(|other| other.unit_id == unit && input.except_id != Some(other.id.0))
            .map(|other| {
                let named = other.profile.kind == profile.kind && profile.form.same(&other.profile.form);
                (other.id, named, score_of(rules, &profile, &other.profile))
            })
            .collect();
        let namesakes = found.iter().filter(|(_, named, _)| *named).count();
        found.retain(|(_, named, score)| score.certainty.is_some() || (*named && namesakes <= NAMESAKES));
        found.sort_by_key(|(id, _, score)| (-score.score, *id));
        found.truncate(MOST);
        let ids: Vec<PartyId> = found.iter().map(|(id, ..)| *id).collect();
        let records = party_list_by_id(db, &ids, &reach)?;
        let mut views = customer_views(db, records, &company.currency, &cx.actor.masks)?;
        let view = |(id, _, score): (PartyId, bool, Score)| {
            let at = views.iter().position(|view| view.id == id.0)?;
            Some(CandidateView {
                customer: views.swap_remove(at),
                score: score.score,
                certainty: score.certainty.unwrap_or(Certainty::Weak).key().into(),
                reasons: reason_views(score.reasons, &cx.actor.masks),
            })
        };
        Ok(Page::whole(found.into_iter().filter_map(view).collect()))
    })
}

/// Nobody finds out by typing whose number it is that is masked for them.
fn forget(profile: &mut Profile, masks: &Masks) {
    if masks.hides(PHONE) {
        profile.phones.clear();
    }
    if masks.hides(EMAIL) {
        profile.emails.clear();
    }
    profile.tax_id = profile.tax_id.take().filter(|_| !masks.hides(TAX_ID));
    profile.birthday = profile.birthday.filter(|_| !masks.hides(BIRTHDAY));
}

/// What was typed in the forms it is compared in, and the reading of the name.
fn typed(input: &CandidateInput) -> (Profile, String) {
    let kind = input.kind.as_deref().unwrap_or("person");
    let name: String = name_cleaned(input.name.as_deref().unwrap_or_default()).chars().take(200).collect();
    let name_key = match input.name_pinyin.as_deref().map(reading_normalized).filter(|set| !set.is_empty()) {
        Some(set) => set,
        None => reading(&name, kind == "person"),
    };
    let phones = input.phones.iter().take(MOST_VALUES).filter_map(|text| phone_normalized(text).ok());
    let emails = input.emails.iter().take(MOST_VALUES).filter_map(|text| email_normalized(text).ok());
    let profile = Profile {
        kind: kind_of(kind),
        form: form_of(kind, &name, &name_key),
        name,
        birthday: input.birthday,
        tax_id: input.tax_id.as_deref().map(|id| id.trim().to_uppercase()).filter(|id| !id.is_empty()),
        phones: phones.map(|phone| phone.e164).collect(),
        emails: emails.collect(),
    };
    (profile, name_key)
}
