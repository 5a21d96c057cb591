//! Bill-paying programmes: which order lines are bills, what they tell of each customer, the model of each programme.
//! Bills are left out of what BG/NBD looks at, which is for customers who need not say that they leave.

pub mod bills;
pub mod fit;
pub mod settings;
pub mod view;
