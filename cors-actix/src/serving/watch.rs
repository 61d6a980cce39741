//! When policies are read again: their file has changed, or the process got a signal.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::reload::CorsHandle;

/// How often is looked. The file's state is asked for, and nothing read: that works wherever a file can come from, also
/// on mounts that tell nobody of changes, and through links that are set anew, as Kubernetes does.
const EACH: Duration = Duration::from_millis(50);

/// How long a file has to stay as it is before it is read: one that is half written may be valid.
const SETTLED: Duration = Duration::from_millis(200);

/// Reads policies again as long as it is kept; see [`CorsHandle::watch_file`]. What is being read when it is dropped still
/// counts.
#[derive(Debug)]
#[must_use = "watching ends when it is dropped"]
pub struct Watching {
    /// Dropped, it ends the thread.
    _end: Sender<()>,
}

/// Asked in turn whether policies have to be read again.
trait Trigger: Send {
    fn is_due(&mut self) -> bool;
}

impl CorsHandle {
    /// Reads the policies again when the file that they come from has changed, and has then stayed as it is for 200 ms.
    ///
    /// The file may be written in place, replaced by another one, be behind a link that is set anew, or be gone for a
    /// while. What is wrong with it is in the log, and the policies stay as they are. It is read once at the beginning,
    /// since it may have changed before it was watched. After a [`replace`](Self::replace) by a builder with another
    /// file, that one has to be watched.
    ///
    /// # Errors
    ///
    /// Fails if the policies come from no file, or no thread can be started.
    ///
    /// ```
    /// use cors_actix::Cors;
    ///
    /// let (_, handle) = Cors::builder().build_reloadable()?;
    /// let error = handle.watch_file().unwrap_err();
    /// assert_eq!(error.to_string(), "the policies come from no file; call `from_file` on the builder");
    /// # Ok::<(), cors_actix::ConfigErrors>(())
    /// ```
    pub fn watch_file(&self) -> io::Result<Watching> {
        let none = "the policies come from no file; call `from_file` on the builder";
        let path = self.file().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, none))?;
        self.watch(File::new(path))
    }

    /// Reads the policies again when the process gets SIGHUP (feature `sighup`), which does not end the process from
    /// then on.
    ///
    /// # Errors
    ///
    /// Fails if no thread can be started, or the signal cannot be listened to.
    #[cfg(all(unix, feature = "sighup"))]
    pub fn reload_on_hangup(&self) -> io::Result<Watching> {
        self.watch(hangup::Hangup::new()?)
    }

    fn watch(&self, mut trigger: impl Trigger + 'static) -> io::Result<Watching> {
        let ((end, ended), handle) = (mpsc::channel(), self.clone());
        let run = move || {
            while ended.recv_timeout(EACH) == Err(RecvTimeoutError::Timeout) {
                if trigger.is_due() {
                    // what is wrong is in the log
                    _ = handle.reload();
                }
            }
        };
        thread::Builder::new().name("cors-watch".to_owned()).spawn(run)?;
        Ok(Watching { _end: end })
    }
}

/// A file that is read again once it has changed.
struct File {
    path: PathBuf,
    /// The state in which it was read; `None` at first, since it may have changed before it was watched.
    read: Option<State>,
    seen: State,
    since: Instant,
}

/// What tells that a file has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Missing,
    There { modified: Option<SystemTime>, len: u64, numbers: [i64; 3] },
}

impl File {
    fn new(path: PathBuf) -> Self {
        let seen = State::of(&path);
        Self { path, read: None, seen, since: Instant::now() }
    }
}

impl Trigger for File {
    fn is_due(&mut self) -> bool {
        let now = State::of(&self.path);
        if now != self.seen {
            (self.seen, self.since) = (now, Instant::now());
        }
        let has_changed = self.read.as_ref() != Some(&self.seen);
        let is_due = has_changed && self.since.elapsed() >= SETTLED;
        if is_due {
            self.read = Some(self.seen.clone());
        }
        is_due
    }
}

impl State {
    fn of(path: &Path) -> Self {
        let Ok(found) = fs::metadata(path) else { return Self::Missing };
        Self::There { modified: found.modified().ok(), len: found.len(), numbers: numbers(&found) }
    }
}

/// What tells a file from another one in its place, and one that may be read from one that may not.
#[cfg(unix)]
fn numbers(found: &fs::Metadata) -> [i64; 3] {
    use std::os::unix::fs::MetadataExt;

    [found.ino().cast_signed(), found.ctime(), found.ctime_nsec()]
}

#[cfg(not(unix))]
fn numbers(_: &fs::Metadata) -> [i64; 3] {
    [0; 3]
}

#[cfg(all(unix, feature = "sighup"))]
mod hangup {
    use std::{
        io,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
    };

    use signal_hook::{SigId, consts::SIGHUP, flag, low_level::unregister};

    use super::Trigger;

    /// Whether the process has got SIGHUP since it was asked last.
    pub(super) struct Hangup {
        has_come: Arc<AtomicBool>,
        id: SigId,
    }

    impl Hangup {
        pub(super) fn new() -> io::Result<Self> {
            let has_come = Arc::new(AtomicBool::new(false));
            let id = flag::register(SIGHUP, Arc::clone(&has_come))?;
            Ok(Self { has_come, id })
        }
    }

    impl Trigger for Hangup {
        fn is_due(&mut self) -> bool {
            self.has_come.swap(false, Ordering::AcqRel)
        }
    }

    impl Drop for Hangup {
        fn drop(&mut self) {
            unregister(self.id);
        }
    }
}
