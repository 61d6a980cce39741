//! Checks through `cors-core`: the same rules, and the same words, as at run time.

use cors_core::{ConfigError, Override, Problem, Setting, Source, Value};
use proc_macro2::Span;

use crate::args::{Args, SpannedSetting, SpannedValue};

pub(crate) fn check(args: &Args, errors: &mut Vec<syn::Error>) {
    let found = errors.len();
    if let [(first, _), (second, again), ..] = &args.off[..] {
        let twice = || ConfigError::key_twice(second.as_str());
        let error = if first == second { twice() } else { ConfigError::both_off() };
        errors.push(syn::Error::new(again.span(), error.message()));
    }
    if let (Some((off, place)), false) = (args.off.first(), args.settings.is_empty()) {
        let message = ConfigError::off_beside_others(*off).message();
        errors.push(syn::Error::new(place.span(), message));
    }
    for (index, setting) in args.settings.iter().enumerate() {
        check_setting(setting, errors);
        if args.settings[..index].iter().any(|earlier| earlier.key == setting.key) {
            let message = ConfigError::key_twice(&setting.key.to_string()).message();
            errors.push(syn::Error::new(setting.key.span(), message));
        }
    }
    if errors.len() == found {
        check_together(args, errors);
    }
}

fn check_setting(setting: &SpannedSetting, errors: &mut Vec<syn::Error>) {
    for error in config_errors(&[setting]) {
        errors.push(syn::Error::new(place(setting, &error), error.message()));
    }
}

/// What is wrong only because two settings are in one attribute.
fn check_together(args: &Args, errors: &mut Vec<syn::Error>) {
    let settings: Vec<&SpannedSetting> = args.settings.iter().collect();
    for error in config_errors(&settings) {
        let place = settings
            .iter()
            .find(|setting| error.key.is_some_and(|key| setting.key == key.as_str()))
            .map_or_else(Span::call_site, |setting| setting.value.span());
        errors.push(syn::Error::new(place, error.message()));
    }
}

fn config_errors(settings: &[&SpannedSetting]) -> Vec<ConfigError> {
    let keys: Vec<String> = settings.iter().map(|setting| setting.key.to_string()).collect();
    let lists: Vec<Vec<String>> = settings.iter().map(|setting| texts(&setting.value)).collect();
    let lists: Vec<Vec<&str>> =
        lists.iter().map(|list| list.iter().map(String::as_str).collect()).collect();
    let settings: Vec<Setting<'_>> = settings
        .iter()
        .enumerate()
        .map(|(index, setting)| Setting {
            key: &keys[index],
            operator: setting.operator,
            value: match &setting.value {
                SpannedValue::List(..) => Value::List(&lists[index]),
                SpannedValue::Text(_) => Value::Text(lists[index][0]),
                SpannedValue::Number(number) => {
                    Value::Number(number.base10_parse().unwrap_or_default())
                }
                SpannedValue::Flag(flag) => Value::Flag(flag.value),
            },
        })
        .collect();
    let checked = Override::from_settings(&settings, &Source::Here)
        .and_then(|layer| layer.check_alone(&Source::Here));
    checked.err().into_iter().flatten().collect()
}

fn texts(value: &SpannedValue) -> Vec<String> {
    match value {
        SpannedValue::List(_, elements) => elements.iter().map(syn::LitStr::value).collect(),
        SpannedValue::Text(text) => vec![text.value()],
        SpannedValue::Number(_) | SpannedValue::Flag(_) => Vec::new(),
    }
}

/// The token that a message is about: an element of a list, the value, the operator, or the key.
fn place(setting: &SpannedSetting, error: &ConfigError) -> Span {
    match (&error.problem, error.element, &setting.value) {
        (Problem::UnknownKey { .. }, ..) => setting.key.span(),
        (Problem::Operator, ..) => setting.operator_span,
        (_, Some(index), SpannedValue::List(_, elements)) => elements[index as usize].span(),
        _ => setting.value.span(),
    }
}
