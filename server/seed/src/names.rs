//! Made-up names from common surnames of the region and given-name characters of the generations.
//!
//! The lists leave out characters that with these surnames would give the name of a leading public figure.

use std::collections::BTreeSet;

use crate::rng::Rng;

const SURNAMES: &[(usize, &str)] = &[
    (60, "李"),
    (55, "刘"),
    (50, "王"),
    (48, "陈"),
    (45, "张"),
    (40, "黄"),
    (40, "邓"),
    (38, "谢"),
    (36, "郑"),
    (34, "胡"),
    (34, "何"),
    (32, "肖"),
    (30, "骆"),
    (28, "乐"),
    (28, "蒋"),
    (26, "周"),
    (24, "杨"),
    (24, "唐"),
    (22, "彭"),
    (20, "谭"),
    (20, "曾"),
    (18, "罗"),
    (18, "龙"),
    (16, "欧阳"),
    (16, "徐"),
    (14, "伍"),
    (14, "廖"),
    (14, "柏"),
    (12, "雷"),
    (12, "宋"),
    (10, "赵"),
    (10, "吴"),
    (10, "邝"),
    (8, "夏"),
    (8, "段"),
    (6, "史"),
    (6, "石"),
    (6, "义"),
];

const MALE_OLDER: (&[&str], &[&str]) = (
    &["志", "明", "永", "德", "光", "昌", "友", "兴", "孝", "贤", "继", "良", "顺", "国", "建", "仁", "福", "祖"],
    &["生", "林", "祥", "成", "发", "富", "才", "贵", "云", "元", "武", "松", "顺", "明", "坤", "茂", "高", "安"],
);
const MALE_MIDDLE: (&[&str], &[&str]) = (
    &["建", "志", "海", "文", "少", "冬", "红", "新", "伟", "跃", "向", "晓", "成", "世", "育", "良", "永", "时"],
    &["辉", "斌", "雄", "兵", "钧", "林", "文", "波", "文", "进", "刚", "旺", "生", "阳", "胜", "忠", "荣", "亮"],
);
const MALE_YOUNGER: (&[&str], &[&str]) = (
    &["子", "宇", "俊", "浩", "嘉", "志", "文", "思", "晓", "凯", "鹏", "梓", "天", "旭", "佳", "振", "启", "楚"],
    &["豪", "杰", "轩", "鑫", "宇", "辉", "阳", "翔", "彬", "航", "恒", "帆", "博", "然", "程", "峻", "霖", "铭"],
);
const FEMALE_OLDER: (&[&str], &[&str]) = (
    &["秀", "玉", "桂", "金", "月", "凤", "翠", "兰", "梅", "素", "运", "满", "细", "美", "冬", "贵", "翠", "爱"],
    &["英", "兰", "梅", "莲", "娥", "秀", "姣", "珍", "香", "云", "花", "妹", "容", "桃", "连", "嫦", "芝", "菊"],
);
const FEMALE_MIDDLE: (&[&str], &[&str]) = (
    &["小", "丽", "海", "红", "艳", "晓", "美", "建", "爱", "冬", "雪", "文", "志", "玉", "彩", "巧", "慧", "燕"],
    &["红", "艳", "霞", "芳", "燕", "琴", "萍", "珍", "群", "云", "娟", "敏", "玲", "凤", "梅", "辉", "英", "花"],
);
const FEMALE_YOUNGER: (&[&str], &[&str]) = (
    &["思", "雨", "佳", "晓", "梦", "诗", "欣", "婷", "雅", "嘉", "紫", "子", "依", "静", "文", "梓", "可", "颖"],
    &["婷", "琪", "怡", "颖", "妍", "雯", "洁", "倩", "瑶", "琳", "彤", "萱", "蓉", "璇", "岚", "宁", "露", "妮"],
);
const MALE_SINGLE: &[&str] = &["斌", "亮", "坚", "伟", "杰", "超", "凯", "旭", "磊", "锋", "彬", "旺"];
const FEMALE_SINGLE: &[&str] = &["敏", "静", "娟", "艳", "霞", "芳", "丽", "燕", "婷", "倩", "玲", "慧"];

/// Names the people of one branch: in a village most families share two surnames, and no two people one name.
pub(crate) struct Namer {
    clans: Option<(&'static str, &'static str)>,
    given: BTreeSet<String>,
}

impl Namer {
    pub(crate) fn new(rng: &mut Rng, village: bool) -> Self {
        let clans = village.then(|| (rng.weighted(SURNAMES), rng.weighted(SURNAMES)));
        Self { clans, given: BTreeSet::new() }
    }

    fn surname(&self, rng: &mut Rng) -> &'static str {
        match self.clans {
            Some((first, _)) if rng.chance(520) => first,
            Some((_, second)) if rng.chance(400) => second,
            _ => rng.weighted(SURNAMES),
        }
    }

    /// A name for a woman or man born in `year`.
    pub(crate) fn name(&mut self, rng: &mut Rng, female: bool, year: i32) -> String {
        let (first, second) = match (female, year) {
            (false, ..=1964) => MALE_OLDER,
            (false, 1965..=1984) => MALE_MIDDLE,
            (false, _) => MALE_YOUNGER,
            (true, ..=1964) => FEMALE_OLDER,
            (true, 1965..=1984) => FEMALE_MIDDLE,
            (true, _) => FEMALE_YOUNGER,
        };
        let single = if female { FEMALE_SINGLE } else { MALE_SINGLE };
        let mut name = String::new();
        // Some tries are enough: there are a hundred times more names than members of a branch.
        for _ in 0..8 {
            name = self.surname(rng).to_owned();
            if rng.chance(130) {
                name.push_str(rng.pick(single));
            } else {
                let (first, second) = (rng.pick(first), rng.pick(second));
                name.push_str(first);
                name.push_str(second);
            }
            if self.given.insert(name.clone()) {
                break;
            }
        }
        name
    }
}
