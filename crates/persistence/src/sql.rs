//! Statements put together at run time: lists, counts and searches whose filters, sorts and scope vary.
//!
//! Unlike `diesel::sql_query` a [`Statement`] is kept in the connection's statement cache when it is marked
//! [`Statement::cached`]: for texts of few shapes. Values are always bound, never written into the text.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::QueryableByName;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Nullable, Text};
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, QueryResult, RunQueryDsl, SqliteConnection};
use uuid::Uuid;

use crate::db::Db;
use crate::error::StoreResult;
use crate::types::{AnyId, SqlId, SqlInstant, SqlJson};

/// A bound value.
#[derive(Debug, Clone, PartialEq)]
pub enum Bind {
    Id(AnyId),
    Text(String),
    Int(i64),
    Number(f64),
    Date(NaiveDate),
    Instant(DateTime<Utc>),
    Bool(bool),
    Json(serde_json::Value),
    Bytes(Vec<u8>),
    Null(Null),
}

/// The type of a bound NULL: PostgreSQL wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Null {
    Id,
    Text,
    Int,
    Number,
    Date,
    Instant,
    Bool,
    Json,
    Bytes,
}

macro_rules! bind_from {
    ($($from:ty => $variant:ident, |$v:ident| $to:expr;)+) => {$(
        impl From<$from> for Bind {
            fn from($v: $from) -> Self {
                Bind::$variant($to)
            }
        }
        impl From<Option<$from>> for Bind {
            fn from(value: Option<$from>) -> Self {
                value.map_or(Bind::Null(Null::$variant), Bind::from)
            }
        }
    )+};
}
bind_from! {
    Uuid => Id, |v| AnyId(v);
    String => Text, |v| v;
    &str => Text, |v| v.into();
    &String => Text, |v| v.clone();
    i64 => Int, |v| v;
    i32 => Int, |v| i64::from(v);
    f64 => Number, |v| v;
    NaiveDate => Date, |v| v;
    DateTime<Utc> => Instant, |v| v;
    bool => Bool, |v| v;
    serde_json::Value => Json, |v| v;
    Vec<u8> => Bytes, |v| v;
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Sql(String),
    Bind(Bind),
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(Sqlite, Pg))]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// `INSERT INTO table (columns) VALUES (values)`, cached; more can be pushed after it (`ON CONFLICT …`).
pub fn insert<const N: usize>(table: &str, row: [(&str, Bind); N]) -> Statement {
    let columns: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
    let mut statement = Statement::new(format!("INSERT INTO {table} ({}) VALUES (", columns.join(", "))).cached();
    statement.bind_list(row.into_iter().map(|(_, value)| value)).push(")");
    statement
}

/// Rows written with one statement: few enough that SQLite's limit of 32,766 bound values holds for 60 columns.
const BATCH_ROWS: usize = 500;

/// Up to so many rows a statement is worth keeping: the parts of one record come one or two at a time.
const FEW_ROWS: usize = 4;

/// Inserts many rows, in statements of up to 500 rows each; the full-sized ones and the small ones are cached.
pub fn insert_batch(db: &mut Db, table: &str, columns: &[&str], rows: Vec<Vec<Bind>>) -> StoreResult<()> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut statement = Statement::new(format!("INSERT INTO {table} ({}) VALUES ", columns.join(", ")));
        let mut count = 0;
        for row in rows.by_ref().take(BATCH_ROWS) {
            statement.push(if count == 0 { "(" } else { ", (" });
            statement.bind_list(row).push(")");
            count += 1;
        }
        let statement = if count == BATCH_ROWS || count <= FEW_ROWS { statement.cached() } else { statement };
        statement.run(db)?;
    }
    Ok(())
}

/// Sizes that lists of ids are filled up to.
const SIZES: [usize; 7] = [1, 5, 10, 50, 100, 200, 500];

/// The ids, the last one repeated up to the next of a few sizes: for `IN (…)`, where a repetition changes nothing, so
/// that few texts of a statement exist and each stays prepared. Longer lists stay as they are.
pub fn filled_up<T: Copy>(ids: &[T]) -> Vec<T> {
    let mut ids = ids.to_vec();
    let size = SIZES.into_iter().find(|size| *size >= ids.len()).unwrap_or(ids.len());
    if let Some(last) = ids.last().copied() {
        ids.resize(size, last);
    }
    ids
}

