//! An API with CORS policies on its handlers, and a page on another origin that calls it.
//!
//! `cargo run --example demo` starts both and prints where they are; with `--check` it makes the
//! page's calls itself, compares, and ends. `API_ADDR` and `PAGE_ADDR` move the two servers (with
//! port 0 the system chooses one), and the variables of `CORS_…` change the base policy.
//!
//! With `--config FILE` a file (TOML, JSON or YAML) changes the policies as well. It is read again when it has changed,
//! and on SIGHUP.

mod api;
mod ask;
mod calls;
mod check;
mod page;

use std::{
    env, io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::ExitCode,
};

use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{
    App, HttpServer,
    dev::{AppConfig, Server},
    middleware::from_fn,
    rt,
};
use cors_actix::{Cors, StartError};
use env_logger::Env;

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
    let Options { is_check, config } = Options::read(env::args().skip(1))?;
    let api_listener = listen("API_ADDR", "127.0.0.1:8080")?;
    let page_listener = listen("PAGE_ADDR", "127.0.0.1:8081")?;
    let (api, page) = (api_listener.local_addr()?, page_listener.local_addr()?);
    let policy = match &config {
        Some(file) => api::policy(page).from_file(file),
        None => api::policy(page),
    };
    let (cors, handle) = policy.build_reloadable()?;
    print_routes(&cors).await?;
    // the page asks it why the API refuses
    let explaining_listener = TcpListener::bind(("127.0.0.1", 0))?;
    let explaining = explaining_listener.local_addr()?;
    let (explaining_cors, explaining_handle) = policy.debug(true).build_reloadable()?;
    rt::spawn(serve_api(explaining_listener, explaining_cors)?);
    let mut watching = Vec::new();
    if config.is_some() {
        // what each reload has changed is in the log
        env_logger::Builder::from_env(Env::default().default_filter_or("cors_actix=info")).init();
        for handle in [handle, explaining_handle] {
            watching.extend([handle.watch_file()?, handle.reload_on_hangup()?]);
        }
    }
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

/// What the command line says.
#[derive(Default)]
struct Options {
    is_check: bool,
    config: Option<PathBuf>,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => options.is_check = true,
                "--config" => {
                    let file = arguments.next().ok_or("`--config` needs a file behind it")?;
                    options.config = Some(file.into());
                }
                other => {
                    return Err(format!(
                        "unknown argument `{other}`; there are `--check` and `--config FILE`"
                    ));
                }
            }
        }
        Ok(options)
    }
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

/// Starts the application once without a socket, so that the table stands above all else, and what does not fit ends the
/// program.
async fn print_routes(cors: &Cors) -> Result<(), StartError> {
    let app = App::new().configure(api::configure).wrap(cors.clone());
    let started = app.into_factory().new_service(AppConfig::default()).await;
    if let (Err(()), Some(error)) = (started.map(drop), cors.start_error()) {
        return Err(error);
    }
    for report in cors.reports() {
        println!("{report}");
    }
    Ok(())
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
