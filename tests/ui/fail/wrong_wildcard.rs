use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(allow_origins = ["https://app-*.example.com", "https://app.*.example.com", "vscode-webview://x*"])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