/// `UPDATE table SET a = …, b = …`, cached; the caller pushes the `WHERE`.
pub fn update<const N: usize>(table: &str, changes: [(&str, Bind); N]) -> Statement {
    let mut statement = Statement::new(format!("UPDATE {table} SET ")).cached();
    for (index, (name, value)) in changes.into_iter().enumerate() {
        statement.push(if index == 0 { "" } else { ", " });
        statement.push(format!("{name} = ")).bind(value);
    }
    statement
}

/// SQL text with values bound in place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statement {
    pieces: Vec<Piece>,
    cached: bool,
}

impl Statement {
    pub fn new(sql: impl Into<String>) -> Self {
        let mut statement = Self::default();
        statement.push(sql);
        statement
    }

    /// Keeps the prepared statement for the connection's life.
    pub fn cached(mut self) -> Self {
        self.cached = true;
        self
    }

    pub fn push(&mut self, sql: impl Into<String>) -> &mut Self {
        let sql = sql.into();
        match self.pieces.last_mut() {
            Some(Piece::Sql(text)) => text.push_str(&sql),
            _ => self.pieces.push(Piece::Sql(sql)),
        }
        self
    }

    pub fn bind(&mut self, value: impl Into<Bind>) -> &mut Self {
        self.pieces.push(Piece::Bind(value.into()));
        self
    }

    /// `a, b, c` bound: for `IN (…)`. An empty list binds nothing and yields `NULL`, which is in no list.
    ///
    /// ```text
    /// WHERE id IN ( …bind_list… )
    /// ```
    pub fn bind_list<T: Into<Bind>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        let mut first = true;
        for value in values {
            if !first {
                self.push(", ");
            }
            first = false;
            self.bind(value);
        }
        if first {
            self.push("NULL");
        }
        self
    }

    /// `(VALUES (a), (b), (NULL))` with column `column1`, filled up with NULLs to the next of a few sizes: ids to join
    /// from, which spares SQLite the table it would build for each `IN (…)`. No id may stand in it twice.
    pub fn bind_values<T: Copy + Into<Bind>>(&mut self, ids: &[T]) -> &mut Self {
        let size = SIZES.into_iter().find(|size| *size >= ids.len()).unwrap_or(ids.len()).max(1);
        self.push("(VALUES ");
        for index in 0..size {
            self.push(if index == 0 { "(" } else { ", (" });
            self.bind(ids.get(index).map_or(Bind::Null(Null::Id), |id| (*id).into())).push(")");
        }
        self.push(")")
    }

    pub fn append(&mut self, other: Statement) -> &mut Self {
        for piece in other.pieces {
            match piece {
                Piece::Sql(text) => self.push(text),
                Piece::Bind(value) => self.bind(value),
            };
        }
        self
    }

    /// `sql` followed by a bound value: `and(" WHERE id = ", id)`.
    pub fn with(mut self, sql: &str, value: impl Into<Bind>) -> Self {
        self.push(sql).bind(value);
        self
    }

    pub fn then(mut self, sql: &str) -> Self {
        self.push(sql);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Loads rows by column name.
    pub fn rows<T: Row>(&self, db: &mut Db) -> StoreResult<Vec<T>> {
        Ok(match db {
            Db::Sqlite(connection) => RunQueryDsl::load(self, connection)?,
            Db::Pg(connection) => RunQueryDsl::load(self, connection)?,
        })
    }

    /// The first row, if there is one.
    pub fn first<T: Row>(&self, db: &mut Db) -> StoreResult<Option<T>> {
        Ok(self.rows(db)?.into_iter().next())
    }

    /// A single whole number named `n`.
    pub fn number(&self, db: &mut Db) -> StoreResult<i64> {
        Ok(self.first::<CountRow>(db)?.map_or(0, |row| row.n))
    }

    /// Runs a change of the living row with this id as long as it has `version`; answers whether it had.
    pub fn run_if_at(self, db: &mut Db, id: impl Into<Bind>, version: i64) -> StoreResult<bool> {
        let changed = self.with(" WHERE id = ", id).with(" AND version = ", version);
        Ok(changed.then(" AND deleted_at IS NULL").run(db)? == 1)
    }

    /// Runs a statement that answers with a count of rows changed.
    pub fn run(&self, db: &mut Db) -> StoreResult<usize> {
        Ok(match db {
            Db::Sqlite(connection) => RunQueryDsl::execute(self, connection)?,
            Db::Pg(connection) => RunQueryDsl::execute(self, connection)?,
        })
    }
}

