//! Notices: reminders and tasks given by others are told to one person, once; what was read stays read.

use chrono::{DateTime, Days, Duration, TimeDelta, Utc};
use regulars_app::activities::task::remind::reminders_tell;
use regulars_app::platform::notice::notices_forget;
use regulars_app::upkeep::upkeep_step;
use regulars_tests::{Client, Site, both};
use serde_json::{Value, json};

use crate::customers::id;

both!(
    a_reminder_comes_once_at_its_time,
    what_recurs_reminds_each_time,
    what_ended_reminds_of_nothing,
    who_is_given_a_task_is_told,
    notices_are_read_one_by_one_or_all,
    notices_are_ones_own,
    an_open_screen_hears_of_a_notice,
);

/// So many days from now in Shanghai, where the company is.
fn in_days(days: u64) -> String {
    ((Utc::now() + Duration::hours(8)).date_naive() + Days::new(days)).to_string()
}

fn task(client: &Client, more: Value) -> Value {
    let mut body = json!({"title": "Ring"});
    body.as_object_mut().expect("a body").extend(more.as_object().expect("more").clone());
    client.post("/tasks", body).ok(201)
}

fn remind_at(task: &Value) -> DateTime<Utc> {
    task["remind_at"].as_str().expect("a reminder").parse().expect("an instant")
}

fn remind(site: &Site, at: DateTime<Utc>) {
    reminders_tell(&site.app, at).expect("reminders");
}

fn notices(client: &Client) -> Vec<Value> {
    client.all("/notices", 2)
}

fn unread(client: &Client) -> Value {
    client.get("/notices/unread").ok(200)["unread"].clone()
}

fn person(site: &Site, founder: &Client, login: &str, role: &str) -> (Client, Value) {
    let user = founder.user_new(login, &founder.place().1, &[&founder.role(role)]);
    (site.sign_in(login), user["id"].clone())
}

fn a_reminder_comes_once_at_its_time(site: &Site) {
    let founder = site.founder();
    let made =
        task(&founder, json!({"title": "Ring Wang", "due_on": in_days(3), "due_time": "14:30", "remind_minutes": 15}));
    task(&founder, json!({"title": "Nobody asked", "due_on": in_days(3)}));
    let at = remind_at(&made);
    remind(site, at - TimeDelta::seconds(1));
    assert_eq!(notices(&founder), Vec::<Value>::new(), "its time has not come");
    remind(site, at);
    remind(site, at + TimeDelta::minutes(3));
    let told = notices(&founder);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((&told[0]["kind"], &told[0]["read_at"]), (&json!("task_reminder"), &Value::Null));
    assert_eq!(
        told[0]["params"],
        json!({"task_id": made["id"], "title": "Ring Wang", "due_on": made["due_on"], "due_time": "14:30"})
    );
    assert_eq!(told[0]["link"], format!("/tasks?task={}", id(&made)));
    // Another title leaves the reminder as it was given; another time is another reminder.
    let named = founder.patch(&format!("/tasks/{}", id(&made)), &json!(1), json!({"title": "Ring Li"})).ok(200);
    remind(site, at + TimeDelta::hours(1));
    assert_eq!(notices(&founder).len(), 1);
    let place = format!("/tasks/{}/snooze", id(&named));
    let later = founder.post(&place, json!({"due_on": in_days(4)})).ok(200);
    remind(site, remind_at(&later) - TimeDelta::seconds(1));
    assert_eq!(notices(&founder).len(), 1, "not yet");
    remind(site, remind_at(&later));
    remind(site, remind_at(&later));
    let told = notices(&founder);
    assert_eq!((told.len(), &told[0]["params"]["title"]), (2, &json!("Ring Li")), "the newest first");
}

fn what_recurs_reminds_each_time(site: &Site) {
    let founder = site.founder();
    let mut at = task(
        &founder,
        json!({"due_on": in_days(1), "due_time": "09:00", "remind_minutes": 60, "recurrence": "FREQ=DAILY"}),
    );
    for count in 1..=3 {
        for _ in 0..2 {
            remind(site, remind_at(&at));
        }
        let told = notices(&founder);
        assert_eq!(told.len(), count, "one for each occurrence");
        assert_eq!(told[0]["params"]["due_on"], at["due_on"]);
        let done = founder.post(&format!("/tasks/{}/completion", id(&at)), json!({})).ok(200);
        at = founder.get(&format!("/tasks/{}", done["next_id"].as_str().expect("the next"))).ok(200);
    }
}

fn what_ended_reminds_of_nothing(site: &Site) {
    let founder = site.founder();
    let new = || task(&founder, json!({"due_on": in_days(2), "remind_minutes": 30}));
    let (done, cancelled, deleted) = (new(), new(), new());
    founder.post(&format!("/tasks/{}/completion", id(&done)), json!({})).expect(200);
    founder.post(&format!("/tasks/{}/completion", id(&cancelled)), json!({"cancelled": true})).expect(200);
    founder.delete(&format!("/tasks/{}", id(&deleted)), &json!(1)).expect(204);
    // The moment had passed when it was noted: whoever noted it knows.
    task(&founder, json!({"due_on": "2020-01-01", "remind_minutes": 30}));
    remind(site, remind_at(&done) + TimeDelta::hours(1));
    assert_eq!(notices(&founder), Vec::<Value>::new());
}

