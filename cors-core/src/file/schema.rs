//! What a file may hold, for editors and for other programs that check it.

/// A JSON Schema (draft 7) of the files that [`PolicyBuilder::from_file`](crate::PolicyBuilder::from_file) reads, whatever
/// their format.
///
/// It says which keys may stand where, and what kind of value each takes. Whether an origin is right, or two settings may
/// stand together, is for [`build`](crate::PolicyBuilder::build) to say.
pub const SCHEMA: &str = include_str!("../../cors.schema.json");
