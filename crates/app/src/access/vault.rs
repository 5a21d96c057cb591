//! Secrets that are computed with, kept in the database under a key that is not in it: of one-time codes and of
//! webhooks. Each is sealed with AES-256-GCM for its row, so that it opens nowhere else. What lay there openly is sealed
//! at the start, what a former key sealed is sealed anew; with a key that opens nothing the program doesn't start.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use chrono::{DateTime, Utc};
use regulars_persistence::access::company::{secret_ensure, secret_put};
use regulars_persistence::access::second_factor::{factor_delete, factor_secret_set, factors_all};
use regulars_persistence::platform::webhook::{webhook_secrets_set, webhooks_all, webhooks_stop};
use regulars_persistence::types::AnyId;
use regulars_persistence::{Database, Db};
use sha2::{Digest, Sha256};

use super::token::{hex, random_bytes};
use crate::{AppError, AppResult, Config};

/// The key's file in the data directory, read by its owner only.
pub const KEY_FILE: &str = "secret.key";
const KEY_BYTES: usize = 32;
/// What a sealed secret begins with: this, and the mark of its key.
const MAGIC: &[u8] = b"RGS1";
const MARK_BYTES: usize = 4;
/// The name under which the database remembers which key seals.
const REMEMBERED: &str = "sealing_key";
/// Why a webhook stands still whose secret nobody can read.
pub const SECRET_LOST: &str = "secret_lost";

/// A key of 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone)]
struct Key {
    mark: Vec<u8>,
    bytes: [u8; KEY_BYTES],
}

impl Key {
    fn of(bytes: [u8; KEY_BYTES]) -> Self {
        Self { mark: Sha256::digest(bytes)[..MARK_BYTES].to_vec(), bytes }
    }

    fn parse(text: &str) -> AppResult<Self> {
        let text = text.trim();
        let digits: Option<Vec<u8>> =
            (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
        let bytes = digits.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self::of).ok_or_else(|| {
            AppError::Internal("the secret key must be 64 hexadecimal digits, as `openssl rand -hex 32` gives".into())
        })
    }

    fn cipher(&self) -> AppResult<LessSafeKey> {
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.bytes).map_err(AppError::internal)?))
    }
}

/// The key that seals, and former ones that still open.
#[derive(Clone)]
pub struct Vault(Arc<[Key]>);

/// What a secret belongs to.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    SecondFactor(uuid::Uuid),
    Webhook(uuid::Uuid),
}

impl Holder {
    fn words(self) -> String {
        match self {
            Self::SecondFactor(id) => format!("second_factor/{id}"),
            Self::Webhook(id) => format!("webhook/{id}"),
        }
    }
}

impl Vault {
    /// Finds the key, or makes it where a single node may, and seals with it whatever is not. `forget` gives up what no
    /// known key opens: those second factors are gone, those webhooks stand still with new secrets.
    pub fn open(db: &Database, config: &Config, now: DateTime<Utc>) -> AppResult<Self> {
        let vault = Self(keys(config)?.into());
        let (within, forget, shared) = (vault.clone(), config.forget_secrets, !db.is_sqlite());
        db.write(move |tx| {
            let lost = within.lost(tx)?;
            let mark = within.0[0].mark.clone();
            let remembered = secret_ensure(tx, REMEMBERED, mark.clone(), now)?;
            let known = within.0.iter().any(|key| key.mark == remembered);
            if !forget && (!lost.is_empty() || (shared && !known)) {
                return Err(AppError::Internal(refusal(&remembered)));
            }
            within.give_up(tx, &lost, now)?;
            secret_put(tx, REMEMBERED, mark, now)?;
            within.reseal(tx)
        })?;
        Ok(vault)
    }

