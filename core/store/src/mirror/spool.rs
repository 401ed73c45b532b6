//! Deliveries as they came, kept until the mirror built from them is adopted.
//!
//! A file of records: length (4 bytes, big-endian), nonce (12, random), content, tag (16). With a key the content is
//! encrypted with AES-256-GCM under a key derived from the files' key; without one the tag is the beginning of a SHA-256.
//! Both bind a record to its place. A record that was cut off or does not check ends the file: whatever came after it is
//! fetched again.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::{self, GrantList, PageBody};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::{digest, hkdf};

use crate::ddl;
use crate::error::StoreError;
use crate::files::{FileKey, Files, sync_dir};

/// After so many bytes the file is brought to the disk: what a power cut can cost.
const SYNC_EVERY: u64 = 1 << 20;
/// No record is longer; a length beyond it is damage.
const LONGEST: usize = 32 << 20;
const NONCE: usize = 12;
const TAG: usize = 16;

/// One delivery.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) grant: Option<GrantList>,
    pub(super) page: Option<PageBody>,
}

/// The file, open for appending.
#[derive(Debug)]
pub(super) struct Spool {
    file: File,
    seal: Seal,
    end: Mark,
    synced: u64,
}

/// A place between two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    bytes: u64,
    records: u64,
}

const START: Mark = Mark { bytes: 0, records: 0 };

impl Spool {
    pub(super) fn create(files: &Files, name: &str, history: u64) -> Result<Self, StoreError> {
        let path = files.spool(name);
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path)?;
        let mut spool = Self { file, seal: Seal::new(&files.key)?, end: START, synced: 0 };
        spool.write(&[history.to_be_bytes(), ddl::fingerprint().to_be_bytes()].concat())?;
        spool.sync()?;
        sync_dir(&files.dir)?;
        Ok(spool)
    }

    /// Opens a spool that an earlier process left, and the history it is of; `None` if it can't be read or was made by a
    /// version of the app with other tables.
    pub(super) fn open(files: &Files, name: &str) -> Result<Option<(Self, u64)>, StoreError> {
        let path: PathBuf = files.spool(name);
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut spool = Self { file, seal: Seal::new(&files.key)?, end: START, synced: 0 };
        let mut header = None;
        let mut end = START;
        spool.records(|at, content| {
            if at.records == 1 {
                header = Some(content.to_vec());
            }
            end = at;
            Ok(())
        })?;
        let Some((history, made)) = header.as_deref().and_then(|header| header.split_first_chunk::<8>()) else {
            return Ok(None);
        };
        if made != ddl::fingerprint().to_be_bytes() {
            return Ok(None);
        }
        let history = u64::from_be_bytes(*history);
        spool.cut(end)?;
        Ok(Some((spool, history)))
    }

    pub(super) fn end(&self) -> Mark {
        self.end
    }

    pub(super) fn append(&mut self, grant: Option<&GrantList>, page: Option<&PageBody>) -> Result<(), StoreError> {
        let grant = grant.map(|grant| message::encode(grant, Encoding::Cbor)).unwrap_or_default();
        let mut content = u32::try_from(grant.len()).unwrap_or(u32::MAX).to_be_bytes().to_vec();
        content.extend(grant);
        match page {
            None => {}
            Some(PageBody::Columnar(bytes)) => content.extend(&bytes.0),
            Some(json @ PageBody::Json(_)) => content.extend(json.open()?.compress()),
        }
        self.write(&content)?;
        if self.end.bytes - self.synced >= SYNC_EVERY {
            self.sync()?;
        }
        Ok(())
    }

    /// Forgets what was appended after `mark`.
    pub(super) fn cut(&mut self, mark: Mark) -> Result<(), StoreError> {
        self.file.set_len(mark.bytes)?;
        self.end = mark;
        self.synced = self.synced.min(mark.bytes);
        Ok(())
    }

    pub(super) fn sync(&mut self) -> Result<(), StoreError> {
        self.file.sync_data()?;
        self.synced = self.end.bytes;
        Ok(())
    }

    /// Every delivery, in the order they came.
    pub(super) fn replay(&mut self, mut each: impl FnMut(Record) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let end = self.end;
        self.records(|at, content| {
            if at.records == 1 || at.records > end.records {
                return Ok(());
            }
            each(record(content)?)
        })
    }

    fn write(&mut self, content: &[u8]) -> Result<(), StoreError> {
        let sealed = self.seal.close(self.end.records, content)?;
        self.file.seek(SeekFrom::Start(self.end.bytes))?;
        self.file.write_all(&sealed)?;
        self.end = Mark { bytes: self.end.bytes + sealed.len() as u64, records: self.end.records + 1 };
        Ok(())
    }

    /// Calls `each` with the place after each whole record and its content.
    fn records(&mut self, mut each: impl FnMut(Mark, &[u8]) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut left = self.file.metadata()?.len();
        let mut reader = BufReader::new(&self.file);
        let mut at = START;
        let mut buffer = vec![];
        loop {
            let mut length = [0; 4];
            if left < 4 {
                return Ok(());
            }
            reader.read_exact(&mut length)?;
            let length = u32::from_be_bytes(length) as usize;
            if !(NONCE + TAG..=LONGEST).contains(&length) || left - 4 < length as u64 {
                return Ok(());
            }
            left -= 4 + length as u64;
            buffer.resize(length, 0);
            reader.read_exact(&mut buffer)?;
            let Some(content) = self.seal.open(at.records, &mut buffer) else { return Ok(()) };
            at = Mark { bytes: at.bytes + 4 + length as u64, records: at.records + 1 };
            each(at, content)?;
        }
    }
}

