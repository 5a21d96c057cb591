//! What rows of customers and contacts mean for whoever is in the store already: create, update, leave, reject. The
//! judgement is the same in a check and in a run; only a run stores.

use std::collections::{HashMap, HashSet};

use regulars_domain::duplicates::Certainty;
use regulars_domain::ids::{CustomFieldId, PartyId, RelationId, TagId, UnitId};
use regulars_domain::naming::reading;
use regulars_domain::qualification::standing_new;
use regulars_persistence::Db;
use regulars_persistence::customers::custom::CustomValueRow;
use regulars_persistence::customers::parts::{Parts, parts_of};
use regulars_persistence::customers::parts_kept::parts_keep;
use regulars_persistence::customers::parts_write::dates_replace;
use regulars_persistence::import::custom::custom_fields_set;
use regulars_persistence::import::party::{
    AddressFields, ChildrenWanted, NewParty, NewRelation, PartyChildren, PartyFields, PartyHit, PartyKey, RelationHit,
    parties_find, parties_insert, party_children, party_children_add, party_set, relations_insert, relations_of,
};
use regulars_persistence::import::reference::{TagRef, tag_insert, tags_named};
use regulars_persistence::types::AnyId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::cells::CellFault;
use super::codes::codes_take;
use super::customs::{CustomBefore, Customs, Holder, custom_shown};
use super::doubles::{Double, DoubleRows, doubles_find};
use super::life_dates::dates_merged;
use super::mapping::CUSTOM_PREFIX;
use super::outcome::{Change, Tally, changes_between, fault, object};
use super::parties::{Link, PartyDraft, kind_guess};
use super::run::Run;
use crate::customers::life_date::{DateEntry, date_entry, date_parts};
use crate::{AppError, AppResult};

/// What an update leaves behind for an undo.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PartyBefore {
    /// The version the import made.
    pub version: i64,
    pub values: Map<String, Value>,
    /// What was added.
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub tags: Vec<TagId>,
    /// Set when the address was replaced: what stood there, if anything.
    pub address: Option<Option<AddressFields>>,
    /// The dates of life that stood, when they were changed.
    pub dates: Option<Vec<DateEntry>>,
    /// Custom fields that were set, with the values that stood there.
    pub custom: Vec<CustomBefore>,
}

/// Judges and, in a real run, stores one chunk of rows. Everything happens in the caller's transaction.
pub fn parties_apply(db: &mut Db, run: &Run, drafts: &[PartyDraft]) -> AppResult<Tally> {
    let mut tally = Tally::default();
    let mut by_unit: HashMap<UnitId, Vec<&PartyDraft>> = HashMap::new();
    for draft in drafts {
        let unit = draft.unit.unwrap_or(run.unit_id);
        if !draft.faults.is_empty() {
            tally.reject(draft.line, key_of(run, draft), &draft.faults);
        } else if run.may_write_unit(unit) {
            by_unit.entry(unit).or_default().push(draft);
        } else {
            let faults = [fault(run, "unit_not_allowed", "无权导入到该单位", "You may not import into this unit")];
            tally.reject(draft.line, key_of(run, draft), &faults);
        }
    }
    for (unit, drafts) in by_unit {
        let mut chunk = Chunk::load(db, run, unit, &drafts)?;
        for draft in &drafts {
            match chunk.find(draft).and_then(|hit| Ok((hit, chunk.customs(draft, hit)?))) {
                Err(fault) => tally.reject(draft.line, key_of(run, draft), &[fault]),
                Ok((Some(hit), custom)) => chunk.update(db, hit, (draft, custom), &mut tally)?,
                Ok((None, custom)) => chunk.create(draft, custom, &mut tally),
            }
        }
        chunk.store(db)?;
    }
    Ok(tally)
}

fn key_of(run: &Run, draft: &PartyDraft) -> Option<String> {
    match run.plan.key.as_deref() {
        Some("phone") => draft.phones.first().cloned(),
        Some("email") => draft.emails.first().cloned(),
        Some("tax_id") => draft.fields.tax_id.clone(),
        _ => draft.code.clone().or_else(|| draft.fields.name.clone()),
    }
}

