//! A pivot's question as the columns in memory understand it: fields by the columns that hold them, the reach of who
//! asks and the tests as one sieve. What memory does not hold is left to the database.

use regulars_analytics::pivot::{AxisAt, Figure, Kind, Leaf, Question, Sales, Sieve, Source};
use regulars_domain::actor::Visibility;
use regulars_domain::condition::{FieldType, Known, Literal, Test, holds};
use regulars_domain::ids::DepartmentId;
use regulars_domain::pivot::{Aggregate, Axis, Grouping, Layout};
use regulars_domain::sales::CountsWhen;
use regulars_persistence::Db;
use regulars_persistence::catalogue::{Field, Place};
use regulars_persistence::customers::share::shared_parties;
use regulars_persistence::insight::pivot::{Columns, Fact, FactKind, PivotScope};
use uuid::Uuid;

use crate::AppResult;

/// What is the same for every grouping of one query.
pub(super) struct Plan<'a> {
    pub columns: &'a Columns,
    pub sales: &'a Sales,
    pub fact: &'a Fact,
    pub when: CountsWhen,
    /// Customers that are shared with who asks.
    pub shared: Vec<Uuid>,
}

impl<'a> Plan<'a> {
    /// None when memory does not hold everything that the query names.
    pub fn of(
        db: &mut Db,
        (columns, sales): (&'a Columns, &'a Sales),
        fact: &'a Fact,
        layout: &Layout,
        scope: &PivotScope,
        when: CountsWhen,
    ) -> AppResult<Option<Self>> {
        let mut plan = Self { columns, sales, fact, when, shared: Vec::new() };
        let axes: Vec<Axis> =
            layout.rows.axes.iter().chain(&layout.columns.axes).map(|(axis, _)| axis.clone()).collect();
        let aggregates = layout.aggregates.clone();
        let grouping = Grouping { kept: vec![None; axes.len()], axes, aggregates };
        if plan.question(scope, &grouping).is_none() {
            return Ok(None);
        }
        if let Visibility::Beside { shares, .. } = &scope.customers {
            plan.shared = shared_parties(db, shares)?.into_iter().map(|party| party.0).collect();
        }
        Ok(Some(plan))
    }

    pub fn question(&self, scope: &PivotScope, grouping: &Grouping) -> Option<Question> {
        let axis = |(at, axis): (usize, &Axis)| {
            let field = self.fact.catalogue.field(&axis.field)?;
            let kept = grouping.kept.get(at).cloned().flatten();
            Some(AxisAt { source: self.source(field)?, grain: axis.grain, kept })
        };
        Some(Question {
            kind: match self.fact.kind {
                FactKind::OrderLines => Kind::Lines,
                FactKind::Orders => Kind::Orders,
                _ => return None,
            },
            axes: grouping.axes.iter().enumerate().map(axis).collect::<Option<_>>()?,
            figures: grouping.aggregates.iter().map(|aggregate| self.figure(aggregate)).collect::<Option<_>>()?,
            sieve: self.sieve(scope, grouping)?,
        })
    }

    fn source(&self, field: &Field) -> Option<Source> {
        let at = |keys: &[Field]| keys.iter().position(|key| key.name == field.name);
        Some(match field.name.as_str() {
            "ordered_on" => Source::Day,
            "customer" => Source::Customer,
            "product" => Source::Product,
            "department" => Source::Person(self.order_key("owner")?),
            _ => at(&self.columns.order_keys)
                .map(Source::Order)
                .or_else(|| at(&self.columns.product_keys).map(Source::ProductKey))
                .or_else(|| at(&self.columns.customer_keys).map(Source::CustomerKey))?,
        })
    }

    fn order_key(&self, name: &str) -> Option<usize> {
        self.columns.order_keys.iter().position(|key| key.name == name)
    }

    fn customer_key(&self, name: &str) -> Option<Source> {
        self.columns.customer_keys.iter().position(|key| key.name == name).map(Source::CustomerKey)
    }

    fn figure(&self, aggregate: &Aggregate) -> Option<Figure> {
        let (names, whole) = match self.fact.kind {
            FactKind::OrderLines => (&self.columns.line_figures, "amount"),
            _ => (&self.columns.order_figures, "net"),
        };
        let at = |name: &str| names.iter().position(|one| *one == name);
        Some(match aggregate {
            Aggregate::Count => Figure::Count,
            Aggregate::Sum(name) if name == "margin" => Figure::Less(at(whole)?, at("cost")?),
            Aggregate::Sum(name) => Figure::Sum(at(name)?),
            Aggregate::Distinct(name) => match name.as_str() {
                "customer" => Figure::Customers,
                "order" => Figure::Orders,
                "product" => Figure::Products,
                _ => return None,
            },
        })
    }

