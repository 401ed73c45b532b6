//! Starting, stopping, starting again.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

mod support;

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use dangjian_http::{Server, ServerConfig, StartError, TlsFiles};
use dangjian_protocol::http::Encoding;
use dangjian_protocol::message::{self, Capabilities};
use support::{Started, connect, json, rest};

fn capabilities(addr: std::net::SocketAddr) -> Capabilities {
    let (status, body) = json(addr, "GET", "/v1/capabilities", "");
    assert_eq!(status, 200, "{body}");
    message::decode(body.as_bytes(), Encoding::Json).unwrap()
}

#[test]
fn a_second_server_on_the_port_or_the_folder_says_why_it_does_not_start() {
    let first = Started::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut config = ServerConfig::local(elsewhere.path());
    config.listen = first.addr();
    let error = Server::start(config).unwrap_err();
    assert!(matches!(error, StartError::AddressInUse(addr) if addr == first.addr()), "{error}");
    assert!(std::fs::read_dir(elsewhere.path()).unwrap().next().is_none(), "nothing was begun");

    let error = Server::start(ServerConfig::local(first.folder.path())).unwrap_err();
    assert!(matches!(error, StartError::FolderInUse(_)), "{error}");
}

#[test]
fn a_folder_that_can_not_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let error = Server::start(ServerConfig::local(file.join("data"))).unwrap_err();
    assert!(matches!(error, StartError::DataFolder { .. }), "{error}");
    assert!(error.to_string().starts_with("can't write to the data folder "), "{error}");
}

#[test]
fn a_database_from_the_future_or_of_another_kind_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    Server::start(ServerConfig::local(folder.path())).unwrap().shutdown();
    let database = folder.path().join("county.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection.execute("INSERT INTO schema_step (n) VALUES (1000)", []).unwrap();
    drop(connection);
    let error = Server::start(ServerConfig::local(folder.path())).unwrap_err();
    assert!(matches!(error, StartError::NewerSchema(_)), "{error}");

    std::fs::write(&database, "this is a letter, not a database".repeat(200)).unwrap();
    let error = Server::start(ServerConfig::local(folder.path())).unwrap_err();
    assert!(matches!(error, StartError::Database { .. }), "{error}");
}

#[test]
fn after_a_restart_the_county_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let config = ServerConfig::local(folder.path());
    let first = Server::start(config.clone()).unwrap();
    let before = capabilities(first.addr());
    first.shutdown();
    let wal = folder.path().join("county.db-wal");
    assert!(!wal.exists() || std::fs::metadata(&wal).unwrap().len() == 0, "the log was folded");
    let mode = std::fs::metadata(folder.path().join("secrets")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let second = Server::start(config).unwrap();
    let after = capabilities(second.addr());
    assert_eq!((before.deployment, before.server_key), (after.deployment, after.server_key));
}

#[test]
fn a_shutdown_answers_what_is_under_way_and_closes_the_rest() {
    let started = Started::with(|config| config.limits.drain = Duration::from_secs(3));
    let idle = connect(started.addr());
    let mut asking = connect(started.addr());
    asking.write_all(b"POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{").unwrap();
    // The reply to another request shows that the first was accepted.
    capabilities(started.addr());
    let Started { folder, server } = started;
    let began = Instant::now();
    let finishing = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        asking.write_all(b"}").unwrap();
        rest(asking)
    });
    server.shutdown();
    assert!(began.elapsed() < Duration::from_secs(2), "idle connections hold nothing up");
    assert!(finishing.join().unwrap().starts_with("HTTP/1.1 4"));
    assert_eq!(rest(idle), "");
    drop(folder);
}

#[tokio::test]
async fn https_is_served_to_those_who_trust_the_certificate() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let root = authority.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate =
        rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = TlsFiles { certificates: folder.path().join("certificate.pem"), key: folder.path().join("key.pem") };
    std::fs::write(&files.certificates, certificate.pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();

    let server = Started::with(|config| config.tls = Some(files.clone()));
    assert!(server.server.url().starts_with("https://127.0.0.1:"));
    let url = format!("https://localhost:{}/v1/capabilities", server.addr().port());
    let trusting = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(root.pem().as_bytes()).unwrap()])
        .resolve("localhost", server.addr())
        .build()
        .unwrap();
    assert_eq!(trusting.get(&url).send().await.unwrap().status(), 200);
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let doubting = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(other.cert.pem().as_bytes()).unwrap()])
        .resolve("localhost", server.addr())
        .build()
        .unwrap();
    assert!(doubting.get(&url).send().await.is_err());
    // Plain text on the TLS port.
    assert_eq!(rest_of_plain(server.addr()), "");
    assert_eq!(trusting.get(&url).send().await.unwrap().status(), 200);
    tokio::task::spawn_blocking(move || drop(server)).await.unwrap();
}

fn rest_of_plain(addr: std::net::SocketAddr) -> String {
    let mut stream = connect(addr);
    stream.write_all(b"GET /v1/capabilities HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let reply = rest(stream);
    // A TLS alert is no HTTP.
    if reply.starts_with("HTTP") { reply } else { String::new() }
}

#[test]
fn certificates_that_are_none_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (certificates, key) = (folder.path().join("c.pem"), folder.path().join("k.pem"));
    let mut config = ServerConfig::local(folder.path());
    config.tls = Some(TlsFiles { certificates: certificates.clone(), key: key.clone() });
    let error = Server::start(config.clone()).unwrap_err();
    assert!(matches!(&error, StartError::Tls { path, .. } if *path == certificates), "{error}");
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(&certificates, own.cert.pem()).unwrap();
    std::fs::write(&key, "nothing").unwrap();
    let error = Server::start(config).unwrap_err();
    assert!(matches!(&error, StartError::Tls { path, .. } if *path == key), "{error}");
}
