//! The sales pipeline: stages and what they mean, what an opportunity must have to enter one, and the figures that a
//! stage's history gives.

/// What a stage means, whatever the company calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageStatus {
    Open,
    Won,
    Lost,
    /// Put aside, to be taken up again.
    Dormant,
}

impl StageStatus {
    pub const KEYS: [&'static str; 4] = ["open", "won", "lost", "dormant"];
    const ALL: [Self; 4] = [Self::Open, Self::Won, Self::Lost, Self::Dormant];

    pub fn key(self) -> &'static str {
        Self::KEYS[self as usize]
    }

    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }

    /// Won and lost end an opportunity; it can be taken up again.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Won | Self::Lost)
    }
}

/// Whether somebody has looked into it: a lead is not yet an opportunity. One record is first the one, then the other.
pub const KINDS: [&str; 2] = ["lead", "opportunity"];
pub const LEAD: &str = "lead";
pub const OPPORTUNITY: &str = "opportunity";

/// What is noted of a customer's mind.
pub const NOTE_KINDS: [&str; 3] = ["need", "motive", "resistance"];
pub const NOTE_STATUSES: [&str; 2] = ["open", "answered"];

/// A step of the development plan.
pub const STEP_STATUSES: [&str; 3] = ["open", "done", "dropped"];
/// How a plan ended.
pub const PLAN_OUTCOMES: [&str; 2] = ["success", "stop"];

/// Steps that must be done before a stage is entered.
pub const STEPS_ASKED: [&str; 3] = ["none", "required", "all"];

/// What a stage can ask for: the key, the member it is about, the code of what is missing.
pub const CRITERIA: [(&str, &str, &str); 9] = [
    ("qualified", "/type", "stage_needs_qualified"),
    ("customer", "/customer_id", "stage_needs_customer"),
    ("contacts", "/contacts", "stage_needs_contacts"),
    ("owner", "/owner_id", "stage_needs_owner"),
    ("amount", "/amount", "stage_needs_amount"),
    ("expected_close", "/expected_close", "stage_needs_expected_close"),
    ("source", "/source", "stage_needs_source"),
    ("needs", "/notes", "stage_needs_needs"),
    ("resistances_answered", "/notes", "stage_needs_answers"),
];

/// A step as the entry to a stage looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepStand {
    pub title: String,
    pub required: bool,
    pub done: bool,
}

/// What an opportunity has, as the entry to a stage looks at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpportunityStand {
    pub qualified: bool,
    pub customer: bool,
    pub contacts: bool,
    pub owner: bool,
    pub amount: bool,
    pub expected_close: bool,
    pub source: bool,
    pub needs: bool,
    pub open_resistances: bool,
    pub steps: Vec<StepStand>,
}

/// Something a stage asks for that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub pointer: &'static str,
    pub code: &'static str,
    /// The titles of the steps that are not done.
    pub steps: Option<String>,
}

/// What is missing for a stage that asks for these criteria and steps.
pub fn missing(criteria: &[String], steps: &str, stand: &OpportunityStand) -> Vec<Missing> {
    let has = |key: &str| match key {
        "qualified" => stand.qualified,
        "customer" => stand.customer,
        "contacts" => stand.contacts,
        "owner" => stand.owner,
        "amount" => stand.amount,
        "expected_close" => stand.expected_close,
        "source" => stand.source,
        "needs" => stand.needs,
        "resistances_answered" => !stand.open_resistances,
        _ => true,
    };
    let asked = CRITERIA.iter().filter(|(key, ..)| criteria.iter().any(|asked| asked == key));
    let mut missing: Vec<Missing> =
        asked.filter(|(key, ..)| !has(key)).map(|&(_, pointer, code)| Missing { pointer, code, steps: None }).collect();
    let counts = |step: &&StepStand| steps == "all" || (steps == "required" && step.required);
    let undone: Vec<&str> =
        stand.steps.iter().filter(counts).filter(|step| !step.done).map(|step| step.title.as_str()).collect();
    if !undone.is_empty() {
        missing.push(Missing { pointer: "/steps", code: "stage_needs_steps", steps: Some(undone.join(", ")) });
    }
    missing
}

/// A part of an amount in minor units, rounded half up: what it is worth with this chance in percent.
pub fn weighted(amount: i64, probability: i64) -> i64 {
    let worth = (i128::from(amount) * i128::from(probability) + 50).div_euclid(100);
    i64::try_from(worth).unwrap_or(i64::MAX)
}

