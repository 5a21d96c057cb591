//! Field masks: what of a customer a role can keep from those who hold it, and what they see instead. One table; every
//! path that shows, finds, sorts or takes in customers asks it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::naming::{email_masked, phone_masked};

/// A field that can be masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maskable {
    pub key: &'static str,
    pub label_zh: &'static str,
    pub label_en: &'static str,
    /// What is seen instead; empty when nothing is.
    pub example: &'static str,
    /// Members of a customer, or of a lead, as it is written, shown and told.
    pub members: &'static [&'static str],
    /// Names in conditions and sorts.
    pub fields: &'static [&'static str],
    /// Targets of an import of customers or contacts.
    pub targets: &'static [&'static str],
}

pub const PHONE: &str = "phone";
pub const EMAIL: &str = "email";
pub const TAX_ID: &str = "tax_id";
pub const BIRTHDAY: &str = "birthday";
pub const ADDRESS: &str = "address";
pub const NOTE: &str = "note";
/// Before the key of a custom field of customers.
pub const CUSTOM: &str = "custom.";

/// What stands for a text that is kept back whole.
pub const HIDDEN: &str = "***";

pub const MASKABLE: &[Maskable] = &[
    Maskable {
        key: PHONE,
        label_zh: "电话",
        label_en: "Phone",
        example: "138****8888",
        members: &["phones", "lead_phone"],
        fields: &["phone"],
        targets: &["phone"],
    },
    Maskable {
        key: EMAIL,
        label_zh: "邮箱",
        label_en: "E-mail",
        example: "l***@example.com",
        members: &["emails", "lead_email"],
        fields: &["email"],
        targets: &["email"],
    },
    Maskable {
        key: TAX_ID,
        label_zh: "税号",
        label_en: "Tax ID",
        example: "***41X5",
        members: &["tax_id"],
        fields: &["tax_id"],
        targets: &["tax_id"],
    },
    Maskable {
        key: BIRTHDAY,
        label_zh: "生日与其他日子",
        label_en: "Birthday and dates of life",
        example: "",
        members: &["birthday", "dates"],
        fields: &["birthday", "birthday_coming", "date_coming", "family_birthday_coming", "wedding_coming"],
        targets: &["birthday", "dates", "lunar_birthday", "wedding"],
    },
    Maskable {
        key: ADDRESS,
        label_zh: "详细地址（省市以下）",
        label_en: "Address below the city",
        example: "上海市 ***",
        members: &["addresses"],
        fields: &["district"],
        targets: &["country", "province", "city", "district", "street", "postcode"],
    },
    Maskable {
        key: NOTE,
        label_zh: "备注",
        label_en: "Note",
        example: HIDDEN,
        members: &["note"],
        fields: &["note"],
        targets: &["note"],
    },
];

/// The fields kept from someone: keys of [`MASKABLE`], and `custom.<key>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Masks(BTreeSet<String>);

impl Masks {
    pub fn new(keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(keys.into_iter().map(Into::into).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the field of this key is kept back.
    pub fn hides(&self, key: &str) -> bool {
        self.0.contains(key)
    }

    pub fn hides_custom(&self, key: &str) -> bool {
        self.0.iter().any(|one| one.strip_prefix(CUSTOM) == Some(key))
    }

    /// By the name of a member of a customer: `phones`, `custom.id_card`.
    pub fn hides_member(&self, member: &str) -> bool {
        self.hides_named(member, |field| field.members)
    }

    /// By the name in a condition or a sort: `date_coming`, `custom.id_card`.
    pub fn hides_field(&self, name: &str) -> bool {
        self.hides_named(name, |field| field.fields)
    }

    /// By the target of an import of customers or contacts.
    pub fn hides_target(&self, target: &str) -> bool {
        self.hides_named(target, |field| field.targets)
    }

    fn hides_named(&self, name: &str, names: impl Fn(&Maskable) -> &'static [&'static str]) -> bool {
        !self.0.is_empty()
            && (self.0.contains(name) && name.starts_with(CUSTOM)
                || MASKABLE.iter().any(|field| names(field).contains(&name) && self.hides(field.key)))
    }

    /// The value of a field as it may be shown.
    pub fn shown(&self, key: &str, value: &str) -> String {
        if self.hides(key) { masked(key, value) } else { value.to_owned() }
    }

    /// What both keep back: holding two roles that let read, one sees what either shows.
    pub fn common(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// What either keeps back.
    pub fn joined(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    pub fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }
}

/// What is seen of a value of a masked field. No masking can be mistaken for a value: each holds a star.
pub fn masked(key: &str, value: &str) -> String {
    match key {
        PHONE => phone_masked(value),
        EMAIL => email_masked(value),
        TAX_ID => tax_id_masked(value),
        _ => HIDDEN.to_owned(),
    }
}

/// The last four characters of one long enough to keep its secret without them.
pub fn tax_id_masked(id: &str) -> String {
    let length = id.chars().count();
    let tail: String = id.chars().skip(if length >= 8 { length - 4 } else { length }).collect();
    format!("{HIDDEN}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_seen_in_part_or_not_at_all() {
        for (key, value, seen) in [
            (PHONE, "+8613812348888", "138****8888"),
            (EMAIL, "li.wei@example.com", "l***@example.com"),
            (TAX_ID, "91310000MA1FL41X5", "***41X5"),
            (TAX_ID, "1234567", "***"),
            (NOTE, "Owes us money", "***"),
            (ADDRESS, "1 Nanjing Road", "***"),
            (BIRTHDAY, "1985-06-08", "***"),
            ("custom.id_card", "310101198506081234", "***"),
        ] {
            assert_eq!(masked(key, value), seen, "{key} {value}");
            assert_eq!(Masks::new([key]).shown(key, value), seen);
            assert_eq!(Masks::default().shown(key, value), value);
        }
    }

    #[test]
    fn a_mask_holds_under_every_name_of_its_field() {
        for field in MASKABLE {
            let masks = Masks::new([field.key]);
            assert!(field.members.iter().all(|name| masks.hides_member(name)), "{}", field.key);
            assert!(field.fields.iter().all(|name| masks.hides_field(name)), "{}", field.key);
            assert!(field.targets.iter().all(|name| masks.hides_target(name)), "{}", field.key);
            let others = MASKABLE.iter().filter(|other| other.key != field.key);
            for other in others {
                assert!(!other.members.iter().any(|name| masks.hides_member(name)), "{} {}", field.key, other.key);
                assert!(!other.fields.iter().any(|name| masks.hides_field(name)), "{} {}", field.key, other.key);
            }
        }
        let custom = Masks::new(["custom.id_card"]);
        assert!(custom.hides_custom("id_card") && custom.hides_field("custom.id_card"));
        assert!(!custom.hides_custom("seat") && !custom.hides_member("custom.seat"));
    }
}
