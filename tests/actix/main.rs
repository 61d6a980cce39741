//! End-to-end tests of `cors-actix`: one binary, a module for each topic.

mod advisories;
mod assertions;
mod behind;
mod debug;
mod demo;
mod differential;
mod entries;
mod file;
mod in_process;
#[cfg(feature = "introspection")]
mod introspection;
mod layers;
mod lifecycle;
mod many;
mod misuse;
mod modules;
mod peers;
mod program;
mod report;
mod responses;
mod routing;
mod scopes;
mod spies;
mod styles;
mod support;
mod untouched;
