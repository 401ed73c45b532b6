//! Two years of meetings, lectures and themed Party days of every branch, and what the third Dongguan branch did in 2018.

use std::collections::BTreeMap;

use dangjian_domain::id::{OrgId, RowId};
use dangjian_domain::rows::{Activity, ActivityKind};
use dangjian_domain::time::{CivilDay, Timestamp};

use crate::calendar::{at, day_of, hours, months_until, weekday};
use crate::offices::DONGGUAN_THIRD;
use crate::orgs::{Org, Setting};
use crate::rng::Rng;
use crate::texts::ActivityTexts;

/// How far back activities go.
const DAYS: i32 = 730;

/// How many come into question for the activities of an organization.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Turnout {
    /// Members or guests expected at its meetings.
    pub(crate) members: i64,
    /// Seats of its committee.
    pub(crate) seats: i64,
}

/// The activities held and recorded from two years before `today` up to the day before.
pub(crate) fn activities(
    seed: u64,
    today: CivilDay,
    orgs: &[Org],
    turnout: &BTreeMap<OrgId, Turnout>,
) -> Vec<Activity> {
    let mut book = Book { rng: Rng::new(seed, "activities"), today, held: vec![] };
    let texts = ActivityTexts::read();
    for org in orgs {
        let Some(setting) = org.setting else { continue };
        let turnout = turnout.get(&org.id).copied().unwrap_or_default();
        if org.name == DONGGUAN_THIRD {
            book.of_2018(org);
        }
        let habits = Habits::of(&mut book.rng, setting);
        for month in months_until(today, 24) {
            book.month(org, setting, &habits, turnout, month, &texts);
        }
    }
    book.held
}

/// What a branch does the same way every month.
struct Habits {
    /// The fixed date of the themed Party day.
    date: i64,
    hour: i64,
    /// In which month of a quarter the general meeting and the lecture are held.
    meeting: u32,
    lecture: u32,
    /// Activities among a thousand that are left out.
    skipped: i64,
    /// Present among a hundred expected, from and to.
    attendance: (i64, i64),
}

impl Habits {
    fn of(rng: &mut Rng, setting: Setting) -> Self {
        let hour = match setting {
            Setting::Migrant => rng.range(18, 19),
            Setting::Village | Setting::Community | Setting::Cooperative | Setting::Retired => rng.range(8, 9),
            _ => rng.range(15, 16),
        };
        // One branch of twenty holds its activities irregularly.
        let irregular = rng.chance(50);
        let meeting = rng.below(3) as u32;
        Self {
            date: rng.range(4, 20),
            hour,
            meeting,
            lecture: (meeting + 1) % 3,
            skipped: if irregular { 280 } else { 20 },
            attendance: if irregular { (50, 80) } else { (76, 100) },
        }
    }
}

struct Book {
    rng: Rng,
    today: CivilDay,
    held: Vec<Activity>,
}

impl Book {
    fn month(
        &mut self,
        org: &Org,
        setting: Setting,
        habits: &Habits,
        turnout: Turnout,
        (year, month): (i32, u32),
        texts: &ActivityTexts,
    ) {
        let in_quarter = (month - 1) % 3;
        let of_place = setting.is_place();
        let serves = of_place || matches!(setting, Setting::Company | Setting::Migrant | Setting::Cooperative);
        // Kind, whether it is due this month, days after the Party day, how many are expected.
        let due = [
            (ActivityKind::ThemedPartyDay, true, (0, 0), turnout.members),
            (ActivityKind::GeneralMeeting, in_quarter == habits.meeting, (0, 2), turnout.members),
            (ActivityKind::Lecture, in_quarter == habits.lecture, (0, 1), turnout.members),
            (
                ActivityKind::CommitteeMeeting,
                of_place && in_quarter == 0 && turnout.seats >= 3,
                (-2, -2),
                turnout.seats,
            ),
            (ActivityKind::Volunteering, serves && month % 6 == 2 + habits.meeting, (1, 3), turnout.members / 2 + 1),
        ];
        let mut days: Vec<CivilDay> = vec![];
        for (kind, due, after, expected) in due {
            if !due || self.rng.chance(habits.skipped) {
                continue;
            }
            let date = habits.date + self.rng.range(after.0, after.1);
            let day = convenient(day_of(year, month, u32::try_from(date).unwrap_or(1)), setting);
            // What falls on the same day is held one after the other.
            let earlier = days.iter().filter(|other| **other == day).count() as i64;
            days.push(day);
            let held_at = at(day, habits.hour + earlier, self.rng.pick(&[0, 0, 30]));
            let recorded_at = held_at.plus_ms(self.delay_ms());
            let id = RowId::v7(recorded_at.0, self.rng.ten_bytes());
            let present = expected * self.rng.range(habits.attendance.0, habits.attendance.1) / 100;
            let title = texts.title(&mut self.rng, setting, kind, month);
            let place = self.place(org, setting);
            if day < self.today.plus_days(-DAYS) || recorded_at >= self.today.start() || expected == 0 {
                continue;
            }
            let (title, present) = (title.into(), present.max(1));
            self.held.push(Activity {
                id,
                version: 1,
                org: org.id,
                kind,
                title,
                held_at,
                recorded_at,
                place,
                expected,
                present,
            });
        }
    }

