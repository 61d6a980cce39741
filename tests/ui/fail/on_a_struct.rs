use cors_actix::cors;

#[cors(max_age = 5)]
struct Index;

fn main() {
    _ = Index;
}
