//! Files in every format: what they say, what is wrong with them, and where.

mod bad_input;
mod entries;
mod groups;
mod layers;
mod places;
mod round_trip;
mod schema;
mod support;
