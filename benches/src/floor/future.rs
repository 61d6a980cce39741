//! The floor's future: named, so that nothing is boxed.

use std::{
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use actix_web::{Error, body::EitherBody, dev::ServiceResponse, http::header::HeaderValue};
use pin_project_lite::pin_project;

use super::rules::Rules;

pin_project! {
    /// The future of the floor's service.
    #[project = Projection]
    pub enum FloorFuture<F, B> {
        /// A preflight.
        Answered {
            response: Option<ServiceResponse<EitherBody<B>>>,
        },
        /// Any other request.
        Called {
            #[pin]
            inner: F,
            allowed: Option<HeaderValue>,
            rules: Rc<Rules>,
        },
    }
}

impl<F, B> FloorFuture<F, B> {
    pub(super) fn answered(response: ServiceResponse<EitherBody<B>>) -> Self {
        Self::Answered { response: Some(response) }
    }

    pub(super) fn called(inner: F, allowed: Option<HeaderValue>, rules: Rc<Rules>) -> Self {
        Self::Called { inner, allowed, rules }
    }
}

impl<F, B> Future for FloorFuture<F, B>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            Projection::Answered { response } => {
                Poll::Ready(Ok(response.take().expect("polled after completion")))
            }
            Projection::Called { inner, allowed, rules } => {
                let mut response = ready!(inner.poll(cx))?;
                rules.adorn(allowed.take(), response.headers_mut());
                Poll::Ready(Ok(response.map_into_left_body()))
            }
        }
    }
}
