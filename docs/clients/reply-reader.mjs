// Decides which records of a reply log make up the answer to one request; docs/wire.md has the rule.
// Give it every record of the reply partition, from the reply offset on, in order and once each.

const SEQUENCED = new Set(["delta", "end", "error"]);
const EVENTS = new Set([...SEQUENCED, "start", "release", "progress"]);
const GREATEST_INT = 2 ** 31 - 1;

export class ReplyReader {
  choices = []; // of each: its text, its token ids, why it ended or null
  nextSequence = 0;
  end = null; // the body of the record that ended the answer
  error = null; // the error in it, if the request failed
  #requestId;
  #start = null;

  constructor(requestId) {
    this.#requestId = requestId;
  }

  get ended() {
    return this.end !== null;
  }

  // Takes the headers, name to text or bytes or a list of them, and the value as text or bytes.
  // Returns the body if the record is a part of the answer (delta, end, error), else null.
  accept(headers, value) {
    const reply = decode(headers);
    if (!reply || this.ended || reply.requestId !== this.#requestId) return null;
    if (reply.event === "start") {
      if (!this.#start || reply.attempt > this.#start.attempt) this.#start = reply;
      return null;
    }
    if (!this.#counts(reply)) return null;
    const body = JSON.parse(value);
    this.nextSequence++;
    if (reply.event === "delta") {
      this.#append(reply, body);
    } else {
      this.end = body;
      this.error = reply.event === "error" ? body.error : null;
    }
    return body;
  }

  #counts({ event, writer, attempt, sequence }) {
    return SEQUENCED.has(event) && this.#start !== null && sequence === this.nextSequence
      && writer === this.#start.writer && attempt === this.#start.attempt;
  }

  #append({ choice, tokenIds }, { choices }) {
    this.#choice(choice).tokenIds.push(...tokenIds);
    for (const { index, delta, finish_reason } of choices) {
      const mine = this.#choice(index);
      mine.text += delta.content ?? "";
      mine.finishReason = finish_reason ?? mine.finishReason;
    }
  }

  #choice(index) {
    while (this.choices.length <= index) this.choices.push({ text: "", tokenIds: [], finishReason: null });
    return this.choices[index];
  }
}

// Returns the headers of a record, or null for one that no worker wrote: a topic can hold anything.
function decode(headers) {
  const text = (name) => [headers[name]].flat().at(-1)?.toString();
  const [requestId, event, writer, order] = ["x-request-id", "event", "writer", "sequence"].map(text);
  const ids = text("token-ids");
  const reply = {
    requestId, event, writer,
    attempt: decimal(text("attempt"), 1, GREATEST_INT),
    sequence: order === undefined ? null : decimal(order, 0, Number.MAX_SAFE_INTEGER),
    choice: decimal(text("choice") ?? "0", 0, GREATEST_INT),
    tokenIds: ids ? ids.split(",").map((id) => decimal(id, 0, GREATEST_INT)) : [],
  };
  const known = requestId !== undefined && writer !== undefined && EVENTS.has(event);
  const numbers = [reply.attempt, reply.sequence, reply.choice, ...reply.tokenIds];
  const ordered = SEQUENCED.has(event) === (reply.sequence !== null);
  return known && ordered && !numbers.includes(undefined) ? reply : null;
}

function decimal(text, least, greatest) {
  const number = /^\d+$/.test(text ?? "") ? Number(text) : -1;
  return number >= least && number <= greatest ? number : undefined;
}
