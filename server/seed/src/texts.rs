//! The texts from which notices and activities are assembled.

use std::collections::BTreeMap;

use dangjian_domain::rows::ActivityKind;

use crate::orgs::Setting;
use crate::places::lines;
use crate::rng::Rng;

/// Who speaks in a template of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Speaker {
    County,
    Township,
    Village,
    Migrant,
}

/// A notice before its places are filled in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoticeTemplate {
    title: &'static str,
    body: &'static str,
}

impl NoticeTemplate {
    /// Title and text as `name` publishes them in that month.
    pub(crate) fn filled(&self, name: &str, year: i32, month: u32) -> (String, String) {
        let quarter = ["一", "二", "三", "四"].into_iter().nth((month as usize - 1) / 3).unwrap_or("一");
        let fill = |text: &str| {
            text.replace("\\n", "\n")
                .replace("{年}", &year.to_string())
                .replace("{月}", &month.to_string())
                .replace("{季}", quarter)
                .replace("{名}", name)
        };
        (fill(self.title), fill(self.body))
    }
}

/// Templates of notices by speaker and month; month 0 is any.
pub(crate) struct NoticeTexts(BTreeMap<(Speaker, u32), Vec<NoticeTemplate>>);

impl NoticeTexts {
    pub(crate) fn read() -> Self {
        let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for [speaker, month, title, body] in lines(include_str!("../data/notices.txt")).filter_map(cells) {
            let speaker = match speaker {
                "county" => Speaker::County,
                "township" => Speaker::Township,
                "village" => Speaker::Village,
                "migrant" => Speaker::Migrant,
                _ => continue,
            };
            let Ok(month) = month.parse() else { continue };
            all.entry((speaker, month)).or_default().push(NoticeTemplate { title, body });
        }
        Self(all)
    }

    /// What `speaker` may say in that month; in month 0, at any time.
    pub(crate) fn of(&self, speaker: Speaker, month: u32) -> &[NoticeTemplate] {
        self.0.get(&(speaker, month)).map_or(&[], Vec::as_slice)
    }
}

/// Titles of activities by group of settings, kind and month; month 0 is any.
pub(crate) struct ActivityTexts(BTreeMap<(&'static str, ActivityKind, u32), Vec<&'static str>>);

impl ActivityTexts {
    pub(crate) fn read() -> Self {
        let mut all: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for [group, kind, month, title] in lines(include_str!("../data/activities.txt")).filter_map(cells) {
            let kind = match kind {
                "themed" => ActivityKind::ThemedPartyDay,
                "meeting" => ActivityKind::GeneralMeeting,
                "lecture" => ActivityKind::Lecture,
                "committee" => ActivityKind::CommitteeMeeting,
                "volunteering" => ActivityKind::Volunteering,
                _ => continue,
            };
            let Ok(month) = month.parse() else { continue };
            all.entry((group, kind, month)).or_default().push(title);
        }
        Self(all)
    }

    /// A title for such an activity in that month: the setting's own in two of three cases where there is one.
    pub(crate) fn title(&self, rng: &mut Rng, setting: Setting, kind: ActivityKind, month: u32) -> &'static str {
        let of = |group| [0, month].into_iter().filter_map(move |month| self.0.get(&(group, kind, month))).flatten();
        let own: Vec<&'static str> = of(group(setting)).copied().collect();
        let common: Vec<&'static str> = of("all").copied().collect();
        let titles = if common.is_empty() || (!own.is_empty() && rng.chance(667)) { own } else { common };
        rng.pick(&titles)
    }
}

fn group(setting: Setting) -> &'static str {
    match setting {
        Setting::Village | Setting::Community | Setting::Cooperative => "rural",
        Setting::Office | Setting::Bureau | Setting::Police => "office",
        Setting::School => "school",
        Setting::Hospital => "hospital",
        Setting::Company => "company",
        Setting::Retired => "retired",
        Setting::Migrant => "migrant",
    }
}

fn cells(line: &'static str) -> Option<[&'static str; 4]> {
    let mut cells = line.splitn(4, '|');
    Some([cells.next()?, cells.next()?, cells.next()?, cells.next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_read_and_leaves_no_place_open() {
        let texts = NoticeTexts::read();
        let templates: Vec<_> = texts.0.values().flatten().collect();
        assert_eq!(templates.len(), lines(include_str!("../data/notices.txt")).count());
        for template in templates {
            let (title, body) = template.filled("枧头镇", 2026, 11);
            assert!(!title.contains('{') && !body.contains('{') && !body.contains('\\'), "{title}\n{body}");
            // The limits of notices that people publish.
            assert!((1..=80).contains(&title.chars().count()) && !title.chars().any(char::is_control), "{title}");
            assert!((1..=4_096).contains(&body.len()), "{body}");
        }
        for month in 1..=12 {
            assert_eq!(texts.of(Speaker::County, month).len(), 4, "month {month}");
            assert!(!texts.of(Speaker::Township, month).is_empty(), "month {month}");
        }
    }

    #[test]
    fn there_is_a_title_for_every_activity_in_every_month() {
        let texts = ActivityTexts::read();
        assert_eq!(texts.0.values().flatten().count(), lines(include_str!("../data/activities.txt")).count());
        let mut rng = Rng::new(1, "test");
        for kind in ActivityKind::ALL.iter().filter(|kind| **kind != ActivityKind::GroupMeeting) {
            for month in 1..=12 {
                assert!(!texts.title(&mut rng, Setting::Bureau, *kind, month).is_empty(), "{kind:?} {month}");
            }
        }
    }
}
