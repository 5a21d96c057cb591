//! Purchases of shoppers who come back, and stop coming, as real ones do.
//!
//! When: BG/NBD (Fader, Hardie & Lee 2005) — purchases at a rate λ ~ Gamma(r, α) a week, after each repeat purchase the
//! shopper leaves with probability p ~ Beta(a, b). How much: Gamma-Gamma (Fader & Hardie 2013) — a shopper's scale
//! ν ~ Gamma(q, γ), each spend ~ Gamma(p, ν). The default parameters are those fitted to the CDNOW sample.

use chrono::{Days, NaiveDate};

use super::catalogue::Catalogue;
use super::rng::Rng;

/// Parameters of both models; time in weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShopperModel {
    /// Shape of the purchase rate.
    pub r: f64,
    /// Rate parameter of the purchase rate, weeks.
    pub alpha: f64,
    /// First shape of the leaving probability.
    pub a: f64,
    /// Second shape of the leaving probability.
    pub b: f64,
    /// Shape of a spend.
    pub p: f64,
    /// Shape of the shopper's scale.
    pub q: f64,
    /// Rate parameter of the shopper's scale, in the model's money.
    pub gamma: f64,
    /// Fen for one unit of the model's money.
    pub fen: f64,
}

impl Default for ShopperModel {
    fn default() -> Self {
        Self { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259, p: 6.25, q: 3.74, gamma: 15.44, fen: 300.0 }
    }
}

/// One purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchase {
    /// Day.
    pub on: NaiveDate,
    /// Amount in fen.
    pub spend: i64,
}

/// All purchases of one shopper whose first one is on `first_on`, up to and including `until`.
pub fn purchases(rng: &mut Rng, model: &ShopperModel, first_on: NaiveDate, until: NaiveDate) -> Vec<Purchase> {
    let weekly = rng.gamma(model.r) / model.alpha;
    let leaving = rng.beta(model.a, model.b);
    let scale = rng.gamma(model.q) / model.gamma;
    let horizon = (until - first_on).num_days();
    let mut out = Vec::new();
    let mut weeks = 0.0;
    loop {
        let day = (weeks * 7.0) as i64;
        if day > horizon {
            return out;
        }
        let spend = rng.gamma(model.p) / scale * model.fen;
        let on = first_on + Days::new(day as u64);
        out.push(Purchase { on, spend: (spend.round() as i64).max(100) });
        let repeated = out.len() > 1;
        if weekly <= f64::MIN_POSITIVE || (repeated && rng.chance(leaving)) {
            return out;
        }
        weeks += rng.exponential(weekly);
    }
}

/// One order with its lines. Money in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOrder {
    /// Business day.
    pub on: NaiveDate,
    /// Minute of the day, within opening hours.
    pub minute: u16,
    /// `store`, `miniprogram`, `phone` or `website`.
    pub channel: &'static str,
    /// At least one line.
    pub lines: Vec<DemoLine>,
    /// Line that was brought back some days later, if any.
    pub returned_line: Option<usize>,
    /// Whether it is paid; company accounts sometimes are not yet.
    pub paid: bool,
}

impl DemoOrder {
    /// Sum of the lines before discounts.
    pub fn gross(&self) -> i64 {
        self.lines.iter().map(|line| line.price * i64::from(line.quantity)).sum()
    }

    /// Sum of the discounts.
    pub fn discount(&self) -> i64 {
        self.lines.iter().map(|line| line.discount).sum()
    }
}

/// One line of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoLine {
    /// Index into [`Catalogue::products`].
    pub product: usize,
    /// Whole units.
    pub quantity: u32,
    /// Price of one unit.
    pub price: i64,
    /// Taken off the line.
    pub discount: i64,
}

/// Turns a shopper's purchases into orders of goods worth about as much; every shopper has favourites.
pub fn orders(rng: &mut Rng, catalogue: &Catalogue, purchases: &[Purchase], company: bool) -> Vec<DemoOrder> {
    let favourites: Vec<usize> = (0..4).map(|_| catalogue.draw(rng)).collect();
    let bargain_hunter = rng.chance(0.2);
    let last = purchases.len().saturating_sub(1);
    let order = |(at, purchase): (usize, &Purchase)| {
        let mut lines = basket(rng, catalogue, &favourites, purchase.spend);
        if rng.chance(if bargain_hunter { 0.6 } else { 0.12 }) {
            let percent = rng.between(5, 20);
            lines.iter_mut().for_each(|line| line.discount = line.price * i64::from(line.quantity) * percent / 100);
        }
        DemoOrder {
            on: purchase.on,
            minute: rng.between(450, 1_290) as u16,
            channel: channel(rng, company),
            returned_line: rng.chance(0.015).then(|| rng.below(lines.len())),
            paid: !(company && at == last && rng.chance(0.5)),
            lines,
        }
    };
    purchases.iter().enumerate().map(order).collect()
}

