//! Every piece of an indexed thing that a person may type is found.

use proptest::prelude::*;
use regulars_domain::naming::{
    Candidate, Sought, TokenClass, code_tokens, email_tokens, home_digits, index_tokens, phone_normalized,
    phone_tokens, query_tokens, reading,
};

fn found(typed: &str, index: &[String]) -> bool {
    query_tokens(typed).matches(index)
}

fn meant(typed: &str, name: &str, is_person: bool) -> bool {
    let candidate = Candidate { name, is_person, reading_set: None, code: "", phones: &[], emails: &[] };
    Sought::new(typed).is_met_by(&candidate)
}

fn safe(token: &str) -> bool {
    !token.is_empty()
        && token.chars().all(|c| c.is_ascii_alphanumeric() || ('\u{3005}'..='\u{ffff}').contains(&c))
        && token.chars().all(|c| c.is_alphanumeric() || c == 'ー')
}

fn han_name() -> impl Strategy<Value = String> {
    let known = "张王李赵欧阳单曾解翟缪吕伟芳娜秀英敏静丽强磊军洋勇艳杰长行乐重庆银厦门成都略女绿西安限公司夏敖娥偶𬱖";
    let known: Vec<char> = known.chars().collect();
    let any = prop_oneof![9 => prop::sample::select(known), 1 => prop::char::range('\u{4e00}', '\u{9fa5}')];
    prop::collection::vec(any, 1..9).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn any_run_of_han_characters(name in han_name(), person: bool, from in 0usize..8, len in 1usize..9) {
        let index = index_tokens(&name, person, None);
        prop_assert!(index.iter().all(|token| safe(token)), "{index:?}");
        let piece: String = name.chars().skip(from % name.chars().count()).take(len).collect();
        prop_assert!(found(&piece, &index), "{piece} in {name}");
        prop_assert!(meant(&piece, &name, person));
    }

    #[test]
    fn any_head_of_the_pinyin_from_a_syllable_on(name in han_name(), person: bool, from in 0usize..8, len in 1usize..60, gap: bool) {
        let index = index_tokens(&name, person, None);
        let reading = reading(&name, person);
        let syllables: Vec<&str> = reading.split(' ').skip(from % name.chars().count()).collect();
        prop_assume!(reading.is_ascii());
        let piece: String = syllables.join(if gap { " " } else { "" }).chars().take(len).collect();
        prop_assert!(found(&piece, &index), "{piece} in {name} ({reading})");
        prop_assert!(found(&piece.to_uppercase(), &index));
        prop_assert!(meant(&piece, &name, person));
    }

    #[test]
    fn the_initials(name in han_name(), person: bool, from in 0usize..8, len in 1usize..9) {
        let reading = reading(&name, person);
        prop_assume!(reading.is_ascii());
        let piece: String = reading.split(' ').skip(from % name.chars().count()).take(len).filter_map(|s| s.chars().next()).collect();
        prop_assert!(found(&piece, &index_tokens(&name, person, None)), "{piece} in {name}");
        prop_assert!(meant(&piece, &name, person));
    }

    #[test]
    fn any_head_of_a_word(words in prop::collection::vec("[A-Za-zéüßñøД]{1,16}", 1..5), at in 0usize..5, len in 1usize..17) {
        let name = words.join(" ");
        let piece: String = words[at % words.len()].chars().take(len).collect();
        let index = index_tokens(&name, true, None);
        prop_assert!(index.iter().all(|token| safe(token)), "{index:?}");
        prop_assert!(found(&piece, &index), "{piece} in {name}");
        prop_assert!(meant(&piece, &name, true));
    }

    #[test]
    fn any_head_or_tail_of_a_phone(
        phone in prop_oneof!["1[3-9][0-9]{9}", "0[3-9][0-9]{2}-[1-9][0-9]{6,7}", "0(10|2[0-9])[1-9][0-9]{7}", "\\+1[2-9][0-9]{9}", "400[0-9]{7}", "\\+852[2-9][0-9]{7}"],
        len in 3usize..16,
    ) {
        let e164 = phone_normalized(&phone).map_err(|e| TestCaseError::fail(format!("{phone} {e}")))?.e164;
        let index = phone_tokens(&e164);
        prop_assert!(index.len() <= 14 && index.iter().all(|token| safe(token)));
        let bare = home_digits(&e164);
        for digits in [bare.clone(), bare.trim_start_matches('0').to_owned()] {
            let len = len.min(digits.len());
            prop_assert!(found(&digits[..len], &index), "head {len} of {digits}");
            prop_assert!(found(&digits[digits.len() - len..], &index), "tail {len} of {digits}");
        }
        prop_assert!(found(&phone, &index), "{phone}");
        prop_assert!(found(&e164, &index), "{e164}");
        prop_assert!(found(&format!("00{}", &e164[1..]), &index), "00 {e164}");
        let spaced = format!("{} {} {}", &bare[..3], &bare[3..7], &bare[7..]);
        prop_assert!(found(&spaced, &index), "{}", spaced);
    }

    #[test]
    fn a_code_and_its_tails(unit in "[A-Z]{1,4}", number in 0u32..1_000_000) {
        let code = format!("C-{unit}-{number:06}");
        let index = code_tokens(&code);
        prop_assert!(index.len() <= 6 && index.iter().all(|token| safe(token)));
        for typed in [code.clone(), code.to_lowercase(), format!("{unit}{number}"), number.to_string(), code[code.len() - 3..].to_owned()] {
            prop_assert!(found(&typed, &index), "{typed} in {code}");
        }
    }

    #[test]
    fn any_head_of_an_address(address in "[a-z]{1,8}[._-]?[a-z0-9]{1,8}@[a-z0-9]{1,9}\\.(com|cn)", len in 1usize..30) {
        let index = email_tokens(&address);
        prop_assert!(index.len() <= 18 && index.iter().all(|token| safe(token)));
        let piece: String = address.chars().take(len).collect();
        prop_assert!(found(&piece, &index), "{piece} of {address}");
        let domain = &address[address.find('@').unwrap_or(0)..];
        prop_assert!(found(domain, &index));
    }

    /// Where the index alone is asked, it must be as exact as the judge.
    #[test]
    fn what_is_called_exact_is(name in han_name(), person: bool, other in han_name(), letter in "[a-z]") {
        let index = index_tokens(&name, person, None);
        let pair: String = other.chars().take(2).collect();
        for typed in [letter, pair] {
            prop_assert!(Sought::new(&typed).index_is_exact());
            prop_assert_eq!(found(&typed, &index), meant(&typed, &name, person), "{} in {}", typed, name);
        }
    }

    #[test]
    fn whatever_is_typed_gives_safe_tokens(typed in "\\PC{0,90}") {
        let query = query_tokens(&typed);
        prop_assert!(query.all_of.len() <= 32);
        prop_assert!(query.all_of.iter().flatten().all(|token| safe(token)), "{query:?}");
    }
}