/// The median of values told as (value, how many); the mean of the two in the middle where their number is even.
pub fn median(counted: &[(i64, i64)]) -> Option<f64> {
    let mut counted: Vec<(i64, i64)> = counted.iter().copied().filter(|(_, many)| *many > 0).collect();
    counted.sort_unstable();
    let total: i64 = counted.iter().map(|(_, many)| many).sum();
    let at = |place: i64| {
        let mut passed = 0;
        counted.iter().find_map(|(value, many)| {
            passed += many;
            (passed > place).then_some(*value)
        })
    };
    #[expect(clippy::cast_precision_loss, reason = "hours in a stage are far below 2^52")]
    let mean = |low: i64, high: i64| (low + high) as f64 / 2.0;
    Some(mean(at((total - 1).max(0) / 2)?, at(total / 2)?))
}

/// A stage that the company begins with.
pub struct FirstStage {
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub status: StageStatus,
    /// In percent.
    pub probability: i64,
    pub criteria: &'static [&'static str],
    pub steps: &'static str,
}

const fn first(
    (name_zh, name_en): (&'static str, &'static str),
    status: StageStatus,
    probability: i64,
    criteria: &'static [&'static str],
    steps: &'static str,
) -> FirstStage {
    FirstStage { name_zh, name_en, status, probability, criteria, steps }
}

pub const FIRST_STAGES: [FirstStage; 7] = [
    first(("新线索", "New"), StageStatus::Open, 10, &[], "none"),
    first(("确认需求", "Qualified"), StageStatus::Open, 25, &["qualified", "customer"], "none"),
    first(("方案报价", "Proposal"), StageStatus::Open, 50, &["customer", "amount", "expected_close"], "none"),
    first(("商务谈判", "Negotiation"), StageStatus::Open, 75, &["customer", "amount", "expected_close"], "required"),
    first(("赢单", "Won"), StageStatus::Won, 100, &["customer", "amount"], "none"),
    first(("输单", "Lost"), StageStatus::Lost, 0, &[], "none"),
    first(("搁置", "Dormant"), StageStatus::Dormant, 5, &[], "none"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(criteria: &[&str], steps: &str, stand: &OpportunityStand) -> Vec<&'static str> {
        let criteria: Vec<String> = criteria.iter().map(|key| (*key).to_string()).collect();
        missing(&criteria, steps, stand).into_iter().map(|one| one.code).collect()
    }

    #[test]
    fn stages_say_what_is_missing() {
        let nothing = OpportunityStand::default();
        let all: Vec<&str> = CRITERIA.iter().map(|(key, ..)| *key).collect();
        assert_eq!(codes(&all, "all", &nothing).len(), CRITERIA.len() - 1, "no resistance is open");
        assert_eq!(codes(&["amount", "customer"], "none", &nothing), ["stage_needs_customer", "stage_needs_amount"]);
        let resisting = OpportunityStand { open_resistances: true, ..nothing.clone() };
        assert_eq!(codes(&["resistances_answered"], "none", &resisting), ["stage_needs_answers"]);
        let full = OpportunityStand {
            qualified: true,
            customer: true,
            contacts: true,
            owner: true,
            amount: true,
            expected_close: true,
            source: true,
            needs: true,
            ..nothing
        };
        assert!(codes(&all, "all", &full).is_empty());
    }

    #[test]
    fn steps_hold_up_what_asks_for_them() {
        let step = |title: &str, required, done| StepStand { title: title.into(), required, done };
        let stand = OpportunityStand {
            steps: vec![step("Visit", true, true), step("Sample", true, false), step("Dinner", false, false)],
            ..OpportunityStand::default()
        };
        for (asked, undone) in [("none", None), ("required", Some("Sample")), ("all", Some("Sample, Dinner"))] {
            let steps = missing(&[], asked, &stand).pop().and_then(|one| one.steps);
            assert_eq!(steps.as_deref(), undone, "{asked}");
        }
    }

    #[test]
    fn the_first_stages_are_sound() {
        for stage in &FIRST_STAGES {
            assert!(stage.criteria.iter().all(|key| CRITERIA.iter().any(|(known, ..)| known == key)));
            assert!(STEPS_ASKED.contains(&stage.steps) && (0..=100).contains(&stage.probability));
        }
        for key in StageStatus::KEYS {
            assert_eq!(StageStatus::parse(key).map(StageStatus::key), Some(key));
        }
    }

    #[test]
    fn medians_of_counted_values() {
        for (counted, want) in [
            (&[][..], None),
            (&[(5, 1)], Some(5.0)),
            (&[(9, 1), (1, 1)], Some(5.0)),
            (&[(1, 3), (100, 2)], Some(1.0)),
            (&[(1, 2), (4, 2)], Some(2.5)),
            (&[(3, 0), (7, 1)], Some(7.0)),
        ] {
            assert_eq!(median(counted), want, "{counted:?}");
        }
        assert_eq!((weighted(101, 50), weighted(99, 25), weighted(10, 0)), (51, 25, 0));
    }
}
