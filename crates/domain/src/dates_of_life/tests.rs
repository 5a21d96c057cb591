use super::*;
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn lunar(month: u8, day: u8, leap: bool) -> LunarDay {
    LunarDay { month, day, leap }
}

/// In the leap month when the year has it.
fn plain_in(lunar: LunarDay, year: i32) -> Option<NaiveDate> {
    lunar_in(lunar, LeapMonthPolicy::default(), year)
}

fn plain_next(lunar: LunarDay, from: NaiveDate) -> Option<NaiveDate> {
    lunar_next(lunar, LeapMonthPolicy::default(), from)
}

#[test]
fn leap_day_follows_the_policy() {
    let next = |policy, from| yearly_next(2, 29, policy, from);
    assert_eq!(next(LeapDayPolicy::Feb28, day(2025, 1, 1)), Some(day(2025, 2, 28)));
    assert_eq!(next(LeapDayPolicy::Mar1, day(2025, 1, 1)), Some(day(2025, 3, 1)));
    assert_eq!(next(LeapDayPolicy::Mar1, day(2025, 3, 1)), Some(day(2025, 3, 1)));
    assert_eq!(next(LeapDayPolicy::Feb28, day(2027, 3, 1)), Some(day(2028, 2, 29)));
    assert_eq!(next(LeapDayPolicy::Mar1, day(2028, 2, 1)), Some(day(2028, 2, 29)));
}

#[test]
fn yearly_dates_come_back() {
    assert_eq!(yearly_next(6, 8, LeapDayPolicy::Feb28, day(2025, 6, 8)), Some(day(2025, 6, 8)));
    assert_eq!(yearly_next(6, 8, LeapDayPolicy::Feb28, day(2025, 6, 9)), Some(day(2026, 6, 8)));
    assert_eq!(yearly_next(4, 31, LeapDayPolicy::Feb28, day(2025, 6, 9)), None);
    let wedding = LifeDate::yearly(day(1990, 12, 31));
    assert_eq!(wedding.next_on(day(2025, 12, 31)), Some(day(2025, 12, 31)));
    assert_eq!(wedding.years_on(day(2025, 12, 31)), Some(35));
    assert_eq!(wedding.next_on(day(1980, 1, 1)), Some(day(1990, 12, 31)), "nothing comes back before it was");
    let once = LifeDate { yearly: false, ..LifeDate::yearly(day(2025, 1, 1)) };
    assert_eq!((once.next_on(day(2025, 1, 1)), once.next_on(day(2025, 1, 2))), (Some(day(2025, 1, 1)), None));
}

#[test]
fn dates_without_a_year() {
    let of = |month, day| LifeDay::Gregorian { year: None, month, day };
    let yearly = |day| LifeDate { day, ..LifeDate::yearly(NaiveDate::default()) };
    assert_eq!(yearly(of(2, 29)).check(), Ok(()));
    assert_eq!(yearly(of(2, 30)).check(), Err(DateFault::NoSuchDay));
    let once = LifeDate { yearly: false, ..yearly(of(2, 29)) };
    assert_eq!(once.check(), Err(DateFault::YearMissing));
    assert_eq!(yearly(of(5, 1)).next_on(day(2026, 6, 1)), Some(day(2027, 5, 1)));
    assert_eq!(yearly(of(5, 1)).years_on(day(2027, 5, 1)), None);
    let mar1 = LifeDate { leap_day: LeapDayPolicy::Mar1, ..yearly(of(2, 29)) };
    assert_eq!(mar1.next_on(day(2026, 1, 1)), Some(day(2026, 3, 1)));
}

#[test]
fn lunar_dates_with_a_year() {
    let of = |year, lunar, yearly| {
        let day = LifeDay::Lunar { year: Some(year), day: lunar };
        LifeDate { day, yearly, ..LifeDate::yearly(NaiveDate::default()) }
    };
    let mid_autumn = of(1985, lunar(8, 15, false), true);
    assert_eq!(mid_autumn.check(), Ok(()));
    assert_eq!(mid_autumn.first(), Some(day(1985, 9, 29)));
    assert_eq!(mid_autumn.next_on(day(2026, 1, 1)), Some(day(2026, 9, 25)));
    assert_eq!(mid_autumn.years_on(day(2026, 9, 25)), Some(41));
    // The twelfth month ends in the next Gregorian year: the age is counted in lunar years.
    assert_eq!(of(1990, lunar(12, 8, false), true).years_on(day(2026, 1, 26)), Some(35));
    let once = of(2025, lunar(6, 1, true), false);
    assert_eq!(once.next_on(day(2025, 1, 1)), Some(day(2025, 7, 25)));
    assert_eq!(once.next_on(day(2025, 8, 1)), None);
    assert_eq!(of(2024, lunar(6, 1, true), true).check(), Err(DateFault::NoSuchDay), "2024 had no leap month");
    assert_eq!(of(2025, lunar(12, 30, false), true).check(), Err(DateFault::NoSuchDay), "its last month has 29 days");
    assert_eq!(of(1800, lunar(1, 1, false), true).check(), Err(DateFault::YearUnknown));
}

#[test]
fn leap_months_follow_the_policy() {
    let born = lunar(6, 1, true);
    let next = |policy, from| lunar_next(born, policy, from);
    assert_eq!(next(LeapMonthPolicy::LeapOrOrdinary, day(2025, 1, 1)), Some(day(2025, 7, 25)));
    assert_eq!(next(LeapMonthPolicy::Ordinary, day(2025, 1, 1)), Some(day(2025, 6, 25)));
    assert_eq!(next(LeapMonthPolicy::LeapOnly, day(2025, 1, 1)), Some(day(2025, 7, 25)));
    let plain = lunar_in(lunar(6, 1, false), LeapMonthPolicy::Ordinary, 2026);
    assert_eq!(next(LeapMonthPolicy::LeapOrOrdinary, day(2026, 1, 1)), plain);
    assert_eq!(next(LeapMonthPolicy::LeapOnly, day(2025, 8, 1)), Some(day(2036, 7, 23)));
    assert_eq!(lunar_next(lunar(11, 1, true), LeapMonthPolicy::LeapOnly, day(2034, 1, 1)), None, "not until 2128");
}