fn who_is_given_a_task_is_told(site: &Site) {
    let founder = site.founder();
    let (chen, chen_id) = person(site, &founder, "chen", "member");
    let (wu, wu_id) = person(site, &founder, "wu", "member");
    let given = task(&founder, json!({"title": "Bring samples", "owner_id": chen_id, "due_on": "2031-03-05"}));
    let told = notices(&chen);
    assert_eq!((told.len(), &told[0]["kind"]), (1, &json!("task_given")));
    assert_eq!(told[0]["params"]["by"], "林晓");
    assert_eq!(
        (&told[0]["params"]["title"], &told[0]["params"]["due_on"]),
        (&json!("Bring samples"), &json!("2031-03-05"))
    );
    task(&chen, json!({"title": "Of my own"}));
    let place = format!("/tasks/{}", id(&given));
    founder.patch(&place, &json!(1), json!({"remarks": "two"})).expect(200);
    assert_eq!(notices(&chen).len(), 1, "neither one's own nor what one has already");
    founder.patch(&place, &json!(2), json!({"owner_id": wu_id})).expect(200);
    founder.patch(&place, &json!(3), json!({"owner_id": chen_id})).expect(200);
    assert_eq!((notices(&chen).len(), notices(&wu).len()), (2, 1), "given back is given again");
    assert_eq!(notices(&founder), Vec::<Value>::new());
}

fn notices_are_read_one_by_one_or_all(site: &Site) {
    let founder = site.founder();
    let (chen, chen_id) = person(site, &founder, "chen", "member");
    for number in 0..5 {
        task(&founder, json!({"title": format!("{number}"), "owner_id": chen_id}));
    }
    assert_eq!(unread(&chen), 5);
    let told = notices(&chen);
    let titles: Vec<&Value> = told.iter().map(|one| &one["params"]["title"]).collect();
    assert_eq!(titles, ["4", "3", "2", "1", "0"], "pages of two, the newest first");
    let place = format!("/notices/{}/reading", id(&told[1]));
    let read = chen.post(&place, json!(null)).ok(200);
    assert!(read["read_at"].is_string());
    assert_eq!(chen.post(&place, json!(null)).ok(200)["read_at"], read["read_at"], "it was read when it was read");
    assert_eq!(unread(&chen), 4);
    assert_eq!(chen.all("/notices?filter[unread]=true", 2).len(), 4);
    assert_eq!(chen.all("/notices?filter[unread]=false", 2).len(), 1);
    // What came while one looked stays unread.
    let left = chen.post("/notices/reading", json!({"up_to": told[2]["id"]})).ok(200);
    assert_eq!(left["unread"], 1);
    assert_eq!(chen.post("/notices/reading", json!({})).ok(200)["unread"], 0);
    assert_eq!(notices(&chen).len(), 5);
    notices_forget(&site.app, Utc::now() + TimeDelta::days(100)).expect("nothing old");
    assert_eq!(notices(&chen).len(), 5);
    notices_forget(&site.app, Utc::now() + TimeDelta::days(200)).expect("all old");
    assert_eq!(notices(&chen), Vec::<Value>::new());
}

fn notices_are_ones_own(site: &Site) {
    let founder = site.founder();
    let (chen, chen_id) = person(site, &founder, "chen", "member");
    task(&founder, json!({"title": "Yours", "owner_id": chen_id}));
    let yours = notices(&chen)[0].clone();
    assert_eq!(notices(&founder), Vec::<Value>::new(), "not even who gave the task reads it");
    founder.post(&format!("/notices/{}/reading", id(&yours)), json!(null)).expect(404);
    founder.post("/notices/reading", json!({"up_to": yours["id"]})).expect(422);
    assert_eq!(unread(&chen), 1);
    let key = chen.key_new(&["activities:task:read", "activities:task:write"]);
    key.get("/notices").expect(403);
    key.get("/notices/unread").expect(403);
    site.anonymous().get("/notices").expect(401);
}

fn an_open_screen_hears_of_a_notice(site: &Site) {
    let founder = site.founder();
    let (chen, chen_id) = person(site, &founder, "chen", "member");
    let mine = task(&chen, json!({"due_on": in_days(1), "remind_minutes": 0}));
    let others = task(&founder, json!({"due_on": in_days(1), "remind_minutes": 0}));
    while upkeep_step(&site.app).expect("upkeep") {}
    let mut events = chen.events("/live");
    remind(site, remind_at(&mine).max(remind_at(&others)));
    while upkeep_step(&site.app).expect("upkeep") {}
    let own = notices(&chen)[0].clone();
    let (_, hint) = events.find(|(name, _)| name == "changed").expect("a hint");
    assert_eq!(hint, json!({"kind": "notice", "id": own["id"]}), "the other's is not told");
    task(&founder, json!({"owner_id": chen_id}));
    while upkeep_step(&site.app).expect("upkeep") {}
    let told: Vec<Value> =
        events.filter(|(name, _)| name == "changed").take(2).map(|(_, hint)| hint["kind"].clone()).collect();
    assert_eq!(told, ["notice", "task"], "the task and that it was given");
}
