//! Sales in this node's memory, from which most pivots are answered. They are read in the background when the node
//! starts; from then on events say which of them to read again, those of other nodes among them, and always before an
//! answer: what was written before somebody asked is in it. Where that would take long, and where the bound does not
//! hold the sales, the database answers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread::available_parallelism;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use parking_lot::{Mutex, RwLock, RwLockReadGuard};
use regulars_analytics::pivot::{OrderRow, Sales, Shape};
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::access::chain::event_newest;
use regulars_persistence::db::snapshot;
use regulars_persistence::insight::pivot::{
    BusinessDays, ChangedEvent, Columns, FactKind, Given, LineColumns, MEMBER_PAGE, MemberColumns, OrderColumns,
    SheetMeasures, WhichOrders, changes_after, columns, customers_by_id, customers_page, fact, lines_read,
    orders_of_customers, orders_page_end, orders_read, people_read, products_read, writing_jobs,
};
use serde_json::Value;
use uuid::Uuid;

use crate::imports::{RUN, UNDO};
use crate::jobs::task::now;
use crate::{App, AppError, AppResult};

/// Orders read at a time.
pub const PAGE: i64 = 5_000;
/// Most pages read at the same time.
const MOST_READERS: usize = 4;
/// Changes that an answer waits for; more are read in the background.
const MOST_CHANGES: usize = 2_000;
/// Ids of one list.
const FEW: usize = 500;
/// Clocks of nodes differ by less.
const SLACK: TimeDelta = TimeDelta::seconds(5);

/// Changes of a customer that leave its orders alone.
const SHALLOW: &[&str] = &["updated", "tagged", "untagged", "changed_in_bulk", "assigned", "created"];

/// What this node holds.
#[derive(Default)]
pub struct Memory {
    held: RwLock<Option<Held>>,
    /// Taken before a connection, never while holding one: changes are read and put in one after the other.
    following: Mutex<()>,
    /// Somebody asked: a server that nobody asks for pivots keeps its memory small.
    wanted: AtomicBool,
    /// The sales did not fit.
    too_large: AtomicBool,
}

pub(super) struct Held {
    pub sales: Sales,
    pub columns: Columns,
    /// The last numbered event that is in it.
    seq: i64,
    began: DateTime<Utc>,
    /// Everything written up to then is in it.
    pub as_of: DateTime<Utc>,
}

/// What came of reading the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Followed {
    Current,
    /// There are more to read.
    Behind,
    /// It has to be read anew.
    Void,
}

fn columns_here() -> Columns {
    // Fields of the company's own, and days, are in no column.
    let days = BusinessDays::Pg("UTC".into());
    let sheets = SheetMeasures::default();
    let given =
        Given { when: CountsWhen::Confirmed, customer: &[], order: &[], today: NaiveDate::MIN, days, sheets: &sheets };
    let of = |kind| fact(kind, &given);
    columns(&of(FactKind::OrderLines), &of(FactKind::Orders))
}

/// The sales with every change in it that was there when this was called; none when the database should answer.
pub(super) fn current(app: &App) -> AppResult<Option<Fresh<'_>>> {
    let memory = app.memory();
    memory.wanted.store(true, Ordering::Relaxed);
    if memory.held.read().is_none() {
        return Ok(None);
    }
    if follow(app)? != Followed::Current {
        return Ok(None);
    }
    let held = memory.held.read();
    Ok(held.is_some().then_some(Fresh(held)))
}

/// Sales that stay as they are while one looks at them.
pub(super) struct Fresh<'a>(RwLockReadGuard<'a, Option<Held>>);

impl Fresh<'_> {
    pub fn held(&self) -> Option<&Held> {
        self.0.as_ref()
    }
}

