//! What is answered to one request, and why.
//!
//! - In: a [`Policy`](crate::Policy), and the head of a request.
//! - Out: a [`Decision`], which names the headers of the answer and its [`Reason`].
//! - Invariant: a decision borrows values that were made when the policy was compiled, and allocates
//!   nothing.

mod compiled;
mod decision;
mod exposed;
mod handshake;
mod reason;
mod request;
mod requested;
mod values;

pub(crate) use compiled::{Asked, CompiledPolicy};
pub use decision::{Decision, FieldValue, PreflightStatus, applies_to_status};
pub use exposed::ExposedNames;
pub use handshake::{Handshake, is_websocket_upgrade};
pub use reason::Reason;
pub use request::{Presented, RequestHead, SentTo, is_preflight, needs_preflight};
pub(crate) use requested::Requested;
pub use requested::requested_names;
