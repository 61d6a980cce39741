//! `#[cors]` beside the attributes of other crates, on handlers and in modules.

#[cfg(test)]
mod attributes;
