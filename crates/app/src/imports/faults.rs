//! Everything that can be wrong with a file, a row or a value: one stable code each, and what a person is told
//! in Chinese and in English. A file fault stops the import before anything is stored; a row fault rejects one row.

use thiserror::Error;

/// Why a whole file can't be read. `code` is stable; `text` speaks the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.text(false))]
pub enum FileFault {
    Empty,
    Binary { line: u64 },
    BadEncoding { encoding: &'static str, line: u64 },
    RowTooLong { line: u64, limit: usize },
    TooManyColumns { line: u64, limit: usize },
    Truncated,
    TooBig { limit: u64 },
    ZipBomb { entry: String, limit_mib: u64 },
    OldExcelOrEncrypted,
    NotASpreadsheet,
    SheetMissing { name: String },
    NoSheet,
    Io(std::io::ErrorKind),
}

impl FileFault {
    /// The stable code of the fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::Binary { .. } => "file_binary",
            Self::BadEncoding { .. } => "file_encoding",
            Self::RowTooLong { .. } => "file_row_too_long",
            Self::TooManyColumns { .. } => "file_too_many_columns",
            Self::Truncated => "file_truncated",
            Self::TooBig { .. } => "file_too_big",
            Self::ZipBomb { .. } => "file_zip_bomb",
            Self::OldExcelOrEncrypted => "file_old_excel_or_encrypted",
            Self::NotASpreadsheet => "file_not_a_spreadsheet",
            Self::SheetMissing { .. } => "file_sheet_missing",
            Self::NoSheet => "file_no_sheet",
            Self::Io(_) => "file_unreadable",
        }
    }

    /// The sentence shown to a person, in Chinese or English.
    pub fn text(&self, chinese: bool) -> String {
        if chinese { self.text_zh() } else { self.text_en() }
    }

    fn text_zh(&self) -> String {
        match self {
            Self::Empty => "文件是空的".into(),
            Self::Binary { line } => format!("第 {line} 行含有空字节,这不是文本文件"),
            Self::BadEncoding { encoding, line } => {
                format!("第 {line} 行不是有效的 {encoding} 文本,请选择正确的编码")
            }
            Self::RowTooLong { line, limit } => {
                format!("第 {line} 行超过 {limit} 字节,可能缺少一个引号")
            }
            Self::TooManyColumns { line, limit } => format!("第 {line} 行超过 {limit} 列"),
            Self::Truncated => "文件不完整,像是只写了一半,请重新导出后上传".into(),
            Self::TooBig { limit } => format!("文件超过 {limit} 字节的上限"),
            Self::ZipBomb { entry, limit_mib } => {
                format!("表格解压后过大({entry} 超过 {limit_mib} MiB 或压缩比异常),已拒绝读取")
            }
            Self::OldExcelOrEncrypted => "这是旧版 .xls 或加密的工作簿,请另存为不加密的 .xlsx".into(),
            Self::NotASpreadsheet => "这个文件不是可以读取的 XLSX 工作簿".into(),
            Self::SheetMissing { name } => format!("工作簿里没有名为「{name}」的工作表"),
            Self::NoSheet => "工作簿里没有工作表".into(),
            Self::Io(kind) => format!("无法读取文件:{kind}"),
        }
    }

    fn text_en(&self) -> String {
        match self {
            Self::Empty => "The file is empty".into(),
            Self::Binary { line } => {
                format!("Line {line} holds NUL bytes: this is not a text file")
            }
            Self::BadEncoding { encoding, line } => {
                format!("Line {line} is not valid {encoding} text; choose the right encoding")
            }
            Self::RowTooLong { line, limit } => {
                format!("The row at line {line} is longer than {limit} bytes; a quote may be missing")
            }
            Self::TooManyColumns { line, limit } => {
                format!("The row at line {line} has more than {limit} columns")
            }
            Self::Truncated => "The file is incomplete, as if only half of it was written; export it again".into(),
            Self::TooBig { limit } => format!("The file is larger than the limit of {limit} bytes"),
            Self::ZipBomb { entry, limit_mib } => format!(
                "The workbook unpacks to too much ({entry}: more than {limit_mib} MiB, or compressed beyond belief)"
            ),
            Self::OldExcelOrEncrypted => {
                "This is an old .xls or an encrypted workbook; save it as a plain .xlsx".into()
            }
            Self::NotASpreadsheet => "The file is not a readable XLSX workbook".into(),
            Self::SheetMissing { name } => format!("The workbook has no sheet named \"{name}\""),
            Self::NoSheet => "The workbook has no sheet".into(),
            Self::Io(kind) => format!("The file can't be read: {kind}"),
        }
    }
}

impl From<std::io::Error> for FileFault {
    /// A fault that travelled through an `io::Read` comes back as itself.
    fn from(error: std::io::Error) -> Self {
        let kind = error.kind();
        match error.into_inner().and_then(|inner| inner.downcast::<FileFault>().ok()) {
            Some(fault) => *fault,
            None => Self::Io(kind),
        }
    }
}

impl From<FileFault> for std::io::Error {
    fn from(fault: FileFault) -> Self {
        std::io::Error::new(std::io::ErrorKind::InvalidData, fault)
    }
}

/// Why one row can't be taken, before its values are looked at. Columns count from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    TooFewFields { expected: usize, found: usize },
    TooManyFields { expected: usize, found: usize },
    FieldTooLong { column: usize, limit: usize },
    FormulaWithoutValue { column: usize },
    CellError { column: usize, error: String },
}

impl RowFault {
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooFewFields { .. } => "row_too_few_fields",
            Self::TooManyFields { .. } => "row_too_many_fields",
            Self::FieldTooLong { .. } => "field_too_long",
            Self::FormulaWithoutValue { .. } => "formula_without_value",
            Self::CellError { .. } => "cell_error",
        }
    }

    /// The column at fault, when it is one column.
    pub fn column(&self) -> Option<usize> {
        match self {
            Self::TooFewFields { .. } | Self::TooManyFields { .. } => None,
            Self::FieldTooLong { column, .. }
            | Self::FormulaWithoutValue { column }
            | Self::CellError { column, .. } => Some(*column),
        }
    }

    pub fn text(&self, chinese: bool) -> String {
        match (self, chinese) {
            (Self::TooFewFields { expected, found }, true) => {
                format!("这一行只有 {found} 个字段,应有 {expected} 个")
            }
            (Self::TooFewFields { expected, found }, false) => {
                format!("The row has {found} fields, {expected} are expected")
            }
            (Self::TooManyFields { expected, found }, true) => {
                format!("这一行有 {found} 个字段,只应有 {expected} 个")
            }
            (Self::TooManyFields { expected, found }, false) => {
                format!("The row has {found} fields, only {expected} are expected")
            }
            (Self::FieldTooLong { limit, .. }, true) => format!("字段超过 {limit} 字节"),
            (Self::FieldTooLong { limit, .. }, false) => {
                format!("The field is longer than {limit} bytes")
            }
            (Self::FormulaWithoutValue { .. }, true) => "公式没有保存计算结果,请在表格软件中打开并保存后再上传".into(),
            (Self::FormulaWithoutValue { .. }, false) => {
                "The formula holds no computed value; open and save the file in a spreadsheet program".into()
            }
            (Self::CellError { error, .. }, true) => format!("单元格的值是错误 {error}"),
            (Self::CellError { error, .. }, false) => format!("The cell holds the error {error}"),
        }
    }
}
