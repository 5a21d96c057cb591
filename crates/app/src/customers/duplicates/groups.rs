//! From records that share something to the pairs worth comparing, never all pairs of a crowd.

use std::collections::HashMap;
use std::hash::Hash;

use regulars_domain::ids::PartyId;
use regulars_domain::naming::NameForm;

/// Members of a group that are compared one with each other. Of more (a switchboard's number, 1 January for an unknown
/// birthday) only those who sound alike are.
const CROWD: usize = 30;

pub type Pair = (PartyId, PartyId);

/// Members gathered under a key.
pub fn gathered<K: Eq + Hash, T>(members: impl IntoIterator<Item = (K, T)>) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for (key, member) in members {
        groups.entry(key).or_default().push(member);
    }
    groups.retain(|_, group| group.len() > 1);
    groups
}

/// All pairs of a small group.
pub fn pairs_of(ids: &[PartyId]) -> impl Iterator<Item = Pair> {
    ids.iter().enumerate().flat_map(|(at, one)| ids[at + 1..].iter().map(|other| (*one, *other)))
}

/// Whether all pairs of a group are too many.
pub fn is_crowd(members: usize) -> bool {
    members > CROWD
}

/// Pairs of those whose names are alike to at least so many percent.
pub fn pairs_alike(group: &[(PartyId, NameForm)], percent: u8, out: &mut Vec<Pair>) {
    if group.len() <= 20 * CROWD {
        for (at, (one, name)) in group.iter().enumerate() {
            let alike = group[at + 1..].iter().filter(|(_, other)| name.alike(other, percent));
            out.extend(alike.map(|(other, _)| (*one, *other)));
        }
    } else {
        pairs_sounding(group, out);
    }
}

/// Pairs of those whose names sound the same, unless they are a crowd themselves.
pub fn pairs_sounding(group: &[(PartyId, NameForm)], out: &mut Vec<Pair>) {
    let sounding = gathered(group.iter().map(|(id, name)| (name.ear(), *id)));
    for ids in sounding.values().filter(|ids| !is_crowd(ids.len())) {
        out.extend(pairs_of(ids));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(names: &[&str]) -> Vec<(PartyId, NameForm)> {
        let one =
            |name: &&str| (PartyId::fresh(), NameForm::new(name, &regulars_domain::naming::reading(name, true), false));
        names.iter().map(one).collect()
    }

    #[test]
    fn of_a_crowd_only_those_who_sound_alike() {
        let few = people(&["张伟", "张玮", "李娜"]);
        let mut pairs = Vec::new();
        pairs_alike(&few, 85, &mut pairs);
        assert_eq!(pairs, [(few[0].0, few[1].0)]);
        assert_eq!(pairs_of(&[few[0].0, few[1].0, few[2].0]).count(), 3);
        let mut many: Vec<String> =
            (0..700).map(|n| format!("Name{}", char::from_u32(0x4e00 + n).unwrap_or('x'))).collect();
        many.extend(["Zhang Wei".into(), "zhangwei".into()]);
        let many = people(&many.iter().map(String::as_str).collect::<Vec<_>>());
        let mut pairs = Vec::new();
        pairs_alike(&many, 85, &mut pairs);
        assert!(pairs.contains(&(many[700].0, many[701].0)));
        let crowd = people(&vec!["张伟"; 700]);
        let mut none = Vec::new();
        pairs_alike(&crowd, 85, &mut none);
        assert_eq!(none, []);
    }
}
