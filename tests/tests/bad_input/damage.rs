//! Group J: files of the phone that are cut, lost, of another key, or say what they can't. The program opens and goes on, or
//! says why not; it never panics, and what was not delivered is never dropped in silence.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dangjian_client::AppError;
use dangjian_domain::id::{MemberId, OrgId};
use dangjian_domain::rows::NoticeScope;
use dangjian_engine::error::StorageTrouble;
use dangjian_tests::phones::RealPhone;
use rusqlite::Connection;

use super::disk::contents;
use super::listener::Listener;

/// Panics on the threads of clients and servers; a client whose thread died says no more than that its storage fails.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn watch_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if matches!(std::thread::current().name(), Some("core" | "mirror" | "network")) {
                PANICS.fetch_add(1, Ordering::Relaxed);
            }
            before(panic);
        }));
    });
}

struct Setting {
    listener: Listener,
    secretary: MemberId,
    /// A phone's folder as a killed program leaves it: rows in the mirror, one operation delivered, one not.
    killed: tempfile::TempDir,
}

const NEVER: &str = "没有送到的通知";

async fn setting(encrypted: bool) -> Setting {
    watch_panics();
    let listener = Listener::new();
    let (secretary, branch) = listener.office(|office| office.secretary());
    let (dir, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let phone = listener.phone(dir.path(), secretary, |config| config.encrypted = encrypted).unwrap();
    phone.sign_in(&listener.code(secretary)).await.unwrap();
    phone.client.sync().await.unwrap();
    publish(&phone, branch, "送到的通知").await;
    phone.client.sync().await.unwrap();
    // Cut off before the next is delivered: the connection is closed without a word.
    listener.answer_with(Some(std::sync::Arc::new(|_: &mut dyn std::io::Write| Ok(()))));
    publish(&phone, branch, NEVER).await;
    copy(dir.path(), killed.path());
    drop(phone);
    listener.answer_with(None);
    Setting { listener, secretary, killed }
}

async fn publish(phone: &RealPhone, branch: OrgId, title: &str) {
    phone.client.notices().publish(branch, NoticeScope::Branch, title, "请参加").await.unwrap();
}

fn copy(from: &Path, to: &Path) {
    for (path, content) in contents(from) {
        std::fs::write(to.join(path.file_name().unwrap()), content).unwrap();
    }
}

impl Setting {
    /// A copy of the killed phone's folder.
    fn copy(&self) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        copy(self.killed.path(), dir.path());
        dir
    }

    fn open(&self, dir: &Path, encrypted: bool) -> Result<RealPhone, AppError> {
        self.listener.phone(dir, self.secretary, |config| config.encrypted = encrypted)
    }

    /// Does everything a person might, and expects no more than answers. Gives whether the last exchange succeeded.
    async fn use_it(&self, phone: &RealPhone, name: &str) -> bool {
        let all = async {
            let _ = phone.sign_in("").await;
            let _ = phone.client.outbox().list(99, 0);
            let listed = phone.client.notices().list(99, 0);
            if let Ok(views) = &listed {
                for view in views {
                    let _ = phone.client.notices().receipts(view.id, 9);
                    let _ = phone.client.notices().mark_read(view.id).await;
                }
            }
            let _ = phone.client.sync().await;
            phone.client.host(dangjian_client::HostEvent::Suspend).await;
            phone.client.host(dangjian_client::HostEvent::Resume).await;
            phone.client.sync().await.is_ok()
        };
        let done = tokio::time::timeout(Duration::from_secs(20), all).await;
        assert_eq!(PANICS.load(Ordering::Relaxed), 0, "{name}: a thread of the phone panicked");
        done.unwrap_or_else(|_| panic!("{name}: something never answered"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_without_its_file_is_set_aside_and_a_file_without_its_log_is_an_older_state() {
    let setting = setting(true).await;
    let dir = setting.copy();
    let log = std::fs::read(dir.path().join("own.db-wal")).unwrap();
    assert!(!log.is_empty());
    std::fs::remove_file(dir.path().join("own.db")).unwrap();
    let phone = setting.open(dir.path(), true).unwrap();
    let aside = phone.client.quarantined().cloned().expect("it says that something was set aside");
    let kept = Path::new(&format!("{}-wal", aside.display())).to_owned();
    assert!(std::fs::read(kept).unwrap() == log, "the log is kept as it was");
    assert!(phone.client.notices().list(9, 0).unwrap().is_empty());
    setting.use_it(&phone, "a new beginning").await;

    let dir = setting.copy();
    std::fs::remove_file(dir.path().join("own.db-wal")).unwrap();
    let _ = std::fs::remove_file(dir.path().join("own.db-shm"));
    match setting.open(dir.path(), true) {
        Ok(phone) => drop(setting.use_it(&phone, "an older state").await),
        Err(error) => assert!(matches!(error, AppError::Storage(_)), "{error}"),
    }
    let phone = setting.open(setting.killed.path(), true).unwrap();
    assert!(phone.client.quarantined().is_none());
    assert!(setting.use_it(&phone, "the whole").await, "the server took no harm");
    assert_eq!(phone.client.outbox().list(9, 0).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_lost_or_wrong_sets_the_file_aside_unharmed_and_a_cut_key_opens_nothing() {
    let setting = setting(true).await;
    let good = std::fs::read(setting.killed.path().join("keys")).unwrap();
    for lost in [true, false] {
        let dir = setting.copy();
        let keys = dir.path().join("keys");
        if lost {
            std::fs::remove_file(&keys).unwrap();
        } else {
            let mut wrong = good.clone();
            *wrong.last_mut().unwrap() ^= 1;
            std::fs::write(&keys, wrong).unwrap();
        }
        let phone = setting.open(dir.path(), true).unwrap();
        let aside = phone.client.quarantined().cloned().expect("it says so");
        assert!(phone.client.notices().list(9, 0).unwrap().is_empty(), "nothing can be read without the key");
        drop(phone);
        // With the key back and the file in its place everything is there.
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.path().join(format!("own.db{suffix}")));
            let _ = std::fs::rename(format!("{}{suffix}", aside.display()), dir.path().join(format!("own.db{suffix}")));
        }
        std::fs::write(&keys, &good).unwrap();
        let phone = setting.open(dir.path(), true).unwrap();
        assert!(phone.client.quarantined().is_none());
        assert!(phone.client.notices().list(9, 0).unwrap().iter().any(|view| view.title == NEVER));
    }
    for length in (0..good.len()).step_by(5).chain([good.len() - 1, good.len() + 1, 4_096]) {
        let dir = setting.copy();
        let bytes: Vec<u8> = good.iter().copied().chain(std::iter::repeat(0)).take(length).collect();
        std::fs::write(dir.path().join("keys"), bytes).unwrap();
        let before = contents(dir.path());
        assert!(matches!(setting.open(dir.path(), true).map(|_| ()), Err(AppError::KeyStore)), "{length} bytes");
        assert!(contents(dir.path()) == before, "nothing was set aside or written");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_opening_or_migration_killed_at_any_point_is_done_again_or_named() {
    let setting = setting(false).await;
    let whole = std::fs::read(setting.killed.path().join("own.db")).unwrap();
    for cut in [0, 1, 511, 512, 4_096, whole.len() / 2, whole.len()] {
        // A first opening writes under another name.
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("own.db.new"), &whole[..cut]).unwrap();
        std::fs::write(dir.path().join("own.db.new-journal"), &whole[..cut.min(100)]).unwrap();
        let phone = setting.open(dir.path(), false).unwrap();
        assert_eq!(phone.client.quarantined(), None);
        assert_eq!(phone.client.outbox().list(9, 0).unwrap(), []);
    }
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let conn = Connection::open(setting.killed.path().join("own.db")).unwrap();
    let mut statement = conn.prepare(tables).unwrap();
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(names.len() > 12);
    for name in names {
        // A table that an unfinished migration did not come to make.
        let dir = setting.copy();
        let conn = Connection::open(dir.path().join("own.db")).unwrap();
        conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA user_version = 0; DROP TABLE {name}")).unwrap();
        drop(conn);
        let before = std::fs::read(dir.path().join("own.db")).unwrap();
        let opened = setting.open(dir.path(), false).map(|_| ());
        assert!(matches!(opened, Err(AppError::Storage(StorageTrouble::Damaged))), "{name}: {opened:?}");
        assert!(std::fs::read(dir.path().join("own.db")).unwrap() == before, "{name}: it is left as it is");
    }
}

/// Makes the columns of `table` take anything.
fn loosen(conn: &Connection, table: &str) {
    conn.execute_batch(&format!(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = '{table}';
         PRAGMA writable_schema = RESET"
    ))
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cells_of_own_that_hold_what_they_can_not_are_an_error_and_no_panic() {
    let setting = setting(false).await;
    let own = [
        ("op", "bytes", vec!["NULL", "x'ff'", "x''", "'text'", "7", "zeroblob(20000)"]),
        ("op", "link", vec!["NULL", "x'00'", "'text'", "zeroblob(33)"]),
        ("op", "op_id", vec!["NULL", "x'01'", "'text'"]),
        ("op", "kind", vec!["NULL", "'one'", "-1", "9223372036854775807"]),
        ("op", "state", vec!["NULL", "'queued'", "9", "-1"]),
        ("op", "passed", vec!["NULL", "'no'"]),
        ("op", "depends_on", vec!["x'01'", "'text'"]),
        ("op", "settled_at", vec!["'noon'", "9223372036854775807"]),
        ("overlay_notice", "title", vec!["NULL", "7", "x'ff'", "CAST(x'ff' AS TEXT)"]),
        ("overlay_notice", "published_at", vec!["NULL", "'noon'", "9223372036854775807", "-9223372036854775808"]),
        ("overlay_notice", "scope", vec!["NULL", "'branch'", "99"]),
        ("overlay_notice", "org", vec!["NULL", "x'01'", "7"]),
        ("overlay_notice", "live", vec!["NULL", "'yes'", "7"]),
        ("overlay_notice", "version", vec!["'one'", "-1", "9223372036854775807"]),
    ];
    for (table, column, values) in own {
        for value in values {
            let dir = setting.copy();
            let conn = Connection::open(dir.path().join("own.db")).unwrap();
            loosen(&conn, table);
            let rows = "device_seq = (SELECT max(device_seq) FROM op)";
            assert_eq!(conn.execute(&format!("UPDATE {table} SET {column} = {value} WHERE {rows}"), []).unwrap(), 1);
            drop(conn);
            let name = format!("{table}.{column} = {value}");
            survives(&setting, dir.path(), &name).await;
        }
    }
    let meta = ["identity", "anchor", "verifier", "device", "mirror", "acked_next_seq", "overlays"];
    for key in meta {
        for value in ["NULL", "x''", "x'ff'", "'text'", "7", "zeroblob(100000)", "CAST('../../../etc/passwd' AS BLOB)"]
        {
            let dir = setting.copy();
            let conn = Connection::open(dir.path().join("own.db")).unwrap();
            loosen(&conn, "meta");
            conn.execute(&format!("INSERT OR REPLACE INTO meta (k, v) VALUES ('{key}', {value})"), []).unwrap();
            drop(conn);
            survives(&setting, dir.path(), &format!("{key} = {value}")).await;
        }
    }
}

/// Opens and uses a folder with something wrong in it. What was not delivered is still in one of its files, or at the server.
async fn survives(setting: &Setting, dir: &Path, name: &str) {
    match setting.open(dir, false) {
        Ok(phone) => {
            setting.use_it(&phone, name).await;
        }
        Err(error) => assert!(matches!(error, AppError::Storage(_) | AppError::KeyStore), "{name}: {error}"),
    }
    assert_eq!(PANICS.load(Ordering::Relaxed), 0, "{name}");
    if !name.starts_with("op.bytes") && !name.starts_with("overlay") {
        let here = contents(dir)
            .iter()
            .any(|(_, content)| content.windows(NEVER.len()).any(|window| window == NEVER.as_bytes()));
        assert!(here, "{name}: what was not delivered is gone");
    }
    assert!(setting.listener.office(|office| office.server.conn().is_autocommit()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cells_of_the_mirror_that_hold_what_they_can_not_are_an_error_or_fetched_again() {
    let setting = setting(false).await;
    let mirror = [
        ("notice", "title", vec!["NULL", "7", "CAST(x'ff' AS TEXT)"]),
        ("notice", "published_at", vec!["NULL", "'noon'", "9223372036854775807"]),
        ("notice", "version", vec!["NULL", "'one'", "-1", "9223372036854775807"]),
        ("notice", "id", vec!["NULL", "x'01'", "'text'"]),
        ("member", "org", vec!["NULL", "x'01'", "7"]),
        ("organization", "parent", vec!["id", "x'01'", "'text'"]),
        ("role", "role", vec!["NULL", "99", "'secretary'"]),
        ("feed", "kind", vec!["NULL", "99", "-1", "'own'"]),
        ("feed", "subject", vec!["NULL", "x'01'"]),
        ("feed", "generation", vec!["NULL", "-1", "4294967296", "'one'"]),
        ("feed", "seq", vec!["NULL", "-1", "9223372036854775807", "'one'"]),
        ("feed", "rows", vec!["NULL", "-1", "'one'"]),
        ("feed", "sum", vec!["NULL", "1.5"]),
        ("state", "v", vec!["NULL", "-1", "'one'", "x'ff'"]),
    ];
    for (table, column, values) in mirror {
        for value in values {
            let dir = setting.copy();
            let files = contents(dir.path());
            let path = files.iter().map(|file| &file.0).find(|path| {
                let name = path.file_name().unwrap().to_str().unwrap();
                name.starts_with("mirror-") && name.ends_with(".db")
            });
            let conn = Connection::open(path.unwrap()).unwrap();
            loosen(&conn, table);
            let name = format!("mirror: {table}.{column} = {value}");
            // Ids are unique: one row only, and where that is not taken either there is nothing to test.
            let rows = format!("rowid = (SELECT max(rowid) FROM {table})");
            let whole = conn.execute(&format!("UPDATE {table} SET {column} = {value}"), []);
            if whole.is_err()
                && conn.execute(&format!("UPDATE {table} SET {column} = {value} WHERE {rows}"), []).is_err()
            {
                println!("{name}: not taken");
                continue;
            }
            drop(conn);
            survives(&setting, dir.path(), &name).await;
        }
    }
}
