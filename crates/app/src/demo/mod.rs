//! A whole made-up company in one transaction: people who work there, goods, customers with their histories, opportunities, offers, orders,
//! tags, segments and views. The same for the same seed and day; it ends yesterday.

mod company;
mod customers;
mod dealers;
mod durables;
mod facts;
mod goods;
mod journeys;
mod key_accounts;
mod opportunities;
mod orders;
mod parties;
mod pools;
mod programmes;
mod qualifications;
mod quotes;
mod rows;
mod workspace;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use regulars_domain::demo::Rng;
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::access::company::{company_get, secret_delete};
use regulars_persistence::customers::parts_kept::parts_keep_step;
use regulars_persistence::insight::counter::metric_refresh;
use uuid::Uuid;

use crate::access::settings::Settings;
use crate::access::setup::SETUP_SECRET;
use crate::access::token::random_bytes;
use crate::customers::index::search_index_step;
use crate::insight::evaluation::evaluation_run;
use crate::sales::lead_score::scores_learn;
use crate::{App, AppError, AppResult};

pub use company::DemoUser;

/// Business years behind the company.
const YEARS: u64 = 4;
const ZONE: Tz = chrono_tz::Asia::Shanghai;
const CURRENCY: &str = "CNY";

/// What to make up.
#[derive(Debug, Clone, Copy)]
pub struct DemoInput {
    pub customers: u64,
    pub seed: u64,
}

/// What was made up.
#[derive(Debug, Clone)]
pub struct DemoFilled {
    pub company: String,
    pub users: Vec<DemoUser>,
    /// Everyone's password, made by chance and stored as a hash only.
    pub password: String,
    pub customers: usize,
    pub orders: usize,
}

/// The stage all rows are made for.
#[derive(Debug, Clone, Copy)]
struct Stage {
    seed: u64,
    now: DateTime<Utc>,
    /// The last day anything happened.
    yesterday: NaiveDate,
    opened_on: NaiveDate,
}

impl Stage {
    /// A minute of a business day as an instant.
    fn at(&self, on: NaiveDate, minute: u16) -> DateTime<Utc> {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0).unwrap_or_default();
        ZONE.from_local_datetime(&on.and_time(time)).earliest().map_or(self.now, |at| at.with_timezone(&Utc))
    }

    fn opened_at(&self) -> DateTime<Utc> {
        self.at(self.opened_on, 540)
    }

    /// Chance for one row of one of the tables made here; the customers' own streams are small numbers.
    fn chance(&self, stream: u64, row: u64) -> Rng {
        Rng::of_row(self.seed, 1_000 + stream, row)
    }
}

/// A version 7 id of that instant.
fn id_at<T: From<Uuid>>(at: DateTime<Utc>, rng: &mut Rng) -> T {
    let mut bytes = [0; 10];
    for (byte, chance) in bytes.iter_mut().zip(rng.bits().to_le_bytes().into_iter().chain(rng.bits().to_le_bytes())) {
        *byte = chance;
    }
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid().into()
}

/// Fills an empty database. Refused with `already_set_up` when there is a company.
pub fn demo_fill(app: &App, input: DemoInput, now: DateTime<Utc>) -> AppResult<DemoFilled> {
    let password = password();
    let hash = app.passwords().hash(&password)?;
    let yesterday = now.with_timezone(&ZONE).date_naive() - Days::new(1);
    let stage = Stage { seed: input.seed, now, yesterday, opened_on: yesterday - Days::new(YEARS * 365) };
    let made = app.db().write(move |tx| fill(tx, &stage, input.customers, &hash))?;
    app.company_changed();
    while app.db().write(|tx| Ok::<_, AppError>(parts_keep_step(tx, 2_000)?))? > 0 {}
    while search_index_step(app, 2_000)? > 0 {}
    evaluation_run(app, None, None, now, &mut |_| Ok(()))?;
    scores_learn(app, now)?;
    Ok(DemoFilled { password, ..made })
}

/// Twelve letters and digits that can't be mistaken for one another, in threes.
fn password() -> String {
    const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let sign = |byte: u8| char::from(SIGNS[usize::from(byte) % SIGNS.len()]);
    let groups: Vec<String> =
        random_bytes::<12>().chunks(3).map(|group| group.iter().map(|byte| sign(*byte)).collect()).collect();
    groups.join("-")
}

fn fill(tx: &mut Db, stage: &Stage, customers: u64, hash: &str) -> AppResult<DemoFilled> {
    if company_get(tx)?.is_some() {
        return Err(AppError::Conflict("already_set_up"));
    }
    secret_delete(tx, SETUP_SECRET)?;
    let staff = company::fill(tx, stage, hash)?;
    let goods = goods::fill(tx, stage)?;
    let words = workspace::words_fill(tx, stage, &staff)?;
    let people = customers::fill(tx, stage, customers, &staff, &goods, &words)?;
    let (orders, next) = orders::fill(tx, stage, &staff, &goods, &people)?;
    let bills = programmes::fill(tx, stage, &staff, &people, &next)?;
    opportunities::fill(tx, stage, &staff, &people)?;
    workspace::boards_fill(tx, stage, &staff, &goods)?;
    let asked = qualifications::fill(tx, stage, &staff)?;
    let dealers = dealers::fill(tx, stage, &staff, &goods)?;
    pools::fill(tx, stage, &staff, &people)?;
    journeys::fill(tx, stage, &staff, &people)?;
    facts::fill(tx, stage, &people)?;
    key_accounts::fill(tx, stage, &staff, &people)?;
    metric_refresh(tx, &people.parties, CountsWhen::parse(&Settings::default().order_counts_when))?;
    Ok(DemoFilled {
        company: staff.company,
        users: staff.users,
        password: String::new(),
        customers: people.parties.len() + asked + dealers,
        orders: orders + bills,
    })
}
