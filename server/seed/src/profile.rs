//! Age, schooling, work and pay as they go with a branch's setting.

use dangjian_domain::rows::PayBasis;

use crate::orgs::Setting;
use crate::rng::Rng;

/// What a member does and how their dues are computed from it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    pub(crate) occupation: &'static str,
    pub(crate) basis: PayBasis,
    /// Monthly base in yuan, from and to; 0 where a fixed sum applies.
    pub(crate) yuan: (i64, i64),
}

const fn work(occupation: &'static str, basis: PayBasis, from: i64, to: i64) -> Work {
    Work { occupation, basis, yuan: (from, to) }
}

impl Default for Work {
    fn default() -> Self {
        work("务农", PayBasis::Farmer, 0, 0)
    }
}

const VILLAGE_CADRE: Work = work("村(社区)干部", PayBasis::Salary, 1_900, 3_200);
const FARMER: Work = work("务农", PayBasis::Farmer, 0, 0);
const STUDENT: Work = work("在校学生", PayBasis::Student, 0, 0);
const NO_INCOME: Work = work("无固定职业", PayBasis::NoIncome, 0, 0);
const PENSIONER: Work = work("退休人员", PayBasis::Pension, 1_800, 4_800);
const SHOPKEEPER: Work = work("个体工商户", PayBasis::SelfEmployed, 2_800, 9_000);

/// Work of those who moved to a city in the Pearl River Delta.
pub(crate) const MIGRANT_WORK: &[(usize, Work)] = &[
    (40, work("外出务工(制造业)", PayBasis::Salary, 3_200, 6_800)),
    (18, work("外出务工(建筑业)", PayBasis::Salary, 3_800, 8_200)),
    (14, work("外出务工(服务业)", PayBasis::Salary, 2_800, 5_600)),
    (10, work("企业管理人员", PayBasis::Salary, 5_200, 12_600)),
    (6, work("货运司机", PayBasis::SelfEmployed, 4_000, 9_500)),
    (12, work("外出经商", PayBasis::SelfEmployed, 4_000, 16_000)),
];

/// Age in years: youngest and oldest of an age group, by weight.
fn ages(setting: Setting) -> &'static [(usize, (i32, i32))] {
    match setting {
        Setting::Village => &[(22, (22, 35)), (30, (36, 50)), (33, (51, 65)), (15, (66, 86))],
        Setting::Community => &[(16, (22, 35)), (30, (36, 50)), (32, (51, 65)), (22, (66, 86))],
        Setting::Company => &[(45, (23, 35)), (40, (36, 48)), (15, (49, 58))],
        Setting::Cooperative => &[(20, (26, 38)), (50, (39, 55)), (30, (56, 68))],
        Setting::Retired => &[(40, (60, 68)), (40, (69, 78)), (20, (79, 88))],
        _ => &[(35, (24, 35)), (40, (36, 48)), (25, (49, 59))],
    }
}

/// An age; leaders are in the middle of their working lives, or have just retired.
pub(crate) fn age(rng: &mut Rng, setting: Setting, leader: bool) -> i32 {
    match (leader, setting) {
        (true, Setting::Retired) => rng.range32(61, 69),
        (true, _) => rng.range32(32, 55),
        (false, _) => {
            let (youngest, oldest) = rng.weighted(ages(setting));
            rng.range32(youngest, oldest)
        }
    }
}

/// Women among a thousand members.
pub(crate) fn women_per_mille(setting: Setting) -> i64 {
    match setting {
        Setting::Village | Setting::Migrant => 230,
        Setting::Community => 390,
        Setting::Office => 310,
        Setting::Bureau => 350,
        Setting::Police => 190,
        Setting::School => 560,
        Setting::Hospital => 620,
        Setting::Company => 400,
        Setting::Cooperative => 210,
        Setting::Retired => 260,
    }
}

