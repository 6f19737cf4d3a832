"""A local HTTP server that stands in for the service: it answers well, but for the misdeeds that a test puts before that."""

import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ID = "ab" * 32
STREAM = "0F0,0B0\n1F0,1B0\n"
ANSWER = {
    "id": ID,
    "status": "optimal",
    "cached": False,
    "objective": "makespan",
    "makespan": 6.5,
    "span": 6,
    "lowerBound": 6.5,
    "gap": 0.0,
    "method": "zb-h1",
}
PROFILE = {
    "name": "two devices",
    "pipeline": {"devices": 2, "microbatches": 1},
    "times": {"unit": "ms", "forward": 1, "backwardInput": 1, "backwardWeight": 1},
}


def status(code, body=None, headers=None):
    """Answers with a status; a body that is a dict is JSON."""

    def act(handler):
        handler.reply(code, body, headers)

    return act


def problem(code, detail, errors=None):
    content = {"type": "about:blank", "title": "Error", "status": code, "detail": detail}
    if errors:
        content["errors"] = errors
    return status(code, content, {"Content-Type": "application/problem+json"})


def drop(handler):
    """Closes the connection without an answer, by a reset."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def cut(handler):
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "')


def hang(handler):
    """Takes the request and never answers."""
    handler.server.over.wait(30)


def trickle(handler):
    """Sends a byte now and then, so that no single wait is ever long."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.over.wait(0.1):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def events(*told):
    """Tells of a search as it goes on: the name and the data of each event, or seconds to wait before the next."""

    def act(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for event in told:
            if isinstance(event, tuple):
                handler.wfile.write("event: {}\ndata: {}\n\n".format(event[0], json.dumps(event[1])).encode())
                handler.wfile.flush()
            elif handler.server.over.wait(event):
                return

    return act


def well(handler):
    """Answers as the service does when the search has ended."""
    service = handler.server.service
    if handler.path in service.answers:
        service.answers[handler.path](handler)
    elif "/instructions" in handler.path:
        handler.reply(200, STREAM, {"Content-Type": "text/csv"})
    else:
        handler.reply(200, service.answer(handler.body) if callable(service.answer) else service.answer)


class LocalService:
    """``with LocalService(drop, status(503)) as service``: the first request is dropped, the second answered 503, the rest well.

    ``answer`` may follow from the body of a request, and ``answers`` says how paths are answered for which that is not enough. Requests for
    events are apart from all these: they are counted in ``watched``, and ``watch`` answers them.
    """

    def __init__(self, *misdeeds, delay=0.0, answer=ANSWER, watch=status(404), answers=None):
        self.requests = []
        self.watched = 0
        self.answer = answer
        self.answers = answers or {}
        self._watch = watch
        self._misdeeds = list(misdeeds)
        self._delay = delay
        self._lock = threading.Lock()

    def __enter__(self):
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.service = self
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, handler, body):
        handler.body = body
        time.sleep(self._delay)
        with self._lock:
            if handler.path.endswith("/events"):
                self.watched += 1
                return self._watch
            self.requests.append((handler.command, handler.path, dict(handler.headers), body, time.monotonic()))
            return self._misdeeds.pop(0) if self._misdeeds else well

    @property
    def calls(self):
        return [(method, path) for method, path, *_ in self.requests]

    @property
    def times(self):
        return [request[4] for request in self.requests]


SOLVE = ("POST", "/schedules/solve")
POLL = ("GET", "/schedules/" + ID)


def stream(format):
    return ("GET", "/schedules/%s/instructions?format=%s" % (ID, format))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.over = threading.Event()

    def handle_error(self, request, client_address):
        """A client that gave up is no error here."""


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.service.take(self, json.loads(body))(self)

    def do_GET(self):
        self.server.service.take(self, None)(self)

    def reply(self, code, body=None, headers=None):
        content = json.dumps(body) if isinstance(body, (dict, list)) else body or ""
        self.send_response(code)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        content = content.encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass
