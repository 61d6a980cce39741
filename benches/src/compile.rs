//! How long two programs take to compile that differ in `#[cors]` on their handlers alone.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant, SystemTime},
};

/// How many handlers a program has.
const HANDLERS: usize = 500;

/// How often each is compiled; the fastest counts.
const TIMES: u32 = 3;

/// The attributes, which the handlers have in turn.
const ATTRIBUTES: [&str; 4] = [
    r#"#[cors_actix::cors(expose_headers += ["ETag"])]"#,
    r#"#[cors_actix::cors(max_age = "2h")]"#,
    r#"#[cors_actix::cors(allow_origins += ["https://partner.example.com"])]"#,
    r#"#[cors_actix::cors(allow_methods = ["GET", "POST"], allow_headers += ["X-Request-Id"])]"#,
];

/// What is asked of cargo.
const COMMANDS: [&[&str]; 3] = [&["check"], &["build"], &["build", "--release"]];

/// The table, in Markdown.
///
/// # Errors
///
/// Fails where the programs cannot be written or compiled.
pub fn table() -> io::Result<String> {
    let (plain, annotated) = (Program::write("plain", false)?, Program::write("annotated", true)?);
    let mut text =
        format!("| compiling {HANDLERS} handlers, s | without `#[cors]` | with |\n|---|---|---|\n");
    for command in COMMANDS {
        let (without, with) = (plain.time(command)?, annotated.time(command)?);
        _ = writeln!(
            text,
            "| `cargo {}` | {:.2} | {:.2} |",
            command.join(" "),
            without.as_secs_f64(),
            with.as_secs_f64()
        );
    }
    Ok(text)
}

/// A program with a package of its own, so that only it is compiled anew.
struct Program {
    folder: PathBuf,
}

impl Program {
    fn write(name: &str, is_annotated: bool) -> io::Result<Self> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
        let folder = workspace.join("target/compile").join(name);
        fs::create_dir_all(folder.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             actix-web = \"4\"\ncors-actix = {{ path = '{}' }}\n",
            workspace.join("cors-actix").display()
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        fs::write(folder.join("src/main.rs"), source(is_annotated))?;
        Ok(Self { folder })
    }

    fn time(&self, command: &[&str]) -> io::Result<Duration> {
        // the dependencies
        self.cargo(command)?;
        let mut fastest = Duration::MAX;
        for _ in 0..TIMES {
            let source = fs::File::options().append(true).open(self.folder.join("src/main.rs"))?;
            source.set_modified(SystemTime::now())?;
            let begun = Instant::now();
            self.cargo(command)?;
            fastest = fastest.min(begun.elapsed());
        }
        Ok(fastest)
    }

    fn cargo(&self, command: &[&str]) -> io::Result<()> {
        let status = Command::new(env!("CARGO"))
            .args(command)
            .arg("--quiet")
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.with_file_name("target"))
            .env("CARGO_INCREMENTAL", "0")
            .status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other("it did not compile")) }
    }
}

fn source(is_annotated: bool) -> String {
    let mut text = String::new();
    let mut services = String::new();
    for (number, attribute) in ATTRIBUTES.iter().cycle().take(HANDLERS).enumerate() {
        let attribute = if is_annotated { attribute } else { "" };
        _ = write!(
            text,
            "{attribute}\n#[actix_web::get(\"/items{number}/{{id}}\")]\n\
             async fn get_{number}(id: actix_web::web::Path<u32>) -> String {{\n    \
             id.to_string()\n}}\n\n"
        );
        _ = writeln!(services, "    config.service(get_{number});");
    }
    _ = write!(
        text,
        "fn register(config: &mut actix_web::web::ServiceConfig) {{\n{services}}}\n\n\
         #[actix_web::main]\nasync fn main() {{\n    \
         let cors = cors_actix::Cors::builder().build().unwrap();\n    \
         let app = actix_web::App::new().configure(register).wrap(cors);\n    \
         actix_web::test::init_service(app).await;\n}}\n"
    );
    text
}
