//! Whatever is read as a condition is written as the same one, checked without a panic, and its complement holds where it
//! does not.
#![no_main]

use chrono::NaiveDate;
use libfuzzer_sys::fuzz_target;
use regulars_domain::condition::{Catalogue, Condition, FieldType, Known, Literal, Test, check, holds};

/// A field's type is told by the end of its name: `a0` … `a10`.
fn type_of(field: &str) -> Option<FieldType> {
    FieldType::ALL.get(field.strip_prefix('a')?.parse::<usize>().ok()?).copied()
}

fn value_of(field: &str) -> Known {
    let today = NaiveDate::from_ymd_opt(2026, 2, 28).unwrap_or_default();
    match type_of(field) {
        Some(FieldType::Text | FieldType::Choice) => Known::One(Literal::Text("Ab".into())),
        Some(FieldType::Number) => Known::One(Literal::Number(1.5)),
        Some(FieldType::Integer | FieldType::Money) => Known::One(Literal::Integer(150)),
        Some(FieldType::Date) => Known::One(Literal::Date(today)),
        Some(FieldType::Bool) => Known::One(Literal::Bool(true)),
        Some(FieldType::Set) => Known::Many(vec![Literal::Text("a".into()), Literal::Text("b".into())]),
        _ => Known::Missing,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(condition) = serde_json::from_slice::<Condition>(bytes) else { return };
    let written = serde_json::to_vec(&condition).expect("a condition is JSON");
    assert_eq!(serde_json::from_slice::<Condition>(&written).expect("what was written is read"), condition);
    let catalogue = Catalogue {
        field_type: &type_of,
        holds_ids: &|field| field == "a8",
        today: NaiveDate::from_ymd_opt(2026, 2, 28).unwrap_or_default(),
        currency: "CNY",
    };
    if let Ok(test) = check(&condition, &catalogue) {
        let held = holds(&test, &value_of);
        assert_ne!(held, holds(&Test::Not(Box::new(test)), &value_of));
    }
});
