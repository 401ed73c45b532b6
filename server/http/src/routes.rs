//! The paths, and what happens to a request between the socket and the county's threads.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{self, HeaderValue, StatusCode, header};
use axum::routing::{MethodFilter, on};
use dangjian_protocol::error::ErrorCode;
use dangjian_protocol::http::{Encoding, Method, Response};
use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use crate::answer::{self, Answer};
use crate::hints;
use crate::intake::{Budget, Head, Unfit, read_body};
use crate::readers::{Job, Lane};

/// What the routes pass requests to.
pub(crate) struct App {
    /// For every request but those with a password.
    pub(crate) readers: Lane,
    /// For requests with a password.
    pub(crate) passwords: Lane,
    pub(crate) budget: Budget,
    pub(crate) body_timeout: Duration,
    pub(crate) keep_alive: Duration,
}

/// One path.
#[derive(Debug, Clone, Copy)]
struct Route {
    path: &'static str,
    method: Method,
    password: bool,
}

const fn get(path: &'static str) -> Route {
    Route { path, method: Method::Get, password: false }
}

const fn post(path: &'static str) -> Route {
    Route { path, method: Method::Post, password: false }
}

const fn password(path: &'static str) -> Route {
    Route { path, method: Method::Post, password: true }
}

const ROUTES: [Route; 13] = [
    get("/v1/capabilities"),
    get("/v1/hints"),
    post("/v1/sync"),
    password("/v1/sign-in"),
    password("/v1/activate"),
    post("/v1/devices"),
    post("/v1/devices/list"),
    post("/v1/devices/revoke"),
    post("/v1/session/nonce"),
    post("/v1/session"),
    post("/v1/accounts/reset"),
    post("/v1/study/lease"),
    post("/v1/content"),
];

/// All paths.
pub(crate) fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let filter = if route.method == Method::Get { MethodFilter::GET } else { MethodFilter::POST };
        let app = app.clone();
        router =
            router.route(route.path, on(filter, move |request| logged(Some(route), exchange(app, route, request))));
    }
    router
        .fallback(|request: Request| logged(None, refuse(request, Unfit::new(ErrorCode::NoSuchPath))))
        .method_not_allowed_fallback(|request: Request| logged(None, refuse(request, WRONG_METHOD)))
}

const WRONG_METHOD: Unfit = Unfit { status: Some(StatusCode::METHOD_NOT_ALLOWED), ..Unfit::new(ErrorCode::BadRequest) };

async fn exchange(app: Arc<App>, route: Route, request: Request) -> http::Response<Body> {
    // GET routes are offered HEAD requests too.
    if request.method().as_str() != route.method.name() {
        return refuse(request, WRONG_METHOD).await;
    }
    let encoding = Head::accepted(request.headers());
    let result = AssertUnwindSafe(pass_on(&app, route, request)).catch_unwind().await;
    let answer = match result {
        Ok(Ok(answer)) => answer,
        Ok(Err(unfit)) => Answer::Unfit(unfit),
        Err(_) => Answer::INTERNAL,
    };
    match answer {
        Answer::Reply(reply) => respond(reply),
        Answer::Hints(subscription) => hints::stream(subscription, app.keep_alive),
        Answer::Unfit(unfit) => respond_unfit(&unfit, encoding),
    }
}

async fn pass_on(app: &App, route: Route, request: Request) -> Result<Answer, Unfit> {
    let (parts, body) = request.into_parts();
    let head = Head::read(&parts)?;
    let source = parts.extensions.get::<Peer>().map_or_else(String::new, |peer| peer.0.ip().to_string());
    let (body, held) = read_body(body, app.body_timeout, &app.budget).await?;
    let request = head.with_body(route.method, route.path, body);
    let (reply, answer) = oneshot::channel();
    let lane = if route.password { &app.passwords } else { &app.readers };
    lane.put(Job { request, source, reply, held });
    Ok(answer.await.unwrap_or(Answer::INTERNAL))
}

async fn refuse(request: Request, unfit: Unfit) -> http::Response<Body> {
    respond_unfit(&unfit, Head::accepted(request.headers()))
}

fn respond_unfit(unfit: &Unfit, encoding: Encoding) -> http::Response<Body> {
    let mut response = respond(answer::error(unfit, encoding));
    if unfit.close {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(seconds) = unfit.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn respond(reply: Response) -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Where a connection comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The access log: nothing that a person wrote, not even an unknown path.
async fn logged(route: Option<Route>, reply: impl Future<Output = http::Response<Body>>) -> http::Response<Body> {
    let began = Instant::now();
    let response = reply.await;
    let (method, path) = route.map_or(("-", "-"), |route| (route.method.name(), route.path));
    let ms = began.elapsed().as_secs_f64() * 1e3;
    log::info!(target: "access", "{method} {path} {} {ms:.1} ms", response.status().as_u16());
    response
}
