//! Taking on customers in steps: templates say what is asked, a qualification holds what was found, proposed and decided.

pub mod approver;
pub mod record;
pub mod template;
pub mod view;
pub(crate) mod waiting;
mod work;

pub use waiting::qualifications_waiting;
pub use work::{
    QualificationDecisionInput, QualificationStart, QualificationStep, QualificationWithdrawalInput,
    qualification_complete, qualification_decide, qualification_propose, qualification_start, qualification_update,
    qualification_withdraw,
};