    pub fn seal(&self, holder: Holder, secret: &[u8]) -> AppResult<Vec<u8>> {
        let key = &self.0[0];
        let nonce = random_bytes::<NONCE_LEN>();
        let mut sealed = secret.to_vec();
        key.cipher()?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(holder.words().as_bytes()),
                &mut sealed,
            )
            .map_err(AppError::internal)?;
        Ok([MAGIC, &key.mark, &nonce, &sealed].concat())
    }

    pub fn unseal(&self, holder: Holder, sealed: &[u8]) -> AppResult<Vec<u8>> {
        let refused = || AppError::Internal("a secret can't be opened with the keys this node has".into());
        let rest = sealed.strip_prefix(MAGIC).ok_or_else(refused)?;
        let (mark, rest) = rest.split_at_checked(MARK_BYTES).ok_or_else(refused)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(refused)?;
        let key = self.0.iter().find(|key| key.mark == mark).ok_or_else(refused)?;
        let mut secret = rest.to_vec();
        let length = key
            .cipher()?
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(holder.words().as_bytes()), &mut secret)
            .map_err(|_| refused())?
            .len();
        secret.truncate(length);
        Ok(secret)
    }

    /// Secrets that are sealed, and not openable here.
    fn lost(&self, tx: &mut Db) -> AppResult<Vec<Holder>> {
        let sealed =
            |secret: &[u8]| secret.starts_with(MAGIC) && secret.len() > MAGIC.len() + MARK_BYTES + NONCE_LEN + 16;
        let closed = |holder: Holder, secret: &[u8]| sealed(secret) && self.unseal(holder, secret).is_err();
        let factors = factors_all(tx)?.into_iter().filter_map(|row| {
            let holder = Holder::SecondFactor(row.user_id.0);
            closed(holder, &row.secret).then_some(holder)
        });
        let mut lost: Vec<Holder> = factors.collect();
        lost.extend(webhooks_all(tx)?.into_iter().filter_map(|row| {
            let holder = Holder::Webhook(row.id.0);
            let previous = row.previous_secret.as_deref().is_some_and(|secret| closed(holder, secret));
            (previous || closed(holder, &row.secret)).then_some(holder)
        }));
        Ok(lost)
    }

    fn give_up(&self, tx: &mut Db, lost: &[Holder], now: DateTime<Utc>) -> AppResult<()> {
        for holder in lost {
            match holder {
                Holder::SecondFactor(id) => drop(factor_delete(tx, regulars_domain::ids::UserId(*id))?),
                Holder::Webhook(id) => {
                    let fresh = self.seal(*holder, &random_bytes::<KEY_BYTES>())?;
                    webhook_secrets_set(tx, regulars_domain::ids::WebhookId(*id), fresh, None)?;
                    webhooks_stop(tx, &[AnyId(*id)], SECRET_LOST, now)?;
                }
            }
        }
        Ok(())
    }

    /// Seals with the present key what lies open or is under a former one.
    fn reseal(&self, tx: &mut Db) -> AppResult<()> {
        let present = [MAGIC, &self.0[0].mark].concat();
        let anew = |holder: Holder, secret: &[u8]| {
            let open = self.unseal(holder, secret).unwrap_or_else(|_| secret.to_vec());
            self.seal(holder, &open)
        };
        let stands = |secret: &[u8]| secret.starts_with(&present);
        for row in factors_all(tx)?.into_iter().filter(|row| !stands(&row.secret)) {
            let sealed = anew(Holder::SecondFactor(row.user_id.0), &row.secret)?;
            factor_secret_set(tx, row.user_id, sealed)?;
        }
        for row in webhooks_all(tx)? {
            let previous = row.previous_secret.as_deref();
            if stands(&row.secret) && previous.is_none_or(stands) {
                continue;
            }
            let holder = Holder::Webhook(row.id.0);
            let previous = previous.map(|secret| anew(holder, secret)).transpose()?;
            webhook_secrets_set(tx, row.id, anew(holder, &row.secret)?, previous)?;
        }
        Ok(())
    }
}

fn refusal(mark: &[u8]) -> String {
    format!(
        "the secrets in this database are sealed with another key ({}): give it in REGULARS_SECRET_KEY or put its file \
         {KEY_FILE} into the data directory; several nodes share one key. If it is lost, start once with \
         --forget-secrets: second factors are then set up anew and webhooks get new secrets",
        hex(mark)
    )
}

/// The present key first.
fn keys(config: &Config) -> AppResult<Vec<Key>> {
    let mut given = config.secret_keys.iter().map(|text| Key::parse(text)).collect::<AppResult<Vec<_>>>()?;
    if given.is_empty() {
        given.push(key_beside(&config.data_dir)?);
    }
    Ok(given)
}

/// The key in the data directory; made when there is none.
fn key_beside(directory: &Path) -> AppResult<Key> {
    let path = directory.join(KEY_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => return Key::parse(&text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(AppError::Internal(format!("cannot read {}: {error}", path.display()))),
    }
    std::fs::create_dir_all(directory).map_err(AppError::internal)?;
    let fresh = Key::of(random_bytes::<KEY_BYTES>());
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    match made {
        Ok(mut file) => {
            writeln!(file, "{}", hex(&fresh.bytes)).and_then(|()| file.sync_all()).map_err(AppError::internal)?;
            Ok(fresh)
        }
        // Another start made it meanwhile.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Key::parse(&std::fs::read_to_string(&path).map_err(AppError::internal)?)
        }
        Err(error) => Err(AppError::Internal(format!("cannot write {}: {error}", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_secret_opens_with_its_key_for_its_holder_only() {
        let (old, new) = (Key::of([7; 32]), Key::of([9; 32]));
        let (before, after) = (Vault([old.clone()].into()), Vault([new.clone(), old].into()));
        let (ann, ben) = (Holder::SecondFactor(Uuid::from_u128(1)), Holder::SecondFactor(Uuid::from_u128(2)));
        let sealed = before.seal(ann, b"a secret").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(after.unseal(ann, &sealed).unwrap(), b"a secret");
        assert!(after.unseal(ben, &sealed).is_err() && Vault([new].into()).unseal(ann, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert!(before.unseal(ann, &broken).is_err() && before.unseal(ann, &sealed[..at]).is_err());
        }
        assert_ne!(before.seal(ann, b"a secret").unwrap(), sealed, "never the same twice");
    }

    #[test]
    fn keys_are_64_digits() {
        assert!(Key::parse(&format!(" {}\n", "0f".repeat(32))).is_ok());
        for wrong in ["", "0f", &"0g".repeat(32), &"0f".repeat(33), &"é".repeat(32)] {
            assert!(Key::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_file_is_made_once_and_read_by_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let made = key_beside(directory.path()).unwrap();
        assert_eq!(key_beside(directory.path()).unwrap().bytes, made.bytes);
        let mode = std::fs::metadata(directory.path().join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
