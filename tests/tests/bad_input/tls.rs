//! Group I at the phone: servers that are not the server. Nothing is said to them, least of all a password.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dangjian_client::AppError;
use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};

use super::listener::Listener;

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: Certificate,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(params, key), root }
    }

    /// A server's configuration with a certificate for `name`, changed.
    fn server(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> rustls::ServerConfig {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        configured(&params.signed_by(&key, &self.issuer).unwrap(), &key)
    }
}

fn configured(certificate: &Certificate, key: &KeyPair) -> rustls::ServerConfig {
    let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

/// Tries to sign in at a server with this configuration, trusting `root`.
async fn sign_in(root: &Certificate, server: rustls::ServerConfig) -> (Result<(), AppError>, usize) {
    let listener = Listener::with(Some(server));
    let (secretary, _) = listener.office(|office| office.secretary());
    let dir = tempfile::tempdir().unwrap();
    let pem = root.pem().into_bytes();
    let phone = listener.phone(dir.path(), secretary, |config| config.roots = vec![pem]).unwrap();
    let result = phone.sign_in(&listener.code(secretary)).await;
    (result, listener.take_heads().len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_is_not_the_servers_hears_no_request() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let alone = KeyPair::generate().unwrap();
    let self_signed = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().self_signed(&alone).unwrap();
    let address = "127.0.0.1";
    let cases = [
        ("self-signed", configured(&self_signed, &alone)),
        ("the right name by another authority", theirs.server(address, |_| {})),
        ("another name", ours.server("example.org", |_| {})),
        ("another address", ours.server("127.0.0.2", |_| {})),
        ("no name", ours.server(address, |params| params.subject_alt_names.clear())),
        ("expired", ours.server(address, |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1))),
        ("not yet valid", ours.server(address, |params| params.not_before = rcgen::date_time_ymd(2096, 1, 1))),
        (
            "for clients only",
            ours.server(address, |params| {
                params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
            }),
        ),
    ];
    for (name, server) in cases {
        let (result, heard) = sign_in(&ours.root, server).await;
        assert_eq!((result, heard), (Err(AppError::Offline), 0), "{name}");
    }
    let (result, heard) = sign_in(&ours.root, ours.server(address, |_| {})).await;
    assert!(result.is_ok() && heard > 0, "{result:?}");
}

/// Says these bytes to whoever connects; counts the plain requests among what comes.
async fn raw(bytes: Vec<u8>) -> (Result<(), AppError>, Vec<u8>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", server.local_addr().unwrap());
    let (sender, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in server.incoming().take(1) {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut hello = [0; 5];
            let _ = stream.read_exact(&mut hello);
            let mut hello = vec![0; usize::from(u16::from_be_bytes([hello[3], hello[4]]))];
            let _ = stream.read_exact(&mut hello);
            let _ = stream.write_all(&bytes);
            let mut rest = vec![];
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.read_to_end(&mut rest);
            let _ = sender.send(rest);
        }
    });
    let listener = Listener::new();
    let (secretary, _) = listener.office(|office| office.secretary());
    let dir = tempfile::tempdir().unwrap();
    let login = listener.office(|office| office.login(secretary));
    let roots = vec![Authority::new().root.pem().into_bytes()];
    let change = |config: &mut dangjian_client::Config| (config.hints, config.roots) = (false, roots);
    let phone = dangjian_tests::phones::RealPhone::open(dir.path(), secretary, &login, change, &url).unwrap();
    let result = phone.client.account().activate(&login, "code", super::office::PASSWORD).await.map(|_| ());
    let rest = tokio::task::spawn_blocking(move || heard.recv_timeout(Duration::from_secs(10))).await.unwrap();
    (result, rest.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_before_1_2_and_what_is_no_tls_is_refused() {
    // A ServerHello record: version, random, no session, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, no compression.
    let hello = |version: [u8; 2]| {
        let body = [&version[..], &[7; 32], &[0, 0xc0, 0x13, 0]].concat();
        let message = [&[2, 0, 0, body.len() as u8][..], &body].concat();
        [&[22, version[0], version[1], 0, message.len() as u8][..], &message].concat()
    };
    for (name, version) in [("SSL 3.0", [3, 0]), ("TLS 1.0", [3, 1]), ("TLS 1.1", [3, 2])] {
        let (result, rest) = raw(hello(version)).await;
        assert_eq!(result, Err(AppError::Offline), "{name}");
        // An alert (21), fatal (2): protocol_version (70) or the like.
        assert_eq!((rest.first(), rest.get(5)), (Some(&21), Some(&2)), "{name}: {rest:?}");
    }
    let plain = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec();
    for bytes in [plain, vec![], vec![0xff; 100], [&[22, 3, 3, 0xff, 0xff][..], &[0; 200]].concat()] {
        let (result, rest) = raw(bytes).await;
        assert_eq!(result, Err(AppError::Offline));
        assert!(!rest.windows(4).any(|window| window == b"POST"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plain_http_to_another_machine_is_not_even_tried() {
    let listener = Listener::new();
    let (secretary, _) = listener.office(|office| office.secretary());
    for url in [
        "http://192.0.2.1",
        "http://example.org",
        "ftp://127.0.0.1",
        "127.0.0.1",
        "",
        "https://",
        "http://localhost.example.org",
    ] {
        let dir = tempfile::tempdir().unwrap();
        let opened = dangjian_tests::phones::RealPhone::open(dir.path(), secretary, "1", |_| {}, url);
        assert!(matches!(opened.map(|_| ()), Err(AppError::Offline)), "{url}");
    }
}

#[test]
fn a_phone_of_another_age_finds_no_common_version_with_our_server() {
    let authority = Authority::new();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority.issuer).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = dangjian_http::TlsFiles {
        certificates: folder.path().join("certificate.pem"),
        key: folder.path().join("key.pem"),
    };
    std::fs::write(&files.certificates, certificate.pem()).unwrap();
    std::fs::write(&files.key, key.serialize_pem()).unwrap();
    let mut config = dangjian_http::ServerConfig::local(folder.path());
    config.tls = Some(files);
    let server = dangjian_http::Server::start(config).unwrap();
    let refused = AtomicUsize::new(0);
    for version in [[3, 0], [3, 1], [3, 2]] {
        // ClientHello: version, random, no session, one cipher suite, no compression, no extensions.
        let body = [&version[..], &[7; 32], &[0, 0, 2, 0xc0, 0x13, 1, 0]].concat();
        let message = [&[1, 0, 0, body.len() as u8][..], &body].concat();
        let mut stream = std::net::TcpStream::connect(server.addr()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(&[&[22, 3, 1, 0, message.len() as u8][..], &message].concat()).unwrap();
        let mut reply = vec![];
        let _ = stream.read_to_end(&mut reply);
        assert!(reply.is_empty() || reply[0] == 21, "an alert or nothing: {reply:?}");
        refused.fetch_add(1, Ordering::Relaxed);
    }
    assert_eq!(refused.into_inner(), 3);
    server.shutdown();
}
