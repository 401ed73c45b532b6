//! A server on a socket that answers as the county does, until a test has it answer otherwise.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dangjian_client::{AppError, Config};
use dangjian_domain::id::MemberId;
use dangjian_protocol::http::{Encoding, Method, Proof, Request};
use dangjian_tests::phones::RealPhone;

use super::office::Office;

/// Something else to say to an exchange; the connection is closed after it.
pub(crate) type Fault = Arc<dyn Fn(&mut dyn Write) -> std::io::Result<()> + Send + Sync>;

pub(crate) struct Listener {
    pub(crate) addr: SocketAddr,
    state: Arc<State>,
}

struct State {
    office: Mutex<Office>,
    fault: Mutex<Option<Fault>>,
    heads: Mutex<Vec<String>>,
    tls: Option<Arc<rustls::ServerConfig>>,
    stopped: std::sync::atomic::AtomicBool,
}

impl Listener {
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    pub(crate) fn with(tls: Option<rustls::ServerConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let state = Arc::new(State {
            office: Mutex::new(Office::at(dangjian_http::now())),
            fault: Mutex::new(None),
            heads: Mutex::new(vec![]),
            tls: tls.map(Arc::new),
            stopped: false.into(),
        });
        let addr = listener.local_addr().unwrap();
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.stopped.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                let (stream, shared) = (stream.unwrap(), shared.clone());
                std::thread::spawn(move || shared.connection(stream));
            }
        });
        Self { addr, state }
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.state.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.addr)
    }

    /// What is said to exchanges from now on.
    pub(crate) fn answer_with(&self, fault: Option<Fault>) {
        *self.state.fault.lock().unwrap() = fault;
    }

    pub(crate) fn office<T>(&self, f: impl FnOnce(&mut Office) -> T) -> T {
        let mut office = self.state.office.lock().unwrap();
        office.now = dangjian_http::now();
        f(&mut office)
    }

    /// The heads of the requests that came, and none from now on.
    pub(crate) fn take_heads(&self) -> Vec<String> {
        std::mem::take(&mut self.state.heads.lock().unwrap())
    }

    /// A phone of `member` in `dir`, not signed in.
    pub(crate) fn phone(
        &self,
        dir: &Path,
        member: MemberId,
        change: impl FnOnce(&mut Config),
    ) -> Result<RealPhone, AppError> {
        let login = self.office(|office| office.login(member));
        let plain = |config: &mut Config| {
            (config.hints, config.encrypted) = (false, false);
            change(config);
        };
        RealPhone::open(dir, member, &login, plain, &self.url())
    }

    pub(crate) fn code(&self, member: MemberId) -> String {
        self.office(|office| office.code(member))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.state.stopped.store(true, std::sync::atomic::Ordering::Relaxed);
        let _ = TcpStream::connect(self.addr);
    }
}

impl State {
    fn connection(&self, stream: TcpStream) {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.set_nodelay(true).unwrap();
        let socket = stream.try_clone().unwrap();
        // A client that does not like what it hears hangs up, and that is no trouble here.
        let _ = match &self.tls {
            None => self.serve(stream),
            Some(tls) => {
                let session = rustls::ServerConnection::new(tls.clone()).unwrap();
                self.serve(rustls::StreamOwned::new(session, stream))
            }
        };
        let _ = socket.shutdown(Shutdown::Both);
    }

    fn serve(&self, stream: impl Read + Write) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if stream.read_line(&mut head)? == 0 {
                    return Ok(());
                }
            }
            self.heads.lock().unwrap().push(head.clone());
            let request = read(&head, &mut stream)?;
            let fault = self.fault.lock().unwrap().clone().filter(|_| request.path == "/v1/sync");
            if let Some(fault) = fault {
                return fault(stream.get_mut());
            }
            let response = {
                let mut office = self.office.lock().unwrap();
                office.now = dangjian_http::now();
                office.send(&request)
            };
            let head = format!(
                "HTTP/1.1 {} X\r\ncontent-type: {}\r\ncontent-length: {}\r\n\r\n",
                response.status,
                response.content_type.media_type(),
                response.body.len()
            );
            stream.get_mut().write_all(&[head.as_bytes(), &response.body].concat())?;
            stream.get_mut().flush()?;
        }
    }
}

fn read(head: &str, from: &mut impl Read) -> std::io::Result<Request> {
    let header = |name: &str| {
        let is = |line: &&str| line.split_once(':').is_some_and(|(key, _)| key.eq_ignore_ascii_case(name));
        head.lines().find(is).map(|line| line.split_once(':').unwrap().1.trim().to_owned())
    };
    let mut start = head.split(' ');
    let method = if start.next() == Some("GET") { Method::Get } else { Method::Post };
    let path = start.next().unwrap_or_default().to_owned();
    let length: usize = header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    let proof = header("signature").map(|signature| Proof {
        content_digest: header("content-digest").unwrap(),
        signature_input: header("signature-input").unwrap(),
        signature,
    });
    Ok(Request { method, path, content_type: Encoding::Cbor, accept: Encoding::Cbor, proof, body })
}