#[test]
fn every_leap_month_of_two_centuries() {
    // Purple Mountain Observatory: the lunar years with a leap month and its number, 1901–2100.
    const LEAPS: &str = "1903-5 1906-4 1909-2 1911-6 1914-5 1917-2 1919-7 1922-5 1925-4 1928-2 1930-6 1933-5 1936-3 1938-7 1941-6 \
         1944-4 1947-2 1949-7 1952-5 1955-3 1957-8 1960-6 1963-4 1966-3 1968-7 1971-5 1974-4 1976-8 1979-6 1982-4 \
         1984-10 1987-6 1990-5 1993-3 1995-8 1998-5 2001-4 2004-2 2006-7 2009-5 2012-4 2014-9 2017-6 2020-4 2023-2 \
         2025-6 2028-5 2031-3 2033-11 2036-6 2039-5 2042-2 2044-7 2047-5 2050-3 2052-8 2055-6 2058-4 2061-3 2063-7 \
         2066-5 2069-4 2071-8 2074-6 2077-4 2080-3 2082-7 2085-5 2088-4 2090-8 2093-6 2096-4 2099-2";
    let found: Vec<String> = LUNAR_YEARS
        .flat_map(|year| (1..=12).map(move |month| (year, month)))
        .filter(|(year, month)| lunar_exactly(lunar(*month, 1, true), *year).is_some())
        .map(|(year, month)| format!("{year}-{month}"))
        .collect();
    assert_eq!(found.join(" "), LEAPS);
}

#[test]
fn lunar_new_years_and_festivals() {
    for (year, month, date) in [
        (1901, 2, 19),
        (1949, 1, 29),
        (1985, 2, 20),
        (2000, 2, 5),
        (2023, 1, 22),
        (2024, 2, 10),
        (2025, 1, 29),
        (2026, 2, 17),
        (2027, 2, 6),
        (2033, 1, 31),
        (2034, 2, 19),
        (2050, 1, 23),
        (2100, 2, 9),
    ] {
        assert_eq!(plain_in(lunar(1, 1, false), year), Some(day(year, month, date)), "{year}");
    }
    for (year, month, date) in [(2024, 9, 17), (2025, 10, 6), (2026, 9, 25)] {
        assert_eq!(plain_in(lunar(8, 15, false), year), Some(day(year, month, date)), "mid-autumn {year}");
    }
    assert_eq!(plain_in(lunar(5, 5, false), 2025), Some(day(2025, 5, 31)));
}

#[test]
fn lunar_days_in_words() {
    for (day, zh, en) in [
        (lunar(8, 15, false), "八月十五", "8/15"),
        (lunar(6, 1, true), "闰六月初一", "6/1 (leap)"),
        (lunar(12, 30, false), "腊月三十", "12/30"),
        (lunar(1, 10, false), "正月初十", "1/10"),
        (lunar(11, 20, false), "冬月二十", "11/20"),
        (lunar(10, 23, false), "十月廿三", "10/23"),
    ] {
        assert_eq!((lunar_words(day, false).as_str(), lunar_words(day, true).as_str()), (zh, en));
    }
}

#[test]
fn leap_months() {
    assert_eq!(plain_in(lunar(2, 1, true), 2023), Some(day(2023, 3, 22)));
    assert_eq!(plain_in(lunar(6, 1, true), 2025), Some(day(2025, 7, 25)));
    assert_eq!(plain_in(lunar(6, 1, false), 2025), Some(day(2025, 6, 25)));
    assert_eq!(plain_in(lunar(11, 1, true), 2033), Some(day(2033, 12, 22)));
    assert_eq!(plain_in(lunar(6, 1, true), 2026), plain_in(lunar(6, 1, false), 2026));
    assert_eq!(lunar_of(day(2025, 7, 25)), Some((2025, lunar(6, 1, true))));
    assert_eq!(lunar_of(day(2026, 1, 26)), Some((2025, lunar(12, 8, false))));
}

#[test]
fn lunar_days_at_the_end_of_the_year() {
    assert_eq!(plain_next(lunar(12, 8, false), day(2025, 1, 20)), Some(day(2026, 1, 26)));
    assert_eq!(plain_next(lunar(12, 8, false), day(2025, 1, 7)), Some(day(2025, 1, 7)));
    assert_eq!(plain_next(lunar(12, 30, false), day(2025, 1, 1)), Some(day(2025, 1, 28)), "the 29th is the last day");
    assert_eq!(plain_next(lunar(13, 1, false), day(2025, 1, 1)), None);
    assert_eq!(plain_next(lunar(1, 1, false), day(2200, 1, 1)), None);
}

proptest! {
    #[test]
    fn every_date_is_found_again(offset in 0u64..69_000) {
        let date = day(1910, 1, 1) + chrono::Days::new(offset);
        let (_, lunar) = lunar_of(date).ok_or_else(|| TestCaseError::fail("out of range"))?;
        prop_assert_eq!(plain_next(lunar, date), Some(date));
        let next = plain_next(lunar, date + chrono::Days::new(1)).ok_or_else(|| TestCaseError::fail("no next"))?;
        prop_assert!(lunar.leap || (353..=385).contains(&(next - date).num_days()), "{date} {next}");
    }
}
