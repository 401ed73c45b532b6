//! The listening socket and its connections. hyper's builder is used directly: `axum::serve` sets no time limit for the
//! headers, and one phone that sends a byte a minute would hold a connection for ever.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use socket2::{Domain, SockRef, Socket, Type};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio_rustls::TlsAcceptor;

use crate::config::NetworkLimits;
use crate::error::StartError;
use crate::routes::Peer;

/// Longest head of a request, bytes: hyper's own answer beyond it is 431.
const HEAD: usize = 32 * 1024;
/// Most headers in a request.
const HEADERS: usize = 64;
/// Connections that wait to be accepted; std's 128 are too few when a county's phones come back after a restart.
const BACKLOG: i32 = 4_096;

/// Opens the socket, before anything else is begun: a server that can't listen changes nothing.
pub(crate) fn listen(address: SocketAddr) -> Result<std::net::TcpListener, StartError> {
    let open = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        Ok(std::net::TcpListener::from(socket))
    };
    open().map_err(|source: std::io::Error| match source.kind() {
        std::io::ErrorKind::AddrInUse => StartError::AddressInUse(address),
        _ => StartError::Listen { address, source },
    })
}

/// Serves connections.
pub(crate) struct Serve {
    pub(crate) router: Router,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) limits: NetworkLimits,
}

impl Serve {
    /// Accepts connections until `stop`, then calls `stopping` and lets the requests under way end.
    pub(crate) async fn run(self, listener: TcpListener, mut stop: oneshot::Receiver<()>, stopping: impl FnOnce()) {
        let (limits, serve) = (self.limits, Arc::new(self));
        let graceful = GracefulShutdown::new();
        let free = Arc::new(Semaphore::new(limits.connections));
        loop {
            let slot = tokio::select! {
                _ = &mut stop => break,
                slot = free.clone().acquire_owned() => slot,
            };
            let accepted = tokio::select! {
                _ = &mut stop => break,
                accepted = listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    log::warn!("can't accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let (serve, watcher) = (serve.clone(), graceful.watcher());
            tokio::spawn(async move {
                serve.connection(stream, peer, watcher).await;
                drop(slot);
            });
        }
        drop(listener);
        stopping();
        if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
            log::warn!("some connections did not end in time and were cut");
        }
    }

    async fn connection(&self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        prepare(&stream, self.limits.write_timeout);
        let Some(tls) = &self.tls else { return self.http(stream, peer, watcher).await };
        match tokio::time::timeout(self.limits.header_timeout, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.http(stream, peer, watcher).await,
            Ok(Err(error)) => log::debug!("TLS handshake: {error}"),
            Err(_) => log::debug!("TLS handshake: too slow"),
        }
    }

    async fn http(&self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static, peer: SocketAddr, watcher: Watcher) {
        let router = TowerToHyperService::new(self.router.clone());
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            router.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_timeout)
            .max_buf_size(HEAD)
            .max_headers(HEADERS)
            .serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            log::debug!("connection: {error}");
        }
    }
}

fn prepare(stream: &TcpStream, write_timeout: Duration) {
    let nodelay = stream.set_nodelay(true);
    // A reply that makes no progress, and a phone that vanished with its stream open, are cut by the kernel.
    #[cfg(target_os = "linux")]
    let nodelay = nodelay.and(SockRef::from(stream).set_tcp_user_timeout(Some(write_timeout)));
    if let Err(error) = nodelay {
        log::debug!("socket options: {error}");
    }
}