fn record(content: &[u8]) -> Result<Record, StoreError> {
    let damaged = || StoreError::Corrupt("a record of the spool".into());
    let (length, rest) = content.split_first_chunk::<4>().ok_or_else(damaged)?;
    let (grant, page) = rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or_else(damaged)?;
    let grant = match grant {
        [] => None,
        bytes => Some(message::decode(bytes, Encoding::Cbor).map_err(|_| damaged())?),
    };
    let page = (!page.is_empty()).then(|| PageBody::Columnar(Bytes(page.to_vec())));
    Ok(Record { grant, page })
}

/// What makes records unreadable for others and damage visible.
enum Seal {
    Digest,
    Cipher(Box<LessSafeKey>, SystemRandom),
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Digest => "Digest",
            Self::Cipher(..) => "Cipher",
        })
    }
}

fn failed(_: ring::error::Unspecified) -> StoreError {
    StoreError::Io(std::io::Error::other("the cryptographic library fails"))
}

impl Seal {
    fn new(key: &FileKey) -> Result<Self, StoreError> {
        let FileKey::Raw(key) = key else { return Ok(Self::Digest) };
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, b"dangjian/spool/1").extract(key);
        let derived = secret.expand(&[b"aes-256-gcm"], &AES_256_GCM).map_err(failed)?;
        Ok(Self::Cipher(Box::new(LessSafeKey::new(UnboundKey::from(derived))), SystemRandom::new()))
    }

    /// The record with its length.
    fn close(&self, place: u64, content: &[u8]) -> Result<Vec<u8>, StoreError> {
        let length = u32::try_from(NONCE + content.len() + TAG).ok().filter(|length| *length as usize <= LONGEST);
        let length = length.ok_or(StoreError::Contradiction("a page beyond any limit"))?;
        let mut out = Vec::with_capacity(4 + length as usize);
        out.extend(length.to_be_bytes());
        let mut nonce = [0; NONCE];
        match self {
            Self::Digest => {
                out.extend(nonce);
                out.extend(content);
                out.extend(check(place, content));
            }
            Self::Cipher(key, random) => {
                random.fill(&mut nonce).map_err(failed)?;
                out.extend(nonce);
                let begin = out.len();
                out.extend(content);
                let body = out.get_mut(begin..).unwrap_or_default();
                let nonce = Nonce::assume_unique_for_key(nonce);
                let tag =
                    key.seal_in_place_separate_tag(nonce, Aad::from(place.to_be_bytes()), body).map_err(failed)?;
                out.extend(tag.as_ref());
            }
        }
        Ok(out)
    }

    /// The content of a record without its length, if it is whole and stands where it was written.
    fn open<'a>(&self, place: u64, record: &'a mut [u8]) -> Option<&'a [u8]> {
        let (nonce, rest) = record.split_first_chunk_mut::<NONCE>()?;
        match self {
            Self::Digest => {
                let (content, tag) = rest.split_last_chunk::<TAG>()?;
                (check(place, content) == *tag).then_some(content)
            }
            Self::Cipher(key, _) => {
                let nonce = Nonce::assume_unique_for_key(*nonce);
                key.open_in_place(nonce, Aad::from(place.to_be_bytes()), rest).ok().map(|content| &*content)
            }
        }
    }
}