    /// Most are recorded within a day, some days later, a few after more than a week.
    fn delay_ms(&mut self) -> i64 {
        let (from, to) = self.rng.weighted(&[(70, (2, 26)), (23, (26, 90)), (7, (90, 290))]);
        hours(self.rng.range(from, to)) + self.rng.range(0, hours(1))
    }

    fn place(&mut self, org: &Org, setting: Setting) -> String {
        if let Some(city) = &org.city {
            return format!("{city}市流动党员活动室");
        }
        match setting {
            Setting::Village | Setting::Community => {
                let room = self.rng.weighted(&[(6, "党群服务中心会议室"), (2, "村史馆"), (2, "文化活动室")]);
                format!("{}{room}", org.short)
            }
            Setting::School => self.rng.weighted(&[(7, "学校会议室"), (3, "阶梯教室")]).into(),
            Setting::Retired => self.rng.weighted(&[(7, "老干部活动中心"), (3, "单位会议室")]).into(),
            Setting::Cooperative => self.rng.weighted(&[(6, "产业基地"), (4, "镇党群服务中心")]).into(),
            Setting::Company => self.rng.weighted(&[(7, "党员活动室"), (3, "职工之家")]).into(),
            _ => self.rng.weighted(&[(7, "单位会议室"), (3, "党员活动室")]).into(),
        }
    }

    /// What is listed as the branch's past: older than the two years that others have.
    fn of_2018(&mut self, org: &Org) {
        let past = [
            ((8, 19), 9, ActivityKind::GeneralMeeting, "支部党员大会:通报上半年工作、讨论助学计划", 31, 27),
            ((8, 19), 10, ActivityKind::ThemedPartyDay, "主题党日:情系家乡教育、共话助学行动", 31, 27),
            ((9, 16), 15, ActivityKind::Volunteering, "志愿服务:为家乡学校募捐32500元", 31, 29),
        ];
        for ((month, date), hour, kind, title, expected, present) in past {
            let held_at: Timestamp = at(day_of(2018, month, date), hour, 0);
            let recorded_at = held_at.plus_ms(hours(11) + self.rng.range(0, hours(1)));
            if recorded_at >= self.today.start() {
                continue;
            }
            let id = RowId::v7(recorded_at.0, self.rng.ten_bytes());
            let (title, place) = (title.into(), self.place(org, Setting::Migrant));
            self.held.push(Activity {
                id,
                version: 1,
                org: org.id,
                kind,
                title,
                held_at,
                recorded_at,
                place,
                expected,
                present,
            });
        }
    }
}

/// Migrants meet on Sundays, offices and companies not on weekends.
fn convenient(day: CivilDay, setting: Setting) -> CivilDay {
    let weekday = weekday(day);
    match setting {
        Setting::Migrant => day.plus_days(6 - weekday),
        Setting::Village | Setting::Community | Setting::Cooperative => day,
        _ if weekday >= 5 => day.plus_days(7 - weekday),
        _ => day,
    }
}