/// What a statement's rows can be read into, on either database.
pub trait Row: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static {}
impl<T: QueryableByName<Sqlite> + QueryableByName<Pg> + 'static> Row for T {}

/// A struct read from rows by the places of their columns, which stand in the order of its fields. Diesel looks for each
/// name in all names of the row, for every value; where a request reads hundreds of wide rows, that shows.
macro_rules! row_by_place {
    ($(#[$attribute:meta])* $visible:vis struct $name:ident {
        $($(#[$about:meta])* $shown:vis $field:ident: $type:ty as $sql:ty,)+
    }) => {
        $(#[$attribute])*
        $visible struct $name {
            $($(#[$about])* $shown $field: $type,)+
        }

        impl $name {
            /// Reads it from the columns that begin at `from`.
            fn at<'r, B: diesel::backend::Backend>(
                row: &impl diesel::row::NamedRow<'r, B>,
                from: usize,
            ) -> diesel::deserialize::Result<Self>
            where
                $($type: diesel::deserialize::FromSql<$sql, B>,)+
            {
                let mut place = from..;
                let mut next = || place.next().unwrap_or(from);
                Ok(Self { $($field: row.get_value::<$sql, $type, usize>(next())?,)+ })
            }
        }

        impl<B: diesel::backend::Backend> diesel::deserialize::QueryableByName<B> for $name
        where
            $($type: diesel::deserialize::FromSql<$sql, B>,)+
        {
            fn build<'r>(row: &impl diesel::row::NamedRow<'r, B>) -> diesel::deserialize::Result<Self> {
                Self::at(row, 0)
            }
        }
    };
}
pub(crate) use row_by_place;

/// Statements run on the connection inside [`Db`]: through the enum, diesel would build each text three times over and
/// box every bound value.
macro_rules! runs_on {
    ($($backend:ty => $connection:ty),+) => {$(
        impl QueryFragment<$backend> for Statement {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                if !self.cached {
                    out.unsafe_to_cache_prepared();
                }
                for piece in &self.pieces {
                    match piece {
                        Piece::Sql(text) => out.push_sql(text),
                        Piece::Bind(Bind::Id(value)) => out.push_bind_param::<SqlId, _>(value)?,
                        Piece::Bind(Bind::Text(value)) => out.push_bind_param::<Text, _>(value)?,
                        Piece::Bind(Bind::Int(value)) => out.push_bind_param::<BigInt, _>(value)?,
                        Piece::Bind(Bind::Number(value)) => out.push_bind_param::<Double, _>(value)?,
                        Piece::Bind(Bind::Date(value)) => out.push_bind_param::<Date, _>(value)?,
                        Piece::Bind(Bind::Instant(value)) => out.push_bind_param::<SqlInstant, _>(value)?,
                        Piece::Bind(Bind::Bool(value)) => out.push_bind_param::<Bool, _>(value)?,
                        Piece::Bind(Bind::Json(value)) => out.push_bind_param::<SqlJson, _>(value)?,
                        Piece::Bind(Bind::Bytes(value)) => out.push_bind_param::<Binary, _>(value)?,
                        Piece::Bind(Bind::Null(kind)) => match kind {
                            Null::Id => out.push_bind_param::<Nullable<SqlId>, Option<AnyId>>(&None)?,
                            Null::Text => out.push_bind_param::<Nullable<Text>, Option<String>>(&None)?,
                            Null::Int => out.push_bind_param::<Nullable<BigInt>, Option<i64>>(&None)?,
                            Null::Number => out.push_bind_param::<Nullable<Double>, Option<f64>>(&None)?,
                            Null::Date => out.push_bind_param::<Nullable<Date>, Option<NaiveDate>>(&None)?,
                            Null::Instant => {
                                out.push_bind_param::<Nullable<SqlInstant>, Option<DateTime<Utc>>>(&None)?;
                            }
                            Null::Bool => out.push_bind_param::<Nullable<Bool>, Option<bool>>(&None)?,
                            Null::Json => {
                                out.push_bind_param::<Nullable<SqlJson>, Option<serde_json::Value>>(&None)?;
                            }
                            Null::Bytes => out.push_bind_param::<Nullable<Binary>, Option<Vec<u8>>>(&None)?,
                        },
                    }
                }
                Ok(())
            }
        }

        impl RunQueryDsl<$connection> for &Statement {}
    )+};
}
runs_on!(Sqlite => SqliteConnection, Pg => PgConnection);

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = diesel::sql_types::Untyped;
}
