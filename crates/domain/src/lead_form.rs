//! Forms on the web that make leads: what they may ask, which sites may send them, what no person sent, who gets what
//! comes.

use chrono::TimeDelta;

/// What every form can ask, beside custom fields of opportunities.
pub const ASKED: [&str; 5] = ["company", "person", "phone", "email", "message"];
/// How a custom field is named in a form: `custom.<key>`.
pub const CUSTOM: &str = "custom.";
/// Kinds of custom fields that somebody who is not signed in can answer.
pub const ANSWERABLE: [&str; 6] = ["text", "number", "date", "bool", "choice", "multi_choice"];
/// A field that people don't see; whoever fills it in is a program.
pub const HONEYPOT: &str = "homepage";
/// How long the form was open, in seconds, told by the form itself.
pub const SECONDS: &str = "_seconds";
/// The box that gives consent.
pub const CONSENT: &str = "consent";
/// Nobody reads and fills in a form faster, in seconds.
pub const FASTEST: f64 = 2.0;
/// The same phone or e-mail within this time is the same wish.
pub const REPEATED_WITHIN: TimeDelta = TimeDelta::hours(24);
/// How often one address may send one form within [`ADDRESS_WITHIN`].
pub const ADDRESS_MOST: i64 = 20;
pub const ADDRESS_WITHIN: TimeDelta = TimeDelta::minutes(10);
/// Members beside `utm_…` that tell where somebody came from.
pub const ATTRIBUTION: [&str; 2] = ["page", "referrer"];
/// Longest text that tells where somebody came from, in characters, and most such texts.
pub const ATTRIBUTION_LONGEST: usize = 300;
pub const ATTRIBUTION_MOST: usize = 12;

/// Whether no person sent it. Where the time is not told, it says nothing.
pub fn is_trapped(honeypot: Option<&str>, seconds: Option<f64>) -> bool {
    honeypot.is_some_and(|text| !text.trim().is_empty()) || seconds.is_some_and(|seconds| seconds < FASTEST)
}

/// Whether a member of what was sent tells where somebody came from.
pub fn is_attribution(name: &str) -> bool {
    ATTRIBUTION.contains(&name)
        || name.strip_prefix("utm_").is_some_and(|rest| {
            !rest.is_empty() && rest.len() <= 30 && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        })
}

/// Who is next, after so many were given away.
pub fn next_in_turn<T: Copy>(people: &[T], given: i64) -> Option<T> {
    let many = i64::try_from(people.len()).ok().filter(|many| *many > 0)?;
    usize::try_from(given.rem_euclid(many)).ok().and_then(|at| people.get(at)).copied()
}

/// `https://host[:port]` as a browser writes it; nothing else is a site.
pub fn origin_normalized(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let (scheme, host) = text.split_once("://")?;
    let default = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let host = host.strip_suffix(default).unwrap_or(host);
    let (name, port) = host.rsplit_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let named = !name.is_empty()
        && name.len() <= 253
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let numbered = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    (named && numbered).then(|| format!("{scheme}://{host}"))
}

/// Whether a browser may send a form from there. Programs tell no origin; ours are the pages of this server.
pub fn origin_allowed(origin: Option<&str>, own_host: &str, allowed: &[String]) -> bool {
    let Some(origin) = origin else { return true };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let ours = !host.is_empty() && host.eq_ignore_ascii_case(own_host);
    ours || origin_normalized(origin).is_some_and(|origin| allowed.contains(&origin))
}

/// Whether somebody can be sent there after the form: a page of the web, told whole.
pub fn is_page(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && url.chars().all(|c| !c.is_whitespace() && !c.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_from_people() {
        for (honeypot, seconds, trapped) in [
            (None, None, false),
            (Some(""), Some(8.0), false),
            (Some(" "), Some(2.0), false),
            (Some("http://spam"), Some(8.0), true),
            (None, Some(0.4), true),
            (None, Some(-5.0), true),
        ] {
            assert_eq!(is_trapped(honeypot, seconds), trapped, "{honeypot:?} {seconds:?}");
        }
    }

    #[test]
    fn leads_go_round() {
        let given: Vec<Option<char>> = (0..4).map(|given| next_in_turn(&['a', 'b', 'c'], given)).collect();
        assert_eq!(given, [Some('a'), Some('b'), Some('c'), Some('a')]);
        assert_eq!(next_in_turn::<char>(&[], 3), None);
    }

    #[test]
    fn origins_are_compared_as_browsers_write_them() {
        for (text, normal) in [
            ("https://Shop.Example.com/", Some("https://shop.example.com")),
            ("https://shop.example.com:443", Some("https://shop.example.com")),
            ("http://localhost:8080", Some("http://localhost:8080")),
            ("https://shop.example.com/path", None),
            ("ftp://shop.example.com", None),
            ("shop.example.com", None),
            ("https://:80", None),
            ("https://a:99999", None),
            ("null", None),
        ] {
            assert_eq!(origin_normalized(text).as_deref(), normal, "{text}");
        }
        let allowed = ["https://shop.example.com".to_string()];
        for (origin, fits) in [
            (None, true),
            (Some("https://crm.example.com"), true),
            (Some("https://shop.example.com"), true),
            (Some("http://shop.example.com"), false),
            (Some("https://evil.example.com"), false),
            (Some("null"), false),
            (Some("https://"), false),
        ] {
            assert_eq!(origin_allowed(origin, "crm.example.com", &allowed), fits, "{origin:?}");
        }
    }

    #[test]
    fn where_somebody_came_from_and_goes_to() {
        for (name, told) in [
            ("utm_source", true),
            ("utm_", false),
            ("utm_X", false),
            ("referrer", true),
            ("page", true),
            ("phone", false),
        ] {
            assert_eq!(is_attribution(name), told, "{name}");
        }
        for (url, fits) in [
            ("https://example.com/thanks?a=1", true),
            ("http://example.com", true),
            ("javascript:alert(1)", false),
            ("https:///x", false),
            ("https://a b", false),
            ("/thanks", false),
        ] {
            assert_eq!(is_page(url), fits, "{url}");
        }
    }
}
