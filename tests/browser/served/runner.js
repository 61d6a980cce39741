// The body of an asynchronous function: makes the calls of each row in turn, and answers what the
// script got of the last one.
const [rows, done] = arguments;

const names = text => text.split("\r\n").filter(Boolean).map(line => line.split(":")[0].toLowerCase());
const names_of = headers => [...headers.keys()];

async function answer_of(promise) {
  const response = await promise;
  if (response.type === "opaque") return { opaque: true };
  const text = await response.text();
  return { status: response.status, headers: names_of(response.headers).sort(), text };
}

const init = ({ method, headers, body, credentials }) =>
  ({ method, headers, credentials, ...(body ? { body } : {}) });

function xhr(call, has_listener) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(call.method, call.url);
    for (const [name, value] of call.headers) request.setRequestHeader(name, value);
    request.withCredentials = call.credentials === "include";
    if (has_listener) request.upload.addEventListener("progress", () => {});
    request.onload = () => resolve({
      status: request.status,
      headers: names(request.getAllResponseHeaders()).sort(),
    });
    request.onerror = () => reject(new Error("XMLHttpRequest failed"));
    request.send(call.body || null);
  });
}

// That the user is asked shows in nothing but the time that passes.
async function impatient(call) {
  try {
    return await answer_of(fetch(call.url, { ...init(call), signal: AbortSignal.timeout(2000) }));
  } catch (error) {
    if (error.name === "TimeoutError") return { waiting: true };
    throw error;
  }
}

function streamed_body(call) {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(call.body));
      controller.close();
    },
  });
  return answer_of(fetch(call.url, { ...init(call), body, duplex: "half" }));
}

function event_source(call) {
  return new Promise((resolve, reject) => {
    const source = new EventSource(call.url, { withCredentials: call.credentials === "include" });
    source.onmessage = () => { source.close(); resolve({ used: true }); };
    source.onerror = () => { source.close(); reject(new Error("EventSource failed")); };
  });
}

const cross_origin = call => call.credentials === "include" ? "use-credentials" : "anonymous";

function element(name, call, attributes) {
  return new Promise((resolve, reject) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.onload = () => resolve(made);
    made.onerror = () => reject(new Error(`${name} failed`));
    made.src = call.url;
    document.documentElement.append(made);
  });
}

// The script throws; only a page that may read it learns what.
async function script(call, attributes) {
  let told = "";
  const listener = event => { told = event.message; };
  addEventListener("error", listener);
  try {
    await element("script", call, attributes);
  } finally {
    removeEventListener("error", listener);
  }
  return told.includes("told") ? { used: true } : { opaque: true };
}

async function image(call, attributes) {
  const made = await element("img", call, attributes);
  const context = document.createElement("canvas").getContext("2d");
  context.drawImage(made, 0, 0);
  try {
    context.getImageData(0, 0, 1, 1);
    return { used: true };
  } catch {
    return { opaque: true };
  }
}

async function font(call) {
  await new FontFace("Triangle", `url(${call.url})`).load();
  return { used: true };
}

function web_socket(call) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(call.url.replace("http", "ws"));
    socket.onopen = () => resolve({ used: true });
    socket.onerror = () => reject(new Error("WebSocket failed"));
  });
}

function beacon(call) {
  const type = new Headers(call.headers).get("content-type");
  const is_queued = navigator.sendBeacon(call.url, new Blob([call.body], { type }));
  if (!is_queued) throw new Error("the beacon was not queued");
  return { opaque: true };
}

const kinds = {
  Fetch: call => answer_of(fetch(call.url, init(call))),
  Impatient: impatient,
  NoCors: call => answer_of(fetch(call.url, { ...init(call), mode: "no-cors" })),
  Keepalive: call => answer_of(fetch(call.url, { ...init(call), keepalive: true })),
  Xhr: call => xhr(call, false),
  Upload: call => xhr(call, true),
  StreamedBody: streamed_body,
  EventSource: event_source,
  Script: call => script(call, { crossOrigin: cross_origin(call) }),
  PlainScript: call => script(call, {}),
  Module: call => script(call, { type: "module", crossOrigin: cross_origin(call) }),
  Image: call => image(call, { crossOrigin: cross_origin(call) }),
  PlainImage: call => image(call, {}),
  Font: font,
  WebSocket: web_socket,
  Beacon: beacon,
};

async function run(calls) {
  let outcome;
  for (const call of calls) {
    try {
      outcome = await kinds[call.kind](call);
    } catch (error) {
      outcome = { blocked: String(error) };
    }
  }
  return outcome;
}

(async () => {
  const outcomes = [];
  for (const calls of rows) outcomes.push(await run(calls));
  return outcomes;
})().then(done, error => done(String(error)));
