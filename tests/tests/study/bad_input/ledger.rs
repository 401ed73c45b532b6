//! The points ledger: rule sets nobody should publish, caps under pressure, what is taken back.

use dangjian_domain::op::{Action, MakeAppeal, PublishRules, ReverseEntry};
use dangjian_domain::points::rules::RuleSet;
use dangjian_domain::rows::LedgerEntry;
use dangjian_domain::rule::Refusal;
use dangjian_tests::study::{OFFICER, REVIEWER, SECRETARY, learner};

use super::desk::{accepted, consequences, credited, desk, entries, goes_on, hour, refused, study, whole};

fn publish(text: String) -> Action {
    Action::PublishRules(PublishRules { text })
}

/// The default rules of a later day, with this changed in the rule for minutes of reading.
fn changed(points: &str) -> String {
    RuleSet::DEFAULT_TEXT
        .replacen("effective_from = 2026-01-01", "effective_from = 2026-11-25", 1)
        .replacen("version = \"2026.1\"", "version = \"2026.2\"", 1)
        .replacen("every = 60_000\npoints = 1\n", &format!("every = 60_000\npoints = {points}\n"), 1)
}

#[test]
fn rules_of_no_points_of_too_many_or_of_the_past_are_not_published() {
    let (mut office, _) = desk();
    let mut officer = office.phone(OFFICER);
    // A deduction has no cap; this one has.
    for points in ["-1", "0", "1_000_000_000_000", "9_223_372_036_854_775_808", "1.5", "nan"] {
        refused(&mut office, &mut officer, &publish(changed(points)), Refusal::RulesInvalid);
    }
    let long = format!("{:#<1$}", changed("2"), 12 * 1024 + 1);
    for text in [String::new(), "schema = 1".into(), long] {
        refused(&mut office, &mut officer, &publish(text), Refusal::RulesInvalid);
    }
    let today = changed("2").replacen("2026-11-25", "2026-11-24", 1);
    refused(&mut office, &mut officer, &publish(today), Refusal::RulesInPast);
    let same = changed("2").replacen("version = \"2026.2\"", "version = \"2026.1\"", 1);
    refused(&mut office, &mut officer, &publish(same), Refusal::Duplicate);
    for (who, text) in [(REVIEWER, changed("2")), (SECRETARY, changed("2")), (learner(0), changed("2"))] {
        let mut phone = office.phone(who);
        refused(&mut office, &mut phone, &publish(text), Refusal::NotAllowed);
    }
    accepted(&mut office, &mut officer, &publish(changed("2")));
    goes_on(&mut office);
}

#[test]
fn a_retired_rule_gives_nothing_any_more_and_keeps_what_it_gave() {
    let (mut office, mut phone) = desk();
    let mut officer = office.phone(OFFICER);
    office.pass_ms(120_000);
    let record = whole(&phone, hour(0), office.now.plus_ms(-120_000), 120);
    accepted(&mut office, &mut phone, &study(record));
    let before = entries(&office, learner(0));
    assert_eq!(
        before.iter().map(|entry| (entry.rule.as_str(), entry.points)).collect::<Vec<_>>(),
        [("read_minutes", 2)]
    );
    let text = changed("1");
    let (from, to) =
        (text.find("[[rules]]\nid = \"read_minutes\"").unwrap(), text.find("[[rules]]\nid = \"read_item\"").unwrap());
    accepted(&mut office, &mut officer, &publish([&text[..from], &text[to..]].concat()));
    office.pass_ms(86_400_000);
    let record = whole(&phone, hour(0), office.now.plus_ms(-120_000), 120);
    accepted(&mut office, &mut phone, &study(record));
    assert_eq!((credited(&office, learner(0)).0, entries(&office, learner(0))), (240, before));
    goes_on(&mut office);
}

