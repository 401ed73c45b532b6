//! The API as a whole, reviewed when it changes, and the configuration of what is generated from it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};
use uniffi_meta::{FieldMetadata, FnParamMetadata, Metadata, Type};

/// The library that was built for this test.
fn library() -> PathBuf {
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    let name = format!("{}dangjian_ffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    folder.join(name)
}

fn told(ty: &Type) -> String {
    match ty {
        Type::Optional { inner_type } => format!("{}?", told(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", told(inner_type)),
        Type::Map { key_type, value_type } => format!("{{{}: {}}}", told(key_type), told(value_type)),
        Type::Set { inner_type } => format!("set of {}", told(inner_type)),
        Type::Box { inner_type } => told(inner_type),
        other => other.name().map_or_else(|| format!("{other:?}").to_lowercase(), str::to_owned),
    }
}

fn call(
    name: &str,
    is_async: bool,
    inputs: &[FnParamMetadata],
    output: Option<&Type>,
    throws: Option<&Type>,
) -> String {
    let inputs: Vec<String> = inputs
        .iter()
        .map(|input| {
            let default = input.default.as_ref().map_or("", |_| " = …");
            format!("{}: {}{default}", input.name, told(&input.ty))
        })
        .collect();
    let mut line = format!("{}{name}({})", if is_async { "async " } else { "" }, inputs.join(", "));
    if let Some(output) = output {
        let _ = write!(line, " -> {}", told(output));
    }
    if let Some(throws) = throws {
        let _ = write!(line, " throws {}", told(throws));
    }
    line
}

fn field(field: &FieldMetadata) -> String {
    let default = field.default.as_ref().map_or("", |_| " = …");
    format!("{}: {}{default}", field.name, told(&field.ty))
}

/// Everything that crosses, a line each, in order.
fn listing() -> String {
    let library = utf8(&library());
    let mut blocks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |block: String, line: String| blocks.entry(block).or_default().push(line);
    for item in uniffi_bindgen::macro_metadata::extract_from_library(&library).unwrap() {
        match item {
            Metadata::Func(it) => {
                add(
                    "functions".into(),
                    call(&it.name, it.is_async, &it.inputs, it.return_type.as_ref(), it.throws.as_ref()),
                );
            }
            Metadata::Object(it) => add(it.name, format!("0 {:?}", it.imp).to_lowercase()),
            Metadata::Constructor(it) => {
                let line = call(&it.name, it.is_async, &it.inputs, None, it.throws.as_ref());
                add(it.self_name, format!("constructor {line}"));
            }
            Metadata::Method(it) => {
                add(it.self_name, call(&it.name, it.is_async, &it.inputs, it.return_type.as_ref(), it.throws.as_ref()));
            }
            Metadata::TraitMethod(it) => {
                let line = call(&it.name, it.is_async, &it.inputs, it.return_type.as_ref(), it.throws.as_ref());
                add(it.trait_name, format!("{}. {line}", it.index));
            }
            Metadata::Record(it) => {
                let fields: Vec<String> = it.fields.iter().map(field).collect();
                add(it.name, format!("0 record {{ {} }}", fields.join(", ")));
            }
            Metadata::Enum(it) => {
                let variants: Vec<String> = it
                    .variants
                    .iter()
                    .map(|variant| {
                        let fields: Vec<String> = variant.fields.iter().map(field).collect();
                        if fields.is_empty() {
                            variant.name.clone()
                        } else {
                            format!("{}({})", variant.name, fields.join(", "))
                        }
                    })
                    .collect();
                let kind = if it.shape.is_error() { "error" } else { "enum" };
                add(it.name, format!("0 {kind} {}", variants.join(" | ")));
            }
            Metadata::CustomType(it) => add(it.name, format!("0 newtype of {}", told(&it.builtin))),
            Metadata::Namespace(_) => {}
            other => panic!("nobody lists {other:?}"),
        }
    }
    let mut text = String::new();
    for (block, mut lines) in blocks {
        lines.sort();
        lines.dedup();
        let _ = writeln!(text, "{block}");
        for line in lines {
            let _ = writeln!(text, "  {}", line.strip_prefix("0 ").unwrap_or(&line));
        }
    }
    text
}

fn utf8(path: &Path) -> camino::Utf8PathBuf {
    path.to_str().unwrap().into()
}

/// The hash that both sides compare is that of `api.txt`, so it must be what the library says.
#[test]
fn the_api_is_the_one_that_was_reviewed() {
    let reviewed = concat!(env!("CARGO_MANIFEST_DIR"), "/api.txt");
    let (old, new) = (std::fs::read_to_string(reviewed).unwrap(), listing());
    if std::env::var_os("UPDATE_API").is_some() {
        std::fs::write(reviewed, &new).unwrap();
        return;
    }
    if old != new {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (before, after) = (lines(&old), lines(&new));
        let gone: Vec<_> = before.iter().filter(|line| !after.contains(line)).collect();
        let come: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
        panic!("the API changed; run with UPDATE_API=1 and review api.txt.\ngone: {gone:#?}\ncome: {come:#?}");
    }
}

#[test]
fn the_configuration_reaches_both_languages() {
    let out = tempfile::tempdir().unwrap();
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../uniffi.toml");
    let options = GenerateOptions {
        languages: vec![TargetLanguage::Kotlin, TargetLanguage::Swift],
        source: utf8(&library()),
        out_dir: utf8(out.path()),
        config_override: Some(utf8(&config)),
        metadata_no_deps: true,
        ..GenerateOptions::default()
    };
    generate(options).unwrap();
    let kotlin = std::fs::read_to_string(out.path().join("org/dangjian/core/dangjian.kt")).unwrap();
    assert!(kotlin.contains("\npackage org.dangjian.core\n"));
    assert!(kotlin.contains("MemberId(builtinValue)"), "ids are types of their own");
    assert!(!kotlin.contains("API checksum mismatch"), "checksums crash on 32-bit ARM");
    let swift = std::fs::read_to_string(out.path().join("Dangjian.swift")).unwrap();
    assert!(swift.contains("import DangjianFFI"));
    assert!(out.path().join("DangjianFFI.h").exists());
}
