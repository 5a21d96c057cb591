//! What can be filtered and sorted: for each kind of record one catalogue of fields, with where each lives in SQL.

use chrono::{Days, NaiveDate};
use regulars_domain::condition::{Comparison, FieldType, Literal, Test};

use crate::sql::{Bind, Statement};

/// Where a field's value is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A column of the record's row or of a joined one: `p.name`.
    Column(String),
    /// Whole days from a date column to the business day; compared on the column, so that its index serves.
    DaysSince { column: String, today: NaiveDate },
    /// Values in rows of another table: `from` holds table and link, `value` the column.
    /// `("party_phone x WHERE x.party_id = p.id", "x.number")`
    Rows { from: String, value: String },
    /// Products bought by the customer whose id is this expression.
    Purchases { party: String },
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub kind: FieldType,
    pub place: Place,
    /// A `Ref`, `Choice` or `Set` of ids rather than keys.
    pub ids: bool,
    pub nullable: bool,
    pub sortable: bool,
    /// The join it needs, by its alias in [`Catalogue::joins`].
    pub join: Option<&'static str>,
}

impl Field {
    pub fn column(name: &str, kind: FieldType, column: &str) -> Self {
        Self {
            name: name.into(),
            kind,
            place: Place::Column(column.into()),
            ids: false,
            nullable: false,
            sortable: false,
            join: None,
        }
    }

    pub fn rows(name: &str, kind: FieldType, from: &str, value: &str) -> Self {
        let place = Place::Rows { from: from.into(), value: value.into() };
        Self { place, nullable: true, ..Self::column(name, kind, "") }
    }

    pub fn days_since(name: &str, column: &str, today: NaiveDate) -> Self {
        let place = Place::DaysSince { column: column.into(), today };
        Self { place, nullable: true, ..Self::column(name, FieldType::Integer, "") }
    }

    pub fn purchases(name: &str, party: &str) -> Self {
        Self { place: Place::Purchases { party: party.into() }, ..Self::column(name, FieldType::Purchase, "") }
    }

    pub fn of_ids(mut self) -> Self {
        self.ids = true;
        self
    }

    pub fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    pub fn joined(mut self, alias: &'static str) -> Self {
        self.join = Some(alias);
        self
    }
}

/// The fields of one kind of record.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    pub fields: Vec<Field>,
    /// Alias → `LEFT JOIN customer_metric m ON m.party_id = p.id`.
    pub joins: Vec<(&'static str, &'static str)>,
    /// Names of fields that are masked for whoever asks: they neither filter nor sort.
    pub masked: Vec<String>,
}

impl Catalogue {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn is_masked(&self, name: &str) -> bool {
        self.masked.iter().any(|masked| masked == name)
    }

    /// The joins that a test and a sort field need, each once.
    pub fn joins_for(&self, test: Option<&Test>, sort: Option<&Field>) -> String {
        let mut named = Vec::new();
        if let Some(test) = test {
            test.fields(&mut named);
        }
        let aliases: Vec<&str> =
            named.iter().filter_map(|name| self.field(name)).chain(sort).filter_map(|field| field.join).collect();
        self.joins.iter().filter(|(alias, _)| aliases.contains(alias)).map(|(_, join)| format!(" {join}")).collect()
    }
}

fn bind(literal: &Literal) -> Bind {
    match literal {
        Literal::Text(text) => text.as_str().into(),
        Literal::Integer(number) => (*number).into(),
        Literal::Number(number) => (*number).into(),
        Literal::Date(date) => (*date).into(),
        Literal::Instant(at) => (*at).into(),
        Literal::Bool(value) => (*value).into(),
        Literal::Id(id) => (*id).into(),
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Lt => "<",
        Comparison::Lte => "<=",
        Comparison::Gt => ">",
        Comparison::Gte => ">=",
    }
}

fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Lt => Comparison::Gt,
        Comparison::Lte => Comparison::Gte,
        Comparison::Gt => Comparison::Lt,
        Comparison::Gte => Comparison::Lte,
    }
}

