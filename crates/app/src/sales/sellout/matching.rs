//! Which places and columns the headings of a pasted sheet mean.

use regulars_domain::error::Checks;
use regulars_domain::naming::reading;
use regulars_domain::sellout::MeasureOf;
use regulars_persistence::platform::dictionary::{EntryRow, entry_list};
use regulars_persistence::sales::sellout::{places_named, products_named};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{COMPETITORS, MOST_ITEMS, MOST_PLACES, READ, SheetItem, SheetPlace, competitor, measure_of, reach};
use crate::{AppResult, Cx};

const LONGEST: usize = 200;

/// Headings of rows and columns, as they stand in somebody's table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetTexts {
    /// A key of a measure: whether columns are products or competitors' products.
    #[schema(example = "sell_out")]
    pub measure: String,
    /// Codes or names of customers, up to 500.
    #[serde(default)]
    #[schema(example = json!(["S-001"]))]
    pub places: Vec<String>,
    /// Codes or names of products, up to 50; of competitors' products keys or names.
    #[serde(default)]
    #[schema(example = json!(["TV-55"]))]
    pub items: Vec<String>,
}

/// What the headings mean, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SheetMatched {
    pub places: Vec<PlaceMatch>,
    pub items: Vec<ItemMatch>,
}

/// What the heading of a row means: the customer of that code, else the only one of that name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlaceMatch {
    #[schema(example = "S-001")]
    pub text: String,
    /// Absent where nobody within sight is called so, or more than one.
    pub found: Option<SheetPlace>,
    /// Whether more than one is called so.
    pub ambiguous: bool,
}

/// What the heading of a column means: the product of that code, else the only one of that name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemMatch {
    #[schema(example = "TV-55")]
    pub text: String,
    /// Absent where nothing is called so, or more than one.
    pub found: Option<SheetItem>,
    /// Whether more than one is called so.
    pub ambiguous: bool,
}

/// The one whose code the text is, else the only one whose name it is; and whether there are several.
fn meant<T: Clone>(
    text: &str,
    known: &[T],
    code: impl Fn(&T) -> Option<&str>,
    name: impl Fn(&T) -> bool,
) -> (Option<T>, bool) {
    let by_code: Vec<&T> = known.iter().filter(|one| code(one) == Some(text)).collect();
    let all = if by_code.is_empty() { known.iter().filter(|one| name(one)).collect() } else { by_code };
    (if let [only] = all.as_slice() { Some((*only).clone()) } else { None }, all.len() > 1)
}

/// The column that a text means among those known.
fn item_meant(text: &str, known: &[SheetItem], name: impl Fn(&SheetItem) -> bool) -> ItemMatch {
    let (found, ambiguous) = meant(text, known, |one| Some(&one.code), name);
    ItemMatch { text: text.into(), found, ambiguous }
}

pub fn sheet_match(cx: &Cx, input: SheetTexts) -> AppResult<SheetMatched> {
    cx.require(READ)?;
    let company = cx.company()?;
    let measure = measure_of(&company, &input.measure, "/measure")?;
    let mut checks = Checks::default();
    for (pointer, texts, most) in [("/places", &input.places, MOST_PLACES), ("/items", &input.items, MOST_ITEMS)] {
        if texts.len() > most {
            checks.fail_with(pointer, "too_many", most);
        }
        for (at, text) in texts.iter().enumerate().take(most) {
            checks.optional_text(&format!("{pointer}/{at}"), Some(text), LONGEST);
        }
    }
    checks.done()?;
    let trimmed = |texts: &[String]| texts.iter().map(|text| text.trim().to_string()).collect::<Vec<_>>();
    let (places, items) = (trimmed(&input.places), trimmed(&input.items));
    // Names of people are read surname first.
    let keys = |texts: &[String], people: bool| {
        let both = [false, true].into_iter().filter(|person| people || !person);
        both.flat_map(|person| texts.iter().map(move |text| reading(text, person))).collect::<Vec<_>>()
    };
    cx.read(|db| {
        let known = places_named(db, &places, &keys(&places, true), &reach(cx))?;
        let known: Vec<SheetPlace> = known.into_iter().map(SheetPlace::from).collect();
        let rows = places.iter().map(|text| {
            let (found, ambiguous) = meant(text, &known, |one| one.code.as_deref(), |one| one.name == *text);
            PlaceMatch { text: text.clone(), found, ambiguous }
        });
        let columns = if measure.what() == MeasureOf::Competitor {
            let entries: Vec<EntryRow> =
                entry_list(db, COMPETITORS)?.into_iter().filter(|entry| entry.active).collect();
            let all: Vec<SheetItem> = entries.iter().cloned().map(|entry| competitor(cx, entry)).collect();
            let named = |text: &str, item: &str| {
                let called = |entry: &&EntryRow| entry.label_zh == text || entry.label_en == text;
                entries.iter().filter(called).any(|entry| entry.key == item)
            };
            items.iter().map(|text| item_meant(text, &all, |one| named(text, &one.item))).collect()
        } else {
            let known = products_named(db, &items, &keys(&items, false))?;
            let known: Vec<SheetItem> = known.into_iter().map(SheetItem::from).collect();
            items.iter().map(|text| item_meant(text, &known, |one| one.name == *text)).collect()
        };
        Ok(SheetMatched { places: rows.collect(), items: columns })
    })
}
