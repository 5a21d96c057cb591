//! Reading files: encodings, delimiters, headings, broken files, workbooks, resume points.

use std::io::Write;
use std::path::PathBuf;

use regulars_app::exports::spreadsheet_out::{
    Cell, CsvWriter, TableWriter, Watermark, XlsxWriter, decimal_text, formula_safe, formula_unsafe, is_formula_like,
};
use regulars_app::imports::format::{delimiter_detect, format_detect, looks_like_header};
use regulars_app::imports::rejects::RejectWriter;
use regulars_app::imports::rows::ROW_LIMIT;
use regulars_app::imports::{
    Delimiter, Encoding, FileFault, FileFormat, FileKind, Flow, Resume, Row, RowFault, rows_read,
};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

struct Sample {
    _directory: TempDir,
    path: PathBuf,
}

fn sample(bytes: &[u8]) -> Sample {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    Sample { _directory: directory, path }
}

fn read(sample: &Sample, format: &FileFormat, from: Resume) -> Result<Vec<Row>, FileFault> {
    let mut rows = Vec::new();
    rows_read(&sample.path, format, from, &mut |row| {
        rows.push(row);
        Ok(Flow::Go)
    })?;
    Ok(rows)
}

fn fields(row: &Row) -> Vec<&str> {
    row.record.iter().collect()
}

fn read_all(bytes: &[u8]) -> Result<(FileFormat, Vec<Row>), FileFault> {
    let sample = sample(bytes);
    let format = format_detect(&sample.path)?;
    let rows = read(&sample, &format, Resume::default())?;
    Ok((format, rows))
}

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    let units = mark.encode_utf16().chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn encodings_are_recognised() {
    let text = "编号,姓名,电话\r\n0001,张三,13800138000\r\n0002,李四,13900139000\r\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let with_mark = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
    let cases: [(&str, Vec<u8>, Encoding); 7] = [
        ("utf-8", text.into(), Encoding::Utf8),
        ("utf-8 with mark", with_mark, Encoding::Utf8),
        ("utf-16le with mark", utf16(text, true, true), Encoding::Utf16Le),
        ("utf-16be with mark", utf16(text, false, true), Encoding::Utf16Be),
        ("utf-16le", utf16(text, true, false), Encoding::Utf16Le),
        ("utf-16be", utf16(text, false, false), Encoding::Utf16Be),
        ("gb18030", gb.into_owned(), Encoding::Gb18030),
    ];
    for (name, bytes, encoding) in cases {
        let (format, rows) = read_all(&bytes).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(format.encoding, encoding, "{name}");
        assert_eq!(format.delimiter, Delimiter::Comma, "{name}");
        assert!(format.header_row, "{name}");
        assert_eq!(fields(&rows[0]), ["编号", "姓名", "电话"], "{name}");
        assert_eq!(fields(&rows[2]), ["0002", "李四", "13900139000"], "{name}");
        assert_eq!(rows[2].line, 3, "{name}");
    }
}

#[test]
fn gb18030_far_behind_ascii_is_found() {
    let mut bytes = b"code,name\n".to_vec();
    for number in 0..200_000 {
        bytes.extend_from_slice(format!("{number},abc\n").as_bytes());
    }
    bytes.extend_from_slice(&encoding_rs::GB18030.encode("9,张三\n").0);
    let (format, rows) = read_all(&bytes).unwrap();
    assert_eq!(format.encoding, Encoding::Gb18030);
    assert_eq!(&rows[200_001].record[1], "张三");
}

#[test]
fn delimiters_are_recognised() {
    let cases = [
        ("a,b,c\n1,2,3\n", Delimiter::Comma),
        ("a;b;c\n1,5;2;3\n2,5;2;3\n", Delimiter::Semicolon),
        ("a\tb\n1\t2, and more, and more\n", Delimiter::Tab),
        ("a|b|c\n1|2|3\n", Delimiter::Bar),
        (" 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n", Delimiter::Spaces),
        ("name\n张 三\n", Delimiter::Comma),
        ("\"a;b\",c\n\"d;e\",f\n", Delimiter::Comma),
    ];
    for (text, delimiter) in cases {
        assert_eq!(delimiter_detect(text), delimiter, "{text:?}");
    }
}

