//! Who runs what: thread "core" owns the engine, thread "mirror" its writer, tokio the network and the key store. Each
//! effect comes back as one input, through one queue, so that the engine never waits and never is entered twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use dangjian_engine::{
    AppError, CmdId, Command, Done, Effect, Engine, HostEvent, Input, Mono, PageId, Status, StudyStatus,
};
use dangjian_protocol::sign::Signature;
use dangjian_store::{Changes, Mirror, MirrorTask};
use tokio::sync::{oneshot, watch};

use crate::client::Observer;
use crate::net::{Hint, Http};
use crate::platform::{Clock, KeyStore};
use crate::readers::Readers;
use crate::software::SystemRandom;
use crate::wipe::Wipe;

/// What reaches the core thread.
pub(crate) enum Message {
    /// Something for the engine.
    Input(Input),
    /// A command and who waits for its reply.
    Command(Command, oneshot::Sender<Result<Done, AppError>>),
    /// A host event, and who waits until it has had its effect.
    Host(HostEvent, oneshot::Sender<()>),
    /// The client is dropped.
    Stop,
}

/// Everything the core thread needs to carry out effects.
pub(crate) struct Core {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keys: Arc<dyn KeyStore>,
    pub(crate) http: Http,
    pub(crate) tokio: tokio::runtime::Handle,
    pub(crate) inbox: Receiver<Message>,
    pub(crate) back: Sender<Message>,
    pub(crate) mirror: Sender<(PageId, MirrorTask)>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) status: watch::Sender<Status>,
    pub(crate) study: watch::Sender<Option<StudyStatus>>,
    pub(crate) readers: Arc<Readers>,
    pub(crate) wipe: Arc<Wipe>,
}

impl Core {
    /// Runs until the client is dropped.
    pub(crate) fn run(mut self) {
        let mut waiting: BTreeMap<CmdId, oneshot::Sender<Result<Done, AppError>>> = BTreeMap::new();
        let mut commands = 0;
        // Whoever is still signed in need not do anything for the phone to go on.
        let mut wake_at: Option<Mono> = self.engine.status().signed_in.then(|| self.clock.now().mono);
        let mut hints: Option<tokio::task::JoinHandle<()>> = None;
        let (mut effects, mut replies) = (Vec::new(), Vec::new());
        let mut suspending: Option<(PageId, oneshot::Sender<()>)> = None;
        let mut random = SystemRandom;
        loop {
            let message = match wake_at {
                None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => {
                    let wait = at.0.saturating_sub(self.clock.now().mono.0).max(0);
                    self.inbox.recv_timeout(Duration::from_millis(wait.unsigned_abs()))
                }
            };
            let (mut host, mut applied) = (None, None);
            let input = match message {
                Ok(Message::Input(input)) => {
                    if let Input::Applied(id, _) = &input {
                        applied = Some(*id);
                    }
                    input
                }
                Ok(Message::Command(command, reply)) => {
                    commands += 1;
                    waiting.insert(CmdId(commands), reply);
                    Input::Command(CmdId(commands), command)
                }
                Ok(Message::Host(event, done)) => {
                    if event == HostEvent::Resume {
                        self.readers.open();
                    }
                    host = Some(done);
                    Input::Host(event)
                }
                Err(RecvTimeoutError::Timeout) => {
                    wake_at = None;
                    Input::Tick
                }
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            };
            self.engine.step(self.clock.now(), &mut random, input, &mut effects);
            for effect in effects.drain(..) {
                match effect {
                    Effect::Send(id, request) => {
                        let (http, back) = (self.http.clone(), self.back.clone());
                        self.tokio.spawn(async move {
                            let result = http.send(request).await;
                            let _ = back.send(Message::Input(Input::Net(id, result)));
                        });
                    }
                    Effect::OpenHints(request) => {
                        let (http, back) = (self.http.clone(), self.back.clone());
                        hints = Some(self.tokio.spawn(async move {
                            let each = |hint| {
                                let input = match hint {
                                    Hint::Open => Input::HintsOpen,
                                    Hint::Feed(feed, seq) => Input::Hint(feed, seq),
                                    Hint::Grant => Input::GrantHint,
                                };
                                let _ = back.send(Message::Input(input));
                            };
                            if let Err(fault) = http.hints(request, each).await {
                                log::info!("hints: {fault}");
                            }
                            let _ = back.send(Message::Input(Input::HintsClosed));
                        }));
                    }
                    Effect::CloseHints => {
                        if let Some(task) = hints.take() {
                            task.abort();
                        }
                    }
                    Effect::Sign(id, key, bytes) => {
                        let (keys, back) = (self.keys.clone(), self.back.clone());
                        self.tokio.spawn_blocking(move || {
                            let result = keys.sign(key, &bytes).and_then(|signature| {
                                Signature::from_key_store(&signature)
                                    .map_err(|_| dangjian_engine::KeyFault::Unavailable)
                            });
                            let _ = back.send(Message::Input(Input::Signed(id, result)));
                        });
                    }
                    Effect::Mirror(id, task) => {
                        if task == MirrorTask::Suspend {
                            suspending = host.take().map(|done| (id, done));
                        }
                        // Gone only while the client is being dropped.
                        let _ = self.mirror.send((id, task));
                    }
                    Effect::Reply(id, result) => {
                        if let Some(reply) = waiting.remove(&id) {
                            replies.push((reply, result));
                        }
                    }
                    Effect::Notify(changes) => self.observer.changed(&changes),
                    Effect::Status(status) => {
                        self.status.send_replace(status);
                    }
                    Effect::Study(status) => {
                        self.study.send_replace(status);
                    }
                    Effect::WakeAt(at) => wake_at = Some(at),
                    Effect::Wipe => {
                        self.wipe.begin();
                        self.readers.close();
                        self.wipe.files();
                        self.observer.revoked();
                        self.observer.changed(&Changes::everything());
                    }
                }
            }
            // Last, so that whoever has their reply finds status and screens told of it already.
            for (reply, result) in replies.drain(..) {
                let _ = reply.send(result);
            }
            if let Some(done) = host {
                let _ = done.send(());
            }
            // The engine let go of its files at once; the mirror has now.
            if let Some((_, done)) = suspending.take_if(|(id, _)| Some(*id) == applied) {
                self.readers.close();
                let _ = done.send(());
            }
        }
        if let Some(task) = hints.take() {
            task.abort();
        }
    }
}

/// Runs the mirror's tasks until the core thread ends, or this phone's access was taken away.
pub(crate) fn run_mirror(
    mut mirror: Mirror,
    tasks: Receiver<(PageId, MirrorTask)>,
    back: Sender<Message>,
    wipe: Arc<Wipe>,
) {
    for (id, task) in tasks {
        if wipe.has_begun() {
            break;
        }
        let result = mirror.run(task);
        if wipe.has_begun() {
            // The task may have made a file after all were deleted.
            drop(mirror);
            wipe.files();
            break;
        }
        if back.send(Message::Input(Input::Applied(id, result))).is_err() {
            break;
        }
    }
}
