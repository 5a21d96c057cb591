//! Signatures as the Standard Webhooks specification (https://www.standardwebhooks.com) has them: version 1,
//! HMAC-SHA256 over id, timestamp and body, with secrets written `whsec_` and base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// A secret as its endpoint's keeper writes it down.
pub fn secret_text(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// The bytes of a written secret.
pub fn secret_bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.strip_prefix(PREFIX)?).ok()
}

/// One signature: `v1,` and base64. `timestamp` is in seconds of the Unix epoch.
pub fn signature(secret: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The header's value: a signature with each secret that is valid, the newest first.
pub fn signatures(secrets: &[&[u8]], id: &str, timestamp: i64, body: &str) -> String {
    let all: Vec<String> = secrets.iter().map(|secret| signature(secret, id, timestamp, body)).collect();
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the test suites of the specification's reference libraries (github.com/standard-webhooks).
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &str = r#"{"test": 2432232314}"#;
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_published_message_has_its_published_signature() {
        let secret = secret_bytes(SECRET).expect("a secret");
        assert_eq!(signature(&secret, ID, 1_614_265_330, BODY), SIGNED);
        assert_ne!(signature(&secret, ID, 1_614_265_331, BODY), SIGNED);
        assert_ne!(signature(&secret, "msg_other", 1_614_265_330, BODY), SIGNED);
    }

    #[test]
    fn secrets_are_written_and_read() {
        let secret = secret_bytes(SECRET).expect("a secret");
        assert_eq!(secret_text(&secret), SECRET);
        assert_eq!(secret_bytes("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), None);
        assert_eq!(secret_bytes("whsec_%%%"), None);
    }

    #[test]
    fn every_valid_secret_signs() {
        let (new, old) = (b"new".as_slice(), b"old".as_slice());
        let both = signatures(&[new, old], ID, 7, BODY);
        assert_eq!(both, format!("{} {}", signature(new, ID, 7, BODY), signature(old, ID, 7, BODY)));
    }
}
