"""HTTP to the service, within one total time: retries, and an end even where a name server, a proxy or the service hangs."""

from __future__ import annotations

import http.client
import json
import os
import queue
import random
import re
import ssl
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timezone
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Type, TypeVar
from urllib.parse import urlsplit

from .arguments import check_service
from .errors import Infeasible, InvalidRequest, Replaced, ScheduleSearchError, ServiceFailed, Unavailable

DEFAULT_URL = "http://127.0.0.1:5080"

RETRIED = (429, 502, 503, 504)

# Failures in a row after which a service that does not say when to come back is given up.
ATTEMPTS = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0

# A connection that is silent for so long has failed.
_SILENCE = 35.0

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

_ID = re.compile(r"[0-9a-f]{64}")

_T = TypeVar("_T", Dict[str, Any], List[Any])


class Deadline:
    """The end of the total time, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, 0 when time is up."""
        return max(0.0, self._end - time.monotonic())


@dataclass(frozen=True)
class Reply:
    """An answer that is no failure."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Dict[str, Any]:
        """The object that it holds. Raises ``ServiceFailed`` when it holds none."""
        return self._held(dict)

    def list(self) -> List[Any]:
        """The list that it holds. Raises ``ServiceFailed`` when it holds none."""
        return self._held(list)

    def pause(self) -> float:
        """Seconds after which the service wants to be asked again; 1 when it does not say."""
        asked = retry_after(self.headers.get("retry-after"))
        return 1.0 if asked is None else max(asked, 0.1)

    def _held(self, kind: Type[_T]) -> _T:
        try:
            value = json.loads(self.body)
        except ValueError:
            value = None
        if not isinstance(value, kind):
            raise ServiceFailed(f"The answer ({self.status}) is not JSON of this service: {self.body[:80]!r}.")
        return value


class Service:
    """A ScheduleSearch service at a URL. The key goes to that URL alone: redirects are not followed."""

    def __init__(self, url: str, key: Optional[str], deadline: Deadline) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InvalidRequest(f"SCHEDULESEARCH_URL is {url!r}; it must look like http://127.0.0.1:5080.")
        if key is not None and not (key.isascii() and key.isprintable()):
            raise InvalidRequest("SCHEDULESEARCH_KEY holds characters that an HTTP header cannot carry.")
        self.url = url.rstrip("/")
        self.deadline = deadline
        self._headers = {"User-Agent": "schedulesearch-python", "Accept": "*/*"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        # Proxies of the environment are used, but never to reach this very machine.
        proxies = [urllib.request.ProxyHandler({})] if parts.hostname in _THIS_MACHINE else []
        self._opener = urllib.request.build_opener(_NoRedirect, *proxies)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Posts JSON. Only for what may be repeated: it is, when the connection breaks."""
        return self._send("POST", path, body, {"Content-Type": "application/json", **headers})

    def get(self, path: str, headers: Optional[Mapping[str, str]] = None) -> Reply:
        """Gets. A 304 is an answer like any other."""
        return self._send("GET", path, None, headers or {})

    def lines(self, path: str, seconds: float) -> Iterator[str]:
        """The lines of a stream of events, until it ends, breaks off or is silent, or ``seconds`` have passed. None of these raises."""
        request = urllib.request.Request(self.url + path, headers={**self._headers, "Accept": "text/event-stream"})
        found: queue.Queue[Optional[str]] = queue.Queue()
        over = threading.Event()
        threading.Thread(target=self._read_lines, args=(request, found, over), daemon=True, name="schedulesearch events").start()
        end = time.monotonic() + seconds
        try:
            while True:
                line = found.get(timeout=max(0.0, end - time.monotonic()))
                if line is None:
                    return
                yield line
        except queue.Empty:
            return
        finally:
            over.set()

    def sleep(self, seconds: float, why: str) -> None:
        """Waits, or raises ``Unavailable`` at once when the total time would end before."""
        if seconds >= self.deadline.remaining():
            raise Unavailable(f"{why} The {self.deadline.seconds:g} s in all leave no time to ask again.")
        time.sleep(seconds)

    def _send(self, method: str, path: str, body: Optional[bytes], headers: Mapping[str, str]) -> Reply:
        request = urllib.request.Request(self.url + path, data=body, method=method, headers={**self._headers, **headers})
        failures = 0
        while True:
            asked: Optional[float] = None
            try:
                reply = self._once(request)
                if reply.status in (200, 202, 304):
                    return reply
                if reply.status not in RETRIED:
                    raise _error_of(method, path, reply)
                why = f"{self.url} answers {reply.status}{_detail(reply)}."
                asked = retry_after(reply.headers.get("retry-after"))
            except ssl.SSLCertVerificationError as error:
                raise ServiceFailed(f"{self.url} is not to be trusted: {error.verify_message}.") from error
            except (OSError, http.client.HTTPException) as error:
                why = f"{self.url} cannot be reached: {_reason(error)}."
            # A service that says when to come back is alive: only the total time limits how often it is asked.
            failures += asked is None
            if failures >= ATTEMPTS:
                raise Unavailable(f"{why} Tried {failures} times.")
            longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** max(0, failures - 1))
            self.sleep((asked or 0.0) + random.uniform(longest / 2, longest), why)

    def _once(self, request: urllib.request.Request) -> Reply:
        remaining = self.deadline.remaining()
        if remaining <= 0:
            raise Unavailable(f"{self.url} gave no schedule within {self.deadline.seconds:g} s.")
        return _within(remaining, lambda: self._exchange(request))

    def _exchange(self, request: urllib.request.Request) -> Reply:
        try:
            with self._opener.open(request, timeout=_SILENCE) as response:
                return Reply(response.status, _lower(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, _lower(error.headers), error.read())
        except urllib.error.URLError as error:
            raise (error.reason if isinstance(error.reason, OSError) else error) from None


    def _read_lines(self, request: urllib.request.Request, found: queue.Queue[Optional[str]], over: threading.Event) -> None:
        """Hands lines on until nobody wants them, which the service's next event shows; the last is None."""
        try:
            with self._opener.open(request, timeout=_SILENCE) as response:
                for line in response if response.headers.get_content_type() == "text/event-stream" else ():
                    if over.is_set():
                        return
                    found.put(line.decode("utf-8", "replace").rstrip("\r\n"))
        except (OSError, http.client.HTTPException):
            pass
        finally:
            found.put(None)


def connect(url: Optional[str], api_key: Optional[str], deadline: Deadline) -> Service:
    """The service that arguments, or else the environment, name. Raises ``InvalidRequest`` when they are wrong."""
    check_service(url, api_key)
    key = api_key or os.environ.get("SCHEDULESEARCH_KEY") or os.environ.get("SCHEDULESEARCH_API_KEY") or None
    return Service(url or os.environ.get("SCHEDULESEARCH_URL") or DEFAULT_URL, key, deadline)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        return None


def _within(seconds: float, call: Callable[[], Reply]) -> Reply:
    """Calls in a thread that is left behind when time is up: sockets bound each wait, not the whole, and name look-ups not at all."""
    replies: List[Reply] = []
    errors: List[BaseException] = []

    def work() -> None:
        try:
            replies.append(call())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True, name="schedulesearch")
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not replies:
        raise Unavailable(f"The service gave no answer within {seconds:.0f} s, the end of the total time.")
    return replies[0]