/// The rows of one unit, everyone in the store they may mean, and what is to be stored.
struct Chunk<'r> {
    run: &'r Run,
    unit: UnitId,
    hits: Vec<PartyHit>,
    by_key: HashMap<String, Vec<usize>>,
    by_code: HashMap<String, usize>,
    children: HashMap<PartyId, PartyChildren>,
    tags: HashMap<String, TagId>,
    /// Organisations contacts belong to, by code and by name.
    by_organization: HashMap<String, Vec<PartyId>>,
    links: HashSet<(PartyId, PartyId)>,
    custom: Customs<'r>,
    /// Dates of life of those in the store, when the file tells any.
    dates: HashMap<PartyId, Vec<DateEntry>>,
    /// Whom rows look like, by line of the file.
    doubles: HashMap<u64, Double>,
    parties: Vec<NewParty>,
    altered: Vec<PartyId>,
    relations: Vec<NewRelation>,
}

impl<'r> Chunk<'r> {
    fn load(db: &mut Db, run: &'r Run, unit: UnitId, drafts: &[&PartyDraft]) -> AppResult<Self> {
        let mut chunk = Self {
            run,
            unit,
            hits: Vec::new(),
            by_key: HashMap::new(),
            by_code: HashMap::new(),
            children: HashMap::new(),
            tags: HashMap::new(),
            by_organization: HashMap::new(),
            links: HashSet::new(),
            custom: Customs::read(run, unit, drafts.iter().map(|draft| (draft.line, &draft.custom))),
            dates: HashMap::new(),
            doubles: HashMap::new(),
            parties: Vec::new(),
            altered: Vec::new(),
            relations: Vec::new(),
        };
        let codes: Vec<String> = drafts.iter().filter_map(|draft| draft.code.clone()).collect();
        for hit in parties_find(db, unit, PartyKey::Code, &codes, &run.customer_reach)? {
            chunk.by_code.insert(hit.matched.clone(), chunk.hits.len());
            chunk.hits.push(hit);
        }
        chunk.load_keyed(db, drafts)?;
        chunk.load_doubles(db, drafts)?;
        chunk.load_children(db)?;
        chunk.load_tags(db, drafts)?;
        chunk.load_organizations(db, drafts)?;
        Ok(chunk)
    }

    fn load_keyed(&mut self, db: &mut Db, drafts: &[&PartyDraft]) -> AppResult<()> {
        let (key, values): (_, Vec<String>) = match self.run.plan.key.as_deref() {
            Some("phone") => (PartyKey::Phone, drafts.iter().flat_map(|draft| draft.phones.clone()).collect()),
            Some("email") => (PartyKey::Email, drafts.iter().flat_map(|draft| draft.emails.clone()).collect()),
            Some("tax_id") => {
                (PartyKey::TaxId, drafts.iter().filter_map(|draft| draft.fields.tax_id.clone()).collect())
            }
            Some(key) if key.starts_with(CUSTOM_PREFIX) => {
                (PartyKey::Custom, drafts.iter().filter_map(|draft| self.custom_key(draft)).collect())
            }
            _ => return Ok(()),
        };
        for hit in parties_find(db, self.unit, key, &values, &self.run.customer_reach)? {
            let known = self.hits.iter().position(|other| other.id == hit.id);
            let at = known.unwrap_or(self.hits.len());
            let found = self.by_key.entry(hit.matched.clone()).or_default();
            if !found.contains(&at) {
                found.push(at);
            }
            if known.is_none() {
                self.hits.push(hit);
            }
        }
        Ok(())
    }

    /// A run that makes new customers of them all the same need not know them.
    fn load_doubles(&mut self, db: &mut Db, drafts: &[&PartyDraft]) -> AppResult<()> {
        if !self.run.dry && self.run.plan.options.possible_duplicates == DoubleRows::Create {
            return Ok(());
        }
        self.doubles = doubles_find(db, self.run, self.unit, drafts)?;
        for double in self.doubles.values() {
            if !self.hits.iter().any(|hit| hit.id == double.hit.id) {
                self.hits.push(double.hit.clone());
            }
        }
        Ok(())
    }

