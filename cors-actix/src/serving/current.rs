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

/// Policies that have taken the place of others.
pub(super) struct Replaced {
    pub(super) before: Arc<Policies>,
    pub(super) policies: Arc<Policies>,
    pub(super) applications: Vec<Answering>,
}

/// What answered in an application, and what does so now.
pub(super) struct Answering {
    pub(super) application: Arc<Application>,
    pub(super) before: Arc<Answers>,
    pub(super) now: Arc<Answers>,
}

impl Current {
    pub(super) fn new(policies: Policies) -> Self {
        let policies = Arc::new(policies);
        let state = State { version: 0, policies, started: Vec::new(), served: Vec::new() };
        Self { version: AtomicU64::new(0), state: Mutex::new(state) }
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

    /// Notes what an application has registered, so that no policies replace these which do not fit it; unless these
    /// have been replaced meanwhile.
    pub(super) fn note_started(&self, version: u64, registered: &Arc<Registered>) -> bool {
        let mut state = self.lock();
        if state.version != version {
            return false;
        }
        state.started.push(Arc::downgrade(registered));
        true
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
    /// requests go on. The handle calls it for one at a time.
    ///
    /// # Errors
    ///
    /// Fails with everything that does not fit; then nothing is replaced.
    pub(super) fn replace(&self, policies: Policies) -> Result<Replaced, StartError> {
        let (mut checked, mut made): (Vec<Arc<Registered>>, Vec<Answering>) = Default::default();
        loop {
            // those that come meanwhile are next
            let mut errors = Vec::new();
            for registered in self.started_beside(&checked) {
                errors.extend(policies.at_start((*registered).clone()).err());
                checked.push(registered);
            }
            for (application, before) in self.served_beside(&made) {
                match application.answers(&policies) {
                    Ok(now) => made.push(Answering { application, before, now: Arc::new(now) }),
                    Err(error) => errors.push(error),
                }
            }
            StartError::of_all(errors)?;
            let mut state = self.lock();
            state.forget_ended();
            let are_served = state.served.iter().all(|own| own.answers_in(&made).is_some());
            if !are_served || !state.started.iter().all(|own| is_among(own, &checked)) {
                continue;
            }
            for own in &mut state.served {
                own.answers = own.answers_in(&made).unwrap_or_else(|| Arc::clone(&own.answers));
            }
            let policies = Arc::new(policies);
            let before = std::mem::replace(&mut state.policies, Arc::clone(&policies));
            state.version += 1;
            self.version.store(state.version, Ordering::Release);
            return Ok(Replaced { before, policies, applications: made });
        }
    }

    fn started_beside(&self, checked: &[Arc<Registered>]) -> Vec<Arc<Registered>> {
        let state = self.lock();
        let new = state.started.iter().filter(|own| !is_among(own, checked));
        new.filter_map(Weak::upgrade).collect()
    }

    /// The applications for which nothing has been made yet, with what answers in them.
    fn served_beside(&self, made: &[Answering]) -> Vec<(Arc<Application>, Arc<Answers>)> {
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
    fn answers_in(&self, made: &[Answering]) -> Option<Arc<Answers>> {
        let is_own = |own: &&Answering| Arc::as_ptr(&own.application) == self.application.as_ptr();
        made.iter().find(is_own).map(|own| Arc::clone(&own.now))
    }
}

fn is_among(own: &Weak<Registered>, checked: &[Arc<Registered>]) -> bool {
    checked.iter().any(|other| Arc::as_ptr(other) == own.as_ptr())
}
