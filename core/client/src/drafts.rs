//! What somebody has begun to write, kept on this phone only.

use dangjian_engine::{AppError, Command};
use dangjian_store::StoreError;

use crate::client::Client;

/// Apart from what the core keeps for itself.
fn kept_as(id: &str) -> String {
    format!("screen/{id}")
}

impl Client {
    /// What was kept under that id.
    pub fn draft(&self, id: &str) -> Result<Option<String>, AppError> {
        self.read(|snapshot| {
            let unreadable = |_| StoreError::Corrupt("a draft that is no text".to_owned());
            snapshot.draft(&kept_as(id))?.map(String::from_utf8).transpose().map_err(unreadable)
        })
    }

    /// Keeps a text in place of an earlier one; `None` deletes it.
    pub async fn save_draft(&self, id: &str, text: Option<&str>) -> Result<(), AppError> {
        let content = text.map_or_else(Vec::new, |text| text.as_bytes().to_vec());
        self.command(Command::SaveDraft { id: kept_as(id), content }).await.map(|_| ())
    }
}
