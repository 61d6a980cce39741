//! From the bytes of a request to the bytes of its answer, without a socket: actix-http's own
//! codec on both ends.

use std::pin::pin;

use actix_http::{
    Request as HttpRequest, Response,
    body::MessageBody,
    h1::{Codec, Message},
};
use actix_service::Service;
use actix_web::{Error, dev::ServiceResponse};
use bytes::BytesMut;
use futures_util::{FutureExt, future::poll_fn};
use tokio_util::codec::{Decoder, Encoder};

use crate::request::Request;

/// Answers one request and appends the answer, if it is one in bytes.
pub type Runner = Box<dyn FnMut(&mut BytesMut)>;

/// Answers the request again and again with an application.
pub(crate) fn runner<S, B>(service: S, request: &Request) -> Runner
where
    S: Service<HttpRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    let bytes = request.bytes();
    let mut codec = Codec::default();
    let mut input = BytesMut::with_capacity(bytes.len());
    Box::new(move |output| {
        input.extend_from_slice(&bytes);
        let Ok(Some(Message::Item(request))) = codec.decode(&mut input) else {
            panic!("a request with a whole head");
        };
        let response =
            service.call(request).now_or_never().expect("handlers that wait for nothing");
        encode(&mut codec, response.expect("no handler fails").into(), output);
    })
}

fn encode<B: MessageBody>(codec: &mut Codec, response: Response<B>, output: &mut BytesMut) {
    let (head, body) = response.into_parts();
    let message = Message::Item((head, body.size()));
    codec.encode(message, output).expect("memory takes all");
    let mut body = pin!(body);
    while let Some(Some(chunk)) = poll_fn(|cx| body.as_mut().poll_next(cx)).now_or_never() {
        let Ok(chunk) = chunk else { panic!("no body fails") };
        codec.encode(Message::Chunk(Some(chunk)), output).expect("memory takes all");
    }
    codec.encode(Message::Chunk(None), output).expect("memory takes all");
}
