//! A merge-patch changes nothing the second time (RFC 7396), whatever it is and meets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use regulars_domain::merge_patch::merge;
use serde_json::Value;

fuzz_target!(|parts: (&str, &str)| {
    let (Ok(before), Ok(patch)) = (serde_json::from_str::<Value>(parts.0), serde_json::from_str::<Value>(parts.1)) else {
        return;
    };
    let mut once = before;
    merge(&mut once, &patch);
    let mut twice = once.clone();
    merge(&mut twice, &patch);
    assert_eq!(once, twice);
});
