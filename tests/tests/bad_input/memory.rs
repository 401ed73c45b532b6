//! What must not cost memory: read in a process of its own, whose peak is looked at afterwards.

use dangjian_protocol::bytes::Bytes;
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Response};
use dangjian_protocol::message::{PageBody, SyncReply};

use super::faults::bomb;
use super::hand::{Hand, changed};
use super::office::{Office, answer, refused};
use super::phone::Phone;

const CHILD: &str = "bad_input::memory::hungry_input_in_a_process_of_its_own";
/// As bad-inputs.md has it.
const MOST_KIB: u64 = 64 * 1024;

/// A line of `/proc/self/status`, KiB.
fn kib(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn absurd_lengths_nesting_and_bombs_take_no_memory() {
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    let grew = said.split("grew by ").nth(1).unwrap().split(' ').next().unwrap();
    assert!(grew.parse::<u64>().unwrap() < MOST_KIB, "{said}");
}

#[test]
#[ignore = "run by the test before it, in a process of its own"]
fn hungry_input_in_a_process_of_its_own() {
    let mut office = Office::new();
    let (secretary, _) = office.secretary();
    let phone = Phone::new(&mut office, secretary, 1);
    let dir = tempfile::tempdir().unwrap();
    let member = office.officer();
    let mut hand = Hand::new(office, member, dir.path());
    let before = kib("VmRSS");
    const MIB: usize = 1 << 20;
    let length = |major: u8, n: u64| [&[major << 5 | 27][..], &n.to_be_bytes()].concat();
    let mut bodies = vec![
        (Encoding::Cbor, vec![0x81; MIB]),
        (Encoding::Cbor, [0xa1, 0x00].repeat(MIB / 2)),
        (Encoding::Cbor, vec![0x9f; MIB]),
        (Encoding::Cbor, vec![0xc6; MIB]),
        (Encoding::Json, vec![b'['; MIB]),
        (Encoding::Json, b"{\"cursor\":".repeat(MIB / 10)),
        (Encoding::Json, [&b"{\"cursor\":"[..], &vec![b'9'; MIB - 20], b"}"].concat()),
    ];
    // A cursor with feeds, and a push with operations, of an absurd number.
    for n in [1 << 24, 1 << 40, u64::MAX] {
        bodies.push((Encoding::Cbor, [&[0xa1, 1, 0xa3, 1, 0, 2, 0, 3][..], &length(4, n)].concat()));
        bodies.push((Encoding::Cbor, [&[0xa1, 2, 0xa3, 1, 1, 2][..], &length(4, n)].concat()));
        bodies.push((Encoding::Cbor, [&[0xa1, 2, 0xa3, 1, 1, 3][..], &length(2, n)].concat()));
    }
    for (content_type, body) in bodies {
        let mut request = phone.request(&hand.office, "/v1/sync", body);
        request.content_type = content_type;
        let code = refused(answer::<SyncReply>(&hand.office.send(&request)));
        assert_eq!(code, ErrorCode::BadRequest);
    }
    let page = PageBody::Columnar(Bytes(bomb(2 << 30)));
    for _ in 0..3 {
        let _ = hand.sync(&mut |office, request| changed(office, request, |reply| reply.page = Some(page.clone())));
        let nested = Response { status: 200, content_type: Encoding::Json, body: vec![b'['; 8 * MIB] };
        let _ = hand.sync(&mut |_, _| Ok(nested.clone()));
    }
    println!("grew by {} KiB", kib("VmHWM").saturating_sub(before));
}
