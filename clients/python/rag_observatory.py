"""Sends turns to rag-observatory. Python 3.9 and later, standard library only. Copy this file into your application.

    from rag_observatory import Client
    client = Client("https://rag.example", key)          # or RAG_OBSERVATORY_URL and RAG_OBSERVATORY_KEY
    reply = client.record_turn(question=q, answer=a, documents=docs, model="gpt-4o-mini", usage=response.usage)
    if reply and reply["citationRate"] is not None and reply["citationRate"] < 50: ...
"""
import json
import os
import time
import urllib.error
import urllib.request
from contextlib import contextmanager


class RagObservatoryError(Exception):
    """The server refused a request. `status` is 0 where it was unreachable."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status = status


class Client:
    """`timeout` in seconds. With `fail_silently` an error returns None, so that monitoring never breaks an answer."""

    def __init__(self, url=None, key=None, timeout=5.0, fail_silently=True, attempts=3):
        self.url = (url or os.environ["RAG_OBSERVATORY_URL"]).rstrip("/")
        self.key = key or os.environ["RAG_OBSERVATORY_KEY"]
        self.timeout = timeout
        self.fail_silently = fail_silently
        self.attempts = attempts

    def record_turn(self, question=None, answer=None, documents=None, **fields):
        """Records a turn, or a list of up to 100 as `record_turn(turns=[...])`.

        documents: dicts with id, text, url, title, license, score, or plain texts; in the order of the prompt, so that the
        mark [2] means the second. Further fields: id, traceId, user, session, tenant, release, model, usage, latencyMs,
        firstTokenMs, outcome, error, feedback. Returns the reply: citations with verdicts, citationRate, costJpy, license.
        """
        if "turns" in fields:
            body = [_clean(turn) for turn in fields["turns"]]
        else:
            body = _clean(dict(fields, question=question, answer=answer, documents=documents))
        return self._post("/api/turns", body)

    def vote(self, turn, vote):
        """turn: our id, your id or the trace id; also before the turn arrives. vote: -1, 0 or 1."""
        return self._post("/api/turns/%s/feedback" % urllib.request.quote(str(turn), safe=""), {"vote": vote})

    def _post(self, path, body):
        # default=str: a value of a foreign type must not break the application.
        data = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8")
        headers = {"Authorization": "Bearer " + self.key, "Content-Type": "application/json"}
        for attempt in range(self.attempts):
            try:
                request = urllib.request.Request(self.url + path, data=data, headers=headers, method="POST")
                with urllib.request.urlopen(request, timeout=self.timeout) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                failure = RagObservatoryError(error.code, _detail(error))
                wait = _seconds(error.headers.get("Retry-After"))
                if error.code not in (429, 503):
                    break
            except (OSError, ValueError) as error:
                failure, wait = RagObservatoryError(0, str(error)), None
            if attempt + 1 < self.attempts:
                time.sleep(min(wait if wait is not None else 0.2 * 2**attempt, 2.0))
        if self.fail_silently:
            return None
        raise failure


@contextmanager
def retrieval_span(question, name="retrieval", tracer=None):
    """A span of a retrieval with its documents, for applications with OpenTelemetry.

        with retrieval_span(question) as span:
            documents = search(question)
            span.set_documents(documents)
    """
    from opentelemetry import trace  # only here, because record_turn works without OpenTelemetry

    with (tracer or trace.get_tracer("rag-observatory")).start_as_current_span(name) as span:
        span.set_attribute("gen_ai.operation.name", "retrieval")
        span.set_attribute("gen_ai.retrieval.query.text", question)
        yield _RetrievalSpan(span)


class _RetrievalSpan:
    def __init__(self, span):
        self.span = span

    def set_documents(self, documents):
        self.span.set_attribute("gen_ai.retrieval.documents", documents_attribute(documents))


def documents_attribute(documents):
    """The value of `gen_ai.retrieval.documents`: the convention's id and score, with content, uri, title and license."""
    names = {"text": "content", "page_content": "content", "url": "uri", "source": "uri"}
    written = []
    for index, document in enumerate(documents):
        fields = {"content": document} if isinstance(document, str) else _fields(document)
        metadata = fields.pop("metadata", None) or {}
        merged = {names.get(name, name): value for name, value in {**metadata, **fields}.items()}
        known = {name: merged.get(name) for name in ("id", "score", "content", "uri", "title", "license")}
        known["id"] = str(known["id"] if known["id"] is not None else index + 1)
        written.append({name: value for name, value in known.items() if value is not None})
    return json.dumps(written, ensure_ascii=False, default=str)


def _fields(document):
    """Of a dict, or of an object of LangChain, LlamaIndex or Haystack."""
    if isinstance(document, dict):
        return dict(document)
    node = getattr(document, "node", document)
    return {
        "id": getattr(node, "id", None) or getattr(node, "node_id", None),
        "text": getattr(node, "page_content", None) or getattr(node, "content", None) or getattr(node, "text", None),
        "metadata": dict(getattr(node, "metadata", None) or getattr(node, "meta", None) or {}),
        "score": getattr(document, "score", None),
    }


_DOCUMENT_FIELDS = ("id", "text", "url", "title", "license", "score")


def _clean(turn):
    """Leaves out what is None, and turns objects of SDKs into JSON."""
    usage = turn.get("usage")
    if usage is not None and not isinstance(usage, dict):
        turn["usage"] = usage.model_dump() if hasattr(usage, "model_dump") else dict(vars(usage))
    if turn.get("documents") is not None:
        turn["documents"] = [_document(document) for document in turn["documents"]]
    return {name: value for name, value in turn.items() if value is not None}


def _document(document):
    if isinstance(document, str):
        return document
    fields = json.loads(documents_attribute([document]))[0]
    if not (isinstance(document, dict) and document.get("id") is not None) and fields["id"] == "1":
        del fields["id"]  # the number of a document without an id
    fields = {{"content": "text", "uri": "url"}.get(name, name): value for name, value in fields.items()}
    return {name: fields[name] for name in _DOCUMENT_FIELDS if fields.get(name) is not None}


def _detail(error):
    try:
        return json.load(error).get("detail", error.reason)
    except ValueError:
        return str(error.reason)


def _seconds(text):
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
