"""Asks a model and prints the answer as it is generated: python3 chat.py HOST:PORT MODEL "PROMPT"

Needs confluent-kafka. Reads the shared reply topic from its end.
"""

import json
import sys
import uuid

from confluent_kafka import Consumer, Producer, TopicPartition
from reply_reader import ReplyReader

broker, model, prompt = sys.argv[1:4]
replies = "chat.replies.shared"
request_id = str(uuid.uuid4())

consumer = Consumer({"bootstrap.servers": broker, "group.id": request_id, "fetch.wait.max.ms": 50})
low, high = consumer.get_watermark_offsets(TopicPartition(replies, 0), timeout=10)
consumer.assign([TopicPartition(replies, 0, high)])

producer = Producer({"bootstrap.servers": broker})
request = {"stream": True, "temperature": 0, "messages": [{"role": "user", "content": prompt}]}
headers = {"kafka_replyTopic": replies, "x-request-id": request_id}
headers["x-reply-offset"] = str(high)
producer.produce(f"chat.requests.{model}", json.dumps(request), request_id, headers=headers)
producer.flush(10)

reader = ReplyReader(request_id)
while reader.end is None:
    message = consumer.poll(1.0)
    if message is None or message.error():
        continue
    body = reader.accept(message.headers(), message.value())
    if body is not None and reader.end is None:
        print(body["choices"][0]["delta"].get("content") or "", end="", flush=True)
print("\n" + json.dumps(reader.error or reader.end["usage"]))
consumer.close()
