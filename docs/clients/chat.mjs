// Asks a model and prints the answer as it is generated: node chat.mjs HOST:PORT MODEL "PROMPT"
// Needs kafkajs. Reads the shared reply topic from its end; docs/wire.md has the rule it follows.
import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";

const [broker, model, prompt] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR });
const replies = "chat.replies.shared";
const id = randomUUID();

// A group of its own, which begins at the end: only what is written from now on matters.
const consumer = kafka.consumer({ groupId: `reader-${id}`, maxWaitTimeInMs: 50 });
await consumer.connect();
await consumer.subscribe({ topic: replies });

let start = null, next = 0;
const text = (header) => header?.toString();
const done = new Promise((resolve) => consumer.run({
  eachMessage: async ({ message: { headers, value } }) => {
    if (text(headers["x-request-id"]) !== id) return;
    const [event, writer, attempt] = ["event", "writer", "attempt"].map((name) => text(headers[name]));
    if (event === "start") {
      if (!start || +attempt > start.attempt) start = { writer, attempt: +attempt };
    } else if (start && writer === start.writer && +attempt === start.attempt && +text(headers.sequence) === next) {
      next++;
      const body = JSON.parse(value);
      if (event === "delta") process.stdout.write(body.choices[0].delta.content ?? "");
      else resolve(body);
    }
  },
}));
await new Promise((joined) => consumer.on(consumer.events.GROUP_JOIN, joined));

const producer = kafka.producer();
await producer.connect();
await producer.send({ topic: `chat.requests.${model}`, messages: [{
  key: id, headers: { kafka_replyTopic: replies, "x-request-id": id },
  value: JSON.stringify({ stream: true, temperature: 0, messages: [{ role: "user", content: prompt }] }),
}] });

const end = await done;
console.log(end.error ? `\nerror: ${end.error.message}` : `\n${JSON.stringify(end.usage)}`);
await Promise.all([consumer.disconnect(), producer.disconnect()]);