/// What a member of that age does in that setting.
pub(crate) fn occupation(rng: &mut Rng, setting: Setting, age: i32, leader: bool) -> Work {
    const SALARY: PayBasis = PayBasis::Salary;
    match setting {
        Setting::Village | Setting::Community if leader => VILLAGE_CADRE,
        Setting::Village if age >= 60 => rng.weighted(&[(88, FARMER), (12, PENSIONER)]),
        Setting::Community if age >= 60 => rng.weighted(&[(70, PENSIONER), (20, FARMER), (10, NO_INCOME)]),
        Setting::Village | Setting::Community if age <= 23 => rng.weighted(&[(70, STUDENT), (30, NO_INCOME)]),
        Setting::Village => rng.weighted(&[
            (60, FARMER),
            (14, SHOPKEEPER),
            (8, work("乡村医生", SALARY, 2_400, 3_800)),
            (8, work("公益性岗位", SALARY, 1_400, 2_200)),
            (6, work("企业职工", SALARY, 2_600, 4_800)),
            (4, NO_INCOME),
        ]),
        Setting::Community => rng.weighted(&[
            (34, SHOPKEEPER),
            (30, work("企业职工", SALARY, 2_600, 5_200)),
            (14, work("社区网格员", SALARY, 2_000, 2_900)),
            (12, FARMER),
            (10, NO_INCOME),
        ]),
        Setting::Office | Setting::Bureau => rng.weighted(&[
            (52, work("公务员", SALARY, 3_600, 6_400)),
            (40, work("事业单位工作人员", SALARY, 3_100, 5_600)),
            (8, work("机关工勤人员", SALARY, 2_600, 4_000)),
        ]),
        Setting::Police => rng.weighted(&[
            (78, work("政法干警", SALARY, 4_200, 7_600)),
            (22, work("辅警及书记员", SALARY, 2_500, 3_600)),
        ]),
        Setting::School => {
            rng.weighted(&[(88, work("教师", SALARY, 3_400, 6_600)), (12, work("学校行政人员", SALARY, 3_000, 5_400))])
        }
        Setting::Hospital => rng.weighted(&[
            (44, work("医师", SALARY, 3_800, 8_600)),
            (38, work("护士", SALARY, 3_000, 5_600)),
            (18, work("药师及医技人员", SALARY, 3_000, 5_600)),
        ]),
        Setting::Company => rng.weighted(&[
            (42, work("企业职工", SALARY, 2_800, 5_200)),
            (22, work("企业技术人员", SALARY, 3_600, 7_200)),
            (18, work("企业管理人员", SALARY, 4_200, 11_000)),
            (18, SHOPKEEPER),
        ]),
        Setting::Cooperative => rng.weighted(&[
            (58, work("种植养殖户", PayBasis::Farmer, 0, 0)),
            (30, work("合作社经营者", PayBasis::SelfEmployed, 3_000, 11_000)),
            (12, work("农业技术员", SALARY, 2_800, 4_600)),
        ]),
        Setting::Retired => rng.weighted(&[
            (58, work("退休干部", PayBasis::Pension, 3_600, 7_400)),
            (26, work("退休职工", PayBasis::Pension, 2_300, 4_200)),
            (16, work("退休教师", PayBasis::Pension, 4_000, 6_800)),
        ]),
        Setting::Migrant => rng.weighted(MIGRANT_WORK),
    }
}

/// Highest education of a member of that age in that setting.
pub(crate) fn education(rng: &mut Rng, setting: Setting, age: i32) -> &'static str {
    let rural = matches!(setting, Setting::Village | Setting::Community | Setting::Cooperative | Setting::Migrant);
    match (rural, setting, age) {
        (_, Setting::Retired, _) => rng.weighted(&[(36, "大专"), (30, "中专"), (20, "高中"), (14, "本科")]),
        (true, _, ..=35) => rng.weighted(&[(32, "大专"), (24, "高中"), (18, "中专"), (18, "本科"), (8, "初中")]),
        (true, _, 36..=55) => rng.weighted(&[(48, "初中"), (34, "高中"), (13, "大专"), (5, "小学")]),
        (true, _, _) => rng.weighted(&[(50, "初中"), (30, "小学"), (20, "高中")]),
        (false, _, ..=40) => rng.weighted(&[(70, "本科"), (20, "大专"), (10, "硕士研究生")]),
        (false, _, _) => rng.weighted(&[(48, "大专"), (40, "本科"), (12, "中专")]),
    }
}
