use cors_actix::cors;

#[cors(max_age = 5)]
#[path = "module/handlers.rs"]
mod handlers;

fn main() {
    _ = handlers::index;
}
