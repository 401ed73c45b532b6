//! Generates Kotlin and Swift from the built library: `uniffi-bindgen LANGUAGE LIBRARY CONFIG OUT`.

use std::process::ExitCode;

use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [language, library, config, out] = arguments.as_slice() else {
        eprintln!("usage: uniffi-bindgen kotlin|swift LIBRARY CONFIG OUT");
        return ExitCode::from(2);
    };
    let language = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        other => {
            eprintln!("uniffi-bindgen: no language {other}");
            return ExitCode::from(2);
        }
    };
    let options = GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: out.into(),
        config_override: Some(config.into()),
        metadata_no_deps: true,
        ..GenerateOptions::default()
    };
    match generate(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("uniffi-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}
