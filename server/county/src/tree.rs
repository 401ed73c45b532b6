//! Keeping the closure of the organizations: every organization with all that are above it, so that "above" and "below"
//! are one lookup each.

use dangjian_domain::id::{MemberId, OrgId};

use crate::db::{Db, Param, all};
use crate::error::CountyError;

/// Deeper than any real tree of Party organizations; a cycle would be deeper still.
pub(crate) const DEPTH: usize = 32;

/// Puts `org` and everything below it under another parent (`Some(None)`: at the root), or takes it out of the tree.
pub(crate) fn place(db: &mut dyn Db, org: OrgId, parent: Option<Option<OrgId>>) -> Result<(), CountyError> {
    let below = all(
        db,
        "SELECT descendant, depth FROM org_closure WHERE ancestor = ?1 ORDER BY depth, descendant",
        &[Param::id(&org.0)],
        |row| Ok((row.id(0)?, row.int(1)?)),
    )?;
    for (descendant, depth) in &below {
        db.execute(
            "DELETE FROM org_closure WHERE descendant = ?1 AND depth > ?2",
            &[Param::id(descendant), Param::Int(*depth)],
        )?;
    }
    let Some(parent) = parent else {
        if below.len() > 1 {
            return Err(CountyError::Tree);
        }
        db.execute("DELETE FROM org_closure WHERE descendant = ?1", &[Param::id(&org.0)])?;
        return Ok(());
    };
    let above = match parent {
        None => vec![],
        Some(parent) => all(
            db,
            "SELECT ancestor, depth FROM org_closure WHERE descendant = ?1 ORDER BY depth",
            &[Param::id(&parent.0)],
            |row| Ok((row.id(0)?, row.int(1)?)),
        )?,
    };
    if (parent.is_some() && above.is_empty())
        || above.len() >= DEPTH
        || above.iter().any(|(ancestor, _)| below.iter().any(|(descendant, _)| descendant == ancestor))
    {
        return Err(CountyError::Tree);
    }
    let itself = [(org.0, 0)];
    let below = if below.is_empty() { &itself[..] } else { &below[..] };
    for (descendant, down) in below {
        let to_itself = (*down == 0).then_some((org.0, -1));
        for (ancestor, up) in to_itself.iter().chain(&above) {
            db.execute(
                "INSERT INTO org_closure (ancestor, descendant, depth) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                &[Param::id(ancestor), Param::id(descendant), Param::Int(down + up + 1)],
            )?;
        }
    }
    Ok(())
}

/// The members with a grant whose feeds depend on where `org` stands: those with a role above it or below, and those at
/// home or guests in its subtree.
pub(crate) fn concerned(db: &mut dyn Db, org: OrgId) -> Result<Vec<MemberId>, CountyError> {
    let members = all(
        db,
        "SELECT r.member FROM org_closure c JOIN role r ON r.org = c.ancestor WHERE c.descendant = ?1
         UNION SELECT r.member FROM org_closure c JOIN role r ON r.org = c.descendant WHERE c.ancestor = ?1
         UNION SELECT m.id FROM org_closure c JOIN member m ON m.org = c.descendant
           JOIN member_grant g ON g.member = m.id WHERE c.ancestor = ?1
         UNION SELECT p.member FROM org_closure c JOIN participation p ON p.org = c.descendant WHERE c.ancestor = ?1",
        &[Param::id(&org.0)],
        |row| Ok(MemberId(row.id(0)?)),
    )?;
    Ok(members)
}
