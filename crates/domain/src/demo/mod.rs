//! Made-up people, companies, goods and purchases for demonstrations and load tests, the same for the same seed.
//!
//! Nobody in here exists: phones come from ranges that no carrier hands out, addresses end in `example.com`. Purchases
//! follow models fitted to real shoppers, so that every chart has something true to show. Callers store what they get.

mod catalogue;
mod companies;
mod customers;
mod history;
mod people;
mod places;
mod rng;

pub use catalogue::{Catalogue, DemoProduct, catalogue};
pub use companies::{DemoCompany, company};
pub use customers::{DemoContact, DemoCustomer, DemoIdentity, DemoPreference, DemoUnit, UNITS, customer, tag_names};
pub use history::{DemoLine, DemoOrder, Purchase, ShopperModel, orders, purchases};
pub use people::{DemoPerson, Gender, person};
pub use places::{DemoAddress, address, landline, mobile};
pub use rng::Rng;
