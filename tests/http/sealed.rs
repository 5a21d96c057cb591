//! Secrets at rest: nothing that signs in or signs is readable in the database, what lay there openly is sealed at the
//! next start, and with another key the program doesn't start.

use regulars_api::http::call::now;
use regulars_app::{App, AppError, Config};
use regulars_persistence::access::second_factor::{factor_secret_set, factors_all};
use regulars_persistence::platform::webhook::{webhook_secrets_set, webhooks_all};
use regulars_persistence::{Database, Db, Location};
use regulars_tests::receiver::Receiver;
use regulars_tests::{Site, both};
use serde_json::json;

use crate::second_factor::{enrolled, sign_in};
use crate::webhooks::{endpoint, follow};

both!(
    nothing_lies_open_and_what_does_is_sealed_at_the_start,
    another_key_opens_nothing_and_is_refused,
    a_new_key_takes_over_from_the_former,
);

fn again(site: &Site, keys: &[&str], forget: bool) -> Result<App, AppError> {
    let url = match site.app.db().location() {
        Location::Sqlite(place) | Location::Postgres(place) => place.clone(),
    };
    let config = Config {
        data_dir: site.app.config().data_dir.clone(),
        secret_keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        forget_secrets: forget,
        ..Config::default()
    };
    App::start(Database::open(&url, 2).expect("a database"), config, now())
}

/// What is stored: of second factors, then of webhooks.
fn stored(site: &Site) -> Vec<Vec<u8>> {
    let read = |db: &mut Db| {
        let mut all: Vec<Vec<u8>> = factors_all(db)?.into_iter().map(|row| row.secret).collect();
        all.extend(webhooks_all(db)?.into_iter().map(|row| row.secret));
        Ok::<_, AppError>(all)
    };
    site.app.db().read(read).expect("a database")
}

fn nothing_lies_open_and_what_does_is_sealed_at_the_start(site: &Site) {
    let receiver = Receiver::start();
    let clerk = enrolled(site.person("clerk", "member"));
    let made = endpoint(&site.founder(), &receiver);
    assert!(made["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
    let sealed = stored(site);
    assert_eq!(sealed.len(), 2);
    for secret in &sealed {
        assert!(
            secret.starts_with(b"RGS1")
                && !secret.windows(8).any(|part| clerk.secret.windows(8).any(|open| open == part))
        );
    }
    // As it was before there was a key.
    let open = clerk.secret.clone();
    site.app
        .db()
        .write(move |tx: &mut Db| {
            let user = factors_all(tx)?[0].user_id;
            factor_secret_set(tx, user, open.clone())?;
            let webhook = webhooks_all(tx)?[0].id;
            webhook_secrets_set(tx, webhook, vec![7; 32], Some(vec![8; 32]))?;
            Ok::<_, AppError>(())
        })
        .expect("a database");
    again(site, &[], false).expect("the same key, from its file");
    assert!(stored(site).iter().all(|secret| secret.starts_with(b"RGS1")));
    let code = regulars_domain::totp::code_at(&clerk.secret, clerk.step + 1);
    sign_in(site, "clerk", Some(&code)).expect(201);
    site.founder().post("/customers", json!({"kind": "person", "name": "王芳"})).expect(201);
    follow(site);
    assert!(!receiver.taken().is_empty(), "messages are signed with what was sealed");
}

fn another_key_opens_nothing_and_is_refused(site: &Site) {
    enrolled(site.person("clerk", "member"));
    let receiver = Receiver::start();
    let founder = site.founder();
    endpoint(&founder, &receiver);
    let other = "0f".repeat(32);
    let refused = again(site, &[&other], false).err().expect("refused");
    assert!(refused.to_string().contains("REGULARS_SECRET_KEY"), "{refused}");
    assert!(again(site, &["short"], false).is_err());
    again(site, &[&other], true).expect("given up");
    sign_in(site, "clerk", None).expect(201);
    let webhook = founder.get("/webhooks").ok(200)["items"][0].clone();
    assert_eq!((&webhook["active"], &webhook["stopped_for"]), (&json!(false), &json!("secret_lost")));
    again(site, &[&other], false).expect("from now on the other key");
}

fn a_new_key_takes_over_from_the_former(site: &Site) {
    let clerk = enrolled(site.person("clerk", "member"));
    let (new, file) = ("0f".repeat(32), site.app.config().data_dir.join("secret.key"));
    let former = std::fs::read_to_string(file).expect("the key's file");
    let before = stored(site);
    again(site, &[&new, former.trim()], false).expect("both are known");
    assert_ne!(stored(site), before);
    let app = again(site, &[&new], false).expect("the new one alone");
    drop(app);
    assert!(again(site, &[former.trim()], false).is_err(), "the former opens nothing any more");
    assert_eq!(clerk.recovery.len(), 10);
}
