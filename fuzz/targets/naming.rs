//! Names, phones and addresses are read without a panic, and a Chinese name is found by itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use regulars_domain::naming::{email_normalized, index_tokens, name_cleaned, phone_normalized, query_tokens, reading};

fuzz_target!(|text: &str| {
    drop(phone_normalized(text));
    drop(email_normalized(text));
    drop(reading(text, true));
    let name = name_cleaned(text);
    drop((query_tokens(&name), index_tokens(&name, true, None)));
    let han: String = name.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).take(20).collect();
    if !han.is_empty() {
        assert!(query_tokens(&han).matches(&index_tokens(&han, true, None)), "{han}");
    }
});
