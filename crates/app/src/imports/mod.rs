//! Reading other people's files: what kind of file it is, its rows one by one in bounded memory, what each
//! column means, what each text is as a value, and what is handed back when a row can't be taken.
//! No database in these rooms: the use cases that store rows stand on top of them.

pub mod additions;
pub mod assets;
mod assets_apply;
pub mod cells;
mod codes;
pub mod command;
pub mod consents;
mod custom_cells;
mod customs;
mod doubles;
pub mod facts;
pub mod faults;
pub mod format;
pub mod life_dates;
pub mod mapping;
pub mod mappings;
pub mod opportunities;
pub mod orders;
mod orders_apply;
pub mod outcome;
pub mod parties;
mod parties_apply;
mod pipeline;
pub mod preferences;
pub mod products;
mod products_apply;
pub mod record;
pub mod refs;
pub mod rejects;
pub mod rows;
pub mod run;
mod sellout;
pub mod stream;
pub mod suggestion;
pub mod targets;
pub mod trainings;
pub(crate) mod undo;
pub mod upload;
pub mod values;
pub mod whose;
mod work;
pub mod xlsx;

pub use faults::{FileFault, RowFault};
pub use format::{Delimiter, Encoding, FileFormat, FileKind};
pub use rows::{Flow, Resume, Row, rows_read};
pub use undo::undo_handle;
pub use work::{CHECK, RUN, UNDO, check_handle, run_handle};
