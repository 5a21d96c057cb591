//! Forms as HTML: the same on our own page and for somebody else's. Everything people wrote is escaped.

use std::fmt::Write;

use regulars_app::sales::lead_form::{FormFieldShown, FormShown};
use regulars_domain::lead_form::{CONSENT, HONEYPOT, SECONDS};
use serde_json::{Map, Value};

/// What was typed before, and what is wrong with it by field.
#[derive(Default)]
pub struct Typed {
    pub values: Map<String, Value>,
    pub wrong: Vec<(String, String)>,
}

impl Typed {
    fn holds(&self, name: &str, value: &str) -> bool {
        match self.values.get(name) {
            Some(Value::String(text)) => text == value,
            Some(Value::Array(list)) => list.iter().any(|one| one == value),
            _ => false,
        }
    }

    fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(Value::as_str).unwrap_or("")
    }

    fn wrong(&self, name: &str) -> Option<&str> {
        self.wrong.iter().find(|(field, _)| field == name).map(|(_, told)| told.as_str())
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Tells how long the form was open; without it the form works all the same.
const CLOCK: &str = "<script>(function(f){var t=Date.now();f.addEventListener('submit',function(){f.elements._seconds.value=(Date.now()-t)/1000})})(document.currentScript.closest('form'))</script>";

/// The form itself, sent to `action`.
pub fn form(form: &FormShown, action: &str, typed: &Typed, english: bool) -> String {
    let word = |zh: &'static str, en: &'static str| if english { en } else { zh };
    let mut out = format!("<form method=\"post\" action=\"{}\">\n", escaped(action));
    for field in &form.fields {
        push_field(&mut out, field, typed, english);
    }
    if let Some(text) = &form.consent_text {
        let ticked = if typed.values.contains_key(CONSENT) { " checked" } else { "" };
        let asked = if form.consent_required { " required" } else { "" };
        let _ = writeln!(
            out,
            "  <p><label><input type=\"checkbox\" name=\"{CONSENT}\" value=\"yes\"{ticked}{asked}> {}</label>{}</p>",
            escaped(text),
            wrong(typed, CONSENT)
        );
    }
    let _ = writeln!(
        out,
        "  <p style=\"position:absolute;left:-9999px\" aria-hidden=\"true\"><label>{} <input name=\"{HONEYPOT}\" tabindex=\"-1\" \
         autocomplete=\"off\"></label></p>\n  <input type=\"hidden\" name=\"{SECONDS}\">\n  {CLOCK}",
        word("请留空", "Leave this empty")
    );
    let _ = write!(out, "  <p><button type=\"submit\">{}</button></p>\n</form>\n", word("提交", "Send"));
    out
}

fn wrong(typed: &Typed, name: &str) -> String {
    typed.wrong(name).map_or_else(String::new, |told| {
        format!("<strong role=\"alert\" id=\"wrong-{}\">{}</strong>", escaped(name), escaped(told))
    })
}

fn push_field(out: &mut String, field: &FormFieldShown, typed: &Typed, english: bool) {
    let name = escaped(&field.name);
    let mark = if field.required { " *" } else { "" };
    let label = format!("{}{mark}", escaped(&field.label));
    let mut more = if field.required { " required" } else { "" }.to_string();
    if typed.wrong(&field.name).is_some() {
        let _ = write!(more, " aria-invalid=\"true\" aria-describedby=\"wrong-{name}\"");
    }
    let told = wrong(typed, &field.name);
    let value = escaped(typed.text(&field.name));
    let input = |kind: &str, hint: &str| {
        format!(
            "  <p><label>{label}<br><input type=\"{kind}\" name=\"{name}\" value=\"{value}\"{hint}{more}></label>{told}</p>"
        )
    };
    let line = match field.kind.as_str() {
        "long_text" => {
            format!(
                "  <p><label>{label}<br><textarea name=\"{name}\" rows=\"4\"{more}>{value}</textarea></label>{told}</p>"
            )
        }
        "phone" => input("tel", " autocomplete=\"tel\""),
        "email" => input("email", " autocomplete=\"email\""),
        "number" => input("number", " step=\"any\""),
        "date" => input("date", ""),
        "bool" => {
            let ticked = if typed.values.contains_key(&field.name) { " checked" } else { "" };
            format!(
                "  <p><label><input type=\"checkbox\" name=\"{name}\" value=\"true\"{ticked}{more}> {label}</label>{told}</p>"
            )
        }
        "choice" => {
            let none = if english { "Please choose" } else { "请选择" };
            let mut options = format!("<option value=\"\">{none}</option>");
            for one in &field.options {
                let chosen = if typed.holds(&field.name, &one.value) { " selected" } else { "" };
                let (value, label) = (escaped(&one.value), escaped(&one.label));
                let _ = write!(options, "<option value=\"{value}\"{chosen}>{label}</option>");
            }
            format!("  <p><label>{label}<br><select name=\"{name}\"{more}>{options}</select></label>{told}</p>")
        }
        "multi_choice" => {
            let mut boxes = String::new();
            for one in &field.options {
                let ticked = if typed.holds(&field.name, &one.value) { " checked" } else { "" };
                let (value, label) = (escaped(&one.value), escaped(&one.label));
                let _ = write!(
                    boxes,
                    "<label><input type=\"checkbox\" name=\"{name}\" value=\"{value}\"{ticked}> {label}</label> "
                );
            }
            format!("  <fieldset><legend>{label}</legend>{boxes}</fieldset>{told}")
        }
        _ => input("text", if field.name == "person" { " autocomplete=\"name\"" } else { "" }),
    };
    let _ = writeln!(out, "{line}");
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1d2430;--dim:#5b6472;--ground:#f4f2ee;--card:#fff;--line:#8a919c;--go:#a8431a;--bad:#b3261e}\
@media(prefers-color-scheme:dark){:root{--ink:#eceae6;--dim:#a9b0ba;--ground:#16181c;--card:#202329;--line:#7d8590;--go:#f0a27c;--bad:#ff9d94}}\
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}\
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem 3rem}h1{font-size:1.5rem;line-height:1.3;margin:.5rem 0}\
.card{background:var(--card);border-radius:12px;padding:1.25rem 1.5rem;margin-top:1rem}.intro{color:var(--dim);white-space:pre-line;margin:0}\
p{margin:.9rem 0}label{font-weight:600}label:has([type=checkbox]){font-weight:400;display:block;padding:.2rem 0}\
input:not([type=checkbox]),textarea,select{width:100%;margin-top:.25rem;padding:.6rem .7rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:8px}\
select option{color:#1d2430;background:#fff}fieldset{border:1px solid var(--line);border-radius:8px;margin:.9rem 0}legend{font-weight:600}\
input[type=checkbox]{width:1.1rem;height:1.1rem;vertical-align:-.15rem}[aria-invalid]{border-color:var(--bad)!important}strong[role=alert]{display:block;color:var(--bad);font-size:.9rem}\
button{font:inherit;font-weight:600;padding:.7rem 1.6rem;border:0;border-radius:8px;background:var(--go);color:var(--card);cursor:pointer}\
:focus-visible{outline:3px solid var(--go);outline-offset:2px}a{color:var(--go)}";

fn document(title: &str, head: &str, body: &str, english: bool) -> String {
    let language = if english { "en" } else { "zh-CN" };
    format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{}</title>{head}\
         <style>{STYLE}</style></head><body><main>{body}</main></body></html>",
        escaped(title)
    )
}

/// Our own page of a form.
pub fn whole(shown: &FormShown, typed: &Typed, english: bool) -> String {
    let intro = shown.intro.as_deref().map(|text| format!("<p class=\"intro\">{}</p>", escaped(text)));
    let body = form(shown, &format!("/forms/{}", shown.key), typed, english);
    let title = escaped(&shown.title);
    let body = format!("<h1>{title}</h1>{}<div class=\"card\">{body}</div>", intro.unwrap_or_default());
    document(&shown.title, "", &body, english)
}

/// What is read once it is sent.
pub fn thanks(shown: &FormShown, english: bool) -> String {
    let thanks = escaped(&shown.thanks);
    let (head, on) = match &shown.redirect_url {
        Some(url) => (
            format!("<meta http-equiv=\"refresh\" content=\"2;url={}\">", escaped(url)),
            format!("<p><a href=\"{}\">{}</a></p>", escaped(url), if english { "Go on" } else { "继续" }),
        ),
        None => (String::new(), String::new()),
    };
    let body =
        format!("<h1>{}</h1><div class=\"card\"><p role=\"status\">{thanks}</p>{on}</div>", escaped(&shown.title));
    document(&shown.title, &head, &body, english)
}

/// Nothing but a sentence.
pub fn told(text: &str, english: bool) -> String {
    document(text, "", &format!("<h1>{}</h1>", escaped(text)), english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_no_markup() {
        let nasty = "\"><script>alert('x')</script>";
        let field = |name: &str, kind: &str| FormFieldShown {
            name: name.into(),
            label: nasty.into(),
            kind: kind.into(),
            required: true,
            options: vec![regulars_app::sales::lead_form::FormOption { value: nasty.into(), label: nasty.into() }],
        };
        let kinds = regulars_app::sales::lead_form::FIELD_TYPES;
        let shown = FormShown {
            key: "k".into(),
            title: nasty.into(),
            intro: Some(nasty.into()),
            fields: kinds.iter().map(|kind| field(kind, kind)).collect(),
            consent_text: Some(nasty.into()),
            consent_required: true,
            thanks: nasty.into(),
            redirect_url: Some("https://example.com/?a=1&b=\"".into()),
        };
        let values = kinds.iter().map(|kind| ((*kind).to_string(), Value::from(nasty))).collect();
        let wrong = kinds.iter().map(|kind| ((*kind).to_string(), nasty.to_string())).collect();
        let typed = Typed { values, wrong };
        for page in [whole(&shown, &typed, false), thanks(&shown, true), told(nasty, true)] {
            assert!(!page.contains("<script>alert") && !page.contains("b=\""), "{page}");
        }
        assert_eq!(whole(&shown, &typed, true).matches("role=\"alert\"").count(), kinds.len());
    }
}
