//! No token is accepted but one that was issued, to the letter.
#![no_main]

use chrono::Utc;
use libfuzzer_sys::fuzz_target;
use regulars_app::access::token::Tokens;
use regulars_domain::ids::{SessionId, UserId};

fuzz_target!(|parts: (&str, u8, u8)| {
    let tokens = Tokens::new(b"a key that nobody knows, 32 bytes");
    assert!(tokens.read(parts.0).is_err());
    let issued = tokens.issue(UserId::fresh(), SessionId::fresh(), Utc::now()).expect("a token");
    assert!(tokens.read(&issued).is_ok());
    let mut bytes = issued.into_bytes();
    let at = usize::from(parts.1) % bytes.len();
    if bytes[at] != parts.2 {
        bytes[at] = parts.2;
        if let Ok(changed) = std::str::from_utf8(&bytes) {
            assert!(tokens.read(changed).is_err());
        }
    }
});
