//! What was expected against what came. An object matches if all its expected fields do; a list, element by element.
//! Operators: `$any` (something), `$in` (one of), `$count`, `$some` (an element), `$none`, `$min`, `$has` (a part of a text).

use serde_json::Value;

pub(crate) fn mismatch(expected: &Value, actual: &Value, at: &str) -> Option<String> {
    let differs = || Some(format!("at {at}: expected {expected}, got {}", short(actual)));
    match (expected, actual) {
        (Value::Object(fields), _) if fields.keys().any(|key| key.starts_with('$')) => {
            fields.iter().find_map(|(operator, operand)| {
                let holds = match operator.as_str() {
                    "$any" => !actual.is_null(),
                    "$count" => actual.as_array().map(Vec::len) == operand.as_u64().map(|n| n as usize),
                    "$some" => actual.as_array().is_some_and(|all| all.iter().any(|it| matches(operand, it))),
                    "$none" => actual.as_array().is_some_and(|all| !all.iter().any(|it| matches(operand, it))),
                    "$in" => operand.as_array().is_some_and(|all| all.contains(actual)),
                    "$min" => actual.as_i64() >= operand.as_i64(),
                    "$has" => actual.as_str().is_some_and(|text| text.contains(operand.as_str().unwrap())),
                    other => panic!("no operator {other}"),
                };
                if holds { None } else { differs() }
            })
        }
        (Value::Object(fields), Value::Object(present)) => fields.iter().find_map(|(key, expected)| {
            mismatch(expected, present.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}"))
        }),
        (Value::Array(all), Value::Array(present)) if all.len() == present.len() => {
            let mut pairs = all.iter().zip(present).enumerate();
            pairs.find_map(|(nth, (expected, actual))| mismatch(expected, actual, &format!("{at}.{nth}")))
        }
        _ if expected == actual => None,
        _ => differs(),
    }
}

fn matches(expected: &Value, actual: &Value) -> bool {
    mismatch(expected, actual, "").is_none()
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(400).collect()
}

/// `rows.0.id` of a value.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').filter(|step| !step.is_empty()).fold(value, |value, step| match step.parse::<usize>() {
        Ok(nth) => value.get(nth).unwrap_or(&Value::Null),
        Err(_) => value.get(step).unwrap_or(&Value::Null),
    })
}
