//! Lists written to files that people open in spreadsheets.

pub mod spreadsheet_out;
