//! The programs stand beside this folder: `cargo run --example demo`.
