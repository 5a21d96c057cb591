//! The seal over the event log: a chain of hashes in the order of the events' numbers, so that a changed, removed or
//! inserted event shows in every link after it.
//!
//! What an event tells about people (before, after, address) is its *detail*. The chain holds the detail's salted hash,
//! not the detail: when a person's data is erased, detail and salt go, the hash stays, and the chain still holds. The
//! salt keeps what was erased from being found again by trying.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

pub type Hash = [u8; 32];
pub type Salt = [u8; 16];

/// What the first event is chained to.
pub const START: Hash = [0; 32];

/// The part of an event that stays for ever.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed<'a> {
    pub seq: i64,
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub action: &'a str,
    pub resource: &'a str,
    pub resource_id: Uuid,
    pub party: Option<Uuid>,
    /// Unit and owner after and before.
    pub places: [Option<Uuid>; 4],
    pub request_id: Option<&'a str>,
}

/// The part of an event that may have to be erased.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detail<'a> {
    pub before: Option<&'a Value>,
    pub after: Option<&'a Value>,
    pub address: Option<&'a str>,
}

impl Detail<'_> {
    pub fn is_empty(&self) -> bool {
        self.before.is_none() && self.after.is_none() && self.address.is_none()
    }
}

/// SHA-256 over the salt and the detail.
pub fn detail_hash(salt: &Salt, detail: &Detail<'_>) -> Hash {
    let mut text = Sealed(Sha256::new());
    text.field(Some(salt));
    for value in [detail.before, detail.after] {
        text.field(value.map(canonical).as_deref().map(str::as_bytes));
    }
    text.field(detail.address.map(str::as_bytes));
    text.0.finalize().into()
}

/// SHA-256 over the link before, the event's lasting part and its detail's hash.
pub fn link_hash(previous: &Hash, event: &Fixed<'_>, detail: &Hash) -> Hash {
    let mut text = Sealed(Sha256::new());
    text.field(Some(previous));
    text.field(Some(&event.seq.to_be_bytes()));
    text.field(Some(event.id.as_bytes()));
    text.field(Some(&event.at.timestamp_micros().to_be_bytes()));
    text.id(event.actor);
    text.field(Some(event.action.as_bytes()));
    text.field(Some(event.resource.as_bytes()));
    text.field(Some(event.resource_id.as_bytes()));
    text.id(event.party);
    event.places.iter().for_each(|place| text.id(*place));
    text.field(event.request_id.map(str::as_bytes));
    text.field(Some(detail));
    text.0.finalize().into()
}

/// Fields with their lengths, so that no two lists of fields read the same.
struct Sealed(Sha256);

impl Sealed {
    fn field(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            None => self.0.update([0]),
            Some(bytes) => {
                self.0.update([1]);
                self.0.update((bytes.len() as u64).to_be_bytes());
                self.0.update(bytes);
            }
        }
    }

    fn id(&mut self, id: Option<Uuid>) {
        self.field(id.as_ref().map(|id| id.as_bytes().as_slice()));
    }
}

/// JSON with the members of objects in bytewise order: databases keep them in orders of their own.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_unstable();
            out.push('{');
            for (at, name) in names.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(&members[name], out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write(item, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event() -> Fixed<'static> {
        Fixed {
            seq: 1,
            id: Uuid::from_u128(1),
            at: DateTime::UNIX_EPOCH,
            actor: Some(Uuid::from_u128(2)),
            action: "updated",
            resource: "customer",
            resource_id: Uuid::from_u128(3),
            party: Some(Uuid::from_u128(3)),
            places: [Some(Uuid::from_u128(4)), None, None, None],
            request_id: None,
        }
    }

    #[test]
    fn every_lasting_part_is_sealed() {
        let changed: [fn(&mut Fixed<'static>); 11] = [
            |event| event.seq = 2,
            |event| event.id = Uuid::from_u128(9),
            |event| event.at += chrono::TimeDelta::microseconds(1),
            |event| event.actor = None,
            |event| event.action = "deleted",
            |event| event.resource = "order",
            |event| event.resource_id = Uuid::from_u128(9),
            |event| event.party = None,
            |event| event.places = [None, Some(Uuid::from_u128(4)), None, None],
            |event| event.places[3] = Some(Uuid::from_u128(9)),
            |event| event.request_id = Some(""),
        ];
        let stands = link_hash(&START, &event(), &START);
        for (at, change) in changed.iter().enumerate() {
            let mut other = event();
            change(&mut other);
            assert_ne!(link_hash(&START, &other, &START), stands, "change {at}");
        }
        assert_ne!(link_hash(&stands, &event(), &START), stands);
        assert_ne!(link_hash(&START, &event(), &stands), stands);
    }

    #[test]
    fn every_part_of_the_detail_is_sealed_whatever_the_order_of_members() {
        let (one, other) =
            (json!({"a": 1, "b": [{"y": null, "x": "中"}]}), json!({"b": [{"x": "中", "y": null}], "a": 1}));
        assert_eq!(canonical(&one), r#"{"a":1,"b":[{"x":"中","y":null}]}"#);
        let detail = Detail { before: Some(&one), after: None, address: Some("::1") };
        let stands = detail_hash(&[7; 16], &detail);
        assert_eq!(detail_hash(&[7; 16], &Detail { before: Some(&other), ..detail }), stands);
        for changed in [
            Detail { before: None, after: Some(&one), ..detail },
            Detail { after: Some(&other), ..detail },
            Detail { address: None, ..detail },
        ] {
            assert_ne!(detail_hash(&[7; 16], &changed), stands);
        }
        assert_ne!(detail_hash(&[8; 16], &detail), stands);
    }
}
