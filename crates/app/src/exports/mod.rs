//! Lists written to files that people open in spreadsheets.

pub mod columns;
pub mod export;
pub mod shown;
pub mod spreadsheet_out;
