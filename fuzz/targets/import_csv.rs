//! Any file offered for import is told apart and read, or refused; its rows are bounded, and reading goes on from every
//! row as if it had not stopped.
#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use regulars_app::imports::format::format_detect;
use regulars_app::imports::{Flow, Resume, rows_read};

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("room for it");
    let Ok(format) = format_detect(file.path()) else { return };
    let mut rows = Vec::new();
    let whole = rows_read(file.path(), &format, Resume::default(), &mut |row| {
        rows.push((row.number, row.record.iter().map(String::from).collect::<Vec<_>>(), row.next));
        Ok(if rows.len() < 200 { Flow::Go } else { Flow::Stop })
    });
    let Some((_, _, next)) = rows.get(rows.len() / 2).cloned() else { return };
    let mut rest = Vec::new();
    let resumed = rows_read(file.path(), &format, next, &mut |row| {
        rest.push((row.number, row.record.iter().map(String::from).collect::<Vec<_>>(), row.next));
        Ok(if rest.len() + rows.len() / 2 + 1 < 200 { Flow::Go } else { Flow::Stop })
    });
    if whole.is_ok() && resumed.is_ok() {
        let expected: Vec<_> = rows[rows.len() / 2 + 1..].iter().map(|(number, record, _)| (number, record)).collect();
        let got: Vec<_> = rest.iter().map(|(number, record, _)| (number, record)).collect();
        assert_eq!(got, expected);
    }
});
