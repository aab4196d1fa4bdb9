"""Asks a model and prints the answer as it is generated: python3 chat.py HOST:PORT MODEL "PROMPT"

Needs confluent-kafka. Reads the shared reply topic from its end; docs/wire.md has the rule it follows.
"""

import json
import sys
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition

broker, model, prompt = sys.argv[1:4]
replies = "chat.replies.shared"
request_id = str(uuid.uuid4())

consumer = Consumer({"bootstrap.servers": broker, "group.id": request_id, "fetch.wait.max.ms": 50})
low, high = consumer.get_watermark_offsets(TopicPartition(replies, 0), timeout=10)
consumer.assign([TopicPartition(replies, 0, high)])

producer = Producer({"bootstrap.servers": broker})
body = {"stream": True, "temperature": 0, "messages": [{"role": "user", "content": prompt}]}
headers = {"kafka_replyTopic": replies, "x-request-id": request_id}
producer.produce(f"chat.requests.{model}", json.dumps(body), request_id, headers=headers)
producer.flush(10)

start, sequence = None, 0
while True:
    message = consumer.poll(1.0)
    if message is None or message.error():
        continue
    header = {name: value.decode(errors="replace") for name, value in message.headers() or []}
    if header.get("x-request-id") != request_id:
        continue
    mine = (int(header["attempt"]), header["writer"])
    if header["event"] == "start":
        start = mine if start is None or mine[0] > start[0] else start
    elif mine == start and header.get("sequence") == str(sequence):
        sequence += 1
        value = json.loads(message.value())
        if header["event"] == "delta":
            print(value["choices"][0]["delta"].get("content") or "", end="", flush=True)
        else:
            print("\n" + json.dumps(value.get("usage") or value["error"]))
            break
consumer.close()
