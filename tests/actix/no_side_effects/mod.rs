//! What users write stays as it is: each application here is started twice, with its handlers under
//! `#[cors]` and the middleware around it, and plain. The same requests go to both, and but for the
//! headers of CORS the answers must be the same.

mod compress;
mod documented;
mod extractors;
mod files;
mod layers;
mod logger;
mod names;
mod pair;
mod routing;
mod sessions;
mod streams;
mod websockets;
