//! The future of the middleware's service: named, so that nothing is boxed.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{Error, body::EitherBody, dev::ServiceResponse};
use pin_project_lite::pin_project;

use crate::{actual::Actual, plain::Plain};

const COMPLETED: &str = "polled after completion";

pin_project! {
    /// The future made by [`CorsService`](crate::CorsService).
    pub struct CorsFuture<F, B> {
        #[pin]
        state: State<F, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Answered { response: Option<ServiceResponse<EitherBody<B>>> },
        Called { #[pin] inner: F, actual: Option<Actual> },
        Passed { #[pin] inner: F, plain: Option<Plain> },
    }
}

impl<F, B> CorsFuture<F, B> {
    pub(crate) fn answered(response: ServiceResponse<EitherBody<B>>) -> Self {
        Self { state: State::Answered { response: Some(response) } }
    }

    pub(crate) fn passed(inner: F, plain: Plain) -> Self {
        Self { state: State::Passed { inner, plain: Some(plain) } }
    }

    pub(crate) fn called(inner: F, actual: Actual) -> Self {
        Self { state: State::Called { inner, actual: Some(actual) } }
    }
}

impl<F, B> fmt::Debug for CorsFuture<F, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsFuture").finish_non_exhaustive()
    }
}

impl<F, B> Future for CorsFuture<F, B>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Answered { response } => {
                Poll::Ready(Ok(response.take().expect(COMPLETED)))
            }
            StateProjection::Passed { inner, plain } => {
                let passing = plain.as_mut().expect(COMPLETED);
                let mut polled = passing.step(|| inner.poll(cx));
                match &mut polled {
                    Poll::Pending => {}
                    Poll::Ready(Ok(response)) => passing.adorn_response(response),
                    Poll::Ready(Err(error)) => {
                        plain.take().expect(COMPLETED).adorn_error(error);
                    }
                }
                polled.map_ok(left)
            }
            StateProjection::Called { inner, actual } => {
                let watching = actual.as_mut().expect(COMPLETED);
                let mut polled = watching.watch.step(|| inner.poll(cx));
                match &mut polled {
                    Poll::Pending => {}
                    Poll::Ready(Ok(response)) => watching.adorn_response(response),
                    Poll::Ready(Err(error)) => actual.take().expect(COMPLETED).adorn_error(error),
                }
                polled.map_ok(left)
            }
        }
    }
}

/// Does what `map_into_left_body` does with fewer copies of the response.
fn left<B>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>> {
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    ServiceResponse::new(request, response.set_body(EitherBody::left(body)))
}
