//! Accounts: activation with a one-time code, sign-in with a password, and taking a lost password away.
//!
//! Reading and hashing happen before the writer ([`County::check_sign_in`], [`County::check_activation`]); the writer looks
//! again at what may have changed meanwhile, so a hundred guesses sent at once count like a hundred sent one by one.

use dangjian_domain::grant::may_use;
use dangjian_domain::id::{MemberId, RowId};
use dangjian_domain::rows::{Member, MemberStatus, Synced};
use dangjian_domain::rule::{DecideError, Facts, may_help_with_account, may_reset};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::message::{AccountReset, Activate, SignIn, SignedIn};
use dangjian_protocol::random::Random;

use crate::County;
use crate::audit::{self, Act};
use crate::db::{Db, Param, all, one};
use crate::error::{CountyError, Stop};
use crate::facts::{DbFacts, read_row};
use crate::lockout::{Pair, Try};
use crate::password::{LOGIN_BYTES, PASSWORD_BYTES, code_hash, new_code, weak};
use crate::session::Authenticated;

/// A member's way in.
struct Account {
    member: Member,
    phone: Option<String>,
    activation: Option<Vec<u8>>,
    password: Option<String>,
    epoch: u64,
}

/// A sign-in or activation that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tried {
    pair: Pair,
    kind: Try,
    /// Absent if login and secret don't belong together.
    right: Option<Right>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Right {
    member: MemberId,
    name: String,
    epoch: u64,
    /// For an activation: the hash of the password to set.
    password: Option<String>,
}

/// The member a login names: their number, or their phone if no one else has it (couples share one).
fn member_of_login(db: &mut dyn Db, login: &str) -> Result<Option<MemberId>, CountyError> {
    for sql in
        ["SELECT id FROM member WHERE number = ?1 LIMIT 2", "SELECT member FROM member_file WHERE phone = ?1 LIMIT 2"]
    {
        let found = all(db, sql, &[Param::Text(login)], |row| row.id(0))?;
        if let [only] = found[..] {
            return Ok(Some(MemberId(only)));
        }
    }
    Ok(None)
}

fn account(db: &mut dyn Db, id: MemberId) -> Result<Option<Account>, CountyError> {
    let Some(row) = read_row(db, Member::TABLE, id.0)? else { return Ok(None) };
    let member = Member::from_row(&row)?;
    let phone = all(db, "SELECT phone FROM member_file WHERE member = ?1", &[Param::id(&id.0)], |row| {
        Ok(row.text(0)?.to_owned())
    })?;
    let kept =
        one(db, "SELECT activation, password, epoch FROM account WHERE member = ?1", &[Param::id(&id.0)], |row| {
            let activation = row.maybe(0, |row, at| row.blob(at).map(<[u8]>::to_vec))?;
            let password = row.maybe(1, |row, at| row.text(at).map(str::to_owned))?;
            Ok((activation, password, row.number(2)?))
        })?;
    let (activation, password, epoch) = kept.unwrap_or((None, None, 0));
    Ok(Some(Account { member, phone: phone.into_iter().next(), activation, password, epoch }))
}

/// The epoch of a member's account.
pub(crate) fn epoch(db: &mut dyn Db, member: MemberId) -> Result<u64, CountyError> {
    let sql = "SELECT epoch FROM account WHERE member = ?1";
    Ok(one(db, sql, &[Param::id(&member.0)], |row| row.number(0))?.unwrap_or(0))
}

/// Whether `by` may help `member`, or is `member`. Nobody learns whether a member they may not help exists.
pub(crate) fn may_look_after(db: &mut dyn Db, by: &Authenticated, member: MemberId) -> Result<bool, CountyError> {
    Ok(by.caller.member == member || may_help(db, by, member)?)
}

fn may_help(db: &mut dyn Db, by: &Authenticated, member: MemberId) -> Result<bool, CountyError> {
    let facts = DbFacts::new(db, None);
    let Some(row) = facts.row(Member::TABLE, member.0)? else { return Ok(false) };
    let member = Member::from_row(&row)?;
    if by.status != MemberStatus::Active {
        return Ok(false);
    }
    allowed(may_help_with_account(&facts, by.caller.member, &member))
}

fn allowed(asked: Result<bool, DecideError<CountyError>>) -> Result<bool, CountyError> {
    match asked {
        Ok(may) => Ok(may),
        Err(DecideError::Refused(_)) => Ok(false),
        Err(DecideError::Facts(error)) => Err(error),
        Err(DecideError::Row(error)) => Err(error.into()),
    }
}

impl County {
    fn pair(&self, login: &str, member: Option<MemberId>, source: &str) -> Pair {
        let short = |tag: [u8; 32]| tag.first_chunk::<8>().copied().unwrap_or_default();
        let unknown = || {
            let tag = self.tags.lasting("dangjian/login/1", login.as_bytes());
            RowId(tag.first_chunk::<16>().copied().unwrap_or_default())
        };
        Pair {
            account: member.map_or_else(unknown, |member| member.0),
            source: i64::from_be_bytes(short(self.tags.lasting("dangjian/source/1", source.as_bytes()))),
        }
    }

