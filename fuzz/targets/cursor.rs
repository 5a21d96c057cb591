//! A cursor that is understood says the same when it is written again.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use regulars_app::list::{cursor_read, cursor_write};

fuzz_target!(|text: &str| {
    // Few texts are base64, so each is tried as what is inside, too.
    for cursor in [text.to_owned(), URL_SAFE_NO_PAD.encode(text)] {
        for bound_to in [0, 1] {
            if let Ok(position) = cursor_read(&cursor, bound_to) {
                let again = cursor_read(&cursor_write(&position, bound_to), bound_to);
                assert_eq!(again.ok(), Some(position));
            }
        }
    }
});
