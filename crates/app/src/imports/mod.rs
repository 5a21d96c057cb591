//! Reading other people's files: what kind of file it is, its rows one by one in bounded memory, what each
//! column means, what each text is as a value, and what is handed back when a row can't be taken.
//! No database in these rooms: the use cases that store rows stand on top of them.

pub mod faults;
pub mod format;
pub mod rejects;
pub mod rows;
pub mod stream;
pub mod suggestion;
pub mod targets;
pub mod values;
pub mod xlsx;

pub use faults::{FileFault, RowFault};
pub use format::{Delimiter, Encoding, FileFormat, FileKind};
pub use rows::{Flow, Resume, Row, rows_read};
