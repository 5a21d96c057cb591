//! How orders are listed.

use chrono::NaiveDate;
use regulars_domain::actor::Visibility;
use regulars_domain::condition::FieldType;

use crate::catalogue::{Catalogue, Field, like_escaped};
use crate::customers::custom::CustomDefinition;
use crate::customers::fields::custom_field;
use crate::sql::Statement;
use crate::visible::push_visible;

/// Lists orders as alias `o`.
pub const ORDER_FROM: &str = "sales_order o";

/// What orders are filtered and sorted by. An order is late where a line was promised for a day before today and some of
/// it is still to be delivered. How much went out follows from the status and from whether deliveries are on file.
pub fn order_catalogue(custom: &[CustomDefinition], today: NaiveDate) -> Catalogue {
    use FieldType::{Bool, Choice, Date, Instant, Money, Ref, Set, Text};
    let late = format!(
        "(o.status = 'confirmed' AND o.id IN (SELECT x.order_id FROM order_line x WHERE x.promised_on < '{today}') \
         AND EXISTS (SELECT 1 FROM order_line x WHERE x.order_id = o.id AND x.promised_on < '{today}' AND x.quantity > \
         COALESCE((SELECT SUM(y.quantity) FROM delivery d JOIN delivery_line y ON y.delivery_id = d.id \
         WHERE d.order_id = x.order_id AND d.cancelled_at IS NULL AND y.position = x.position), 0) + \
         COALESCE((SELECT SUM(r.unsent) FROM order_return r WHERE r.order_id = x.order_id \
         AND r.line_position = x.position), 0)))"
    );
    let delivery = "(CASE o.status WHEN 'delivered' THEN 'full' WHEN 'completed' THEN 'full' WHEN 'confirmed' THEN \
         CASE WHEN EXISTS (SELECT 1 FROM delivery d WHERE d.order_id = o.id AND d.cancelled_at IS NULL) \
         THEN 'part' ELSE 'none' END END)";
    let products = "order_line x WHERE x.order_id = o.id";
    let goods = "order_line x JOIN product y ON y.id = x.product_id WHERE x.order_id = o.id";
    let mut fields = vec![
        Field::column("id", Ref, "o.id").of_ids(),
        Field::column("code", Text, "o.code").sortable(),
        Field::column("status", Choice, "o.status").sortable(),
        Field::column("customer", Ref, "o.party_id").of_ids(),
        Field::column("unit", Ref, "o.unit_id").of_ids(),
        Field::column("owner", Ref, "o.owner_id").of_ids().nullable(),
        Field::column("ordered_on", Date, "o.ordered_on").sortable(),
        Field::column("ordered_at", Instant, "o.ordered_at").sortable(),
        Field::column("channel", Choice, "o.channel").nullable(),
        Field::column("currency", Choice, "o.currency"),
        Field::column("gross", Money, "o.gross").sortable(),
        Field::column("discount", Money, "o.discount").sortable(),
        Field::column("net", Money, "o.net").sortable(),
        Field::column("paid", Money, "o.paid").sortable(),
        Field::column("returned", Money, "o.returned").sortable(),
        Field::column("balance", Money, "(o.net - o.returned - o.paid)").sortable(),
        Field::rows("product", Set, products, "x.product_id").of_ids(),
        Field::rows("category", Set, goods, "y.category_id").of_ids(),
        Field::rows("brand", Set, goods, "y.brand_id").of_ids(),
        Field::column("late", Bool, &late),
        Field::column("delivery", Choice, delivery).nullable(),
        Field::rows("promised_on", Date, products, "x.promised_on"),
        Field::column("quote", Ref, "o.quote_id").of_ids().nullable(),
        Field::column("opportunity", Ref, "o.opportunity_id").of_ids().nullable(),
        Field::column("created_at", Instant, "o.created_at").sortable(),
        Field::column("updated_at", Instant, "o.updated_at").sortable(),
    ];
    fields.extend(custom.iter().filter_map(|field| custom_field(field, "order", "o.id")));
    Catalogue { fields, ..Catalogue::default() }
}

/// Living orders within sight whose code or customer's name begins with the text; all of them without a text.
pub fn order_base(visibility: &Visibility, customers: &Visibility, q: Option<&str>) -> Statement {
    let mut base = Statement::new("o.deleted_at IS NULL AND ");
    push_visible(&mut base, "o", visibility);
    if let Some(q) = q {
        let pattern = format!("{}%", like_escaped(q));
        base.push(" AND (LOWER(o.code) LIKE ").bind(pattern.as_str()).push(" ESCAPE '\\'");
        base.push(" OR o.party_id IN (SELECT p.id FROM party p WHERE (LOWER(p.name) LIKE ").bind(pattern.as_str());
        base.push(" ESCAPE '\\' OR p.name_key LIKE ").bind(pattern).push(" ESCAPE '\\') AND ");
        push_visible(&mut base, "p", customers);
        base.push("))");
    }
    base
}
