//! Passwords: Argon2id (19 MiB, 2 passes, 1 lane), a few at a time, the same work for unknown users.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use parking_lot::{Condvar, Mutex};
use regulars_domain::error::Checks;

use crate::{AppError, AppResult};

/// Shortest password taken, in characters.
pub const MIN_LENGTH: usize = 10;
const MAX_LENGTH: usize = 256;

pub struct Passwords {
    free: Mutex<usize>,
    freed: Condvar,
    /// Verified against when nobody has the login.
    decoy: String,
}

impl Passwords {
    pub fn new(concurrency: usize) -> AppResult<Self> {
        let decoy = hash_now(&super::token::random_secret())?;
        Ok(Self { free: Mutex::new(concurrency.max(1)), freed: Condvar::new(), decoy })
    }

    fn in_turn<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut free = self.free.lock();
        while *free == 0 {
            self.freed.wait(&mut free);
        }
        *free -= 1;
        drop(free);
        let result = work();
        *self.free.lock() += 1;
        self.freed.notify_one();
        result
    }

    pub fn hash(&self, password: &str) -> AppResult<String> {
        self.in_turn(|| hash_now(password))
    }

    /// Whether the password matches; without a hash the same work is done and the answer is no.
    pub fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy);
        let matches = self.in_turn(|| {
            PasswordHash::new(hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        });
        matches && known
    }
}

fn hash_now(password: &str) -> AppResult<String> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(AppError::internal)
}

/// Long enough, not absurdly long, not the login itself.
pub fn password_check(checks: &mut Checks, pointer: &str, password: &str, login: &str) {
    let length = password.chars().count();
    if length < MIN_LENGTH {
        checks.fail_with(pointer, "too_short", MIN_LENGTH);
    }
    if length > MAX_LENGTH {
        checks.fail_with(pointer, "too_long", MAX_LENGTH);
    }
    if password.eq_ignore_ascii_case(login) {
        checks.fail(pointer, "password_is_login");
    }
}
