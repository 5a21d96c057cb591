//! What must hold for any population.

use proptest::prelude::*;
use regulars_analytics::abc::{Abc, AbcCuts, abc, abc_overview, abc_within};
use regulars_analytics::rank::{Better, percentiles};
use regulars_analytics::rfm::quintile_each;
use regulars_analytics::value::{ValueCutoffs, ValueWeights, values};

fn quintiles(column: &[i64], better: Better) -> Vec<u8> {
    let mut out = vec![0; column.len()];
    quintile_each(column, better, |row, score| out[row] = score);
    out
}

proptest! {
    #[test]
    fn quintiles_follow_their_definition(column in prop::collection::vec(-9i64..9, 1..60)) {
        for (row, score) in quintiles(&column, Better::More).into_iter().enumerate() {
            let worse = column.iter().filter(|other| **other < column[row]).count();
            prop_assert_eq!(usize::from(score), 1 + 5 * worse / column.len());
        }
        let turned: Vec<i64> = column.iter().map(|value| -value).collect();
        prop_assert_eq!(quintiles(&column, Better::Less), quintiles(&turned, Better::More));
    }

    #[test]
    fn abc_follows_its_definition(column in prop::collection::vec(-3i64..1000, 0..60), a in 1u16..5000, more in 1u16..5000) {
        let cuts = AbcCuts { a, b: a + more };
        prop_assert!(cuts.is_valid());
        let ids: Vec<usize> = (0..column.len()).collect();
        let classes = abc(&ids, &column, cuts);
        let total: i64 = column.iter().map(|value| (*value).max(0)).sum();
        for row in ids.iter().copied() {
            let ahead = |other: &&usize| (column[**other], row) > (column[row], **other);
            let before: i64 = ids.iter().filter(ahead).map(|other| column[*other].max(0)).sum();
            let expected = if column[row] <= 0 || before * 10_000 >= i64::from(cuts.b) * total {
                Abc::C
            } else if before * 10_000 < i64::from(cuts.a) * total {
                Abc::A
            } else {
                Abc::B
            };
            prop_assert_eq!(classes[row], expected);
        }
        prop_assert_eq!(abc_overview(&classes, &column).iter().map(|bucket| bucket.count).sum::<u64>(), column.len() as u64);
        prop_assert_eq!(abc_within(&vec![7; column.len()], &ids, &column, cuts), classes);
    }

    #[test]
    fn percentiles_rise_with_the_value(column in prop::collection::vec(-9i32..9, 2..60)) {
        let column: Vec<f64> = column.into_iter().map(f64::from).collect();
        let ranked = percentiles(&column);
        for one in 0..column.len() {
            prop_assert!((0.0..=100.0).contains(&ranked[one]));
            for other in 0..column.len() {
                prop_assert_eq!(column[one].partial_cmp(&column[other]), ranked[one].partial_cmp(&ranked[other]));
            }
        }
        let mean = ranked.iter().sum::<f64>() / ranked.len() as f64;
        prop_assert!((mean - 50.0).abs() < 1e-9);
    }

    #[test]
    fn more_of_a_part_never_lowers_the_class(sales in prop::collection::vec(0u16..99, 1..60), unknown in prop::collection::vec(any::<bool>(), 60)) {
        let sales: Vec<f64> = sales.into_iter().map(f64::from).collect();
        let credit: Vec<f64> = sales.iter().zip(&unknown).map(|(_, gone)| if *gone { f64::NAN } else { 1.0 }).collect();
        let weights = ValueWeights::default();
        let out = values(sales.len(), [&sales, &[], &[], &credit, &[]], &weights, &ValueCutoffs::default());
        for (one, value) in out.iter().enumerate() {
            prop_assert!(value.score.is_some_and(|score| (0.0..=100.0 + 1e-9).contains(&score)));
            for (other, rival) in out.iter().enumerate() {
                if unknown[one] == unknown[other] && sales[one] > sales[other] {
                    prop_assert!(value.class <= rival.class);
                }
            }
        }
    }
}
