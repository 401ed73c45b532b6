//! A server, phones, and the steps of a scenario.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dangjian_ffi::platform::{Platform, software_key_store};
use dangjian_ffi::{AppError, CoreConfig, DangjianCore};
use dangjian_http::{Running, SeedCounty, Server, ServerConfig};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::calls::call;
use super::matching::{at, mismatch};
use super::people::{People, SEED};

const PASSWORD: &str = "枧头河水 2026";
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Stage {
    server: Option<Running>,
    folder: TempDir,
    people: People,
    codes: BTreeMap<String, (String, String)>,
    runtime: tokio::runtime::Runtime,
}

struct Phone {
    dir: PathBuf,
    core: Arc<DangjianCore>,
}

impl Stage {
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("server");
        let today = dangjian_http::now().civil_day(0);
        let server = Server::start(ServerConfig {
            seed_county: Some(SeedCounty { seed: SEED, today }),
            quick_passwords: true,
            boards_every: Duration::from_secs(1),
            ..ServerConfig::local(&data)
        })
        .unwrap();
        let list = std::fs::read_to_string(data.join("activation-codes.csv")).unwrap();
        let codes = list.lines().skip(1).map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            (fields[1].to_owned(), (fields[0].to_owned(), fields[4].to_owned()))
        });
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self { server: Some(server), people: People::read(), codes: codes.collect(), folder, runtime }
    }

    pub(crate) fn play(&self, scenario: &Value) -> Result<(), String> {
        self.runtime.block_on(async {
            let mut variables = BTreeMap::new();
            let mut phones = BTreeMap::new();
            for (name, who) in scenario["phones"].as_object().unwrap() {
                let who = who.as_str().unwrap();
                let is_new = who.starts_with("new:");
                let login = self.people.get(who.trim_start_matches("new:"));
                let (member, code) = self.codes[&login].clone();
                let dir = self.folder.path().join(format!("{}-{name}", scenario["name"].as_str().unwrap()));
                let phone = Phone { core: self.core(&dir).await.map_err(|error| error.to_string())?, dir };
                if !is_new {
                    activate(&phone.core, &login, &code).await?;
                }
                for (what, value) in
                    [("login", login), ("code", code), ("member", member), ("password", PASSWORD.into())]
                {
                    variables.insert(format!("{name}.{what}"), json!(value));
                }
                phones.insert(name.clone(), phone);
            }
            for (nth, step) in scenario["steps"].as_array().unwrap().iter().enumerate() {
                let line = || format!("step {nth} {} {}", step["phone"], step["call"]);
                self.step(step, &mut phones, &mut variables).await.map_err(|error| format!("{}: {error}", line()))?;
            }
            for phone in phones.values() {
                phone.core.shutdown().await;
            }
            Ok(())
        })
    }

    async fn core(&self, dir: &std::path::Path) -> Result<Arc<DangjianCore>, AppError> {
        let dir = dir.display().to_string();
        let key_store = software_key_store(dir.clone())?;
        let server = self.server.as_ref().map(Running::url).unwrap_or_default();
        let config = CoreConfig { dir, server, label: "手机".into(), roots: vec![] };
        DangjianCore::open(config, Platform { key_store, clock: None, location: None, push_token: None }).await
    }

    async fn step(
        &self,
        step: &Value,
        phones: &mut BTreeMap<String, Phone>,
        variables: &mut BTreeMap<String, Value>,
    ) -> Result<(), String> {
        let (name, method) = (step["phone"].as_str().unwrap(), step["call"].as_str().unwrap());
        let with = self.resolved(&step["with"], variables);
        let began = Instant::now();
        loop {
            let phone = phones.get_mut(name).ok_or("no such phone")?;
            let result = if method == "restart" {
                phone.core.shutdown().await;
                match self.core(&phone.dir).await {
                    Ok(core) => {
                        phone.core = core;
                        Ok(Value::Null)
                    }
                    Err(error) => Err(error),
                }
            } else {
                call(&phone.core, method, &with).await
            };
            let (key, actual) = match &result {
                Ok(value) => ("expect", value.clone()),
                Err(error) => ("error", told(error)),
            };
            let wrong = match step.get(key) {
                Some(expected) => mismatch(&self.resolved(expected, variables), &actual, key),
                None if result.is_err() => Some(format!("failed: {actual}")),
                None if step.get("error").is_some() => Some(format!("no error but {actual}")),
                None => None,
            };
            match wrong {
                None => {
                    if let Some(saves) = step["save"].as_object() {
                        for (name, path) in saves {
                            variables.insert(name.clone(), at(&actual, path.as_str().unwrap()).clone());
                        }
                    }
                    return Ok(());
                }
                Some(_) if step["wait"] == json!(true) && began.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Some(wrong) => return Err(wrong),
            }
        }
    }

    /// `$name` is what was saved, `@name` an organization.
    fn resolved(&self, value: &Value, variables: &BTreeMap<String, Value>) -> Value {
        match value {
            Value::String(text) if text.starts_with('@') => json!(self.people.get(text)),
            Value::String(text) => match text.strip_prefix('$') {
                Some(name) => variables.get(name).unwrap_or_else(|| panic!("nothing saved as {name}")).clone(),
                None => value.clone(),
            },
            Value::Array(all) => all.iter().map(|it| self.resolved(it, variables)).collect(),
            Value::Object(fields) => {
                let resolved = fields.iter().map(|(key, it)| (key.clone(), self.resolved(it, variables)));
                Value::Object(resolved.collect::<Map<_, _>>())
            }
            _ => value.clone(),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown();
        }
    }
}

async fn activate(core: &DangjianCore, login: &str, code: &str) -> Result<(), String> {
    let account = core.account();
    let signed_in = match account.sign_in(login.into(), PASSWORD.into()).await {
        Err(_) => account.activate(login.into(), code.into(), PASSWORD.into()).await,
        done => done,
    };
    signed_in.map_err(|error| format!("{login} can't sign in: {error}"))?;
    core.sync(None, None).await.map_err(|error| format!("{login} can't sync: {error}")).map(|_| ())
}

/// An error as both languages tell it.
fn told(error: &AppError) -> Value {
    let mut fields = match serde_json::to_value(error).unwrap() {
        Value::Object(variant) => variant.into_iter().next().unwrap().1.as_object().unwrap().clone(),
        _ => Map::new(),
    };
    fields.insert("code".into(), json!(error.code()));
    fields.insert("retryable".into(), json!(error.retryable()));
    fields.insert("sentence".into(), json!(error.sentence()));
    Value::Object(fields)
}
