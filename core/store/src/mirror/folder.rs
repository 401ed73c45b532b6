//! The mirrors in the folder. Their names count up, so a name never stands for two files; a spool beside one says that it is
//! being built or not yet adopted.

use std::collections::BTreeSet;
use std::fs;

use crate::error::StoreError;
use crate::files::{Files, remove, remove_database, sync_dir};

#[derive(Debug)]
pub(super) struct Folder {
    files: Files,
    /// The newest name there ever was.
    newest: u64,
    /// The name `own` keeps.
    live: Option<u64>,
}

impl Folder {
    pub(super) fn open(files: &Files, live: Option<&str>) -> Result<Self, StoreError> {
        let live = live.and_then(|name| name.parse().ok());
        let mut folder = Self { files: files.clone(), newest: live.unwrap_or(0), live };
        let (mirrors, spools) = folder.names()?;
        folder.newest = mirrors.iter().chain(&spools).copied().fold(folder.newest, u64::max);
        Ok(folder)
    }

    pub(super) fn files(&self) -> &Files {
        &self.files
    }

    pub(super) fn next_name(&mut self) -> String {
        self.newest += 1;
        self.newest.to_string()
    }

    /// The newest mirror that was being built, or waited to be adopted, when the process ended.
    pub(super) fn interrupted(&mut self) -> Result<Option<String>, StoreError> {
        let (_, spools) = self.names()?;
        Ok(spools.last().filter(|no| self.live.is_none_or(|live| **no > live)).map(u64::to_string))
    }

    /// `own` names this mirror now.
    pub(super) fn adopted(&mut self, name: &str) -> Result<(), StoreError> {
        self.live = name.parse().ok();
        remove(&self.files.spool(name))
    }

    /// Deletes every mirror and spool but those of these names.
    pub(super) fn clean(&self, keep: &[Option<&str>]) -> Result<(), StoreError> {
        let (mirrors, spools) = self.names()?;
        for no in mirrors.union(&spools) {
            let name = no.to_string();
            if !keep.contains(&Some(name.as_str())) {
                self.remove(&name)?;
            }
        }
        Ok(())
    }

    /// Deletes a mirror and its spool; the spool last, since it is what a build resumes from.
    pub(super) fn remove(&self, name: &str) -> Result<(), StoreError> {
        remove_database(&self.files.mirror(name))?;
        remove(&self.files.spool(name))?;
        sync_dir(&self.files.dir)
    }

    fn names(&self) -> Result<(BTreeSet<u64>, BTreeSet<u64>), StoreError> {
        let (mut mirrors, mut spools) = (BTreeSet::new(), BTreeSet::new());
        for entry in fs::read_dir(&self.files.dir)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            // A log may outlive its file: `mirror-7.db-wal` is of mirror 7 as well.
            let mirror = name.strip_prefix("mirror-").and_then(|rest| rest.split_once(".db")).map(|(no, _)| no);
            mirrors.extend(mirror.and_then(|no| no.parse::<u64>().ok()));
            spools.extend(name.strip_prefix("spool-").and_then(|no| no.parse::<u64>().ok()));
        }
        Ok((mirrors, spools))
    }
}
