//! What has to hold for any input whatever; the fuzz targets only call these.

mod attribute;
mod config;
mod origin;
mod request;

// the macro's own modules: a crate of attributes can be called by the compiler alone
#[path = "../../cors-macros/src/args.rs"]
mod args;
#[path = "../../cors-macros/src/calls.rs"]
mod calls;
#[path = "../../cors-macros/src/expand.rs"]
mod expand;
#[path = "../../cors-macros/src/attribute.rs"]
mod expansion;
#[path = "../../cors-macros/src/heirs.rs"]
mod heirs;
#[path = "../../cors-macros/src/item.rs"]
mod item;
#[path = "../../cors-macros/src/module.rs"]
mod module;
#[path = "../../cors-macros/src/neighbours.rs"]
mod neighbours;
#[path = "../../cors-macros/src/registrations.rs"]
mod registrations;
#[path = "../../cors-macros/src/scope.rs"]
mod scope;
#[path = "../../cors-macros/src/validate.rs"]
mod validate;

pub use attribute::attribute;
pub use config::config;
pub use origin::origin;
pub use request::request;

use cors_core::{ConfigErrors, Operator, Override, Setting, Source, Value};

/// Every error has a code and a text, and a spelling that it proposes is accepted.
fn check_errors(errors: &ConfigErrors) {
    for error in errors {
        assert!(error.code().starts_with("CORS"), "{error:?}");
        assert!(!error.message().is_empty(), "{error:?}");
        if let Some(write) = error.correction() {
            // an origin, a pattern, `*` or the name of a group
            let element = [write.as_str()];
            let value = Value::List(&element);
            let setting = Setting { key: "allow_origins", operator: Operator::Set, value };
            assert!(Override::from_settings(&[setting], &Source::Base).is_ok(), "{error}");
        }
    }
}