def retry_after(value: Optional[str]) -> Optional[float]:
    """Seconds that a ``Retry-After`` header asks for, stated in seconds or as a date; None when it says nothing that can be read."""
    if value is None:
        return None
    value = value.strip()
    if value.isdecimal():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    return max(0.0, (date - datetime.now(timezone.utc)).total_seconds())


def is_id(value: Any) -> bool:
    """Whether a value is the id of a problem."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _error_of(method: str, path: str, reply: Reply) -> ScheduleSearchError:
    problem = _problem(reply)
    message = problem.get("detail") or problem.get("title") or f"{method} {path} was answered with {reply.status}."
    errors = problem.get("errors")
    errors = errors if isinstance(errors, dict) else None
    if reply.status == 422:
        return Infeasible(message, errors)
    if reply.status in (401, 403):
        return InvalidRequest(f"The service refuses the key in SCHEDULESEARCH_KEY ({reply.status}): {message}", errors)
    if 300 <= reply.status < 400:
        return InvalidRequest(f"The service has moved to {reply.headers.get('location')}: set SCHEDULESEARCH_URL.")
    if reply.status == 410:
        return Replaced(message, errors)
    # What was there a moment ago and is not any more is the service's failure, not the request's.
    if reply.status >= 500 or (method == "GET" and reply.status in (404, 409)):
        return ServiceFailed(f"The service failed ({reply.status}): {message}", errors)
    return InvalidRequest(message, errors)


def _problem(reply: Reply) -> Dict[str, Any]:
    try:
        problem = json.loads(reply.body)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _detail(reply: Reply) -> str:
    detail = _problem(reply).get("detail")
    return f" ({detail.rstrip('.')})" if isinstance(detail, str) else ""


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).rstrip(".")


def _lower(headers: Message) -> Dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
