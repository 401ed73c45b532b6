//! The list of files that make up the catalogue, in one place. They are part of the program.

/// Names and texts of the files of `data/catalogue`.
macro_rules! files {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../data/catalogue/", $name, ".toml"))),)*]
    };
}

/// The study items, by the number their name begins with.
pub(super) const ITEMS: &[(&str, &str)] = files![
    "001-zhibu-zenyang-sheli",
    "002-zhibu-zhize",
    "003-dangyuan-dahui-biaojue",
    "004-dangyuan-yiwu-richang",
    "005-dangyuan-quanli",
    "006-yubei-dangyuan-yinian",
    "007-dangfei-jiao-duoshao",
    "008-chuzhi-he-chufen",
    "009-audio-liuge-yue",
    "010-video-rudang-wubu",
    "011-sanhui-yike",
    "012-zhuti-dangri",
    "013-zuzhi-shenghuo-hui",
    "014-minzhu-pingyi",
    "015-huiyi-jilu",
    "016-tanxin-tanhua",
    "017-zenyang-ti-jianyi",
    "018-lao-dangyuan-zuzhi-shenghuo",
    "019-audio-dang-xiaozu-hui",
    "020-video-xuanju-toupiao",
    "021-shui-shi-liudong-dangyuan",
    "022-zuzhi-guanxi-zhuanjie",
    "023-zai-waidi-zuzhi-shenghuo",
    "024-liudong-dangfei",
    "025-liudong-zhibu-shuji",
    "026-fanxiang-jieshang-guanxi",
    "027-audio-gei-zai-dongguan-de-xiaozhou",
    "028-video-xianshang-zhibuhui",
    "029-baxiang-guiding-richang",
    "030-jiti-de-qian",
    "031-audio-hongbai-xishi",
    "032-video-liuxiang-jilu",
    "033-zhaijidi-zenme-guan",
    "034-tudi-chengbao-sanshinian",
    "035-cunwu-gongkai",
    "036-yishi-yiyi",
    "037-chanye-daohu",
    "038-youcha-yinian-si-jie",
    "039-cunzhuang-huanjing",
    "040-hezuoshe-de-zhang",
    "041-yong-huo-anquan",
    "042-laoren-fangpian",
    "043-yi-da-zhaokai",
    "044-sanwan-gaibian",
    "045-xiangnan-qiyi",
    "046-bantiao-beizi",
    "047-xiangjiang-chenshuxiang",
    "048-zunyi-huiyi",
    "049-xibaipo-ganka",
    "050-xiaogang-shibadong",
    "051-minfadian-guorizi",
    "052-laodong-hetong",
    "053-cunweihui-zuzhifa",
    "054-fan-dianxin-zhapian",
    "055-geren-xinxi-baohu",
    "056-anquan-shengchan",
    "057-wei-renmin-fuwu",
    "058-qunzhong-luxian",
    "059-shishi-qiushi",
    "060-diaocha-yanjiu",
    "061-minzhu-jizhong",
    "062-piping-ziwo-piping",
    "063-san-da-zuofeng",
    "064-zhua-zhuyao-maodun",
];

/// The quiz bank.
pub(super) const QUIZ: &str = include_str!("../../data/quiz.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_of_the_folder_is_forgotten() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/catalogue");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .map(|name| name.strip_suffix(".toml").unwrap().to_owned())
            .collect();
        found.sort();
        let listed: Vec<&str> = ITEMS.iter().map(|(name, _)| *name).collect();
        assert_eq!(found, listed);
    }
}