/// One turn of a node's own work on its memory, once a pivot was asked for: reads everything if there is nothing, else
/// what has changed. Ends early when told to stop.
pub fn memory_keep(app: &App, stopping: &AtomicBool) -> AppResult<()> {
    let memory = app.memory();
    let wanted = app.config().pivot_memory > 0 && memory.wanted.load(Ordering::Relaxed);
    if !wanted || memory.too_large.load(Ordering::Relaxed) {
        return Ok(());
    }
    let worn = match memory.held.read().as_ref() {
        Some(held) => held.sales.is_worn(),
        None => true,
    };
    if worn {
        return memory_read(app, app.config().pivot_memory, PAGE, stopping);
    }
    while follow(app)? == Followed::Behind && !stopping.load(Ordering::Relaxed) {}
    Ok(())
}

/// Reads everything anew, so many orders at a time, or nothing if that needs more than `most` bytes.
pub fn memory_read(app: &App, most: u64, page: i64, stopping: &AtomicBool) -> AppResult<()> {
    let began = now();
    let columns = columns_here();
    let first = app.db().read(|db| {
        // What an import is writing tells of itself when it is done.
        if writing_jobs(db, &[RUN, UNDO], began - SLACK)? > 0 {
            return Ok(None);
        }
        let seq = event_newest(db)?;
        Ok::<_, AppError>(Some((seq, products_read(db, &columns)?, people_read(db)?)))
    })?;
    let Some((seq, products, people)) = first else { return Ok(()) };
    let mut sales = Sales::new(Shape {
        order_keys: columns.order_keys.len(),
        order_figures: columns.order_figures.len(),
        line_figures: columns.line_figures.len(),
        customer_keys: columns.customer_keys.len(),
        product_keys: columns.product_keys.len(),
    });
    people_put(&mut sales, people);
    let whole = pages_read(app, &columns, page, |orders| {
        orders_put(&mut sales, &orders);
        // What grew ahead of its need is given back before it is called too large.
        if sales.bytes() as u64 > most {
            sales.shrink();
        }
        sales.bytes() as u64 <= most && !stopping.load(Ordering::Relaxed)
    })?;
    if stopping.load(Ordering::Relaxed) {
        return Ok(());
    }
    if !whole {
        too_large(app, &sales, most);
        return Ok(());
    }
    for product in &products {
        sales.product_put(product.id, &texts(&product.keys));
    }
    let mut after = None;
    while sales.orders() > 0 {
        let page = app.db().read(|db| Ok::<_, AppError>(customers_page(db, &columns, after)?))?;
        after = page.last().map(|customer| customer.id);
        for customer in &page {
            if sales.has_customer(customer.id) {
                sales.customer_put(customer.id, &texts(&customer.keys));
            }
        }
        if (page.len() as i64) < MEMBER_PAGE || stopping.load(Ordering::Relaxed) {
            break;
        }
    }
    sales.shrink();
    if sales.bytes() as u64 > most {
        too_large(app, &sales, most);
        return Ok(());
    }
    if stopping.load(Ordering::Relaxed) {
        return Ok(());
    }
    tracing::info!(orders = sales.orders(), lines = sales.lines(), bytes = sales.bytes(), "sales are in memory");
    let _turn = app.memory().following.lock();
    *app.memory().held.write() = Some(Held { sales, columns, seq, began, as_of: began });
    Ok(())
}

/// Part of the sales would answer with part of the truth: the database answers instead.
fn too_large(app: &App, sales: &Sales, most: u64) {
    tracing::warn!(bytes = sales.bytes(), most, "sales do not fit into the memory set aside for pivots");
    app.memory().too_large.store(true, Ordering::Relaxed);
    *app.memory().held.write() = None;
}

/// Forgets everything: until it is read again the database answers.
pub fn memory_forget(app: &App) {
    let _turn = app.memory().following.lock();
    *app.memory().held.write() = None;
}

type Orders = (Vec<OrderColumns>, Vec<LineColumns>);

