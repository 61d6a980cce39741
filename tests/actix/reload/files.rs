//! Policies that come from a file: read again when they are told, when the file changes, and on SIGHUP.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use actix_web::{App, HttpResponse, get};
use cors_actix::{Cors, CorsHandle, Watching, cors};
use cors_tests::client::Request;

use super::{base, codes};
use crate::support::{ADMIN, APP, expect, get as get_from, refused, send, serve, shared};

#[cors(expose_headers += ["X-Own"], allow_origins += ["@team"])]
#[get("/own")]
async fn own() -> HttpResponse {
    HttpResponse::Ok().finish()
}

const TEAM: &str = "https://team.example.com";

/// A folder that is gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("cors-reload-{}-{name}", std::process::id()));
        _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("cors.toml")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn text(origin: &str) -> String {
    format!(
        "allow_origins = [\"{origin}\"]\nallow_credentials = true\n\n[origin_groups]\nteam = [\"{TEAM}\"]\n"
    )
}

fn serve_file(path: &Path) -> (String, CorsHandle) {
    let (cors, handle) = Cors::from_file(path).build_reloadable().unwrap();
    (serve!(move || App::new().service(own).wrap(cors.clone())), handle)
}

/// Waits until an origin is answered, for at most some seconds.
async fn until_answered(url: &str, origin: &str) {
    let started = Instant::now();
    let asked: Request = get_from(url, "/own", origin);
    while send(asked.clone()).await.cors() == refused() {
        assert!(started.elapsed() < Duration::from_secs(10), "{origin} is not allowed");
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
    expect(asked, 200, &shared(origin, true, "X-Own")).await;
}

#[actix_web::test]
async fn a_file_is_read_again_when_that_is_asked() {
    let folder = Folder::new("asked");
    fs::write(folder.file(), text(APP)).unwrap();
    let (url, handle) = serve_file(&folder.file());
    expect(get_from(&url, "/own", APP), 200, &shared(APP, true, "X-Own")).await;
    expect(get_from(&url, "/own", TEAM), 200, &shared(TEAM, true, "X-Own")).await;
    fs::write(folder.file(), text(ADMIN)).unwrap();
    expect(get_from(&url, "/own", ADMIN), 200, &refused()).await;
    let changes = handle.reload().unwrap();
    assert_eq!(
        changes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "base policy: wider: https://admin.example.com (with credentials) may read responses (allow_origins)\n\
             base policy: narrower: https://app.example.com (with credentials) may no longer read responses (allow_origins)\n\
             GET /own: wider: https://admin.example.com (with credentials) may read responses (allow_origins)\n\
             GET /own: narrower: https://app.example.com (with credentials) may no longer read responses (allow_origins)\n"
        ]
    );
    expect(get_from(&url, "/own", ADMIN), 200, &shared(ADMIN, true, "X-Own")).await;
    expect(get_from(&url, "/own", APP), 200, &refused()).await;
    let changes = handle.reload().unwrap();
    assert!(changes.iter().all(cors_actix::report::Comparison::is_empty));
}

/// What a file is made, and the codes of what is wrong then.
type Row<'a> = (&'a str, &'a dyn Fn(), &'a [&'a str]);

/// Each with the policies that were there still in force.
#[actix_web::test]
async fn what_a_file_cannot_be_changes_nothing() {
    let folder = Folder::new("bad");
    fs::write(folder.file(), text(APP)).unwrap();
    let (url, handle) = serve_file(&folder.file());
    let write = |bytes: &[u8]| fs::write(folder.file(), bytes).unwrap();
    let remove = || fs::remove_file(folder.file()).unwrap();
    let half = text(ADMIN);
    let rows: [Row<'_>; 9] = [
        ("missing", &remove, &["CORS079"]),
        ("empty", &|| write(b""), &["CORS089"]),
        ("half written", &|| write(&half.as_bytes()[..half.len() / 4]), &["CORS083"]),
        ("not UTF-8", &|| write(b"# \xff"), &["CORS082"]),
        ("large", &|| write(&vec![b'#'; 100_000_000]), &["CORS081"]),
        ("a key twice", &|| write(b"max_age = 1\nmax_age = 2"), &["CORS084"]),
        ("an unknown key", &|| write(b"max_ag = 1"), &["CORS060"]),
        ("a group that is gone", &|| write(b"allow_origins = []"), &["CORS091"]),
        (
            "a directory",
            &|| {
                remove();
                fs::create_dir(folder.file()).unwrap();
            },
            &["CORS079"],
        ),
    ];
    for (what, make, expected) in rows {
        make();
        assert_eq!(codes(handle.reload()), expected, "{what}");
        expect(get_from(&url, "/own", APP), 200, &shared(APP, true, "X-Own")).await;
    }
}

#[actix_web::test]
async fn a_file_that_changes_in_any_way_is_read_again() {
    let folder = Folder::new("watched");
    fs::write(folder.file(), text(APP)).unwrap();
    let (url, handle) = serve_file(&folder.file());
    let _watching: Watching = handle.watch_file().unwrap();
    until_answered(&url, APP).await;
    // in place
    fs::write(folder.file(), text(ADMIN)).unwrap();
    until_answered(&url, ADMIN).await;
    // by another file, as editors do
    let other = folder.0.join("cors.toml.new");
    fs::write(&other, text(APP)).unwrap();
    fs::rename(&other, folder.file()).unwrap();
    until_answered(&url, APP).await;
    // what is wrong is passed over
    fs::write(folder.file(), "allow_origins = [").unwrap();
    actix_web::rt::time::sleep(Duration::from_millis(600)).await;
    expect(get_from(&url, "/own", APP), 200, &shared(APP, true, "X-Own")).await;
    // the folder is gone and comes back
    fs::remove_dir_all(&folder.0).unwrap();
    actix_web::rt::time::sleep(Duration::from_millis(600)).await;
    expect(get_from(&url, "/own", APP), 200, &shared(APP, true, "X-Own")).await;
    fs::create_dir_all(&folder.0).unwrap();
    fs::write(folder.file(), text(ADMIN)).unwrap();
    until_answered(&url, ADMIN).await;
}

/// Kubernetes mounts a folder `..data` behind a link, and sets the link anew.
#[cfg(unix)]
#[actix_web::test]
async fn a_link_that_is_set_anew_is_followed() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new("linked");
    let version = |number: u32, origin: &str| {
        let name = format!("..{number}");
        fs::create_dir(folder.0.join(&name)).unwrap();
        fs::write(folder.0.join(&name).join("cors.toml"), text(origin)).unwrap();
        let link = folder.0.join("..data_tmp");
        symlink(name, &link).unwrap();
        fs::rename(link, folder.0.join("..data")).unwrap();
    };
    version(1, APP);
    symlink("..data/cors.toml", folder.file()).unwrap();
    let (url, handle) = serve_file(&folder.file());
    let _watching = handle.watch_file().unwrap();
    until_answered(&url, APP).await;
    version(2, ADMIN);
    until_answered(&url, ADMIN).await;
}

