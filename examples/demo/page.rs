//! The page's server: one page, the calls it makes as data, and answers to its user's questions.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use actix_web::{App, HttpResponse, HttpServer, dev::Server, get, web};
use serde::Serialize;

use crate::{
    ask::{Apis, ask},
    calls::{CALLS, Call},
};

/// What the page has to know.
#[derive(Debug, Clone, Serialize)]
struct Setup {
    api_port: u16,
    calls: Vec<&'static Call>,
}

/// Serves the page; `explaining` is where the same API runs in debug mode.
pub(crate) fn serve(
    listener: TcpListener,
    api: SocketAddr,
    explaining: SocketAddr,
) -> io::Result<Server> {
    let calls = CALLS.iter().filter(|call| call.origin.is_none()).collect();
    let setup = web::Data::new(Setup { api_port: api.port(), calls });
    let apis = web::Data::new(Apis { api, explaining });
    let app = move || {
        let app = App::new().app_data(setup.clone()).app_data(apis.clone());
        app.service(index).service(get_setup).service(ask)
    };
    Ok(HttpServer::new(app).workers(1).listen(listener)?.run())
}

#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(include_str!("page.html"))
}

#[get("/setup.json")]
async fn get_setup(setup: web::Data<Setup>) -> HttpResponse {
    HttpResponse::Ok().json(setup.get_ref())
}