/// Reads all sales, so many a page, and gives them to `put` in the order of their ids until it has enough; answers
/// whether it took them all. Pages are read side by side and not as of one moment: what changes meanwhile stands in the
/// log behind the number that was read first.
fn pages_read(app: &App, columns: &Columns, page: i64, mut put: impl FnMut(Orders) -> bool) -> AppResult<bool> {
    let readers = available_parallelism().map_or(1, usize::from).min(MOST_READERS);
    // The number of the next page and behind which order it begins.
    let next = Mutex::new(Some((0_usize, None)));
    let (send, pages) = sync_channel(readers);
    std::thread::scope(|scope| {
        for _ in 0..readers {
            let (next, send) = (&next, send.clone());
            scope.spawn(move || {
                while let Some(read) = page_read(app, columns, page, next).transpose() {
                    if send.send(read).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let (mut early, mut due) = (BTreeMap::new(), 0);
        for read in pages {
            let (number, orders) = read?;
            early.insert(number, orders);
            while let Some(orders) = early.remove(&due) {
                if !put(orders) {
                    return Ok(false);
                }
                due += 1;
            }
        }
        Ok(true)
    })
}

/// Takes the next page that nobody reads yet, and reads it.
fn page_read(
    app: &App,
    columns: &Columns,
    page: i64,
    next: &Mutex<Option<(usize, Option<Uuid>)>>,
) -> AppResult<Option<(usize, Orders)>> {
    let (number, after, last) = {
        let mut next = next.lock();
        let Some((number, after)) = *next else { return Ok(None) };
        // A page that cannot be found is the last one, too.
        *next = None;
        let last = app.db().read(|db| Ok::<_, AppError>(orders_page_end(db, after, page)?))?;
        *next = last.map(|last| (number + 1, Some(last)));
        (number, after, last)
    };
    let which = WhichOrders::Between(after, last);
    let orders = app.db().read(|db| {
        snapshot(db, |db| Ok::<_, AppError>((orders_read(db, columns, which)?, lines_read(db, columns, which)?)))
    })?;
    Ok(Some((number, orders)))
}

fn texts(keys: &[Option<String>]) -> Vec<Option<&str>> {
    keys.iter().map(Option::as_deref).collect()
}

/// Both rise by the order's id.
fn orders_put(sales: &mut Sales, (orders, lines): &Orders) {
    let mut lines = lines.iter().peekable();
    let (mut products, mut figures) = (Vec::new(), Vec::new());
    for order in orders {
        products.clear();
        figures.clear();
        while let Some(line) = lines.next_if(|line| line.order == order.id) {
            products.push(line.product);
            figures.extend_from_slice(&line.figures);
        }
        sales.put(OrderRow {
            id: order.id,
            customer: order.customer,
            day: order.day,
            keys: &texts(&order.keys),
            figures: &order.figures,
            products: &products,
            line_figures: &figures,
        });
    }
}

fn people_put(sales: &mut Sales, people: Vec<MemberColumns>) {
    let named = people.into_iter().filter_map(|person| Some((person.id.to_string(), person.keys.into_iter().next()??)));
    sales.people_put(named);
}

/// Records that events say have changed.
#[derive(Default)]
struct Changed {
    orders: BTreeSet<Uuid>,
    customers: BTreeSet<Uuid>,
    /// Customers whose orders may be others' now.
    deeply: BTreeSet<Uuid>,
    products: bool,
    people: bool,
    void: bool,
}

impl Changed {
    fn of(events: &[ChangedEvent]) -> Self {
        let mut changed = Self::default();
        for event in events {
            let id = event.resource_id.0;
            changed.customers.extend(event.party_id.map(|party| party.0));
            match event.resource.as_str() {
                "order" => drop(changed.orders.insert(id)),
                "customer" if !SHALLOW.contains(&event.action.as_str()) => {
                    changed.deeply.insert(id);
                    changed.deeply.extend(event.party_id.map(|party| party.0));
                    changed.deeply.extend(event.told.as_ref().and_then(other_told));
                }
                "product" | "category" | "brand" => changed.products = true,
                "user" | "department" | "account_request" => changed.people = true,
                "import" => changed.void |= matches!(event.action.as_str(), "ran" | "undone"),
                _ => {}
            }
        }
        changed
    }
}

/// The other customer of a merge.
fn other_told(told: &Value) -> Option<Uuid> {
    Uuid::parse_str(told["into"].as_str().or(told["from"].as_str())?).ok()
}

/// Those records as they are now.
#[derive(Default)]
struct Reread {
    seq: i64,
    asked: Vec<Uuid>,
    orders: Orders,
    customers: Vec<MemberColumns>,
    products: Option<Vec<MemberColumns>>,
    people: Option<Vec<MemberColumns>>,
}

/// Reads what has changed and puts it in.
fn follow(app: &App) -> AppResult<Followed> {
    let memory = app.memory();
    let _turn = memory.following.lock();
    let (seq, began, columns) = match memory.held.read().as_ref() {
        Some(held) => (held.seq, held.began, held.columns.clone()),
        None => return Ok(Followed::Void),
    };
    let at = now();
    let read = app.db().read(|db| snapshot(db, |db| reread(app, db, &columns, seq, began)))?;
    let Some(read) = read else {
        *memory.held.write() = None;
        return Ok(Followed::Void);
    };
    let more = read.1;
    let nothing =
        read.0.asked.is_empty() && read.0.customers.is_empty() && read.0.products.is_none() && read.0.people.is_none();
    if let Some(held) = memory.held.write().as_mut() {
        held.seq = read.0.seq;
        if !more {
            held.as_of = at;
        }
        if !nothing {
            read.0.put(&mut held.sales);
        }
    }
    Ok(if more { Followed::Behind } else { Followed::Current })
}

/// What has changed since, and whether there is more of it; none when everything has to be read anew.
fn reread(
    app: &App,
    db: &mut Db,
    columns: &Columns,
    seq: i64,
    began: DateTime<Utc>,
) -> AppResult<Option<(Reread, bool)>> {
    if writing_jobs(db, &[RUN, UNDO], began - SLACK)? > 0 {
        return Ok(None);
    }
    let events = changes_after(db, seq, MOST_CHANGES as i64)?;
    let numbered = events.iter().filter(|event| event.seq.is_some()).count();
    let more = numbered >= MOST_CHANGES || events.len() - numbered >= MOST_CHANGES;
    let mut changed = Changed::of(&events);
    if changed.void {
        return Ok(None);
    }
    for customers in changed.deeply.iter().copied().collect::<Vec<_>>().chunks(FEW) {
        changed.orders.extend(orders_of_customers(db, customers)?);
    }
    let mut read =
        Reread { seq: events.iter().filter_map(|event| event.seq).max().unwrap_or(seq), ..Reread::default() };
    {
        let held = app.memory().held.read();
        let Some(held) = held.as_ref() else { return Ok(None) };
        for customer in &changed.deeply {
            changed.orders.extend(held.sales.orders_of(*customer));
        }
        // Customers nobody has sold to are in no column.
        changed.customers.extend(&changed.deeply);
        changed.customers.retain(|customer| held.sales.has_customer(*customer));
    }
    read.asked = changed.orders.into_iter().collect();
    for ids in read.asked.chunks(FEW) {
        read.orders.0.extend(orders_read(db, columns, WhichOrders::These(ids))?);
        read.orders.1.extend(lines_read(db, columns, WhichOrders::These(ids))?);
    }
    changed.customers.extend(read.orders.0.iter().map(|order| order.customer));
    for ids in changed.customers.into_iter().collect::<Vec<_>>().chunks(FEW) {
        read.customers.extend(customers_by_id(db, columns, ids)?);
    }
    if changed.products {
        read.products = Some(products_read(db, columns)?);
    }
    if changed.people {
        read.people = Some(people_read(db)?);
    }
    Ok(Some((read, more)))
}

impl Reread {
    fn put(self, sales: &mut Sales) {
        let there: BTreeSet<Uuid> = self.orders.0.iter().map(|order| order.id).collect();
        for gone in self.asked.iter().filter(|id| !there.contains(id)) {
            sales.remove(*gone);
        }
        orders_put(sales, &self.orders);
        for customer in &self.customers {
            sales.customer_put(customer.id, &texts(&customer.keys));
        }
        for product in self.products.iter().flatten() {
            sales.product_put(product.id, &texts(&product.keys));
        }
        if let Some(people) = self.people {
            people_put(sales, people);
        }
    }
}
