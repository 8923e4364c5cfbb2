//! The token that custom actions send in `X-ZIS-Authorization`, by which a receiver knows where a request comes from.
//!
//! Documented is the header, and that an RSA key belongs to each integration. Algorithm, claims and lifetime are guesses.
//! The key is made from the integration's name, so it is the same on every machine: it lets a receiver be tried out, and
//! proves nothing. The token carries its public half.

use crate::Value;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::sha2::{Digest, Sha256};
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use std::time::{SystemTime, UNIX_EPOCH};

/// How long a token is good for, in seconds.
const LIFETIME: u64 = 300;
const KEY_BITS: usize = 2048;

/// The key of an integration.
#[derive(Debug)]
pub(crate) struct Identity {
    key: SigningKey<Sha256>,
    public: Value,
}

impl Identity {
    /// The local key of this integration; nothing where none could be made.
    pub(crate) fn of(integration: &str) -> Option<Self> {
        let seed = Sha256::digest(format!("local key of the integration {integration}"));
        let key = RsaPrivateKey::new(&mut ChaCha20Rng::from_seed(seed.into()), KEY_BITS).ok()?;
        let number = |number: &rsa::BigUint| Value::from(URL_SAFE_NO_PAD.encode(number.to_bytes_be()));
        let public = Value::object([("kty", Value::from("RSA")), ("n", number(key.n())), ("e", number(key.e()))]);
        Some(Self { key: SigningKey::new(key), public })
    }

    /// A token for one request.
    pub(crate) fn token(&self, integration: &str, account_id: &Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let time = |seconds: u64| Value::Integer(i64::try_from(seconds).unwrap_or(i64::MAX));
        let header =
            Value::object([("alg", Value::from("RS256")), ("typ", Value::from("JWT")), ("jwk", self.public.clone())]);
        let claims = Value::object([
            ("iss", Value::from("zis")),
            ("aud", Value::from(integration)),
            ("iat", time(now)),
            ("exp", time(now + LIFETIME)),
            ("account_id", account_id.clone()),
            ("integration", Value::from(integration)),
        ]);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_json());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = self.key.sign(signed.as_bytes()).to_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::pkcs1v15::{Signature, VerifyingKey};
    use rsa::signature::{Keypair, Verifier};

    #[test]
    fn a_token_can_be_checked_and_the_key_stays() {
        let identity = Identity::of("acme").expect("a key");
        assert_eq!(identity.public, Identity::of("acme").expect("a key").public);
        let token = identity.token("acme", &Value::Integer(7));
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
        let key: VerifyingKey<Sha256> = identity.key.verifying_key();
        let signature = Signature::try_from(&signature[..]).expect("a signature");
        assert!(key.verify(signed.as_bytes(), &signature).is_ok());
        let claims = signed.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).expect("claims");
        let claims = Value::from_json_text(&String::from_utf8(claims).expect("text")).expect("JSON");
        assert_eq!(claims.get("account_id"), Some(&Value::Integer(7)));
        assert_eq!(claims.get("aud").and_then(Value::as_str), Some("acme"));
    }
}
