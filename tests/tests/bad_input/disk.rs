//! Group J: a disk that is full or can't be written, and things too large for it. Needs root, for mounts of its own; without
//! it the tests say so and pass.

use std::path::{Path, PathBuf};
use std::process::Command;

use dangjian_client::AppError;
use dangjian_domain::rows::NoticeScope;
use dangjian_domain::rule::Refusal;
use dangjian_engine::Done;
use dangjian_engine::error::StorageTrouble;

use super::hand::{Hand, honest};
use super::listener::Listener;
use super::office::{Office, notice};

/// A folder with something mounted on it, until the value goes.
struct Mounted(PathBuf);

impl Mounted {
    /// `None`, and the reason printed, if this process may not mount.
    fn new(at: &Path, arguments: &[&[&str]]) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mut mounted = None;
        for arguments in arguments {
            let done = Command::new("mount").args(*arguments).arg(at).output();
            if !done.as_ref().is_ok_and(|done| done.status.success()) {
                println!("skipped: can't mount on {}: {done:?}", at.display());
                return None;
            }
            mounted.get_or_insert_with(|| Self(at.to_owned()));
        }
        mounted
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Fills the disk that `file` lies on, but for `room` bytes.
fn fill_but(file: &Path, room: u64) {
    use std::io::Write as _;
    let mut ballast = std::fs::File::create(file).unwrap();
    let zeros = [0; 4096];
    while ballast.write_all(&zeros).is_ok() {}
    let length = ballast.metadata().unwrap().len();
    ballast.set_len(length.saturating_sub(room)).unwrap();
}

#[test]
fn a_disk_that_fills_at_any_write_loses_nothing_that_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let Some(disk) = Mounted::new(&dir.path().join("disk"), &[&["-t", "tmpfs", "-o", "size=3m", "none"]]) else {
        return;
    };
    let office = Office::new();
    let (secretary, branch) = office.secretary();
    let mut hand = Hand::new(office, secretary, &disk.0.join("phone"));
    let ballast = disk.0.join("ballast");
    let (mut recorded, mut refused, mut failed) = (vec![], 0, 0);
    let full = |result: &Result<Done, AppError>| match result {
        Ok(_) => false,
        Err(AppError::Storage(StorageTrouble::Full | StorageTrouble::Damaged)) => true,
        Err(other) => panic!("{other}"),
    };
    // Page by page, so that each write of a commit, of the log's index and of the mirror is once the one that fails.
    for room in 0..48 {
        fill_but(&ballast, room * 4_096);
        let offline = dangjian_engine::Input::Host(dangjian_engine::HostEvent::Offline);
        hand.queue.push_back(offline);
        for n in 0..3 {
            let result = hand.act(notice(branch, &format!("通知 {room} {n}")), &mut honest);
            refused += usize::from(full(&result));
            if let Ok(Done::Recorded(op)) = result {
                recorded.push(op);
            }
        }
        hand.queue.push_back(dangjian_engine::Input::Host(dangjian_engine::HostEvent::Online));
        failed += usize::from(full(&hand.sync(&mut honest)));
        std::fs::remove_file(&ballast).unwrap();
        if room % 8 == 7 {
            hand.restart();
        }
        for op in &recorded {
            assert!(hand.own().operation(*op).unwrap().is_some(), "with {room} pages left an operation was lost");
        }
    }
    println!("{} recorded, {refused} refused for want of room, {failed} exchanges failed", recorded.len());
    assert!(refused > 0 && failed > 0 && recorded.len() > 20);
    hand.sync(&mut honest).unwrap();
    assert_eq!(hand.own().queued_count().unwrap(), 0);
    assert_eq!(hand.office.count("SELECT count(*) FROM notice"), recorded.len() as i64, "each once, and no other");
    assert_eq!(hand.differences(), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_became_read_only_is_said_so_and_left_as_it_is() {
    let listener = Listener::new();
    let (secretary, branch) = listener.office(|office| office.secretary());
    let dir = tempfile::tempdir().unwrap();
    let phone = listener.phone(dir.path(), secretary, |_| {}).unwrap();
    phone.sign_in(&listener.code(secretary)).await.unwrap();
    phone.client.sync().await.unwrap();
    listener.answer_with(Some(std::sync::Arc::new(|_: &mut dyn std::io::Write| Ok(()))));
    phone.client.notices().publish(branch, NoticeScope::Branch, "存", "请参加").await.unwrap();
    drop(phone);
    let before = contents(dir.path());
    let path = dir.path().display().to_string();
    {
        let Some(_mounted) = Mounted::new(dir.path(), &[&["--bind", &path], &["-o", "remount,ro,bind"]]) else {
            return;
        };
        assert!(std::fs::write(dir.path().join("probe"), b"x").is_err());
        let opened = listener.phone(dir.path(), secretary, |_| {});
        assert!(matches!(opened.map(|_| ()), Err(AppError::Storage(StorageTrouble::Damaged))));
        let fresh = listener.phone(&dir.path().join("new"), secretary, |_| {});
        assert!(matches!(fresh.map(|_| ()), Err(AppError::KeyStore | AppError::Storage(_))));
        assert!(contents(dir.path()) == before);
    }
    let phone = listener.phone(dir.path(), secretary, |_| {}).unwrap();
    assert_eq!(phone.client.quarantined(), None);
    assert_eq!(phone.client.outbox().list(9, 0).unwrap().len(), 1);
    // Not before: a phone sends what it has as soon as it is opened.
    listener.answer_with(None);
    phone.sign_in("").await.unwrap();
    phone.client.sync().await.unwrap();
    assert_eq!(listener.office(|office| office.count("SELECT count(*) FROM notice")), 1);
}

/// Name and content of every file in `dir`.
pub(crate) fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    let mut contents: Vec<_> =
        files.filter(|path| path.is_file()).map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    contents.sort();
    contents
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_of_100_mb_is_kept_or_refused_and_an_operation_of_100_mb_is_refused() {
    let listener = Listener::new();
    let (secretary, branch) = listener.office(|office| office.secretary());
    let dir = tempfile::tempdir().unwrap();
    let phone = listener.phone(dir.path(), secretary, |_| {}).unwrap();
    phone.sign_in(&listener.code(secretary)).await.unwrap();
    phone.client.sync().await.unwrap();
    let large = "长".repeat(100_000_000 / 3);
    let published = phone.client.notices().publish(branch, NoticeScope::Branch, "题", &large).await;
    assert_eq!(published, Err(AppError::Refused(Refusal::TextTooLong)));
    let titled = phone.client.notices().publish(branch, NoticeScope::Branch, &large, "文").await;
    assert_eq!(titled, Err(AppError::Refused(Refusal::TextTooLong)));
    let content = large.into_bytes();
    let saved = phone.client.command(dangjian_engine::Command::SaveDraft { id: "notice".into(), content }).await;
    assert!(matches!(saved, Ok(Done::Ok) | Err(AppError::Storage(_))), "{saved:?}");
    phone.client.notices().publish(branch, NoticeScope::Branch, "题", "文").await.unwrap();
    phone.client.sync().await.unwrap();
    let emptied = dangjian_engine::Command::SaveDraft { id: "notice".into(), content: vec![] };
    assert_eq!(phone.client.command(emptied).await, Ok(Done::Ok));
    assert_eq!(listener.office(|office| office.count("SELECT count(*) FROM notice")), 1);
}