fn channel(rng: &mut Rng, company: bool) -> &'static str {
    let (store, miniprogram, phone) = if company { (0.2, 0.2, 0.4) } else { (0.65, 0.25, 0.03) };
    match rng.unit() {
        draw if draw < store => "store",
        draw if draw < store + miniprogram => "miniprogram",
        draw if draw < store + miniprogram + phone => "phone",
        _ => "website",
    }
}

fn basket(rng: &mut Rng, catalogue: &Catalogue, favourites: &[usize], spend: i64) -> Vec<DemoLine> {
    let mut lines: Vec<DemoLine> = Vec::new();
    let mut left = spend;
    for _ in 0..12 {
        let favourite = rng.chance(0.5).then(|| rng.pick(favourites).copied()).flatten();
        let product = favourite.unwrap_or_else(|| catalogue.draw(rng));
        let price = catalogue.products[product].price;
        if price > left + left / 10 {
            continue;
        }
        let most = (left / price).clamp(1, if spend > 50_000 { 30 } else { 3 });
        let quantity = rng.between(1, most) as u32;
        left -= price * i64::from(quantity);
        match lines.iter_mut().find(|line| line.product == product) {
            Some(line) => line.quantity += quantity,
            None => lines.push(DemoLine { product, quantity, price, discount: 0 }),
        }
        if left < spend / 10 {
            break;
        }
    }
    if lines.is_empty() {
        let nearest = catalogue.products.iter().enumerate().min_by_key(|(_, product)| (product.price - spend).abs());
        lines.extend(nearest.map(|(product, goods)| DemoLine {
            product,
            quantity: 1,
            price: goods.price,
            discount: 0,
        }));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::catalogue::catalogue;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    /// E[X(t)] of a random shopper: Fader, Hardie & Lee 2005, equation 9.
    fn expected_repeats(model: &ShopperModel, weeks: f64) -> f64 {
        let (a, b, z) = (model.a, model.b, weeks / (model.alpha + weeks));
        let mut term = 1.0;
        let mut series = 1.0;
        for k in 0..2_000 {
            let k = f64::from(k);
            term *= (model.r + k) * (b + k) / ((a + b - 1.0 + k) * (k + 1.0)) * z;
            series += term;
        }
        (a + b - 1.0) / (a - 1.0) * (1.0 - (model.alpha / (model.alpha + weeks)).powf(model.r) * series)
    }

    #[test]
    fn shoppers_follow_the_models() {
        let model = ShopperModel { fen: 1_000.0, ..ShopperModel::default() };
        let (first, until) = (day(2024, 1, 1), day(2024, 9, 30));
        let weeks = ((until - first).num_days() + 1) as f64 / 7.0;
        let shoppers = 40_000u32;
        let (mut repeats, mut never, mut spend, mut count) = (0usize, 0u32, 0i64, 0usize);
        for row in 0..shoppers {
            let list = purchases(&mut Rng::of_row(11, 1, row.into()), &model, first, until);
            repeats += list.len() - 1;
            never += u32::from(list.len() == 1);
            spend += list[0].spend;
            count += 1;
            assert!(list.windows(2).all(|pair| pair[0].on <= pair[1].on) && list[0].on == first);
        }
        let mean = repeats as f64 / f64::from(shoppers);
        assert!(
            (mean / expected_repeats(&model, weeks) - 1.0).abs() < 0.04,
            "{mean} {}",
            expected_repeats(&model, weeks)
        );
        let silent = f64::from(never) / f64::from(shoppers);
        assert!((silent - (model.alpha / (model.alpha + weeks)).powf(model.r)).abs() < 0.01, "{silent}");
        let money = spend as f64 / count as f64 / 1_000.0;
        assert!((money / (model.p * model.gamma / (model.q - 1.0)) - 1.0).abs() < 0.03, "{money}");
    }

    #[test]
    fn baskets_cost_about_the_spend() {
        let catalogue = catalogue();
        let mut rng = Rng::of_row(5, 1, 1);
        let wanted: Vec<Purchase> = (1..2_000).map(|k| Purchase { on: day(2024, 1, 1), spend: 900 + k * 17 }).collect();
        let orders = orders(&mut rng, &catalogue, &wanted, false);
        let gross: i64 = orders.iter().map(DemoOrder::gross).sum();
        let spend: i64 = wanted.iter().map(|purchase| purchase.spend).sum();
        assert!((gross as f64 / spend as f64 - 1.0).abs() < 0.12, "{gross} {spend}");
        assert!(orders.iter().all(|order| !order.lines.is_empty() && order.discount() <= order.gross() / 5));
        assert!(orders.iter().all(|order| order.returned_line.is_none_or(|line| line < order.lines.len())));
    }
}