    /// Whom a row that matches nobody changes all the same, or why it is refused.
    fn double(&self, draft: &PartyDraft) -> Result<Option<usize>, CellFault> {
        let Some(double) = self.doubles.get(&draft.line) else { return Ok(None) };
        match self.run.plan.options.possible_duplicates {
            DoubleRows::Update if double.certainty == Certainty::Certain => {
                Ok(self.hits.iter().position(|hit| hit.id == double.hit.id))
            }
            DoubleRows::Create | DoubleRows::Update => Ok(None),
            DoubleRows::Reject => {
                let (name, code) = (double.hit.fields.name.as_deref().unwrap_or_default(), &double.hit.code);
                Err(fault(
                    self.run,
                    "possible_duplicate",
                    format!("疑似与「{name}」（{code}）重复"),
                    format!("Looks like {name} ({code}), who is there already"),
                ))
            }
        }
    }

    fn load_children(&mut self, db: &mut Db) -> AppResult<()> {
        let plan = &self.run.plan;
        let wanted = ChildrenWanted {
            phones: plan.maps("phone"),
            emails: plan.maps("email"),
            address: plan.maps_any(&["country", "province", "city", "district", "street", "postcode"]),
            tags: plan.maps("tags"),
        };
        let ids: Vec<PartyId> = self.hits.iter().map(|hit| hit.id).collect();
        self.children = party_children(db, &ids, wanted)?;
        if plan.maps_any(&["birthday", "lunar_birthday", "wedding", "dates"]) {
            let dates = |parts: Parts| parts.dates.iter().map(date_entry).collect();
            self.dates = parts_of(db, &ids)?.into_iter().map(|(id, parts)| (id, dates(parts))).collect();
        }
        let ids: Vec<AnyId> = ids.iter().map(|id| AnyId(id.0)).collect();
        self.custom.stand(db, &ids)
    }

    /// The stored unique key of the custom field that rows are matched by.
    fn custom_key(&self, draft: &PartyDraft) -> Option<String> {
        let key = self.run.plan.key.as_deref()?.strip_prefix(CUSTOM_PREFIX)?;
        let field = self.run.refs.custom.iter().find(|field| field.key == key)?;
        self.custom.key_of(draft.line, field.id)
    }

    /// Tags that don't exist yet are made, if the person may; otherwise rows that name them are rejected.
    fn load_tags(&mut self, db: &mut Db, drafts: &[&PartyDraft]) -> AppResult<()> {
        let mut names: Vec<String> = drafts.iter().flat_map(|draft| draft.tags.clone()).collect();
        names.sort_unstable();
        names.dedup();
        for tag in tags_named(db, self.unit, &names)? {
            self.tags.insert(tag.name, tag.id);
        }
        if !self.run.may_tag {
            return Ok(());
        }
        for name in names {
            if !self.tags.contains_key(&name) {
                let tag = TagRef { id: TagId::fresh(), unit_id: self.unit, name };
                if !self.run.dry {
                    tag_insert(db, &tag, TAG_COLOR, self.run.now)?;
                }
                self.tags.insert(tag.name, tag.id);
            }
        }
        Ok(())
    }

    fn load_organizations(&mut self, db: &mut Db, drafts: &[&PartyDraft]) -> AppResult<()> {
        let links: Vec<&Link> = drafts.iter().filter_map(|draft| draft.link.as_ref()).collect();
        if links.is_empty() {
            return Ok(());
        }
        let codes: Vec<String> = links.iter().filter_map(|link| link.code.clone()).collect();
        let names: Vec<String> =
            links.iter().filter(|link| link.code.is_none()).filter_map(|link| link.name.clone()).collect();
        for (key, values) in [(PartyKey::Code, codes), (PartyKey::Name, names)] {
            for hit in parties_find(db, self.unit, key, &values, &self.run.customer_reach)? {
                if hit.deleted_at.is_none()
                    && (key == PartyKey::Code || hit.fields.kind.as_deref() == Some("organization"))
                {
                    self.by_organization.entry(hit.matched).or_default().push(hit.id);
                }
            }
        }
        let ids: Vec<PartyId> = self.hits.iter().map(|hit| hit.id).collect();
        self.links =
            relations_of(db, &ids)?.into_iter().map(|RelationHit { from_id, to_id, .. }| (from_id, to_id)).collect();
        Ok(())
    }

