//! Lists written to files that people open in spreadsheets, and the log of who took what.

pub mod columns;
pub mod export;
pub mod log;
mod pivot;
pub mod shown;
pub mod spreadsheet_out;
