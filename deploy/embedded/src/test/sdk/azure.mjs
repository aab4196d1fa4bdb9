// Azure's own client against a gateway: node azure.mjs URL, with the key "ann-key".
import assert from "node:assert/strict";
import ModelClient, { isUnexpected } from "@azure-rest/ai-inference";
import { AzureKeyCredential } from "@azure/core-auth";
import { createSseStream } from "@azure/core-sse";
import { run } from "./claims.mjs";

const client = ModelClient(
  process.argv[2].replace(/\/v1$/, ""),
  new AzureKeyCredential("ann-key"),
  { allowInsecureConnection: true },
);
const body = {
  model: "demo",
  messages: [{ role: "user", content: "What is a mistral?" }],
  temperature: 0,
  max_tokens: 16,
};
const post = (request) => client.path("/chat/completions").post(request);

await run({
  async infoNamesTheModel() {
    const info = await client.path("/info").get();
    assert.equal(info.status, "200");
    assert.equal(info.body.model_name, "demo");
  },
  async streamIsTheWholeInPiecesWithUsageOnTheFinishChunk() {
    const whole = await post({ body });
    assert.ok(!isUnexpected(whole), JSON.stringify(whole.body));
    const response = await post({ body: { ...body, stream: true } }).asNodeStream();
    assert.equal(response.status, "200");
    let text = "";
    let usage;
    for await (const event of createSseStream(response.body)) {
      if (event.data === "[DONE]") break;
      const chunk = JSON.parse(event.data);
      text += chunk.choices[0]?.delta?.content ?? "";
      if (chunk.choices[0]?.finish_reason) usage = chunk.usage;
      else assert.ok(!chunk.usage);
    }
    assert.equal(text, whole.body.choices[0].message.content);
    assert.deepEqual(usage, whole.body.usage);
  },
  async extraParametersAreTreatedAsTheHeaderSays() {
    const extra = { ...body, top_k: 3 };
    assert.equal((await post({ body: extra })).status, "400");
    for (const treatment of ["drop", "pass-through"])
      assert.equal(
        (await post({ body: extra, headers: { "extra-parameters": treatment } })).status,
        "200",
      );
  },
});