/// A file that is written in two parts was read in between, and the first part may be valid.
#[actix_web::test]
async fn a_file_is_read_once_it_has_settled() {
    let folder = Folder::new("settled");
    fs::write(folder.file(), text(APP)).unwrap();
    let (url, handle) = serve_file(&folder.file());
    let _watching = handle.watch_file().unwrap();
    actix_web::rt::time::sleep(Duration::from_millis(500)).await;
    for part in 0..12 {
        // valid each time, and not meant yet
        fs::write(folder.file(), format!("{}# {part}\n", text(ADMIN))).unwrap();
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        expect(get_from(&url, "/own", ADMIN), 200, &refused()).await;
    }
    until_answered(&url, ADMIN).await;
}

/// What was read took the place of what had been given meanwhile.
#[test]
fn of_two_reloads_at_once_neither_undoes_the_other() {
    let folder = Folder::new("at-once");
    // reading it takes longer than anything else here
    let origins: Vec<String> =
        (0..2_000).map(|number| format!("\"https://{number}.example\"")).collect();
    fs::write(folder.file(), format!("allow_origins = [{}]", origins.join(", "))).unwrap();
    let (_cors, handle) = Cors::from_file(folder.file()).build_reloadable().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| drop(handle.reload().unwrap()));
        }
        std::thread::sleep(Duration::from_millis(5));
        handle.replace(&base(ADMIN)).unwrap();
    });
    let changes = handle.replace(&base(ADMIN)).unwrap();
    assert!(changes.iter().all(cors_actix::report::Comparison::is_empty), "{}", changes[0]);
}

#[actix_web::test]
async fn watching_ends_when_it_is_dropped() {
    let folder = Folder::new("dropped");
    fs::write(folder.file(), text(APP)).unwrap();
    let (url, handle) = serve_file(&folder.file());
    drop(handle.watch_file().unwrap());
    fs::write(folder.file(), text(ADMIN)).unwrap();
    actix_web::rt::time::sleep(Duration::from_millis(700)).await;
    expect(get_from(&url, "/own", ADMIN), 200, &refused()).await;
    assert!(base(APP).build_reloadable().unwrap().1.watch_file().is_err());
}

/// SIGHUP would end the process, if nobody listened to it.
#[cfg(unix)]
#[actix_web::test]
async fn a_file_is_read_again_on_sighup() {
    let folder = Folder::new("hangup");
    fs::write(folder.file(), text(APP)).unwrap();
    let (url, handle) = serve_file(&folder.file());
    let _watching = handle.reload_on_hangup().unwrap();
    expect(get_from(&url, "/own", APP), 200, &shared(APP, true, "X-Own")).await;
    fs::write(folder.file(), text(ADMIN)).unwrap();
    actix_web::rt::time::sleep(Duration::from_millis(500)).await;
    expect(get_from(&url, "/own", ADMIN), 200, &refused()).await;
    // several during one reload are no more than one
    for _ in 0..5 {
        let pid = std::process::id().to_string();
        std::process::Command::new("kill").args(["-HUP", &pid]).status().unwrap();
    }
    until_answered(&url, ADMIN).await;
}
