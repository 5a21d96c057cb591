//! How many requests a second a caller may make: a bucket that fills at the rate and holds a burst (the generic cell rate
//! algorithm). What other nodes let through is charged afterwards and may put a bucket into debt.

/// A burst is as much as so many seconds allow.
pub const BURST_SECONDS: u32 = 4;

const SECOND: i64 = 1_000_000_000;
const BURST: i64 = BURST_SECONDS as i64 * SECOND;

/// Requests a second, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate(u32);

/// One caller's account. Times are nanoseconds of a clock that only goes forward.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bucket {
    /// When it is full again.
    full_at: i64,
}

impl Rate {
    /// Nothing for 0, which means no limit.
    pub fn per_second(requests: u32) -> Option<Self> {
        (requests > 0).then_some(Self(requests))
    }

    pub fn requests(self) -> u32 {
        self.0
    }

    /// The most that may come at once.
    pub fn burst(self) -> u32 {
        self.0.saturating_mul(BURST_SECONDS)
    }

    fn cost(self) -> i64 {
        SECOND / i64::from(self.0)
    }

    /// Takes one request: how many more there are room for, or in how many nanoseconds there is room for one.
    pub fn take(self, bucket: &mut Bucket, now: i64) -> Result<u32, i64> {
        let full_at = bucket.full_at.max(now) + self.cost();
        let over = full_at - now - BURST;
        if over > 0 {
            return Err(over);
        }
        bucket.full_at = full_at;
        Ok(u32::try_from(-over / self.cost()).unwrap_or(u32::MAX))
    }

    /// Charges what was let through elsewhere. The debt ends at a burst, so that nobody waits longer than that.
    pub fn charge(self, bucket: &mut Bucket, requests: i64, now: i64) {
        let full_at = bucket.full_at.max(now).saturating_add(requests.saturating_mul(self.cost()));
        bucket.full_at = full_at.min(now + 2 * BURST);
    }
}

impl Bucket {
    /// Nothing was taken for so long that it need not be kept.
    pub fn is_full(&self, now: i64) -> bool {
        self.full_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes as many as there is room for.
    fn drain(rate: Rate, bucket: &mut Bucket, now: i64) -> u32 {
        (0..).take_while(|_| rate.take(bucket, now).is_ok()).count() as u32
    }

    #[test]
    fn a_burst_then_the_rate() {
        for requests in [1, 3, 100, 7_000] {
            let rate = Rate::per_second(requests).expect("a limit");
            let mut bucket = Bucket::default();
            assert_eq!(drain(rate, &mut bucket, SECOND), rate.burst());
            assert_eq!(drain(rate, &mut bucket, SECOND), 0);
            assert_eq!(drain(rate, &mut bucket, 2 * SECOND), requests, "a second gives {requests}");
            assert_eq!(drain(rate, &mut bucket, 100 * SECOND), rate.burst(), "no more than a burst is saved");
        }
    }

    #[test]
    fn what_is_left_and_how_long_to_wait() {
        let rate = Rate::per_second(2).expect("a limit");
        let mut bucket = Bucket::default();
        assert_eq!(rate.take(&mut bucket, 0), Ok(7));
        rate.charge(&mut bucket, 6, 0);
        assert_eq!(rate.take(&mut bucket, 0), Ok(0));
        assert_eq!(rate.take(&mut bucket, 0), Err(SECOND / 2));
        assert_eq!(rate.take(&mut bucket, SECOND / 2), Ok(0));
    }

    #[test]
    fn debt_is_paid_before_anything_is_let_through_and_ends_at_a_burst() {
        let rate = Rate::per_second(10).expect("a limit");
        let mut bucket = Bucket::default();
        assert_eq!(drain(rate, &mut bucket, 0), 40);
        rate.charge(&mut bucket, 20, 0);
        assert_eq!(rate.take(&mut bucket, 2 * SECOND), Err(SECOND / 10));
        assert_eq!(drain(rate, &mut bucket, 3 * SECOND), 10);
        rate.charge(&mut bucket, i64::MAX, 3 * SECOND);
        assert_eq!(drain(rate, &mut bucket, 7 * SECOND), 0);
        assert_eq!(drain(rate, &mut bucket, 8 * SECOND), 10);
    }
}
