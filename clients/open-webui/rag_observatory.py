"""
title: rag-observatory
description: Sends each chat turn with its sources to rag-observatory, which checks the citations and measures the SLOs.
version: 0.1.0
license: Apache-2.0
"""
import asyncio
import json
import time
import urllib.request

try:
    from pydantic import BaseModel
except ImportError:  # outside of Open WebUI

    class BaseModel:
        def __init__(self, **values):
            for name, value in values.items():
                setattr(self, name, value)


class Filter:
    class Valves(BaseModel):
        url: str = "http://localhost:3000"
        key: str = ""
        timeout: float = 5.0

    def __init__(self):
        self.valves = self.Valves()
        self.started = {}

    async def inlet(self, body, __metadata__=None, __user__=None):
        # Chats that were never answered are forgotten.
        if len(self.started) > 10_000:
            self.started.clear()
        self.started[self._chat(body, __metadata__)] = time.monotonic()
        return body

    async def outlet(self, body, __metadata__=None, __user__=None):
        turn = self.turn(body, __metadata__ or {}, __user__ or {})
        if turn is not None and self.valves.key:
            # An error of monitoring must not reach the chat.
            try:
                await asyncio.to_thread(self._send, turn)
            except Exception as error:
                print("rag-observatory:", type(error).__name__)
        return body

    def turn(self, body, metadata, user):
        """The last question and its answer, with the sources that Open WebUI retrieved."""
        messages = body.get("messages") or []
        answer = next((m for m in reversed(messages) if m.get("role") == "assistant"), None)
        question = next((m for m in reversed(messages) if m.get("role") == "user"), None)
        if answer is None or question is None:
            return None
        started = self.started.pop(self._chat(body, metadata), None)
        turn = {
            "id": answer.get("id") or body.get("id"),
            "session": self._chat(body, metadata),
            "user": user.get("id"),
            "model": body.get("model"),
            "question": _text(question.get("content")),
            "answer": _text(answer.get("content")),
            "documents": _documents(answer.get("sources") or metadata.get("sources")),
            "usage": answer.get("usage") or (answer.get("info") or {}).get("usage"),
            "latencyMs": None if started is None else round((time.monotonic() - started) * 1000),
        }
        return {name: value for name, value in turn.items() if value is not None}

    @staticmethod
    def _chat(body, metadata):
        return body.get("chat_id") or (metadata or {}).get("chat_id")

    def _send(self, turn):
        request = urllib.request.Request(
            self.valves.url.rstrip("/") + "/api/turns",
            data=json.dumps(turn, ensure_ascii=False, default=str).encode("utf-8"),
            headers={"Authorization": "Bearer " + self.valves.key, "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=self.valves.timeout).close()


def _text(content):
    """Of a text, or of a list of parts with images between them."""
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content if part.get("type") == "text")
    return content


def _documents(sources):
    """Open WebUI numbers the passages of all sources from [1], in this order."""
    if sources is None:
        return None
    documents = []
    for source in sources:
        about = source.get("source") or {}
        metadata = source.get("metadata") or []
        for index, text in enumerate(source.get("document") or []):
            own = metadata[index] if index < len(metadata) else {}
            distances = source.get("distances") or []
            document = {
                "id": own.get("file_id") or about.get("id"),
                "text": text,
                "title": own.get("name") or about.get("name"),
                "url": own.get("source") if str(own.get("source", "")).startswith("http") else about.get("url"),
                "score": distances[index] if index < len(distances) else None,
            }
            documents.append({name: value for name, value in document.items() if value is not None})
    return documents
