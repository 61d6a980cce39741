//! An API with CORS policies on its handlers, and a page on another origin that calls it.
//!
//! `cargo run --example demo` starts both and prints where they are; with `--check` it makes the
//! page's calls itself, compares, and ends. `API_ADDR` and `PAGE_ADDR` move the two servers (with
//! port 0 the system chooses one), and the variables of `CORS_…` change the base policy.

mod api;
mod ask;
mod calls;
mod check;
mod page;

use std::{
    env, io,
    net::{SocketAddr, TcpListener},
    process::ExitCode,
};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, rt, test};
use cors_actix::Cors;

#[actix_web::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let is_check = match env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => return Err(format!("unknown argument `{other}`; only `--check`").into()),
    };
    let api_listener = listen("API_ADDR", "127.0.0.1:8080")?;
    let page_listener = listen("PAGE_ADDR", "127.0.0.1:8081")?;
    let (api, page) = (api_listener.local_addr()?, page_listener.local_addr()?);
    let cors = api::cors(page)?;
    print_routes(&cors).await;
    // the page asks it why the API refuses
    let explaining_listener = TcpListener::bind(("127.0.0.1", 0))?;
    let explaining = explaining_listener.local_addr()?;
    rt::spawn(serve_api(explaining_listener, api::policy(page).debug(true).build()?)?);
    let servers = [serve_api(api_listener, cors)?, page::serve(page_listener, api, explaining)?];
    print_addresses(api, page);
    if is_check {
        let _running = servers.map(rt::spawn);
        let differences = check::run(api, page).await;
        return Ok(if differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let [api, page] = servers;
    let page = rt::spawn(page);
    api.await?;
    page.await??;
    Ok(ExitCode::SUCCESS)
}

fn listen(variable: &str, default: &str) -> Result<TcpListener, String> {
    let address = env::var(variable).unwrap_or_else(|_| default.to_owned());
    TcpListener::bind(&address).map_err(|error| {
        format!("{variable}: cannot listen on `{address}`: {error}; set one like `{default}`")
    })
}

fn serve_api(listener: TcpListener, cors: Cors) -> io::Result<Server> {
    let app = move || {
        App::new().configure(api::configure).wrap(from_fn(api::add_request_id)).wrap(cors.clone())
    };
    Ok(HttpServer::new(app).workers(2).listen(listener)?.run())
}

/// Starts the application once without a socket, so that the table stands above all else.
async fn print_routes(cors: &Cors) {
    let app = App::new().configure(api::configure).wrap(cors.clone());
    drop(test::init_service(app).await);
    for report in cors.reports() {
        println!("{report}");
    }
}

fn print_addresses(api: SocketAddr, page: SocketAddr) {
    let page_origin = api::origin("localhost", page.port());
    println!("API   http://{api}");
    println!("page  {page_origin}  (or http://{page})\n");
    println!("curl -i http://{api}/api/users/1 -H 'Origin: {page_origin}'");
    println!("curl -i http://{api}/api/users/1 -H 'Origin: https://evil.example'");
    println!(
        "curl -i -X OPTIONS http://{api}/api/users/1 -H 'Origin: {page_origin}' \
         -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: if-match'"
    );
    println!(
        "curl -i -X OPTIONS http://{api}/api/users/1 -H 'Origin: {page_origin}' \
         -H 'Access-Control-Request-Method: DELETE'\n"
    );
}