    /// Whom the row means, or why it can't be taken.
    fn find(&self, draft: &PartyDraft) -> Result<Option<usize>, CellFault> {
        let run = self.run;
        if let Some(name) = draft.tags.iter().find(|name| !self.tags.contains_key(*name)) {
            return Err(fault(
                run,
                "unknown_tag",
                format!("没有标签「{name}」"),
                format!("There is no tag \"{name}\""),
            ));
        }
        self.custom.sound(draft.line)?;
        let same_code = draft.code.as_ref().and_then(|code| self.by_code.get(code).copied());
        let hit = match run.plan.key.as_deref() {
            Some("code") => same_code,
            Some(_) => self.find_keyed(draft)?,
            None => None,
        };
        let hit = match hit {
            None if same_code.is_none() => self.double(draft)?,
            hit => hit,
        };
        match hit {
            None if same_code.is_some() => {
                Err(fault(run, "code_taken", "编号已被其他客户使用", "Another customer has this code"))
            }
            None if draft.fields.name.is_none() => {
                Err(fault(run, "name_missing", "新客户必须有名称", "A new customer needs a name"))
            }
            None if draft.code.is_some() && run.refs.qualifies(self.unit) => Err(qualification_needed(run)),
            None => self.required_check(draft).and_then(|()| self.organization_check(draft)).map(|()| None),
            Some(at) => self.hit_check(at, draft).and_then(|()| self.organization_check(draft)).map(|()| Some(at)),
        }
    }

    fn find_keyed(&self, draft: &PartyDraft) -> Result<Option<usize>, CellFault> {
        let custom = self.custom_key(draft);
        let values: Vec<&String> = match self.run.plan.key.as_deref() {
            Some(key) if key.starts_with(CUSTOM_PREFIX) => custom.iter().collect(),
            Some("phone") => draft.phones.iter().collect(),
            Some("email") => draft.emails.iter().collect(),
            _ => draft.fields.tax_id.iter().collect(),
        };
        let mut found: Vec<usize> =
            values.iter().filter_map(|value| self.by_key.get(*value)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            _ => Err(fault(
                self.run,
                "ambiguous_match",
                format!("匹配到 {} 个客户", found.len()),
                format!("The row matches {} customers", found.len()),
            )),
        }
    }

    fn hit_check(&self, at: usize, draft: &PartyDraft) -> Result<(), CellFault> {
        let (run, hit) = (self.run, &self.hits[at]);
        if hit.deleted_at.is_some() {
            return Err(fault(run, "deleted", "该客户已被删除,请先恢复", "The customer was deleted; restore it first"));
        }
        if !hit.reachable {
            return Err(fault(
                run,
                "not_reachable",
                "该客户已存在,但您无权修改",
                "The customer exists, but you may not change it",
            ));
        }
        if hit.import_id == Some(run.import_id) && !run.dry {
            return Err(fault(
                run,
                "duplicate_in_file",
                "文件中前面的行已是同一客户",
                "An earlier row of the file is the same customer",
            ));
        }
        let becomes = draft.code.is_some() || draft.fields.status.as_deref() == Some("customer");
        if hit.code.is_empty() && becomes {
            return Err(qualification_needed(run));
        }
        if draft.code.as_ref().is_some_and(|code| *code != hit.code) {
            return Err(fault(
                run,
                "code_differs",
                format!("匹配到的客户编号是 {}", hit.code),
                format!("The matching customer has the code {}", hit.code),
            ));
        }
        Ok(())
    }

