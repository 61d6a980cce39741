//! The future of the middleware's service: named, so that nothing is boxed.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{Error, body::EitherBody, dev::ServiceResponse};
use pin_project_lite::pin_project;

use super::exchange::Exchange;

const COMPLETED: &str = "polled after completion";

pin_project! {
    /// The future made by [`CorsService`](super::CorsService).
    pub struct CorsFuture<F, B> {
        #[pin]
        state: State<F, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<F, B> {
        Answered { response: Option<ServiceResponse<EitherBody<B>>> },
        Called { #[pin] inner: F, exchange: Option<Exchange> },
    }
}

impl<F, B> CorsFuture<F, B> {
    pub(super) fn answered(response: ServiceResponse<EitherBody<B>>) -> Self {
        Self { state: State::Answered { response: Some(response) } }
    }

    pub(super) fn called(inner: F, exchange: Exchange) -> Self {
        Self { state: State::Called { inner, exchange: Some(exchange) } }
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
            StateProjection::Called { inner, exchange } => {
                let mut polled = inner.poll(cx);
                match &mut polled {
                    Poll::Pending => {}
                    Poll::Ready(Ok(response)) => {
                        exchange.as_ref().expect(COMPLETED).adorn_response(response);
                    }
                    Poll::Ready(Err(error)) => {
                        exchange.take().expect(COMPLETED).adorn_error(error);
                    }
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
