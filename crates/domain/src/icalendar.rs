//! Calendars as RFC 5545 writes them: lines of at most 75 octets, text escaped, moments in UTC. Telephones show events and
//! seldom to-dos, so what is to be done is an event on the day or at the time it is due.

use chrono::{DateTime, Days, NaiveDate, Utc};

/// When an entry lies in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The whole day, taking up none of it.
    Day(NaiveDate),
    /// From a moment on, half an hour.
    At(DateTime<Utc>),
}

/// One thing in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same thing in every answer.
    pub uid: String,
    pub when: When,
    pub summary: String,
    pub description: Option<String>,
    /// 1 is high, 2 normal, 3 low.
    pub priority: i64,
    /// Grows with every change.
    pub sequence: i64,
    pub changed_at: DateTime<Utc>,
    pub remind_at: Option<DateTime<Utc>>,
}

/// Octets of a line, without its end.
const LINE: usize = 75;

/// Writes a calendar that is read again and again.
pub fn calendar(name: &str, entries: &[Entry]) -> String {
    let mut out = Lines::default();
    for line in
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Regulars//Tasks//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        out.put(line);
    }
    out.text("NAME", name);
    out.text("X-WR-CALNAME", name);
    out.put("REFRESH-INTERVAL;VALUE=DURATION:PT30M");
    out.put("X-PUBLISHED-TTL:PT30M");
    for entry in entries {
        out.entry(entry);
    }
    out.put("END:VCALENDAR");
    out.0
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// One content line, folded between characters.
    fn put(&mut self, line: &str) {
        let mut room = LINE;
        for character in line.chars() {
            if character.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            room -= character.len_utf8();
            self.0.push(character);
        }
        self.0.push_str("\r\n");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.put(&format!("{name}:{}", escaped(value)));
    }

    fn entry(&mut self, entry: &Entry) {
        self.put("BEGIN:VEVENT");
        self.text("UID", &entry.uid);
        self.put(&format!("DTSTAMP:{}", utc(entry.changed_at)));
        self.put(&format!("LAST-MODIFIED:{}", utc(entry.changed_at)));
        self.put(&format!("SEQUENCE:{}", entry.sequence));
        match entry.when {
            When::Day(on) => {
                let next = on.checked_add_days(Days::new(1)).unwrap_or(on);
                self.put(&format!("DTSTART;VALUE=DATE:{}", on.format("%Y%m%d")));
                self.put(&format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")));
                self.put("TRANSP:TRANSPARENT");
            }
            When::At(at) => {
                self.put(&format!("DTSTART:{}", utc(at)));
                self.put("DURATION:PT30M");
            }
        }
        self.text("SUMMARY", &entry.summary);
        if let Some(description) = &entry.description {
            self.text("DESCRIPTION", description);
        }
        // The standard's 1 is the highest, 5 in the middle, 9 the lowest.
        self.put(&format!("PRIORITY:{}", 4 * entry.priority - 3));
        if let Some(at) = entry.remind_at {
            self.put("BEGIN:VALARM");
            self.put("ACTION:DISPLAY");
            self.text("DESCRIPTION", &entry.summary);
            self.put(&format!("TRIGGER;VALUE=DATE-TIME:{}", utc(at)));
            self.put("END:VALARM");
        }
        self.put("END:VEVENT");
    }
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// TEXT of RFC 5545 (3.3.11); what no calendar can show is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn entry() -> Entry {
        Entry {
            uid: "1@regulars".into(),
            when: When::At(at("2031-03-05T06:30:00Z")),
            summary: "Ring".into(),
            description: None,
            priority: 1,
            sequence: 3,
            changed_at: at("2031-01-01T00:00:00Z"),
            remind_at: Some(at("2031-03-05T06:15:00Z")),
        }
    }

    #[test]
    fn an_entry_at_a_time_and_one_of_a_day() {
        let day = Entry {
            when: When::Day("2032-02-28".parse().expect("a day")),
            priority: 3,
            remind_at: None,
            description: Some("a\nb".into()),
            ..entry()
        };
        let text = calendar("Mine", &[entry(), day]);
        let expected = [
            "BEGIN:VEVENT",
            "UID:1@regulars",
            "DTSTAMP:20310101T000000Z",
            "LAST-MODIFIED:20310101T000000Z",
            "SEQUENCE:3",
            "DTSTART:20310305T063000Z",
            "DURATION:PT30M",
            "SUMMARY:Ring",
            "PRIORITY:1",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "DESCRIPTION:Ring",
            "TRIGGER;VALUE=DATE-TIME:20310305T061500Z",
            "END:VALARM",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:1@regulars",
            "DTSTAMP:20310101T000000Z",
            "LAST-MODIFIED:20310101T000000Z",
            "SEQUENCE:3",
            "DTSTART;VALUE=DATE:20320228",
            "DTEND;VALUE=DATE:20320229",
            "TRANSP:TRANSPARENT",
            "SUMMARY:Ring",
            "DESCRIPTION:a\\nb",
            "PRIORITY:9",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ];
        let from = text.find("BEGIN:VEVENT").expect("an entry");
        assert_eq!(text[from..].split("\r\n").collect::<Vec<_>>(), expected);
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && !text.replace("\r\n", "").contains('\n'));
    }

    #[test]
    fn long_lines_are_folded_between_characters_and_text_is_escaped() {
        let summary = format!("{}; a, b\\c\u{7}", "给王女士打电话".repeat(20));
        let text = calendar("N", &[Entry { summary: summary.clone(), ..entry() }]);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
        let unfolded = text.replace("\r\n ", "");
        let line = unfolded.split("\r\n").find(|line| line.starts_with("SUMMARY:")).expect("a line");
        assert_eq!(line, format!("SUMMARY:{}\\; a\\, b\\\\c", "给王女士打电话".repeat(20)));
    }
}
