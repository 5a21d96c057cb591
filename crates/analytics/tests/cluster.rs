//! Groups of rows against what scikit-learn 1.9.1 finds, and what must hold of any groups.

use proptest::prelude::*;
use regulars_analytics::cluster::{Clustering, Model, clusters};

/// Fisher's irises (1936) as scikit-learn has them: 150 rows of four lengths in millimetres, two digits each.
const IRISES: &str = "\
    513514024930140247321302463115025036140254391704463414035034150244291402493115015437150248341602\
    483014014330110158401202574415045439130451351403573817035138150354341702513715044636100251331705\
    483419025030160250341604523515025234140247321602483116025434150452411501554214024931150250321202\
    553513024936140144301302513415025035130345231303443213025035160651381904483014035138160246321402\
    533715025033140270324714643245156931491555234013652846155728451363334716492433106629461352273914\
    502035105930421560224010612947145629361367314414563045155827411062224515562539115932481861284013\
    632549156128471264294313663044146828481467305017602945155726351055243811552437105827391260275116\
    543045156034451667314715632344135630411355254013552644126130461458264012502333105627421357304212\
    572942136229431351253011572841136333602558275119713059216329561865305822763066214925451773296318\
    672558187236612565325120642753196830552157255020582851246432532365305518773867227726692360225015\
    693257235628492077286720632749186733572172326018622848186130491864285621723058167428611979386420\
    642856226328511561265614773061236334562464315518603048186931542167315624693151235827511968325923\
    673357256730522363255019653052206234542359305118";

fn irises() -> Vec<(Vec<Option<f64>>, bool)> {
    let digits: Vec<f64> = IRISES.bytes().map(|digit| f64::from(digit - b'0')).collect();
    let values: Vec<f64> = digits.chunks_exact(2).map(|two| two[0] + two[1] / 10.0).collect();
    (0..4).map(|at| (values.iter().skip(at).step_by(4).map(|value| Some(*value)).collect(), false)).collect()
}

#[track_caller]
fn near(found: f64, known: f64) {
    assert!((found - known).abs() <= 1e-9 * known.abs(), "{found} is not {known}");
}