/// What a single value must meet.
enum Meets<'a> {
    Equal(&'a Literal),
    OneOf(&'a [Literal]),
    Compare(Comparison, &'a Literal),
    Like(String),
}

fn push_meets(out: &mut Statement, column: &str, meets: &Meets<'_>) {
    match meets {
        Meets::Equal(value) => {
            out.push(format!("{column} = ")).bind(bind(value));
        }
        // `x IN (NULL)` would be NULL, and a test is never that.
        Meets::OneOf([]) => {
            out.push("1 = 0");
        }
        Meets::OneOf(values) => {
            out.push(format!("{column} IN (")).bind_list(values.iter().map(bind)).push(")");
        }
        Meets::Compare(comparison, value) => {
            out.push(format!("{column} {} ", sign(*comparison))).bind(bind(value));
        }
        Meets::Like(pattern) => {
            out.push(format!("LOWER({column}) LIKE ")).bind(pattern.as_str()).push(" ESCAPE '\\'");
        }
    }
}

/// Text as a piece of a `LIKE` pattern with `\` as escape, ASCII letters in lower case.
pub fn like_escaped(text: &str) -> String {
    text.to_ascii_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// `today - days`, the date a number of days ago.
fn days_before(today: NaiveDate, days: &Literal) -> Literal {
    let Literal::Integer(days) = days else { return days.clone() };
    let date = if *days >= 0 {
        today.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        today.checked_add_days(Days::new(days.unsigned_abs()))
    };
    Literal::Date(date.unwrap_or(NaiveDate::MIN))
}

/// A test of one value, false when it is missing.
fn push_value(out: &mut Statement, field: &Field, meets: Meets<'_>) {
    match &field.place {
        Place::Column(column) if field.nullable => {
            out.push(format!("({column} IS NOT NULL AND "));
            push_meets(out, column, &meets);
            out.push(")");
        }
        Place::Column(column) => push_meets(out, column, &meets),
        Place::DaysSince { column, today } => {
            out.push(format!("({column} IS NOT NULL AND "));
            match meets {
                Meets::Equal(value) => push_meets(out, column, &Meets::Equal(&days_before(*today, value))),
                Meets::OneOf(values) => {
                    let dates: Vec<Literal> = values.iter().map(|value| days_before(*today, value)).collect();
                    push_meets(out, column, &Meets::OneOf(&dates));
                }
                Meets::Compare(comparison, value) => {
                    let date = days_before(*today, value);
                    push_meets(out, column, &Meets::Compare(mirrored(comparison), &date));
                }
                Meets::Like(_) => {
                    out.push("1 = 0");
                }
            }
            out.push(")");
        }
        Place::Rows { from, value } => {
            out.push(format!("EXISTS (SELECT 1 FROM {from} AND "));
            push_meets(out, value, &meets);
            out.push(")");
        }
        Place::Purchases { .. } => {
            out.push("1 = 0");
        }
    }
}

fn push_several(out: &mut Statement, catalogue: &Catalogue, parts: &[Test], word: &str, empty: &str) {
    if parts.is_empty() {
        out.push(empty);
        return;
    }
    out.push("(");
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push(format!(" {word} "));
        }
        push_test(out, catalogue, part);
    }
    out.push(")");
}

/// Pushes the test as a boolean expression that is never NULL.
pub fn push_test(out: &mut Statement, catalogue: &Catalogue, test: &Test) {
    let mut on = |name: &str, meets: Meets<'_>| match catalogue.field(name) {
        Some(field) => push_value(out, field, meets),
        None => {
            out.push("1 = 0");
        }
    };
    match test {
        Test::All(parts) => push_several(out, catalogue, parts, "AND", "1 = 1"),
        Test::Any(parts) => push_several(out, catalogue, parts, "OR", "1 = 0"),
        Test::Not(part) => {
            out.push("NOT (");
            push_test(out, catalogue, part);
            out.push(")");
        }
        Test::Equal { field, value } => on(field, Meets::Equal(value)),
        Test::NotEqual { field, value } => {
            out.push("NOT (");
            push_test(out, catalogue, &Test::Equal { field: field.clone(), value: value.clone() });
            out.push(")");
        }
        Test::OneOf { field, values } | Test::AnyOf { field, values } => on(field, Meets::OneOf(values)),
        Test::Compare { field, comparison, value } => on(field, Meets::Compare(*comparison, value)),
        Test::Contains { field, text } => on(field, Meets::Like(format!("%{}%", like_escaped(text)))),
        Test::StartsWith { field, text } => on(field, Meets::Like(format!("{}%", like_escaped(text)))),
        Test::AllOf { field, values } => {
            let each: Vec<Test> =
                values.iter().map(|v| Test::Equal { field: field.clone(), value: v.clone() }).collect();
            push_several(out, catalogue, &each, "AND", "1 = 1");
        }
        Test::IsNull { field, null } => push_is_null(out, catalogue, field, *null),
        Test::Bought { field, ids, since, bought } => push_bought(out, catalogue, field, ids, *since, *bought),
    }
}

fn push_is_null(out: &mut Statement, catalogue: &Catalogue, field: &str, null: bool) {
    let (is, exists) = if null { ("IS NULL", "NOT EXISTS") } else { ("IS NOT NULL", "EXISTS") };
    match catalogue.field(field).map(|field| &field.place) {
        Some(Place::Column(column) | Place::DaysSince { column, .. }) => out.push(format!("{column} {is}")),
        Some(Place::Rows { from, .. }) => out.push(format!("{exists} (SELECT 1 FROM {from})")),
        _ => out.push("1 = 0"),
    };
}

fn push_bought(
    out: &mut Statement,
    catalogue: &Catalogue,
    field: &str,
    ids: &[uuid::Uuid],
    since: Option<NaiveDate>,
    bought: bool,
) {
    let Some(Place::Purchases { party }) = catalogue.field(field).map(|field| &field.place) else {
        out.push("1 = 0");
        return;
    };
    out.push(if bought { "EXISTS (" } else { "NOT EXISTS (" });
    out.push(format!(
        "SELECT 1 FROM sales_order so JOIN order_line ol ON ol.order_id = so.id JOIN product pr ON pr.id = ol.product_id \
         WHERE so.party_id = {party} AND so.deleted_at IS NULL AND so.status <> 'cancelled' AND so.status <> 'draft'"
    ));
    if let Some(since) = since {
        out.push(" AND so.ordered_on >= ").bind(since);
    }
    out.push(" AND (");
    for (index, column) in ["pr.id", "pr.category_id", "pr.brand_id"].into_iter().enumerate() {
        out.push(if index > 0 { " OR " } else { "" }).push(format!("{column} IN ("));
        out.bind_list(ids.iter().copied()).push(")");
    }
    out.push("))");
}
