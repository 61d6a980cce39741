//! End-to-end tests of `cors-actix`: one binary, a module for each topic.

mod advisories;
mod assertions;
mod codes;
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
mod misuse;
mod modules;
mod multi_app;
mod no_side_effects;
mod peer_bugs;
mod program;
mod report;
mod responses;
mod routing;
mod routing_faults;
mod scope_guards;
mod scopes;
mod spies;
mod started;
mod styles;
mod support;
