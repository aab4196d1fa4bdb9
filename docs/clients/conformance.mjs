// Holds reply-reader.mjs against the conformance file: node conformance.mjs FILE
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { ReplyReader } from "./reply-reader.mjs";

const { cases } = JSON.parse(readFileSync(process.argv[2], "utf8"));
let wrong = 0;
for (const { name, request_id, reply_offset, records, expected } of cases) {
  const reader = new ReplyReader(request_id);
  const accepted = [];
  for (const { offset, headers, value } of records.filter((record) => record.offset >= reply_offset)) {
    if (reader.accept(headers, value && JSON.stringify(value))) accepted.push(offset);
  }
  const found = {
    state: reader.error ? "failed" : reader.ended ? "ended" : "open",
    error: reader.error?.code ?? null,
    choices: reader.choices.map(({ text, tokenIds, finishReason }) =>
      ({ text, token_ids: tokenIds, finish_reason: finishReason })),
    accepted,
    next_sequence: reader.nextSequence,
  };
  const { next_attempt, fruitless_writers, ...right } = expected; // Those two are for workers.
  if (!isDeepStrictEqual(found, right)) {
    wrong++;
    console.error(`${name}: expected ${JSON.stringify(right)}, found ${JSON.stringify(found)}`);
  }
}
console.log(`${cases.length} cases, ${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
