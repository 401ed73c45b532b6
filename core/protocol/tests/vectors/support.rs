//! Fixed inputs, and the comparison with the files.

use std::path::PathBuf;

use dangjian_domain::id::{DeploymentId, DeviceId, MemberId, OrgId, RowId};
use dangjian_domain::time::Timestamp;
use dangjian_protocol::sign::SoftwareKey;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// 2026-11-23 05:00:00 in Asia/Shanghai.
pub(crate) const NOW: Timestamp = Timestamp(1_795_381_200_000);

/// An id whose bytes are easy to find again.
pub(crate) fn id(n: u8) -> RowId {
    RowId::v7(NOW.0, [n; 10])
}

pub(crate) fn deployment() -> DeploymentId {
    id(0xd0).into()
}

pub(crate) fn device() -> DeviceId {
    id(0xde).into()
}

pub(crate) fn member() -> MemberId {
    id(0x30).into()
}

pub(crate) fn branch() -> OrgId {
    id(0x0b).into()
}

pub(crate) fn county() -> OrgId {
    id(0x0c).into()
}

/// A key whose private number is SHA-256 of a name, so that another program can make it too.
pub(crate) fn key(name: &str) -> SoftwareKey {
    SoftwareKey::from_slice(&Sha256::digest(format!("dangjian/vectors/{name}"))).unwrap()
}

pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn updating() -> bool {
    std::env::var_os("UPDATE_VECTORS").is_some_and(|value| value == "1")
}

/// A vector file as it stands, if it can be read.
pub(crate) fn stored(name: &str) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path(&format!("tests/vectors/{name}.json"))).ok()?).ok()
}

/// Compares `content` with the file, or writes it.
pub(crate) fn check(name: &str, content: Value) {
    if updating() {
        let mut text = String::new();
        print(&content, 0, &mut text);
        write(&format!("tests/vectors/{name}.json"), &(text + "\n"));
    }
    let stored = stored(name).unwrap_or_else(|| panic!("tests/vectors/{name}.json can't be read"));
    assert_same(name, &content, &stored);
}

/// Indented, but for lists of numbers, which stand on one line.
fn print(value: &Value, depth: usize, out: &mut String) {
    fn numbers(value: &Value) -> bool {
        value.is_number() || value.as_array().is_some_and(|items| items.iter().all(numbers))
    }
    let members: Vec<(Option<&String>, &Value)> = match value {
        Value::Object(object) if !object.is_empty() => object.iter().map(|(key, value)| (Some(key), value)).collect(),
        Value::Array(items) if !numbers(value) => items.iter().map(|item| (None, item)).collect(),
        _ => return *out += &value.to_string(),
    };
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    out.push(open);
    for (at, (key, member)) in members.into_iter().enumerate() {
        *out += if at == 0 { "\n" } else { ",\n" };
        *out += &"  ".repeat(depth + 1);
        if let Some(key) = key {
            *out += &format!("{}: ", Value::from(key.as_str()));
        }
        print(member, depth + 1, out);
    }
    *out += &format!("\n{}{close}", "  ".repeat(depth));
}

fn assert_same(at: &str, made: &Value, stored: &Value) {
    match (made, stored) {
        (Value::Object(made), Value::Object(stored)) => {
            let keys: std::collections::BTreeSet<_> = made.keys().chain(stored.keys()).collect();
            for key in keys {
                let null = Value::Null;
                assert_same(&format!("{at}.{key}"), made.get(key).unwrap_or(&null), stored.get(key).unwrap_or(&null));
            }
        }
        (Value::Array(made), Value::Array(stored)) if made.len() == stored.len() => {
            for (n, (made, stored)) in made.iter().zip(stored).enumerate() {
                assert_same(&format!("{at}[{n}]"), made, stored);
            }
        }
        _ => assert_eq!(made, stored, "{at} differs from the published vector"),
    }
}

/// Compares `content` with a text file of the repository, or writes it.
pub(crate) fn check_text(name: &str, content: &str) {
    if updating() {
        write(name, content);
    }
    let stored = std::fs::read_to_string(path(name)).unwrap_or_default();
    assert!(content == stored, "{name} is out of date: run with UPDATE_VECTORS=1");
}

/// Under its name only when it is complete: tests of one run read each other's files.
fn write(name: &str, content: &str) {
    let temporary = path(&format!("{name}.new"));
    std::fs::create_dir_all(temporary.parent().unwrap()).unwrap();
    std::fs::write(&temporary, content).unwrap();
    std::fs::rename(&temporary, path(name)).unwrap();
}
