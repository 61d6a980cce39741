//! Where messages go: to the log, or to standard error where no log takes them; and what `main` prints.
//!
//! A logger is a process's, so each case runs a test of this file in a process of its own.

use std::{
    env,
    error::Error,
    io,
    process::{Command, Output},
};

use actix_web::{App, HttpResponse, HttpServer, get};
use cors_actix::{ConfigErrors, Cors, StartError, cors};

use crate::support::APP;

#[cors(allow_credentials = true, expose_headers += ["Pragma"])]
#[get("/sessions")]
async fn sessions() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Any origin, and a handler with credentials.
fn public() -> Cors {
    Cors::builder().allow_origins(["*"]).build().unwrap()
}

/// Runs in the processes that the tests below start.
#[actix_web::test]
#[ignore = "a part of the tests in this file, which run it"]
async fn an_application_that_does_not_start() {
    set_logger();
    let cors = public();
    let app = move || App::new().service(sessions).wrap(cors.clone());
    let server = HttpServer::new(app).workers(1).bind(("127.0.0.1", 0)).unwrap();
    assert!(server.run().await.is_err());
}

#[actix_web::test]
#[ignore = "a part of the tests in this file, which run it"]
async fn an_application_with_a_lint() {
    set_logger();
    let cors = Cors::builder().allow_origins([APP]).build().unwrap();
    drop(actix_web::test::init_service(App::new().service(sessions).wrap(cors)).await);
}

fn set_logger() {
    if env::var_os("WITH_LOGGER").is_some() {
        env_logger::init();
    }
}

/// What a test of this file writes to standard error, with this filter of `env_logger` or without a logger.
fn written(case: &str, filter: Option<&str>) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--nocapture", &format!("messages::{case}")]);
    command.env_remove("RUST_LOG").env_remove("WITH_LOGGER");
    if let Some(filter) = filter {
        command.env("WITH_LOGGER", "1").env("RUST_LOG", filter);
    }
    let Output { status, stderr, .. } = command.output().unwrap();
    let text = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{text}");
    text
}

/// The lines that contain a code: those of the log, and others.
fn lines(text: &str, code: &str) -> (usize, usize) {
    let lines = text.lines().filter(|line| line.contains(code));
    let (logged, bare): (Vec<&str>, Vec<&str>) =
        lines.partition(|line| line.contains(" cors_actix"));
    assert!(bare.iter().all(|line| line.starts_with("CORS")), "{text}");
    (logged.len(), bare.len())
}

/// Lints went nowhere without a logger, and to the log alone with one.
#[test]
fn all_messages_go_the_same_way() {
    // an empty filter is that of `env_logger` where nothing is set: errors alone
    let table = [
        (None, (0, 1), (0, 1)),
        (Some(""), (1, 0), (0, 0)),
        (Some("warn"), (1, 0), (1, 0)),
        (Some("cors_actix=warn"), (1, 0), (1, 0)),
        // this log takes nothing of ours, not even errors
        (Some("my_app=debug"), (0, 1), (0, 1)),
        (Some("off"), (0, 1), (0, 1)),
    ];
    for (filter, of_start_error, of_lint) in table {
        let text = written("an_application_that_does_not_start", filter);
        assert_eq!(lines(&text, "[CORS019]"), of_start_error, "{filter:?}: {text}");
        assert!(text.contains("CORS keeps the application from starting: [CORS019]"), "{text}");
        let text = written("an_application_with_a_lint", filter);
        assert_eq!(lines(&text, "[CORS106]"), of_lint, "{filter:?}: {text}");
    }
}

fn wrong() -> Result<Cors, ConfigErrors> {
    Cors::builder().allow_origins(["https://app.example.com/", "app.example.com"]).build()
}

/// `main` and `expect` print `Debug`, which had neither code nor sentence.
#[actix_web::test]
async fn errors_that_leave_main_are_sentences() {
    fn in_io() -> io::Result<()> {
        wrong()?;
        Ok(())
    }
    fn in_box() -> Result<(), Box<dyn Error>> {
        wrong()?;
        Ok(())
    }
    fn in_anyhow() -> anyhow::Result<()> {
        wrong()?;
        Ok(())
    }
    let sentences = "[CORS005] origin `https://app.example.com/` has a trailing slash; write \
                     `https://app.example.com`\n[CORS003] origin `app.example.com` has no scheme; write \
                     `https://app.example.com`";
    let errors = wrong().unwrap_err();
    assert_eq!(errors.to_string(), sentences);
    assert_eq!(format!("{errors:?}"), sentences);
    assert_eq!(format!("{:?}", errors.first()), errors.first().to_string());
    assert_eq!(in_io().unwrap_err().kind(), io::ErrorKind::InvalidInput);
    for printed in [
        format!("{:?}", in_io().unwrap_err()),
        format!("{:?}", in_box().unwrap_err()),
        format!("{:?}", in_anyhow().unwrap_err()),
    ] {
        assert!(printed.contains(sentences), "{printed}");
    }

    let cors = public();
    let app = App::new().service(sessions).wrap(cors.clone());
    assert!(crate::started::Started::start(app).await.is_none());
    let error: StartError = cors.start_error().unwrap();
    assert_eq!(format!("{error:?}"), error.to_string());
    let printed = format!("{:?}", io::Error::from(error.clone()));
    assert!(printed.contains(&error.to_string()), "{printed}");
}
