//! Any workbook offered for import is checked, then read or refused, without a panic and within bounds.
#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use regulars_app::imports::xlsx::{rows_read, sheet_names, workbook_check};
use regulars_app::imports::{Flow, Resume};

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("room for it");
    if workbook_check(file.path()).is_err() {
        return;
    }
    for sheet in sheet_names(file.path()).unwrap_or_default().iter().take(3) {
        let mut rows = 0;
        drop(rows_read(file.path(), Some(sheet), Resume::default(), &mut |_| {
            rows += 1;
            Ok(if rows < 200 { Flow::Go } else { Flow::Stop })
        }));
    }
});