    /// A new customer needs the custom fields that are required, as one written by hand does.
    fn required_check(&self, draft: &PartyDraft) -> Result<(), CellFault> {
        if !self.run.refs.custom.iter().any(|field| field.required || field.required_if.is_some()) {
            return Ok(());
        }
        let record = json!({
            "kind": draft.fields.kind.clone().unwrap_or_else(|| {
                kind_guess(draft.fields.name.as_deref().unwrap_or_default(), draft.fields.tax_id.is_some()).to_owned()
            }),
            "status": draft.fields.status.as_deref().unwrap_or("customer"),
            "level": draft.fields.level,
            "source": draft.fields.source,
            "industry": draft.fields.industry,
            "gender": draft.fields.gender,
            "buying_style": draft.fields.buying_style,
            "internal": draft.fields.internal.unwrap_or(false),
            "custom": draft.custom,
        });
        self.custom.required(&draft.custom, &record)
    }

    /// What the row says of custom fields; refused when a unique value is another's.
    fn customs(&mut self, draft: &PartyDraft, hit: Option<usize>) -> Result<Vec<CustomValueRow>, CellFault> {
        let holder = hit.map_or(Holder::Line(draft.line), |at| Holder::Record(AnyId(self.hits[at].id.0)));
        self.custom.take(draft.line, holder)
    }

    fn organization_check(&self, draft: &PartyDraft) -> Result<(), CellFault> {
        let Some(link) = &draft.link else { return Ok(()) };
        let Some(name) = link.code.as_ref().or(link.name.as_ref()) else { return Ok(()) };
        match self.by_organization.get(name).map_or(0, Vec::len) {
            1 => Ok(()),
            0 if self.run.plan.options.create_missing_customers && link.name.is_some() => Ok(()),
            0 => Err(fault(
                self.run,
                "organization_missing",
                format!("找不到客户「{name}」"),
                format!("There is no customer \"{name}\""),
            )),
            count => Err(fault(
                self.run,
                "ambiguous_match",
                format!("「{name}」匹配到 {count} 个客户"),
                format!("\"{name}\" matches {count} customers"),
            )),
        }
    }

    fn create(&mut self, draft: &PartyDraft, custom: Vec<CustomValueRow>, tally: &mut Tally) {
        let run = self.run;
        let double = self.doubles.get(&draft.line);
        tally.create(run, draft.line, (1, double.is_some()), key_of(run, draft), || {
            let mut fields = shown(draft);
            fields.extend(double.map(|double| ("duplicate_of".to_owned(), double.told())));
            fields
        });
        if run.dry {
            return;
        }
        let mut fields = draft.fields.clone();
        let name = fields.name.clone().unwrap_or_default();
        fields.kind.get_or_insert_with(|| kind_guess(&name, draft.fields.tax_id.is_some()).to_owned());
        let asked = fields.status.take().unwrap_or_else(|| "customer".to_owned());
        fields.status = Some(standing_new(run.refs.qualifies(self.unit), &asked).1.to_owned());
        fields.owner_id = fields.owner_id.or(run.owner_default(self.unit));
        let id = PartyId::fresh();
        self.link(id, draft);
        self.parties.push(NewParty {
            id,
            unit_id: self.unit,
            code: draft.code.clone().unwrap_or_default(),
            name_key: draft.name_key.clone(),
            fields,
            children: PartyChildren {
                phones: draft.phones.clone(),
                emails: draft.emails.clone(),
                address: draft.address.clone(),
                tags: self.tag_ids(draft),
                dates: date_parts(draft.fields.birthday, &draft.dates, run.today()),
                custom,
            },
        });
    }