#[test]
fn the_usual_ways_to_type_a_name() {
    let zhang_wei = index_tokens("张伟", true, None);
    for typed in [
        "张",
        "伟",
        "张伟",
        "张 伟",
        "zhangwei",
        "zhang wei",
        "zhangw",
        "zw",
        "wei",
        "ZhangWei",
        "z",
        "ｚｈａｎｇ",
        "张wei",
        "zhang伟",
    ] {
        assert!(found(typed, &zhang_wei), "{typed}");
    }
    for typed in ["weizhang", "李", "wz", "zhangli", "lw", "伟张", ""] {
        assert!(!found(typed, &zhang_wei), "{typed}");
    }
    let lv = index_tokens("吕布", true, None);
    assert!(["lv", "lu", "lü", "lvbu", "lubu", "lb"].iter().all(|typed| found(typed, &lv)));
    let company = index_tokens("北京星河（集团）有限公司", false, None);
    assert!(
        ["星河集团", "xinghe", "bjxh", "bjxhjt", "北京星河（集团）", "集团有限"]
            .iter()
            .all(|typed| found(typed, &company))
    );
    let xian = index_tokens("西安", false, None);
    assert!(["xian", "xi'an", "xa"].iter().all(|typed| found(typed, &xian)));
    let latin = index_tokens("O'Brien, Zoë", true, None);
    assert!(["obrien", "o'b", "zoe", "Zoë", "oz", "zoe obr"].iter().all(|typed| found(typed, &latin)));
    let bank = index_tokens("行云", false, None);
    assert!(["xing", "hang", "hangyun", "hy", "xy"].iter().all(|typed| found(typed, &bank)));
}

#[test]
fn phones_are_found_as_typed() {
    let mobile = phone_tokens("+8613812348888");
    for typed in ["138", "888", "8888", "+86 138", "+86 138 1234", "138-1234-8888", "1234", "１３８１２３４８８８８"]
    {
        assert!(found(typed, &mobile), "{typed}");
    }
    assert!(!found("139", &mobile) && !found("8889", &mobile) && !found("13", &mobile));
    assert!(query_tokens("8888").without(TokenClass::Phone).is_some_and(|query| !query.matches(&mobile)));
}
