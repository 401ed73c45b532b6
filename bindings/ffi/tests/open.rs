//! What can't be opened.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use dangjian_ffi::platform::{Platform, software_key_store};
use dangjian_ffi::{AppError, CoreConfig, DangjianCore};

#[test]
fn an_address_that_is_none_is_said_to_be_at_once_and_leaves_nothing() {
    let (keys, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let dir = folder.path().join("phone");
    let open = |server: &str| {
        let key_store = software_key_store(keys.path().display().to_string()).unwrap();
        let platform = Platform { key_store, clock: None, location: None, push_token: None };
        let dir = dir.display().to_string();
        DangjianCore::open(CoreConfig { dir, server: server.into(), label: "手机".into(), roots: vec![] }, platform)
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for server in ["", "dj.example.cn", "http://192.0.2.1", "https://dj.example.cn/app"] {
        let opened = runtime.block_on(open(server)).map(|_| ());
        assert_eq!(opened, Err(AppError::InvalidInput { field: "server".into(), problems: vec![] }), "{server}");
    }
    assert!(!dir.exists());
    // That nobody answers there is found out later.
    let core = runtime.block_on(open("https://dj.example.invalid")).unwrap();
    runtime.block_on(core.shutdown());
}