    fn tag_ids(&self, draft: &PartyDraft) -> Vec<TagId> {
        let mut ids: Vec<TagId> = draft.tags.iter().filter_map(|name| self.tags.get(name).copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Remembers the link of a contact to its organisation, creating the organisation when it is missing.
    fn link(&mut self, contact: PartyId, draft: &PartyDraft) {
        let Some(link) = &draft.link else { return };
        let Some(name) = link.code.clone().or_else(|| link.name.clone()) else { return };
        let organization = match self.by_organization.get(&name).and_then(|found| found.first()) {
            Some(found) => *found,
            None => self.organization_create(name, link),
        };
        if self.links.insert((contact, organization)) {
            self.relations.push(NewRelation {
                id: RelationId::fresh(),
                from_id: contact,
                to_id: organization,
                role: link.role.clone().unwrap_or_else(|| "contact".to_owned()),
                primary: link.primary,
                note: link.title.clone(),
            });
        }
    }

    fn organization_create(&mut self, key: String, link: &Link) -> PartyId {
        let id = PartyId::fresh();
        let name = link.name.clone().unwrap_or_else(|| key.clone());
        self.by_organization.insert(key, vec![id]);
        let qualifies = self.run.refs.qualifies(self.unit);
        self.parties.push(NewParty {
            id,
            unit_id: self.unit,
            code: link.code.clone().filter(|_| !qualifies).unwrap_or_default(),
            name_key: reading(&name, false),
            fields: PartyFields {
                kind: Some("organization".into()),
                name: Some(name),
                status: Some(standing_new(qualifies, "customer").1.into()),
                owner_id: self.run.owner_default(self.unit),
                ..PartyFields::default()
            },
            children: PartyChildren::default(),
        });
        id
    }

    fn update(
        &mut self,
        db: &mut Db,
        at: usize,
        (draft, custom): (&PartyDraft, Vec<CustomValueRow>),
        tally: &mut Tally,
    ) -> AppResult<()> {
        let run = self.run;
        let hit = self.hits[at].clone();
        let standing = self.children.get(&hit.id).cloned().unwrap_or_default();
        let old = object(&hit.fields);
        let mut changes = changes_between(&old, &object(&draft.fields));
        let mut values: Map<String, Value> = Map::new();
        let mut before = PartyBefore { version: hit.version + 1, ..PartyBefore::default() };
        for change in &changes {
            values.insert(change.field.clone(), change.after.clone());
            before.values.insert(change.field.clone(), change.before.clone());
        }
        if values.contains_key("name") && !hit.name_key_set {
            values.insert("name_key".into(), json!(draft.name_key));
            before.values.insert("name_key".into(), json!(hit.name_key));
        }
        let added = added_children(&standing, draft, self.tag_ids(draft));
        children_changes(&standing, &added, draft, &mut changes);
        let known_links = self.links.len();
        self.link(hit.id, draft);
        if self.links.len() > known_links {
            let link = draft.link.as_ref().and_then(|link| link.code.clone().or_else(|| link.name.clone()));
            changes.push(Change { field: "organization".into(), before: Value::Null, after: json!(link) });
        }
        let (stood, custom) = self.custom.changes(AnyId(hit.id.0), (&draft.custom, &custom), &mut changes);
        before.custom = stood;
        let stood = self.dates.get(&hit.id).cloned().unwrap_or_default();
        let dates = dates_merged(&stood, &draft.dates);
        if dates != stood {
            changes.push(Change { field: "dates".into(), before: json!(stood), after: json!(dates) });
            before.dates = Some(stood);
        }
        if changes.is_empty() {
            tally.unchanged(1);
            return Ok(());
        }
        values.insert("import_id".into(), json!(run.import_id));
        before.values.insert("import_id".into(), json!(hit.import_id));
        before.phones.clone_from(&added.phones);
        before.emails.clone_from(&added.emails);
        before.tags.clone_from(&added.tags);
        before.address = added.address.is_some().then(|| standing.address.clone());
        tally.update(draft.line, 1, AnyId(hit.id.0), key_of(run, draft), &changes, &before);
        if run.dry {
            return Ok(());
        }
        if !party_set(db, hit.id, hit.version, &values, run.now)? {
            return Err(AppError::Serialization);
        }
        if values.contains_key("birthday") || before.dates.is_some() {
            let birthday = draft.fields.birthday.or(hit.fields.birthday);
            dates_replace(db, hit.id, &date_parts(birthday, &dates, run.today()))?;
        }
        let fields: Vec<CustomFieldId> = before.custom.iter().map(|one| one.field_id).collect();
        custom_fields_set(db, AnyId(hit.id.0), &fields, custom)?;
        party_children_add(db, hit.id, &standing, added)?;
        self.altered.push(hit.id);
        Ok(())
    }

    /// Gives codes to those who bring none, and stores everyone.
    fn store(mut self, db: &mut Db) -> AppResult<()> {
        if self.run.dry {
            return Ok(());
        }
        let missing = self.parties.iter().filter(|party| party.code.is_empty()).count();
        let missing = if self.run.refs.qualifies(self.unit) { 0 } else { missing };
        let mut codes = codes_take(db, self.run, self.unit, missing)?.into_iter();
        for party in self.parties.iter_mut().filter(|party| party.code.is_empty()) {
            party.code = codes.next().unwrap_or_default();
        }
        parties_insert(db, self.parties, self.run.provenance())?;
        parts_keep(db, &self.altered)?;
        Ok(relations_insert(db, self.relations, self.run.provenance())?)
    }
}

/// A code, and being a customer, is for a qualification to give.
pub(super) fn qualification_needed(run: &Run) -> CellFault {
    fault(
        run,
        "qualification_needed",
        "该单位的新客户须先通过准入审核",
        "New customers of the unit are qualified first",
    )
}

/// Colour of tags an import makes.
const TAG_COLOR: &str = "gray";

/// Phones, addresses and tags are added to what is there, never taken away; a postal address is completed.
fn added_children(standing: &PartyChildren, draft: &PartyDraft, tags: Vec<TagId>) -> PartyChildren {
    let address = draft.address.as_ref().and_then(|new| {
        let old = standing.address.clone().unwrap_or_default();
        let merged = AddressFields {
            country: new.country.clone().or(old.country.clone()),
            province: new.province.clone().or(old.province.clone()),
            city: new.city.clone().or(old.city.clone()),
            district: new.district.clone().or(old.district.clone()),
            street: new.street.clone().or(old.street.clone()),
            postcode: new.postcode.clone().or(old.postcode.clone()),
        };
        (merged != old).then_some(merged)
    });
    PartyChildren {
        phones: draft.phones.iter().filter(|phone| !standing.phones.contains(phone)).cloned().collect(),
        emails: draft.emails.iter().filter(|email| !standing.emails.contains(email)).cloned().collect(),
        address,
        tags: tags.into_iter().filter(|tag| !standing.tags.contains(tag)).collect(),
        dates: Vec::new(),
        custom: Vec::new(),
    }
}

fn children_changes(standing: &PartyChildren, added: &PartyChildren, draft: &PartyDraft, changes: &mut Vec<Change>) {
    let mut change = |field: &str, before: Value, after: Value| {
        changes.push(Change { field: field.to_owned(), before, after });
    };
    if !added.phones.is_empty() {
        change("phones", json!(standing.phones), json!([&standing.phones[..], &added.phones[..]].concat()));
    }
    if !added.emails.is_empty() {
        change("emails", json!(standing.emails), json!([&standing.emails[..], &added.emails[..]].concat()));
    }
    if let Some(address) = &added.address {
        change("address", json!(standing.address), json!(address));
    }
    if !added.tags.is_empty() {
        change("tags", Value::Null, json!(draft.tags));
    }
}

/// A new row as the check shows it.
fn shown(draft: &PartyDraft) -> Map<String, Value> {
    let mut fields = object(&draft.fields);
    let lists = [("phones", json!(draft.phones)), ("emails", json!(draft.emails)), ("tags", json!(draft.tags))];
    fields.extend(lists.into_iter().filter(|(_, list)| list != &json!([])).map(|(name, list)| (name.to_owned(), list)));
    if let Some(code) = &draft.code {
        fields.insert("code".into(), json!(code));
    }
    if let Some(address) = &draft.address {
        fields.insert("address".into(), json!(address));
    }
    if !draft.dates.is_empty() {
        fields.insert("dates".into(), json!(draft.dates));
    }
    fields.extend(custom_shown(&draft.custom));
    fields
}
