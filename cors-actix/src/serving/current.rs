//! The policies as they are now, and what answers by them in each application. Both are replaced together.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicU64, Ordering},
};

use super::{answers::Answers, application::Application, policies::Policies};
use crate::startup::{Registered, StartError};

/// What all workers answer by. A request that has begun goes on by what it began with.
pub(super) struct Current {
    /// That of the state, so that requests need not lock it.
    version: AtomicU64,
    state: Mutex<State>,
    /// Held while others are made.
    replacing: Mutex<()>,
}

struct State {
    version: u64,
    policies: Arc<Policies>,
    /// What has been merged at the start of an application that has had no request yet.
    started: Vec<Weak<Registered>>,
    /// The applications that have had one, one for each worker.
    served: Vec<Served>,
}

#[derive(Clone)]
struct Served {
    application: Weak<Application>,
    answers: Arc<Answers>,
}

/// What answered in an application, and what does so now.
pub(super) struct Replaced {
    pub(super) application: Arc<Application>,
    pub(super) before: Arc<Answers>,
    pub(super) now: Arc<Answers>,
}

impl Current {
    pub(super) fn new(policies: Policies) -> Self {
        let policies = Arc::new(policies);
        let state = State { version: 0, policies, started: Vec::new(), served: Vec::new() };
        let (version, state, replacing) = (AtomicU64::new(0), Mutex::new(state), Mutex::new(()));
        Self { version, state, replacing }
    }

    /// The number of the policies, which grows.
    #[inline]
    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(super) fn policies(&self) -> Arc<Policies> {
        Arc::clone(&self.lock().policies)
    }

    /// The policies with their number.
    pub(super) fn numbered(&self) -> (u64, Arc<Policies>) {
        let state = self.lock();
        (state.version, Arc::clone(&state.policies))
    }

    /// Notes what an application has registered, so that no policies replace these which do not fit it.
    pub(super) fn note_started(&self, registered: &Arc<Registered>) {
        self.lock().started.push(Arc::downgrade(registered));
    }

    /// Notes what answers in an application, unless its policies have been replaced meanwhile.
    pub(super) fn note_served(
        &self,
        version: u64,
        application: &Arc<Application>,
        answers: &Arc<Answers>,
    ) -> bool {
        let mut state = self.lock();
        if state.version != version {
            return false;
        }
        state.forget_ended();
        let (application, answers) = (Arc::downgrade(application), Arc::clone(answers));
        state.served.push(Served { application, answers });
        true
    }

    /// What answers now in an application that has been noted.
    pub(super) fn answers_in(&self, application: &Arc<Application>) -> Option<(u64, Arc<Answers>)> {
        let state = self.lock();
        let is_own = |own: &&Served| own.application.as_ptr() == Arc::as_ptr(application);
        let own = state.served.iter().find(is_own)?;
        Some((state.version, Arc::clone(&own.answers)))
    }

    /// Replaces the policies in all applications at once. They are merged with the routes of each before, while
    /// requests go on.
    ///
    /// # Errors
    ///
    /// Fails with everything that does not fit; then nothing is replaced.
    pub(super) fn replace(&self, policies: Policies) -> Result<Vec<Replaced>, StartError> {
        let _alone = self.replacing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut made: Vec<Replaced> = Vec::new();
        loop {
            // those that come meanwhile are next
            let mut errors = Vec::new();
            for registered in self.started() {
                errors.extend(policies.at_start((*registered).clone()).err());
            }
            for (application, before) in self.served_beside(&made) {
                match application.answers(&policies) {
                    Ok(now) => made.push(Replaced { application, before, now: Arc::new(now) }),
                    Err(error) => errors.push(error),
                }
            }
            StartError::of_all(errors)?;
            let mut state = self.lock();
            state.forget_ended();
            if state.served.iter().all(|own| own.answers_in(&made).is_some()) {
                for own in &mut state.served {
                    own.answers = own.answers_in(&made).unwrap_or_else(|| Arc::clone(&own.answers));
                }
                state.policies = Arc::new(policies);
                state.version += 1;
                self.version.store(state.version, Ordering::Release);
                return Ok(made);
            }
        }
    }

    fn started(&self) -> Vec<Arc<Registered>> {
        self.lock().started.iter().filter_map(Weak::upgrade).collect()
    }

    /// The applications for which nothing has been made yet, with what answers in them.
    fn served_beside(&self, made: &[Replaced]) -> Vec<(Arc<Application>, Arc<Answers>)> {
        let state = self.lock();
        let served = state.served.iter().filter(|own| own.answers_in(made).is_none());
        let with_answers =
            |own: &Served| Some((own.application.upgrade()?, Arc::clone(&own.answers)));
        served.filter_map(with_answers).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget_ended(&mut self) {
        self.started.retain(|own| own.strong_count() > 0);
        self.served.retain(|own| own.application.strong_count() > 0);
    }
}

impl Served {
    /// What was made for it.
    fn answers_in(&self, made: &[Replaced]) -> Option<Arc<Answers>> {
        let is_own = |own: &&Replaced| Arc::as_ptr(&own.application) == self.application.as_ptr();
        made.iter().find(is_own).map(|own| Arc::clone(&own.now))
    }
}
