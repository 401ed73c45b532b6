//! A server on a free port and a socket to say anything to it.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

pub(crate) mod phone;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use dangjian_http::{Running, Server, ServerConfig};

/// A server with its data folder.
pub(crate) struct Started {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Running,
}

impl Started {
    /// As `change` wants it.
    pub(crate) fn with(change: impl FnOnce(&mut ServerConfig)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = ServerConfig::local(folder.path());
        config.quick_passwords = true;
        change(&mut config);
        Self { server: Server::start(config).unwrap(), folder }
    }

    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.server.addr()
    }
}

/// A connection on which nothing waits longer than ten seconds.
pub(crate) fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Everything the server says until it closes the connection.
pub(crate) fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    if let Err(error) = stream.read_to_end(&mut bytes) {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "the server did not close in time");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends `head` (lines without their ends) and `body` on a connection of their own.
pub(crate) fn send(addr: SocketAddr, head: &[&str], body: &[u8]) -> String {
    let mut stream = connect(addr);
    let mut bytes = head.join("\r\n").into_bytes();
    bytes.extend_from_slice(b"\r\nhost: x\r\nconnection: close\r\n\r\n");
    bytes.extend_from_slice(body);
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(&bytes);
    rest(stream)
}

/// The status of a reply.
pub(crate) fn status(reply: &str) -> u16 {
    reply.split(' ').nth(1).unwrap_or_else(|| panic!("no reply: {reply:?}")).parse().unwrap()
}

/// A JSON exchange; gives status and body.
pub(crate) fn json(addr: SocketAddr, method: &str, path: &str, body: &str) -> (u16, String) {
    let length = format!("content-length: {}", body.len());
    let start = format!("{method} {path} HTTP/1.1");
    let head = [&start, "content-type: application/json", "accept: application/json", &length];
    let reply = send(addr, &head, body.as_bytes());
    (status(&reply), reply.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned()))
}
