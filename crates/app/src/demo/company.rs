//! The company, its units and departments, and a user for every role.

use chrono::{DateTime, Utc};
use regulars_domain::demo::{UNITS, person};
use regulars_domain::ids::{DepartmentId, RoleId, UnitId, UserId};
use regulars_domain::naming;
use regulars_persistence::Db;
use regulars_persistence::access::organisation::{DepartmentRow, UnitRow, department_insert, unit_insert};
use regulars_persistence::access::role::{role_list, user_roles_set};
use regulars_persistence::access::user::{UserRow, user_insert};
use serde_json::json;

use super::{CURRENCY, Stage, ZONE, durables, id_at, programmes};
use crate::access::settings::SettingsInput;
use crate::access::setup::{Founder, company_found};
use crate::{AppError, AppResult};

/// A user someone can sign in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoUser {
    pub login: String,
    pub name: String,
    pub unit: String,
    /// Key of the role; the first person holds three.
    pub role: &'static str,
}

/// A unit of the demonstration with those who own its customers.
pub(super) struct DemoStaffUnit {
    pub id: UnitId,
    pub code: &'static str,
    pub head: UserId,
    pub sellers: Vec<UserId>,
}

/// Who works there.
pub(super) struct Staff {
    pub company: String,
    pub users: Vec<DemoUser>,
    pub founder: UserId,
    pub head_office: UnitId,
    /// As in [`UNITS`].
    pub units: Vec<DemoStaffUnit>,
}

/// Where a person of a unit works, by place in the unit's departments: login before the unit's code, role, department.
const POSTS: &[(&str, &str, usize)] = &[
    ("head", "unit_head", 0),
    ("office", "unit_administrator", 0),
    ("sales1", "member", 1),
    ("sales2", "member", 1),
    ("sales3", "member", 2),
    ("sales4", "member", 2),
    ("market", "marketer", 3),
    ("service", "service_agent", 3),
];
/// Departments of each unit; the first stands above the others. Who leads is a place in [`POSTS`].
const DEPARTMENTS: &[(&str, usize)] = &[("管理部", 0), ("销售一部", 2), ("销售二部", 4), ("市场与客服部", 6)];

/// Makes it all; everyone gets the same password.
pub(super) fn fill(tx: &mut Db, stage: &Stage, hash: &str) -> AppResult<Staff> {
    let opened_at = stage.opened_at();
    let mut worth = programmes::settings(stage);
    worth.insight.durables = durables::groups(stage);
    let settings = SettingsInput {
        company_name: "回声生活".into(),
        locale: "zh-CN".into(),
        time_zone: ZONE.name().into(),
        currency: CURRENCY.into(),
        settings: worth,
    };
    let founder =
        Founder { unit_name: "总部".into(), person_name: name(stage, 0), login: "boss".into(), hash: hash.into() };
    let first = company_found(tx, &settings, &founder, opened_at)?;
    let mut staff = Staff {
        company: settings.company_name,
        users: vec![DemoUser { login: "boss".into(), name: first.name, unit: "总部".into(), role: "executive" }],
        founder: first.id,
        head_office: first.unit_id,
        units: Vec::new(),
    };
    let roles = Roles::read(tx)?;
    for (at, role) in ["system_administrator", "auditor"].into_iter().enumerate() {
        let login = if role == "auditor" { "auditor" } else { "admin" };
        let post = Post { unit: first.unit_id, department: first.department_id, unit_name: "总部", role };
        user(tx, stage, &mut staff.users, &roles, &post, login.into(), (1 + at as u64, hash))?;
    }
    for at in 0..UNITS.len() {
        let unit = unit(tx, stage, &mut staff.users, &roles, at, hash)?;
        staff.units.push(unit);
    }
    Ok(staff)
}

struct Roles(Vec<(String, RoleId)>);

impl Roles {
    fn read(tx: &mut Db) -> AppResult<Self> {
        Ok(Self(role_list(tx)?.into_iter().filter_map(|role| Some((role.key?, role.id))).collect()))
    }

    fn id(&self, key: &str) -> AppResult<RoleId> {
        let found = self.0.iter().find(|(known, _)| known == key).map(|(_, id)| *id);
        found.ok_or_else(|| AppError::Internal(format!("no role {key}")))
    }
}

fn name(stage: &Stage, row: u64) -> String {
    person(&mut stage.chance(1, row), 1972, 2000).name
}

fn unit(
    tx: &mut Db,
    stage: &Stage,
    users: &mut Vec<DemoUser>,
    roles: &Roles,
    at: usize,
    hash: &str,
) -> AppResult<DemoStaffUnit> {
    let (made, opened_at) = (UNITS[at], stage.opened_at());
    let rng = &mut stage.chance(2, at as u64);
    let unit_id: UnitId = id_at(opened_at, rng);
    unit_insert(
        tx,
        UnitRow {
            id: unit_id,
            name: made.name.into(),
            code: made.code.into(),
            active: true,
            version: 1,
            created_at: opened_at,
            updated_at: opened_at,
        },
    )?;
    let departments: Vec<DepartmentId> = DEPARTMENTS.iter().map(|_| id_at(opened_at, rng)).collect();
    let row = |place: usize| (10 + at * POSTS.len() + place) as u64;
    let people: Vec<UserId> = (0..POSTS.len()).map(|place| user_id(stage, row(place))).collect();
    for (place, (name, leader)) in DEPARTMENTS.iter().enumerate() {
        department_insert(
            tx,
            DepartmentRow {
                id: departments[place],
                unit_id,
                parent_id: (place > 0).then(|| departments[0]),
                leader_id: Some(people[*leader]),
                name: (*name).into(),
                version: 1,
                created_at: opened_at,
                updated_at: opened_at,
            },
        )?;
    }
    for (place, (login, role, department)) in POSTS.iter().enumerate() {
        let post = Post { unit: unit_id, department: departments[*department], unit_name: made.name, role };
        let login = format!("{login}.{}", made.code.to_lowercase());
        user(tx, stage, users, roles, &post, login, (row(place), hash))?;
    }
    Ok(DemoStaffUnit { id: unit_id, code: made.code, head: people[0], sellers: people[2..6].to_vec() })
}

struct Post<'a> {
    unit: UnitId,
    department: DepartmentId,
    unit_name: &'a str,
    role: &'static str,
}

fn user_id(stage: &Stage, row: u64) -> UserId {
    id_at(stage.opened_at(), &mut stage.chance(3, row))
}

fn user(
    tx: &mut Db,
    stage: &Stage,
    users: &mut Vec<DemoUser>,
    roles: &Roles,
    post: &Post<'_>,
    login: String,
    (row, hash): (u64, &str),
) -> AppResult<()> {
    let (id, name) = (user_id(stage, row), name(stage, row));
    let opened_at: DateTime<Utc> = stage.opened_at();
    user_insert(
        tx,
        UserRow {
            id,
            department_id: post.department,
            unit_id: post.unit,
            name_key: naming::reading(&name, true),
            name: name.clone(),
            email: Some(format!("{login}@example.com")),
            phone: None,
            locale: "zh-CN".into(),
            password_hash: Some(hash.into()),
            preferences: json!({}),
            active: true,
            version: 1,
            created_at: opened_at,
            updated_at: opened_at,
            frozen_at: None,
            frozen_by: None,
            login: login.clone(),
        },
    )?;
    user_roles_set(tx, id, &[roles.id(post.role)?])?;
    users.push(DemoUser { login, name, unit: post.unit_name.into(), role: post.role });
    Ok(())
}
