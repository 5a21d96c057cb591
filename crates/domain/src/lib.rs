pub mod dates_of_life;
pub mod naming;
