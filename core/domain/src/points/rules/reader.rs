//! Walks a TOML table and notes every value that can't be, instead of stopping at the first as a deserializer would.

use std::ops::RangeInclusive;

use toml::{Table, Value};

use super::problem::{Problem, shown};
use crate::time::CivilDay;

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<Problem>);

impl Problems {
    /// Notes that `value` at `place` can't be.
    pub(super) fn add(&mut self, place: &str, value: &str, allowed: impl Into<String>, allowed_zh: impl Into<String>) {
        self.0.push(Problem {
            place: shown(place),
            value: shown(value),
            allowed: allowed.into(),
            allowed_zh: allowed_zh.into(),
        });
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// A table being read: which keys were asked for is what is allowed in it.
pub(super) struct Reader<'a> {
    place: String,
    table: Option<&'a Table>,
    known: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    pub(super) fn root(table: &'a Table) -> Self {
        Self { place: String::new(), table: Some(table), known: Vec::new() }
    }

    /// The path of `key` in this table.
    pub(super) fn at(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}.{key}", self.place) }
    }

    /// Whether there is a table at all.
    pub(super) fn is_there(&self) -> bool {
        self.table.is_some()
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.table?.get(key)
    }

    /// A value that must be there. In a table that is itself missing, that is said once, for the table.
    fn need(&mut self, problems: &mut Problems, key: &'static str) -> Option<&'a Value> {
        let value = self.get(key);
        if value.is_none() && self.table.is_some() {
            problems.add(&self.at(key), "", "is missing", "缺少这一项");
        }
        value
    }

    fn wrong_type(&self, problems: &mut Problems, key: &str, value: &Value, want: (&str, &str)) {
        let (en, zh) = want;
        problems.add(&self.at(key), &text_of(value), format!("must be {en}"), format!("应为{zh}"));
    }

    /// A table under `key`; one without content if it is missing or no table.
    pub(super) fn table(&mut self, problems: &mut Problems, key: &'static str, needed: bool) -> Reader<'a> {
        let value = if needed { self.need(problems, key) } else { self.get(key) };
        let table = match value {
            Some(Value::Table(table)) => Some(table),
            Some(other) => {
                self.wrong_type(problems, key, other, ("a table", "一组键值"));
                None
            }
            None => None,
        };
        Reader { place: self.at(key), table, known: Vec::new() }
    }

    /// The tables of the array `key`. Each is named by its `id_key`, or by its number if it has none.
    pub(super) fn tables(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
        id_key: &str,
        needed: bool,
    ) -> Vec<Reader<'a>> {
        let place = self.at(key);
        let value = if needed { self.need(problems, key) } else { self.get(key) };
        let items = match value {
            Some(Value::Array(items)) => items.as_slice(),
            Some(other) => {
                self.wrong_type(problems, key, other, ("an array of tables", "若干组键值"));
                &[]
            }
            None => &[],
        };
        if needed && items.is_empty() && matches!(value, Some(Value::Array(_))) {
            problems.add(&place, "", "must not be empty", "不能为空");
        }
        let mut readers = Vec::with_capacity(items.len());
        for (n, item) in items.iter().enumerate() {
            let Value::Table(table) = item else {
                problems.add(&format!("{place}[{n}]"), &text_of(item), "must be a table", "应为一组键值");
                continue;
            };
            let name =
                table.get(id_key).and_then(Value::as_str).filter(|id| is_word(id, "abcdefghijklmnopqrstuvwxyz_"));
            let place = name.map_or_else(|| format!("{place}[{n}]"), |id| format!("{place}.{id}"));
            readers.push(Reader { place, table: Some(table), known: Vec::new() });
        }
        readers
    }

    /// An integer within `range`; the range's least if it is not one.
    pub(super) fn int(&mut self, problems: &mut Problems, key: &'static str, range: RangeInclusive<i64>) -> i64 {
        match self.need(problems, key) {
            Some(value) => self.checked_int(problems, key, value, &range),
            None => *range.start(),
        }
    }

    /// As [`Self::int`], for a value that need not be there.
    pub(super) fn maybe_int(
        &mut self,
        problems: &mut Problems,
        key: &'static str,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let value = self.get(key)?;
        Some(self.checked_int(problems, key, value, &range))
    }

    fn checked_int(&self, problems: &mut Problems, key: &str, value: &Value, range: &RangeInclusive<i64>) -> i64 {
        match value {
            Value::Integer(n) if range.contains(n) => *n,
            other => {
                let (least, most) = (range.start(), range.end());
                let want = (format!("an integer from {least} to {most}"), format!(" {least} 至 {most} 的整数"));
                self.wrong_type(problems, key, other, (&want.0, &want.1));
                *least
            }
        }
    }

    /// Points of a rule: 1 to 1,000 or -1,000 to -1.
    pub(super) fn points(&mut self, problems: &mut Problems, key: &'static str) -> i64 {
        match self.need(problems, key) {
            Some(Value::Integer(n)) if *n != 0 && (-1_000..=1_000).contains(n) => *n,
            Some(other) => {
                let want = ("an integer from 1 to 1000, or from -1000 to -1", " 1 至 1000 或 -1000 至 -1 的整数");
                self.wrong_type(problems, key, other, want);
                1
            }
            None => 1,
        }
    }

    /// A word of 1 to 40 of the characters `of`, which `told` names.
    pub(super) fn word(&mut self, problems: &mut Problems, key: &'static str, of: &str, told: &str) -> String {
        match self.need(problems, key) {
            Some(Value::String(word)) if is_word(word, of) => word.clone(),
            Some(other) => {
                let want = (format!("1 to 40 characters of {told}"), format!(" 1 至 40 个字符，限 {told}"));
                self.wrong_type(problems, key, other, (&want.0, &want.1));
                String::new()
            }
            None => String::new(),
        }
    }

    /// What people read: 1 to 60 characters, no control characters, no space around.
    pub(super) fn label(&mut self, problems: &mut Problems, key: &'static str) -> String {
        let fits = |text: &str| {
            (1..=60).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(char::is_control)
        };
        match self.need(problems, key) {
            Some(Value::String(text)) if fits(text) => text.clone(),
            Some(other) => {
                let want = (
                    "1 to 60 characters without control characters or spaces around",
                    " 1 至 60 个字，首尾不留空格，不含控制字符",
                );
                self.wrong_type(problems, key, other, want);
                String::new()
            }
            None => String::new(),
        }
    }

    /// One of the words `of`.
    pub(super) fn one_of(&mut self, problems: &mut Problems, key: &'static str, of: &[&str]) -> Option<&'a str> {
        match self.need(problems, key)? {
            Value::String(word) if of.contains(&word.as_str()) => Some(word),
            other => {
                let list = of.join(", ");
                let want = (format!("one of {list}"), format!("下列之一：{list}"));
                self.wrong_type(problems, key, other, (&want.0, &want.1));
                None
            }
        }
    }

    /// A date of the calendar.
    pub(super) fn day(&mut self, problems: &mut Problems, key: &'static str) -> CivilDay {
        const NONE: CivilDay = CivilDay(0);
        let Some(value) = self.need(problems, key) else { return NONE };
        let day = match value {
            Value::Datetime(toml::value::Datetime { date: Some(date), time: None, offset: None }) => {
                CivilDay::from_ymd(date.year.into(), date.month.into(), date.day.into())
            }
            _ => None,
        };
        day.unwrap_or_else(|| {
            self.wrong_type(problems, key, value, ("a date such as 2026-01-01", "日期，如 2026-01-01"));
            NONE
        })
    }

    /// Notes every key that nobody asked for.
    pub(super) fn done(self, problems: &mut Problems) {
        for (key, value) in self.table.into_iter().flatten() {
            if !self.known.contains(&key.as_str()) {
                let known = self.known.join(", ");
                problems.add(
                    &self.at(key),
                    &text_of(value),
                    format!("is no known key; known are {known}"),
                    format!("是不认识的项，可用的有 {known}"),
                );
            }
        }
    }
}

fn is_word(text: &str, of: &str) -> bool {
    (1..=40).contains(&text.len()) && text.chars().all(|c| of.contains(c))
}

/// A value as it is repeated in an error.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        Value::Integer(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        Value::Boolean(b) => b.to_string(),
        Value::Datetime(at) => at.to_string(),
        Value::Array(_) => "[…]".to_owned(),
        Value::Table(_) => "{…}".to_owned(),
    }
}
