//! The list of activation codes, for whoever hands them out: each member's line says who it is for.

use std::collections::BTreeMap;

use dangjian_domain::id::MemberId;
use dangjian_domain::rows::{Member, Organization, Synced};
use dangjian_domain::schema::Row;

/// The list as CSV (RFC 4180) in UTF-8, a line a member.
pub(crate) struct CodeList {
    pub(crate) text: String,
    members: BTreeMap<MemberId, Member>,
    branches: BTreeMap<dangjian_domain::id::OrgId, String>,
}

impl CodeList {
    /// A list without codes; `rows` say who the members are.
    pub(crate) fn new(rows: &[Row]) -> Self {
        let members = rows.iter().filter_map(|row| Member::from_row(row).ok());
        let branches = rows.iter().filter_map(|row| Organization::from_row(row).ok());
        Self {
            text: "member,login,name,branch,code\n".to_owned(),
            members: members.map(|member| (MemberId(member.id), member)).collect(),
            branches: branches.map(|org| (org.id.into(), org.name)).collect(),
        }
    }

    /// Adds the code of `member`.
    pub(crate) fn add(&mut self, member: MemberId, code: &str) {
        let known = self.members.get(&member);
        let login = known.map_or("", |known| &known.number);
        let name = known.map_or("", |known| &known.name);
        let branch = known.and_then(|known| self.branches.get(&known.org)).map_or("", String::as_str);
        let line = [member.to_string().as_str(), login, name, branch, code].map(quoted).join(",");
        self.text.push_str(&line);
        self.text.push('\n');
    }
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dangjian_domain::id::RowId;

    #[test]
    fn every_line_has_the_same_fields_whatever_is_in_them() {
        let mut list = CodeList::new(&[]);
        list.add(RowId([1; 16]).into(), "ABCDE-FGHJK");
        assert_eq!(list.text.lines().nth(1).unwrap(), "01010101-0101-0101-0101-010101010101,,,,ABCDE-FGHJK");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
