//! What CORS costs a request: this workspace, its peers and a hand-written floor, side by side on
//! the same requests.
//!
//! `cargo run --release -p cors-benches` prints the tables of all suites, `… -- requests` that of one.
//! Instructions are counted by callgrind. What takes time is measured where it is asked for by name:
//! `start`, `compile`, `load`, `core-times`. Allocations are counted by a program of their own:
//! `cargo run --release -p cors-benches --bin allocations`.

pub mod allocations;
pub mod case;
pub mod compile;
pub mod core_times;
pub mod floor;
pub mod instructions;
pub mod load;
mod numbers;
pub mod policy;
pub mod report;
pub mod request;
pub mod routes;
pub mod start;
pub mod subjects;
pub mod suites;
pub mod wire;