fn check(place: u64, content: &[u8]) -> [u8; TAG] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&place.to_be_bytes());
    context.update(content);
    context.finish().as_ref().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{encrypted, grant, plain};
    use dangjian_domain::schema::FeedKind;

    fn some(text: &str) -> Option<PageBody> {
        Some(PageBody::Columnar(Bytes(text.as_bytes().to_vec())))
    }

    fn all(spool: &mut Spool) -> Vec<Record> {
        let mut records = vec![];
        spool
            .replay(|record| {
                records.push(record);
                Ok(())
            })
            .unwrap();
        records
    }

    #[test]
    fn records_are_read_back_and_those_cut_off_are_not() {
        for (_dir, files) in [plain(), encrypted()] {
            let mut spool = Spool::create(&files, "4", 9).unwrap();
            let list = grant(3, &[(1, FeedKind::Own, 2)]);
            spool.append(Some(&list), None).unwrap();
            let mark = spool.end();
            spool.append(None, some("dropped").as_ref()).unwrap();
            spool.cut(mark).unwrap();
            spool.append(None, some("kept").as_ref()).unwrap();
            drop(spool);
            let (mut spool, history) = Spool::open(&files, "4").unwrap().unwrap();
            let expected = [Record { grant: Some(list), page: None }, Record { grant: None, page: some("kept") }];
            assert_eq!((history, all(&mut spool).as_slice()), (9, expected.as_slice()));
        }
    }

    #[test]
    fn an_encrypted_spool_shows_nothing_and_opens_with_no_other_key() {
        let (_dir, files) = encrypted();
        let mut spool = Spool::create(&files, "4", 9).unwrap();
        spool.append(None, some("机密机密机密").as_ref()).unwrap();
        let bytes = std::fs::read(files.spool("4")).unwrap();
        let secret = "机密".as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        let other = Files { key: FileKey::Raw([8; 32]), ..files.clone() };
        assert!(Spool::open(&other, "4").unwrap().is_none());
    }

    #[test]
    fn records_put_in_another_order_end_the_file() {
        for (_dir, files) in [plain(), encrypted()] {
            let mut spool = Spool::create(&files, "4", 9).unwrap();
            let start = spool.end().bytes as usize;
            spool.append(None, some("first").as_ref()).unwrap();
            let middle = spool.end().bytes as usize;
            spool.append(None, some("other").as_ref()).unwrap();
            let bytes = std::fs::read(files.spool("4")).unwrap();
            let swapped = [&bytes[..start], &bytes[middle..], &bytes[start..middle]].concat();
            std::fs::write(files.spool("4"), swapped).unwrap();
            let (mut spool, _) = Spool::open(&files, "4").unwrap().unwrap();
            assert!(all(&mut spool).is_empty());
        }
    }

    #[test]
    fn absurd_lengths_end_the_file_before_memory_is_taken() {
        let (_dir, files) = plain();
        for bytes in [vec![0xff; 64], vec![0; 64], vec![0, 0, 0, 27, 1], vec![]] {
            std::fs::write(files.spool("4"), bytes).unwrap();
            assert!(Spool::open(&files, "4").unwrap().is_none());
        }
    }
}
