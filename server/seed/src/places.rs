//! The real places: townships, villages and communities with their official codes.

/// A township or sub-district.
pub(crate) struct Township {
    pub(crate) code: i64,
    pub(crate) name: &'static str,
}

/// A village or community.
pub(crate) struct Village {
    pub(crate) code: i64,
    /// As people say it: 豪山村, 双碧社区.
    pub(crate) name: String,
    pub(crate) township_code: i64,
    /// Whether it is a community (居委会) rather than a village.
    pub(crate) community: bool,
}

/// The 13 townships.
pub(crate) fn townships() -> Vec<Township> {
    lines(include_str!("../data/xintian-townships.csv"))
        .filter_map(|line| {
            let mut cells = line.split(',');
            Some(Township { code: cells.next()?.parse().ok()?, name: cells.next()? })
        })
        .collect()
}

/// The 239 villages and communities.
pub(crate) fn villages() -> Vec<Village> {
    lines(include_str!("../data/xintian-villages.csv"))
        .filter_map(|line| {
            let mut cells = line.split(',');
            let code = cells.next()?.parse().ok()?;
            let (name, community) = spoken(cells.next()?);
            Some(Village { code, name, township_code: cells.next()?.parse().ok()?, community })
        })
        .collect()
}

/// The lines of a data file below its heading.
pub(crate) fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The official name is that of the villagers' or residents' committee; a branch is named after the place.
fn spoken(official: &str) -> (String, bool) {
    let place = official.trim_start_matches("新田县");
    if let Some(place) = place.strip_suffix("居委会") {
        return (if place.ends_with("社区") { place.to_owned() } else { format!("{place}社区") }, true);
    }
    let place = place.strip_suffix("村委会").unwrap_or(place);
    if place.ends_with("社区") || place.ends_with("生活区") {
        return (place.to_owned(), true);
    }
    (format!("{place}村"), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_official_lists_is_read() {
        assert_eq!(townships().len(), 13);
        assert_eq!(villages().len(), 239);
    }

    #[test]
    fn branches_are_named_after_places_not_after_their_committees() {
        assert_eq!(spoken("豪山村委会"), ("豪山村".into(), false));
        assert_eq!(spoken("毛里坪居委会"), ("毛里坪社区".into(), true));
        assert_eq!(spoken("邝胡社区村委会"), ("邝胡社区".into(), true));
        assert_eq!(spoken("新田县大汪林场生活区"), ("大汪林场生活区".into(), true));
    }
}
