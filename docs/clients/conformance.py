"""Holds reply_reader.py against the conformance file: python3 conformance.py FILE"""

import json
import sys

from reply_reader import ReplyReader


def pairs(headers):
    for name, texts in headers.items():
        for text in texts if isinstance(texts, list) else [texts]:
            yield name, text.encode()


with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)["cases"]
wrong = 0
for case in cases:
    reader = ReplyReader(case["request_id"])
    accepted = []
    for record in case["records"]:
        if record["offset"] >= case["reply_offset"]:
            value = None if record["value"] is None else json.dumps(record["value"]).encode()
            if reader.accept(pairs(record["headers"]), value) is not None:
                accepted.append(record["offset"])
    found = {
        "state": "failed" if reader.error else "open" if reader.end is None else "ended",
        "error": reader.error["code"] if reader.error else None,
        "choices": reader.choices,
        "accepted": accepted,
        "next_sequence": reader.next_sequence,
    }
    right = {name: case["expected"][name] for name in found}  # The others are for workers.
    if found != right:
        wrong += 1
        print(f"{case['name']}: expected {right}, found {found}", file=sys.stderr)
print(f"{len(cases)} cases, {wrong} wrong")
sys.exit(1 if wrong else 0)