/// `StandardScaler`, `KMeans(k, n_init=200, tol=0)`, `silhouette_score` and `silhouette_samples` of scikit-learn.
#[test]
fn irises_fall_into_the_groups_that_scikit_learn_finds() {
    let two = clusters(&irises(), Some(2), 8).expect("groups");
    near(two.inertia, 222.361_704_965_023_02);
    near(two.silhouette, 0.581_750_049_198_280_8);
    assert_eq!(two.groups.iter().map(|group| group.size).collect::<Vec<_>>(), [100, 50]);
    let three = clusters(&irises(), Some(3), 8).expect("groups");
    near(three.inertia, 139.820_496_359_749_74);
    near(three.silhouette, 0.459_948_239_205_186_35);
    assert_eq!(three.groups.iter().map(|group| group.size).collect::<Vec<_>>(), [53, 50, 47]);
    let silhouettes = [0.393_377_210_558_142_5, 0.636_316_174_439_294_7, 0.347_392_234_026_205_3];
    for (group, known) in three.groups.iter().zip(silhouettes) {
        near(group.silhouette.expect("looked at"), known);
    }
    let means: Vec<f64> = three.groups[1].means.iter().map(|mean| mean.expect("known")).collect();
    for (found, known) in means.into_iter().zip([5.006, 3.428, 1.462, 0.246]) {
        near(found, known);
    }
    let proposed = clusters(&irises(), None, 8).expect("groups");
    assert_eq!(proposed.groups.len(), 2, "of 2 to 8 groups these stand apart best");
    assert_eq!(proposed.tried.iter().map(|(groups, _)| *groups).collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn what_tells_nothing_is_left_alone() {
    let same = vec![Some(7.0); 9];
    assert!(clusters(&[(same.clone(), false)], None, 8).is_none(), "no two rows differ");
    assert!(clusters(&[(Vec::new(), true)], Some(3), 8).is_none());
    assert!(clusters(&[], Some(3), 8).is_none());
    // A column that is the same for all divides nothing, and five rows of two kinds are two groups at most.
    let kinds = vec![Some(1.0), Some(1.0), Some(50.0), Some(50.0), Some(50.0), Some(1.0), Some(1.0), None, None];
    let found = clusters(&[(same, false), (kinds, false)], Some(5), 8).expect("groups");
    assert_eq!(found.groups.len(), 3, "and those of whom nothing is known, at the mean");
    assert_eq!(found.of, [0, 0, 1, 1, 1, 0, 0, 2, 2]);
    near(found.silhouette, 1.0);
    assert_eq!(found.groups[2].means[1], None);
    assert_eq!(found.inertia, 0.0);
}

#[test]
fn logarithms_keep_the_sign() {
    let column: Vec<Option<f64>> = [-1e6, -1e6 + 1.0, 1.0, 2.0, 1e6, 1e6 + 1.0].map(Some).to_vec();
    let found = clusters(&[(column, true)], Some(3), 8).expect("groups");
    assert_eq!(found.groups.len(), 3);
    assert_eq!((found.of[0], found.of[2], found.of[4]), (found.of[1], found.of[3], found.of[5]));
}

fn rows() -> impl Strategy<Value = Vec<(Option<i16>, i16, u8)>> {
    prop::collection::vec((prop::option::weighted(0.9, -300..300_i16), -50..50_i16, 0..4_u8), 0..200)
}

fn columns(rows: &[(Option<i16>, i16, u8)]) -> Vec<(Vec<Option<f64>>, bool)> {
    vec![
        (rows.iter().map(|row| row.0.map(f64::from)).collect(), true),
        (rows.iter().map(|row| Some(f64::from(row.1))).collect(), false),
        (rows.iter().map(|row| Some(f64::from(row.2))).collect(), false),
    ]
}

fn standard(model: &Model, columns: &[(Vec<Option<f64>>, bool)], row: usize) -> Vec<f64> {
    model.scales.iter().zip(columns).map(|(scale, (column, _))| scale.standard(column[row])).collect()
}

fn squared(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Every row is in the group whose centre is nearest, sizes and inertia are what the rows say, and the kept model
    /// says the same of each row again.
    #[test]
    fn every_row_is_where_it_is_nearest(rows in rows(), groups in prop::option::of(2..9_usize)) {
        let columns = columns(&rows);
        let Some(found) = clusters(&columns, groups, 8) else { return Ok(()) };
        let Clustering { model, of, .. } = &found;
        let mut inertia = 0.0;
        for (row, own) in of.iter().enumerate() {
            let place = standard(model, &columns, row);
            let distances: Vec<f64> = model.centres.iter().map(|centre| squared(&place, centre)).collect();
            let least = distances.iter().copied().fold(f64::INFINITY, f64::min);
            prop_assert!(distances[*own] <= least + 1e-9);
            inertia += distances[*own];
            let given: Vec<Option<f64>> = columns.iter().map(|(column, _)| column[row]).collect();
            prop_assert_eq!(model.nearest(&given), *own);
        }
        prop_assert!((inertia - found.inertia).abs() <= 1e-6 * (1.0 + inertia));
        prop_assert!((-1.0..=1.0).contains(&found.silhouette));
        let sizes: Vec<usize> =
            (0..found.groups.len()).map(|group| of.iter().filter(|own| **own == group).count()).collect();
        prop_assert_eq!(&sizes, &found.groups.iter().map(|group| group.size).collect::<Vec<_>>());
        prop_assert!(sizes.is_sorted_by(|one, next| one >= next));
        prop_assert!(groups.is_none_or(|groups| sizes.len() <= groups));
        prop_assert_eq!(clusters(&columns, groups, 8), Some(found));
    }

    /// Other units of a column that is looked at as it is change nothing of who is with whom.
    #[test]
    fn units_do_not_matter(rows in rows(), groups in 2..6_usize) {
        let columns = columns(&rows);
        let mut others = columns.clone();
        others[1].0.iter_mut().flatten().for_each(|value| *value *= 4.0);
        let of = |columns| clusters(columns, Some(groups), 8).map(|found| found.of);
        prop_assert_eq!(of(&columns), of(&others));
    }
}