#[test]
fn two_devices_in_one_moment_share_one_cap() {
    let (mut office, mut phone) = desk();
    let mut second = office.phone(learner(0));
    office.pass_ms(600_000);
    let here = study(whole(&phone, hour(0), office.now.plus_ms(-600_000), 300));
    let there = study(whole(&second, hour(1), office.now.plus_ms(-300_000), 300));
    let (here, there) = (phone.next_push(office.now, &[here]), second.next_push(office.now, &[there]));
    let (here, there) = (phone.exchange(&mut office, Some(here)), second.exchange(&mut office, Some(there)));
    assert_eq!((office.send(&here).status, office.send(&there).status), (200, 200));
    // Ten minutes, six points: five and the one that is left.
    let points: Vec<i64> = entries(&office, learner(0)).iter().map(|entry| entry.points).collect();
    assert_eq!((points.iter().sum::<i64>(), points.len(), credited(&office, learner(0)).0), (6, 2, 600));
    // Taking one back makes no room for another.
    let mut officer = office.phone(OFFICER);
    let entry = entries(&office, learner(0)).into_iter().find(|entry| entry.points == 5).unwrap();
    accepted(&mut office, &mut officer, &reverse(entry.id));
    office.pass_ms(300_000);
    let more = whole(&phone, hour(0), office.now.plus_ms(-300_000), 300);
    accepted(&mut office, &mut phone, &study(more));
    assert_eq!(entries(&office, learner(0)).iter().map(|entry| entry.points).sum::<i64>(), 1);
    goes_on(&mut office);
}

fn reverse(entry: dangjian_domain::id::RowId) -> Action {
    Action::ReverseEntry(ReverseEntry { entry, reason: "记录有误".into() })
}

#[test]
fn a_posting_is_taken_back_once_by_who_may_and_a_reversal_never() {
    let (mut office, mut phone) = desk();
    office.pass_ms(300_000);
    let record = whole(&phone, hour(0), office.now.plus_ms(-300_000), 300);
    accepted(&mut office, &mut phone, &study(record));
    let entry = entries(&office, learner(0))[0].clone();
    // The member, another member, the secretary of another branch.
    for who in [learner(0), learner(1), SECRETARY] {
        let mut phone = office.phone(who);
        refused(&mut office, &mut phone, &reverse(entry.id), Refusal::NotAllowed);
    }
    let mut reviewer = office.phone(REVIEWER);
    refused(&mut office, &mut reviewer, &reverse(learner(0).0), Refusal::NotFound);
    for reason in [String::new(), "长".repeat(200), "控\u{7}制".into()] {
        let before = consequences(&office);
        let verdict = reviewer.act(&mut office, &Action::ReverseEntry(ReverseEntry { entry: entry.id, reason }));
        let texts = [Refusal::TextEmpty, Refusal::TextTooLong, Refusal::TextUnprintable].map(Refusal::code);
        assert!(verdict.reason.is_some_and(|reason| texts.contains(&reason)));
        assert!(consequences(&office) == before);
    }
    accepted(&mut office, &mut reviewer, &reverse(entry.id));
    refused(&mut office, &mut reviewer, &reverse(entry.id), Refusal::AlreadyDecided);
    let mut officer = office.phone(OFFICER);
    refused(&mut office, &mut officer, &reverse(entry.id), Refusal::AlreadyDecided);
    refused(&mut office, &mut officer, &reverse(LedgerEntry::id_of_reversal(entry.id)), Refusal::NotReversible);
    assert_eq!(entries(&office, learner(0)).iter().map(|entry| entry.points).sum::<i64>(), 0);
    // Only the one it concerns may object.
    let object = Action::MakeAppeal(MakeAppeal { about: entry.id, text: "请复核".into() });
    let mut other = office.phone(learner(1));
    refused(&mut office, &mut other, &object, Refusal::NotFound);
    accepted(&mut office, &mut phone, &object);
    goes_on(&mut office);
}

#[test]
fn an_officer_takes_back_nothing_of_their_own() {
    let (mut office, _) = desk();
    let mut officer = office.phone(OFFICER);
    office.pass_ms(300_000);
    let record = whole(&officer, hour(0), office.now.plus_ms(-120_000), 120);
    accepted(&mut office, &mut officer, &study(record));
    let entry = entries(&office, OFFICER)[0].id;
    refused(&mut office, &mut officer, &reverse(entry), Refusal::NotAllowed);
    goes_on(&mut office);
}