    /// Looks at `POST /v1/sign-in`: computes the hash, whoever the login names.
    pub(crate) fn check_sign_in(
        &self,
        now: Timestamp,
        ask: &SignIn,
        source: &str,
        db: &mut dyn Db,
    ) -> Result<Tried, Stop> {
        let login = ask.login.trim();
        if login.len() > LOGIN_BYTES || ask.password.len() > PASSWORD_BYTES {
            return Err(ErrorCode::BadRequest.into());
        }
        let id = member_of_login(db, login)?;
        let pair = self.pair(login, id, source);
        pair.check(db, Try::Password, now)?;
        let account = match id {
            Some(id) => account(db, id)?,
            None => None,
        };
        if account.as_ref().is_some_and(|account| account.password.is_none()) {
            return Err(ErrorCode::NotActivated.into());
        }
        let kept = account.as_ref().and_then(|account| account.password.as_deref());
        let matches = self.config.passwords.matches(&ask.password, kept)?;
        let right = account.filter(|_| matches).map(|account| (account.member, account.epoch));
        if right.as_ref().is_some_and(|(member, _)| !may_use(member.status)) {
            return Err(ErrorCode::Forbidden.into());
        }
        let right = right.map(|(member, epoch)| Right {
            member: MemberId(member.id),
            name: member.name,
            epoch,
            password: None,
        });
        Ok(Tried { pair, kind: Try::Password, right })
    }

    /// Looks at `POST /v1/activate`. A weak password does not use the code up, and is only told to who knows the code.
    pub(crate) fn check_activation(
        &self,
        now: Timestamp,
        ask: &Activate,
        source: &str,
        db: &mut dyn Db,
    ) -> Result<Tried, Stop> {
        let login = ask.login.trim();
        if login.len() > LOGIN_BYTES || ask.password.len() > PASSWORD_BYTES || ask.code.len() > LOGIN_BYTES {
            return Err(ErrorCode::BadRequest.into());
        }
        let id = member_of_login(db, login)?;
        let pair = self.pair(login, id, source);
        pair.check(db, Try::Code, now)?;
        let account = match id {
            Some(id) => account(db, id)?,
            None => None,
        };
        let matching = account.filter(|account| {
            let given = code_hash(MemberId(account.member.id), &ask.code);
            account.activation.as_deref() == Some(&given[..])
        });
        let Some(account) = matching else { return Ok(Tried { pair, kind: Try::Code, right: None }) };
        if !may_use(account.member.status) {
            return Err(ErrorCode::Forbidden.into());
        }
        let logins = [Some(login), Some(account.member.number.as_str()), account.phone.as_deref()];
        let logins: Vec<&str> = logins.into_iter().flatten().collect();
        if weak(&ask.password, &logins) {
            return Err(ErrorCode::WeakPassword.into());
        }
        // There is no randomness before the writer; the code was random and serves once, so a keyed hash of it is as good.
        let seed = [&account.member.id.0[..], account.activation.as_deref().unwrap_or_default()].concat();
        let salt = self.tags.lasting("dangjian/salt/1", &seed);
        let salt = salt.first_chunk::<16>().copied().unwrap_or_default();
        let password = self.config.passwords.hash(&ask.password, &salt)?;
        let right = Right {
            member: MemberId(account.member.id),
            name: account.member.name,
            epoch: account.epoch,
            password: Some(password),
        };
        Ok(Tried { pair, kind: Try::Code, right: Some(right) })
    }

    /// Counts a wrong try, or lets the member in.
    pub(crate) fn sign_in(
        &self,
        now: Timestamp,
        random: &mut dyn Random,
        tried: &Tried,
        db: &mut dyn Db,
    ) -> Result<SignedIn, Stop> {
        tried.pair.check(db, tried.kind, now)?;
        let Some(right) = &tried.right else {
            tried.pair.failed(db, tried.kind, now)?;
            return Err(ErrorCode::WrongCredentials.into());
        };
        let mut epoch = right.epoch;
        // Reset or activated since it was looked at: the answer is no longer true.
        if self::epoch(db, right.member)? != epoch {
            return Err(ErrorCode::WrongCredentials.into());
        }
        if let Some(password) = &right.password {
            epoch += 1;
            db.execute(
                "UPDATE account SET password = ?2, activation = NULL, epoch = ?3 WHERE member = ?1",
                &[Param::id(&right.member.0), Param::Text(password), Param::number(epoch)],
            )?;
            let actor = Some(right.member);
            audit::append(db, &audit::Entry { at: now, actor, act: Act::Activated, subject: None, detail: 0 })?;
        }
        tried.pair.succeeded(db)?;
        Ok(SignedIn {
            member: right.member,
            name: right.name.clone(),
            ticket: Bytes(self.tags.ticket(right.member, epoch, now, random)),
            server_time: now,
        })
    }

    /// `POST /v1/accounts/reset`. The member's devices keep their access: a forgotten password is not a lost phone.
    pub(crate) fn reset(
        &self,
        now: Timestamp,
        random: &mut dyn Random,
        by: &Authenticated,
        member: MemberId,
        db: &mut dyn Db,
    ) -> Result<AccountReset, Stop> {
        let facts = DbFacts::new(db, None);
        let row = facts.row(Member::TABLE, member.0)?.ok_or(ErrorCode::Forbidden)?;
        if !allowed(may_reset(&facts, by.caller.member, &Member::from_row(&row)?))? {
            return Err(ErrorCode::Forbidden.into());
        }
        let code = new_code(random);
        set_code(db, member, &code)?;
        let (actor, subject) = (Some(by.caller.member), Some(member.0));
        audit::append(db, &audit::Entry { at: now, actor, act: Act::Reset, subject, detail: 0 })?;
        Ok(AccountReset { code })
    }
}

/// Takes the password away and keeps the hash of a new code.
pub(crate) fn set_code(db: &mut dyn Db, member: MemberId, code: &str) -> Result<(), CountyError> {
    db.execute(
        "INSERT INTO account (member, activation, password, epoch) VALUES (?1, ?2, NULL, 1)
         ON CONFLICT (member) DO UPDATE SET activation = excluded.activation, password = NULL, epoch = account.epoch + 1",
        &[Param::id(&member.0), Param::Blob(&code_hash(member, code))],
    )?;
    Ok(())
}
