"""Decides which records of a reply log make up the answer to one request; docs/wire.md has the rule.

Give it every record of the reply partition, from the reply offset on, in order and once each. It
needs nothing but Python 3.8.
"""

import json
import re

SEQUENCED = {"delta", "end", "error"}
EVENTS = SEQUENCED | {"start", "release", "progress"}
GREATEST_INT = 2**31 - 1
GREATEST_LONG = 2**63 - 1


class ReplyReader:
    """The answer to one request, as far as it was read."""

    def __init__(self, request_id):
        self.choices = []  # of each: its text, its token ids, why it ended or None
        self.next_sequence = 0
        self.end = None  # the body of the record that ended the answer
        self.error = None  # the error in it, if the request failed
        self._request_id = request_id
        self._start = None

    def accept(self, headers, value):
        """Takes the headers, pairs of name and bytes, and the value.

        Returns the body if the record is a part of the answer (delta, end, error), else None.
        """
        reply = decode(headers)
        if reply is None or self.end is not None or reply["request_id"] != self._request_id:
            return None
        if reply["event"] == "start":
            if self._start is None or reply["attempt"] > self._start["attempt"]:
                self._start = reply
            return None
        if not self._counts(reply):
            return None
        body = json.loads(value)
        self.next_sequence += 1
        if reply["event"] == "delta":
            self._append(reply, body)
        else:
            self.end = body
            self.error = body["error"] if reply["event"] == "error" else None
        return body

    def _counts(self, reply):
        return (
            reply["event"] in SEQUENCED
            and self._start is not None
            and reply["sequence"] == self.next_sequence
            and reply["writer"] == self._start["writer"]
            and reply["attempt"] == self._start["attempt"]
        )

    def _append(self, reply, body):
        self._choice(reply["choice"])["token_ids"] += reply["token_ids"]
        for part in body["choices"]:
            mine = self._choice(part["index"])
            mine["text"] += part["delta"].get("content") or ""
            mine["finish_reason"] = part.get("finish_reason") or mine["finish_reason"]

    def _choice(self, index):
        while len(self.choices) <= index:
            self.choices.append({"text": "", "token_ids": [], "finish_reason": None})
        return self.choices[index]


def decode(headers):
    """Returns the headers of a record, or None for one that no worker wrote: a topic can hold anything."""
    last = dict(headers or [])
    text = {name: value.decode(errors="replace") for name, value in last.items() if value is not None}
    if not {"x-request-id", "writer"} <= text.keys() or text.get("event") not in EVENTS:
        return None
    if (text["event"] in SEQUENCED) != ("sequence" in text):
        return None
    ids = text.get("token-ids")
    try:
        return {
            "request_id": text["x-request-id"],
            "event": text["event"],
            "writer": text["writer"],
            "attempt": decimal(text.get("attempt", ""), 1, GREATEST_INT),
            "sequence": decimal(text["sequence"], 0, GREATEST_LONG) if "sequence" in text else None,
            "choice": decimal(text.get("choice", "0"), 0, GREATEST_INT),
            "token_ids": [decimal(one, 0, GREATEST_INT) for one in ids.split(",")] if ids else [],
        }
    except ValueError:
        return None


def decimal(text, least, greatest):
    number = int(text) if re.fullmatch("[0-9]+", text) else -1
    if not least <= number <= greatest:
        raise ValueError(f"expected a number from {least} to {greatest}, found '{text}'")
    return number
