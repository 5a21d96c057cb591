//! Files people attach: what they are by their first bytes, whether they are taken, what they are called from then on.
//! What the sender says of the kind counts for nothing.

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub media_type: &'static str,
    /// Without the dot; `None` where many kinds look alike (plain text, unknown bytes).
    pub extension: Option<&'static str>,
}

pub const TEXT: Found = Found { media_type: "text/plain", extension: None };
pub const UNKNOWN: Found = Found { media_type: "application/octet-stream", extension: None };

/// Longest name, in characters.
pub const NAME_MAX: usize = 120;

/// Endings that start a program when the file is opened. A file of another kind loses them, one of none gets `.bin`.
const PROGRAMS: &[&str] = &[
    "apk", "app", "bat", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "htm", "html", "inf", "ins", "jar", "js",
    "jse", "lnk", "msc", "msi", "msp", "pif", "ps1", "reg", "scf", "scr", "sh", "svg", "url", "vb", "vbe", "vbs",
    "wsf", "wsh", "xhtml",
];

/// Endings that say the same: the first is what sniffing calls it.
const SAME: &[(&str, &[&str])] = &[
    ("jpg", &["jpeg", "jpe", "jfif"]),
    ("tif", &["tiff"]),
    ("mp4", &["m4v", "mov"]),
    ("zip", &["docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "kmz", "wps", "et", "dps"]),
    ("doc", &["xls", "ppt", "msg", "wps", "et", "dps"]),
    ("gz", &["tgz"]),
];

/// Whether bytes that begin so are text: UTF-8 without control characters, cut anywhere.
pub fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The cut may fall inside a character.
        Err(error) if error.error_len().is_none() => match std::str::from_utf8(&head[..error.valid_up_to()]) {
            Ok(text) => text,
            Err(_) => return false,
        },
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

/// The name under which a file is shown and downloaded: what was given without folders, control characters and what file
/// systems refuse, with an ending that fits what the file is. `fallback` stands where nothing is left.
pub fn shown_name(given: &str, found: Found, fallback: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_direction(*c))
        .map(|c| if "<>:\"|?*".contains(c) { '_' } else { c })
        .collect();
    let clean = clean.trim().trim_matches('.').trim();
    let (stem, ending) = match clean.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending) && !stem.is_empty() => (stem, Some(ending.to_lowercase())),
        _ => (clean, None),
    };
    let ending = fitting(ending.as_deref(), found);
    let stem = stem.trim_end_matches('.').trim_end();
    let stem = if stem.is_empty() { fallback } else { stem };
    let room = NAME_MAX - ending.as_ref().map_or(0, |ending| ending.len() + 1);
    let stem: String = stem.chars().take(room).collect();
    match ending {
        Some(ending) => format!("{stem}.{ending}"),
        None => stem,
    }
}

/// Marks that turn the direction of writing: they make `exe.gpj` look like `jpg.exe`.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_ending(ending: &str) -> bool {
    (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn fitting(given: Option<&str>, found: Found) -> Option<String> {
    let Some(sniffed) = found.extension else {
        return match given {
            Some(ending) if !PROGRAMS.contains(&ending) => Some(ending.into()),
            _ if found == TEXT => Some("txt".into()),
            _ => Some("bin".into()),
        };
    };
    let same = SAME.iter().find(|(of, _)| *of == sniffed).map_or(&[][..], |(_, same)| same);
    match given {
        Some(ending) if ending == sniffed || same.contains(&ending) => Some(ending.into()),
        _ => Some(sniffed.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: Found = Found { media_type: "image/jpeg", extension: Some("jpg") };
    const PDF: Found = Found { media_type: "application/pdf", extension: Some("pdf") };
    const ZIP: Found = Found { media_type: "application/zip", extension: Some("zip") };

    #[test]
    fn names_are_made_safe_and_fit_what_the_file_is() {
        for (given, found, shown) in [
            ("合同.pdf", PDF, "合同.pdf"),
            ("photo.JPEG", JPEG, "photo.jpeg"),
            ("photo.png", JPEG, "photo.jpg"),
            ("invoice.exe", PDF, "invoice.pdf"),
            ("invoice.pdf.exe", PDF, "invoice.pdf.pdf"),
            ("../../etc/passwd", TEXT, "passwd.txt"),
            ("C:\\Users\\me\\a.csv", TEXT, "a.csv"),
            ("run.sh", TEXT, "run.txt"),
            ("page.html", TEXT, "page.txt"),
            ("drawing.dwg", UNKNOWN, "drawing.dwg"),
            ("setup.exe", UNKNOWN, "setup.bin"),
            ("plan.docx", ZIP, "plan.docx"),
            ("plan.pdf", ZIP, "plan.zip"),
            ("a\u{202e}gpj.exe", PDF, "agpj.pdf"),
            ("a\r\nb: c?.pdf", PDF, "ab_ c_.pdf"),
            ("", PDF, "file.pdf"),
            ("...", TEXT, "file.txt"),
            ("no ending", PDF, "no ending.pdf"),
            (".pdf", PDF, "pdf.pdf"),
        ] {
            assert_eq!(shown_name(given, found, "file"), shown, "{given}");
        }
        let long = shown_name(&format!("{}.pdf", "长".repeat(400)), PDF, "file");
        assert_eq!(long.chars().count(), NAME_MAX);
        assert!(long.ends_with(".pdf"));
    }

    #[test]
    fn text_is_told_from_bytes() {
        for (head, text) in [
            ("a,b\r\n1,2\n".as_bytes(), true),
            ("回头客".as_bytes(), true),
            (&"回头客".as_bytes()[..7], true),
            (b"\x00\x01", false),
            (b"a\x00b", false),
            (b"\xff\xfe\x00", false),
            (b"", false),
        ] {
            assert_eq!(is_text(head), text, "{head:?}");
        }
    }
}
