//! The words of pivots in both languages.

pub fn count(english: bool) -> &'static str {
    if english { "Count" } else { "笔数" }
}

pub fn average(of: &str, english: bool) -> String {
    if english { format!("Average of {}", of.to_lowercase()) } else { format!("平均{of}") }
}

/// What is said of how a measure is shown, behind its name.
pub fn shown(show: &str, english: bool) -> &'static str {
    match (show, english) {
        ("row_share", false) => "占行合计",
        ("row_share", true) => "share of row",
        ("column_share", false) => "占列合计",
        ("column_share", true) => "share of column",
        ("total_share", false) => "占总计",
        ("total_share", true) => "share of total",
        ("change", false) => "变化",
        ("change", true) => "change",
        ("change_share", false) => "变化率",
        ("change_share", true) => "change, relative",
        _ => "",
    }
}

pub fn missing(english: bool) -> &'static str {
    if english { "(none)" } else { "（空）" }
}

pub fn others(english: bool) -> &'static str {
    if english { "Others" } else { "其他" }
}

pub fn unseen(english: bool) -> &'static str {
    if english { "(out of your sight)" } else { "（不在您的可见范围）" }
}

pub fn truth(value: bool, english: bool) -> &'static str {
    match (value, english) {
        (true, false) => "是",
        (true, true) => "Yes",
        (false, false) => "否",
        (false, true) => "No",
    }
}