    /// What the database has as `WHERE`.
    fn sieve(&self, scope: &PivotScope, grouping: &Grouping) -> Option<Sieve> {
        let order = |name: &str| self.order_key(name).map(Source::Order);
        let mut parts = vec![self.reach(&scope.reach, order("unit")?, order("owner")?)];
        match self.when {
            CountsWhen::Confirmed => {}
            CountsWhen::Delivered => {
                parts.push(Sieve::Not(Box::new(Sieve::among(order("status")?, vec!["confirmed".into()]))));
            }
            CountsWhen::Paid => parts.push(Sieve::among(order("paid_up")?, vec!["paid".into()])),
        }
        let mut named: Vec<&str> = grouping.axes.iter().map(|axis| axis.field.as_str()).collect();
        if let Some(test) = &scope.test {
            test.fields(&mut named);
            parts.push(self.test(test)?);
        }
        let joins = |name: &&str| self.fact.catalogue.field(name).and_then(|field| field.join);
        if named.iter().filter_map(joins).any(|alias| matches!(alias, "p" | "m")) {
            let key = |name: &str| self.customer_key(name);
            parts.push(Sieve::among(key("customer.living")?, vec!["living".into()]));
            parts.push(self.reach(&scope.customers, key("customer.unit")?, key("customer.owner")?));
        }
        if let Some(period) = scope.period {
            let (from, to) = (period.from.to_string(), period.to.to_string());
            let within = move |day: &str| from.as_str() <= day && day <= to.as_str();
            parts.push(Sieve::Leaf(Leaf::Meets(Source::Day, Box::new(within))));
        }
        Some(Sieve::All(parts))
    }

    /// As the one predicate has it.
    fn reach(&self, visibility: &Visibility, unit: Source, owner: Source) -> Sieve {
        match visibility {
            Visibility::Nothing => Sieve::Any(Vec::new()),
            Visibility::Company => Sieve::open(),
            Visibility::Unit(id) => Sieve::among(unit, vec![id.to_string()]),
            Visibility::Owned { unit_id, user_id, departments } => {
                let mut owners = vec![user_id.to_string()];
                let departments: Vec<String> = departments.iter().map(DepartmentId::to_string).collect();
                let members = self.sales.people().filter(|(_, place)| departments.iter().any(|one| one == place));
                owners.extend(members.map(|(person, _)| person.to_string()));
                Sieve::All(vec![Sieve::among(unit, vec![unit_id.to_string()]), Sieve::among(owner, owners)])
            }
            Visibility::Beside { own, .. } => {
                let shared = self.shared.iter().map(Uuid::to_string).collect();
                Sieve::Any(vec![self.reach(own, unit, owner), Sieve::among(Source::Customer, shared)])
            }
        }
    }

    fn test(&self, test: &Test) -> Option<Sieve> {
        let each = |parts: &[Test]| parts.iter().map(|part| self.test(part)).collect::<Option<Vec<_>>>();
        let not = |sieve: Sieve| Sieve::Not(Box::new(sieve));
        let column = |name: &str| {
            let field = self.fact.catalogue.field(name)?;
            // Of values in rows of another table memory keeps one, a test asks them all.
            matches!(field.place, Place::Column(_)).then_some(())?;
            Some((self.source(field)?, field))
        };
        let among = |name: &str, values: &[Literal]| {
            Some(Sieve::among(column(name)?.0, values.iter().map(text).collect::<Option<_>>()?))
        };
        Some(match test {
            Test::All(parts) => Sieve::All(each(parts)?),
            Test::Any(parts) => Sieve::Any(each(parts)?),
            Test::Not(part) => not(self.test(part)?),
            Test::Equal { field, value } => among(field, std::slice::from_ref(value))?,
            Test::NotEqual { field, value } => not(among(field, std::slice::from_ref(value))?),
            Test::OneOf { field, values } => among(field, values)?,
            Test::IsNull { field, null } => {
                let missing = Sieve::Leaf(Leaf::Missing(column(field)?.0));
                if *null { missing } else { not(missing) }
            }
            Test::Compare { field, .. } | Test::Contains { field, .. } | Test::StartsWith { field, .. } => {
                let ((source, field), test) = (column(field)?, test.clone());
                let (kind, ids) = (field.kind, field.ids);
                let meets = move |text: &str| {
                    let known = literal(kind, ids, text).map_or(Known::Missing, Known::One);
                    holds(&test, &|_| known.clone())
                };
                Sieve::Leaf(Leaf::Meets(source, Box::new(meets)))
            }
            Test::AnyOf { .. } | Test::AllOf { .. } | Test::Bought { .. } => return None,
        })
    }
}

/// A value as keys are written.
fn text(value: &Literal) -> Option<String> {
    match value {
        Literal::Text(text) => Some(text.clone()),
        Literal::Integer(number) => Some(number.to_string()),
        Literal::Date(day) => Some(day.to_string()),
        Literal::Bool(truth) => Some(truth.to_string()),
        Literal::Id(id) => Some(id.to_string()),
        Literal::Number(_) | Literal::Instant(_) => None,
    }
}

fn literal(kind: FieldType, ids: bool, text: &str) -> Option<Literal> {
    match kind {
        _ if ids => Uuid::parse_str(text).ok().map(Literal::Id),
        FieldType::Integer => text.parse().ok().map(Literal::Integer),
        FieldType::Date => text.parse().ok().map(Literal::Date),
        FieldType::Bool => text.parse().ok().map(Literal::Bool),
        _ => Some(Literal::Text(text.into())),
    }
}
