// Mistral's own client against a gateway: node mistral.mjs URL, with the key "ann-key".
import assert from "node:assert/strict";
import { Mistral } from "@mistralai/mistralai";
import { run } from "./claims.mjs";

const client = new Mistral({
  serverURL: process.argv[2].replace(/\/v1$/, ""),
  apiKey: "ann-key",
});
const question = {
  model: "demo",
  messages: [{ role: "user", content: "What is a mistral?" }],
  temperature: 0,
  maxTokens: 16,
  randomSeed: 7,
};

await run({
  async streamIsTheWholeInPieces() {
    const whole = await client.chat.complete(question);
    assert.ok(whole.usage.totalTokens > 0);
    let text = "";
    for await (const event of await client.chat.stream(question))
      text += event.data.choices[0]?.delta.content ?? "";
    assert.equal(text, whole.choices[0].message.content);
  },
  async unknownModelIsAnError() {
    await assert.rejects(
      client.chat.complete({ ...question, model: "nobody" }),
      (error) => error.statusCode === 404,
    );
  },
});