#[test]
fn headings_are_told_from_data() {
    let cases: [(&[&str], bool); 8] = [
        (&["编号", "姓名"], true),
        (&["code", "name", "2024-01-01"], false),
        (&["张三", "13800138000"], false),
        (&["name", "name"], true),
        (&["foo", "bar"], true),
        (&["name", "", "phone"], true),
        (&["foo", "", "bar"], false),
        (&["00004", "0001", "19970101", "2", "29.33"], false),
    ];
    for (row, expected) in cases {
        let row: Vec<String> = row.iter().map(|field| (*field).to_owned()).collect();
        assert_eq!(looks_like_header(&row), expected, "{row:?}");
    }
}

#[test]
fn purchase_logs_aligned_with_blanks_are_read() {
    let text = " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n\r\n 00021 0002 19970101  3   63.34\r\n\x1a";
    let (format, rows) = read_all(text.as_bytes()).unwrap();
    assert_eq!(format.delimiter, Delimiter::Spaces);
    assert!(!format.header_row);
    assert_eq!(rows.len(), 3);
    assert_eq!(fields(&rows[2]), ["00021", "0002", "19970101", "3", "63.34"]);
    assert_eq!((rows[2].number, rows[2].line), (3, 4));
}

#[test]
fn rows_of_a_wrong_width_are_reported_not_lost() {
    let (_, rows) = read_all(b"a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n\n1,\"x\ny\",3\n1,2,3\n").unwrap();
    let faults: Vec<Option<RowFault>> = rows.iter().map(|row| row.fault.clone()).collect();
    assert_eq!(
        faults,
        [
            None,
            Some(RowFault::TooFewFields { expected: 3, found: 2 }),
            Some(RowFault::TooManyFields { expected: 3, found: 4 }),
            None,
            None,
            None,
        ]
    );
    let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 6, 8]);
}

#[test]
fn quotes_follow_the_common_rules() {
    let (_, rows) = read_all("a,b\n\"say \"\"hi\"\"\",\"x,y\"\n5\" pipe,z\n".as_bytes()).unwrap();
    assert_eq!(fields(&rows[1]), ["say \"hi\"", "x,y"]);
    assert_eq!(fields(&rows[2]), ["5\" pipe", "z"]);
}

