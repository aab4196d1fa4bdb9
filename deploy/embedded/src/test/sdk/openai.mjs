// OpenAI's own client against a gateway: node openai.mjs URL, with keys "ann-key".
import assert from "node:assert/strict";
import OpenAI from "openai";
import { run } from "./claims.mjs";

const client = new OpenAI({ baseURL: process.argv[2], apiKey: "ann-key", maxRetries: 0 });
const question = {
  model: "demo",
  messages: [{ role: "user", content: "What is a mistral?" }],
  temperature: 0,
  max_completion_tokens: 16,
};
const ask = (more = {}) => client.chat.completions.create({ ...question, ...more });

async function streamed(more = {}) {
  const chunks = [];
  for await (const chunk of await ask({ stream: true, ...more })) chunks.push(chunk);
  return chunks;
}

const text = (chunks, index = 0) =>
  chunks
    .flatMap((chunk) => chunk.choices)
    .filter((choice) => choice.index === index)
    .map((choice) => choice.delta.content ?? "")
    .join("");

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected an error, found none");
}

await run({
  async streamIsTheWholeInPieces() {
    const whole = await ask();
    assert.equal(whole.object, "chat.completion");
    assert.ok(whole.usage.total_tokens > 0);
    const chunks = await streamed();
    assert.equal(text(chunks), whole.choices[0].message.content);
    assert.ok(chunks.every((chunk) => !chunk.usage));
    assert.ok(chunks.at(-1).choices[0].finish_reason);
  },
  async usageIsToldWhenAsked() {
    const chunks = await streamed({ stream_options: { include_usage: true } });
    assert.ok(chunks.at(-1).usage.total_tokens > 0);
    assert.equal(chunks.at(-1).choices.length, 0);
  },
  async choicesAreSeveral() {
    const whole = await ask({ n: 2, temperature: 1, seed: 3 });
    assert.equal(whole.choices.length, 2);
    const chunks = await streamed({ n: 2, temperature: 1, seed: 3 });
    for (const index of [0, 1])
      assert.equal(text(chunks, index), whole.choices[index].message.content);
  },
  async logprobsAreTold() {
    const whole = await ask({ logprobs: true, top_logprobs: 2 });
    assert.equal(whole.choices[0].logprobs.content[0].top_logprobs.length, 2);
  },
  async stopEndsTheAnswer() {
    const whole = (await ask()).choices[0].message.content;
    const stop = whole.slice(3, 6);
    const cut = await ask({ stop: [stop] });
    assert.equal(cut.choices[0].message.content, whole.slice(0, whole.indexOf(stop)));
    assert.equal(cut.choices[0].finish_reason, "stop");
  },
  async seedRepeatsTheAnswer() {
    const draw = async () =>
      (await ask({ temperature: 1, seed: 11 })).choices[0].message.content;
    assert.equal(await draw(), await draw());
  },
  async errorsAreOfTheirKinds() {
    const unknown = await failure(ask({ model: "nobody" }));
    assert.ok(unknown instanceof OpenAI.NotFoundError);
    assert.equal(unknown.code, "model_not_found");
    const hot = await failure(ask({ temperature: 9 }));
    assert.ok(hot instanceof OpenAI.BadRequestError);
    assert.equal(hot.param, "temperature");
    const streamedHot = await failure(streamed({ temperature: 9 }));
    assert.ok(streamedHot instanceof OpenAI.BadRequestError);
    const stranger = new OpenAI({ baseURL: process.argv[2], apiKey: "other", maxRetries: 0 });
    assert.ok((await failure(stranger.models.list())) instanceof OpenAI.AuthenticationError);
    const large = await failure(ask({ messages: [{ role: "user", content: "x".repeat(2e6) }] }));
    assert.equal(large.status, 413);
  },
  async abortInMidStreamLeavesTheGatewayAsItWas() {
    const stream = await ask({ stream: true, max_completion_tokens: 300 });
    for await (const chunk of stream) {
      if (chunk.choices.length) stream.controller.abort();
    }
    assert.ok((await ask()).choices[0].message.content);
  },
  async modelsAreListed() {
    const models = [];
    for await (const model of client.models.list()) models.push(model.id);
    assert.deepEqual(models, ["demo"]);
    assert.equal((await client.models.retrieve("demo")).id, "demo");
  },
});
