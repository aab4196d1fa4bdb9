// Asks a model and prints the answer as it is generated: node chat.mjs HOST:PORT MODEL "PROMPT"
// Needs kafkajs. Reads the shared reply topic from its end.
import { randomUUID } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { ReplyReader } from "./reply-reader.mjs";

const [broker, model, prompt] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR });
const replies = "chat.replies.shared";
const id = randomUUID();

// A group of its own, which begins at the end: only what is written from now on matters.
const consumer = kafka.consumer({ groupId: `reader-${id}`, maxWaitTimeInMs: 50 });
await consumer.connect();
await consumer.subscribe({ topic: replies });

const reader = new ReplyReader(id);
const done = new Promise((resolve) => consumer.run({
  eachMessage: async ({ message: { headers, value } }) => {
    const body = reader.accept(headers ?? {}, value);
    if (!body) return;
    if (reader.ended) resolve(body);
    else process.stdout.write(body.choices[0].delta.content ?? "");
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
console.log(reader.error ? `\nerror: ${reader.error.message}` : `\n${JSON.stringify(end.usage)}`);
await Promise.all([consumer.disconnect(), producer.disconnect()]);