#[test]
fn broken_text_files_get_a_clear_answer() {
    let long_row = format!("a,b\n1,\"{}", "x".repeat(ROW_LIMIT * 2));
    let cases: [(&str, Vec<u8>, &str); 9] = [
        ("empty", vec![], "file_empty"),
        ("nul bytes", b"a,b\n1,2\n3,\x00\n".to_vec(), "file_binary"),
        ("an image", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01".to_vec(), "file_binary"),
        ("no encoding fits", b"a,b\n\xff\xff\xff,\x80\n".to_vec(), "file_encoding"),
        ("cut in a character", "a,b\n1,张".as_bytes()[..8].to_vec(), "file_truncated"),
        ("cut in a row", b"a,b,c\n1,2,3\n4,5".to_vec(), "file_truncated"),
        ("cut in a quote", b"a,b,c\n1,2,3\n4,\"5\n6".to_vec(), "file_truncated"),
        ("a quote without end", long_row.into_bytes(), "file_row_too_long"),
        ("old excel", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest".to_vec(), "file_old_excel_or_encrypted"),
    ];
    for (name, bytes, code) in cases {
        let fault = read_all(&bytes).err().unwrap_or_else(|| panic!("{name} was read"));
        assert_eq!(fault.code(), code, "{name}: {fault}");
        assert!(!fault.text(true).is_empty() && !fault.text(false).is_empty());
    }
}

#[test]
fn a_wrong_encoding_names_the_line() {
    let mut bytes = b"a,b\n".to_vec();
    bytes.extend_from_slice(&"1,x\n".repeat(50_000).into_bytes());
    bytes.extend_from_slice(b"2,\xff\xfe\n3,y\n");
    let sample = sample(&bytes);
    let format = FileFormat {
        kind: FileKind::Csv,
        encoding: Encoding::Utf8,
        delimiter: Delimiter::Comma,
        sheet: None,
        header_row: true,
    };
    let fault = read(&sample, &format, Resume::default()).unwrap_err();
    assert_eq!(fault, FileFault::BadEncoding { encoding: "UTF-8", line: 50_002 });
}

#[test]
fn reading_goes_on_from_any_row() {
    let text: String = std::iter::once("编号,备注\n".to_owned())
        .chain((0..500).map(|n| if n % 7 == 0 { format!("{n},\"两\n行,{n}\"\n") } else { format!("{n},值{n}\n") }))
        .collect();
    for bytes in
        [text.clone().into_bytes(), encoding_rs::GB18030.encode(&text).0.into_owned(), utf16(&text, true, true)]
    {
        let sample = sample(&bytes);
        let format = format_detect(&sample.path).unwrap();
        let all = read(&sample, &format, Resume::default()).unwrap();
        assert_eq!(all.len(), 501);
        for stop in [0, 1, 7, 8, 250, 499, 500] {
            let rest = read(&sample, &format, all[stop].next).unwrap();
            assert_eq!(rest.len(), 500 - stop);
            for (again, first) in rest.iter().zip(&all[stop + 1..]) {
                assert_eq!((again.number, again.line, fields(again)), (first.number, first.line, fields(first)));
            }
        }
    }
}

#[test]
fn workbooks_give_back_what_was_written() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("book.xlsx");
    let mark = Watermark {
        title: "客户".into(), author: "李娜".into(), sentence: "由李娜导出".into(), id: "7".into()
    };
    let mut out = Box::new(XlsxWriter::create(path.clone(), mark).unwrap());
    out.header(&["编号".into(), "名称".into(), "日期".into(), "金额".into(), "公式".into()]).unwrap();
    for number in 0..300 {
        out.row(&[
            Cell::Text(format!("000{number}")),
            Cell::Text("张三".into()),
            Cell::Date(chrono::NaiveDate::from_ymd_opt(2024, 6, 8).unwrap()),
            Cell::Decimal { units: 2933, places: 2 },
            Cell::Text("=1+1".into()),
        ])
        .unwrap();
    }
    (out as Box<dyn TableWriter>).finish().unwrap();

    let sample = Sample { path, _directory: directory };
    let format = format_detect(&sample.path).unwrap();
    assert_eq!((format.kind, format.header_row), (FileKind::Xlsx, true));
    let rows = read(&sample, &format, Resume::default()).unwrap();
    assert_eq!(rows.len(), 301);
    assert_eq!(fields(&rows[10]), ["0009", "张三", "2024-06-08", "29.33", "=1+1"]);
    let rest = read(&sample, &format, rows[200].next).unwrap();
    assert_eq!((rest.len(), rest[0].number, rest[0].line), (100, 202, 202));

    let bytes = std::fs::read(&sample.path).unwrap();
    for part in [bytes.len() / 2, bytes.len() - 30] {
        std::fs::write(&sample.path, &bytes[..part]).unwrap();
        let fault = format_detect(&sample.path).unwrap_err();
        assert_eq!(fault, FileFault::Truncated, "cut at {part} of {}", bytes.len());
    }
}

fn workbook(sheet: &str) -> Vec<u8> {
    let parts = [
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        (
            "_rels/.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

#[test]
fn formulas_give_their_saved_value_or_a_reason() {
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="inlineStr"><is><t>total</t></is></c></row>
        <row r="2"><c r="A2" t="str"><f>CONCAT("a","b")</f><v>ab</v></c><c r="B2"><f>1+2</f><v>29.330000000000002</v></c></row>
        <row r="3"><c r="A3" t="inlineStr"><is><t>c</t></is></c><c r="B3"><f>1+2</f></c></row>
        <row r="5"><c r="B5" t="e"><v>#N/A</v></c></row>
        <row r="6"><c r="A6" t="inlineStr"><is><t>d</t></is></c></row>"#;
    let (_, rows) = read_all(&workbook(&sheet(rows))).unwrap();
    assert_eq!(fields(&rows[1]), ["ab", "29.33"]);
    assert_eq!(rows[2].fault, Some(RowFault::FormulaWithoutValue { column: 1 }));
    assert_eq!(rows[3].fault, Some(RowFault::CellError { column: 1, error: "#N/A".into() }));
    assert_eq!(rows[3].line, 5);
    assert_eq!((fields(&rows[4]), rows[4].fault.clone()), (vec!["d", ""], None));
}

#[test]
fn bombs_and_broken_workbooks_are_refused() {
    let spaces = sheet(&"<row></row>".repeat(6_000_000));
    let one_text = sheet(&format!(r#"<row><c t="inlineStr"><is><t>{}</t></is></c></row>"#, "x".repeat(3 << 20)));
    let cut = sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#).replace("</sheetData></worksheet>", "");
    let cases: [(&str, Vec<u8>, &str); 5] = [
        ("ratio", workbook(&spaces), "file_zip_bomb"),
        ("one endless text", workbook(&one_text), "file_zip_bomb"),
        ("sheet cut off", workbook(&cut), "file_truncated"),
        ("some other archive", workbook("x").replace_name(), "file_not_a_spreadsheet"),
        ("not even an archive", b"PK\x03\x04 something else entirely".to_vec(), "file_truncated"),
    ];
    for (name, bytes, code) in cases {
        let fault = read_all(&bytes).err().unwrap_or_else(|| panic!("{name} was read"));
        assert_eq!(fault.code(), code, "{name}: {fault}");
    }
}

trait ReplaceName {
    fn replace_name(self) -> Self;
}

impl ReplaceName for Vec<u8> {
    /// The same archive with its workbook under a name nobody looks for.
    fn replace_name(mut self) -> Self {
        let name = b"xl/workbook.xml";
        for at in 0..self.len() - name.len() {
            if &self[at..at + name.len()] == name {
                self[at + 3] = b'v';
            }
        }
        self
    }
}

#[test]
fn formula_like_texts_are_defused_and_come_back() {
    let cases = [
        ("=1+1", true),
        ("+1+1", true),
        ("-2+3", true),
        ("@SUM(A1)", true),
        ("\tx", true),
        ("\rx", true),
        ("-12.50", false),
        ("+12", false),
        ("+86 138 0013 8000", false),
        ("+86-13800138000", true),
        ("张三", false),
        ("", false),
    ];
    for (text, expected) in cases {
        assert_eq!(is_formula_like(text), expected, "{text:?}");
        assert_eq!(formula_unsafe(&formula_safe(text)), text);
    }
    assert_eq!(decimal_text(-5, 2), "-0.05");
    assert_eq!(decimal_text(123_456, 3), "123.456");
    assert_eq!(decimal_text(7, 0), "7");
}

#[test]
fn rejected_rows_can_be_imported_again() {
    let mut bytes = Vec::new();
    let mut out = RejectWriter::new(&mut bytes, &["编号".into(), "姓名".into()]).unwrap();
    out.reject(&["0001", "=cmd"], 7, &["日期无效".into(), "电话无效".into()]).unwrap();
    out.reject(&["0002"], 9, &["这一行只有 1 个字段".into()]).unwrap();
    out.finish().unwrap();
    let (format, rows) = read_all(&bytes).unwrap();
    assert!(format.header_row);
    assert_eq!(fields(&rows[0]), ["编号", "姓名", "_line", "_reason"]);
    assert_eq!(fields(&rows[1]), ["0001", "'=cmd", "7", "日期无效; 电话无效"]);
    assert_eq!(fields(&rows[2])[..2], ["0002", ""]);
    assert!(rows.iter().all(|row| row.fault.is_none()));
}

mod round_trip {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn what_is_written_is_read(table in proptest::collection::vec(
            proptest::collection::vec("[ -~\n\r\t张三李四“”，=+@'-]{0,20}", 3), 1..20,
        ), mark in any::<bool>()) {
            let mut bytes = Vec::new();
            let mut out = Box::new(CsvWriter::new(&mut bytes, mark));
            out.header(&["a".into(), "b".into(), "c".into()]).unwrap();
            for row in &table {
                let cells: Vec<Cell> = row.iter().cloned().map(Cell::Text).collect();
                out.row(&cells).unwrap();
            }
            out.finish().unwrap();
            let sample = sample(&bytes);
            let format = FileFormat {
                kind: FileKind::Csv, encoding: Encoding::Utf8, delimiter: Delimiter::Comma, sheet: None, header_row: true,
            };
            let rows = read(&sample, &format, Resume::default()).unwrap();
            let again: Vec<Vec<String>> = rows[1..].iter()
                .map(|row| row.record.iter().map(|field| formula_unsafe(field).to_owned()).collect()).collect();
            let expected: Vec<Vec<String>> =
                table.into_iter().filter(|row| row.iter().any(|field| !formula_safe(field).trim().is_empty())).collect();
            prop_assert_eq!(again, expected);
            prop_assert!(rows.iter().all(|row| row.fault.is_none()));
        }
    }
}
