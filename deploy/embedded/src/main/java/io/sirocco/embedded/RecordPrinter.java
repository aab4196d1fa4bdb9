package io.sirocco.embedded;

import io.sirocco.client.RawReply;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prints every record of the answer as a line of JSON: offset, timestamp, headers, value.
 *
 * <p>Confined to the main thread.
 */
final class RecordPrinter implements AnswerPrinter {
  private final PrintWriter out;
  private final JsonCodec codec = new JsonCodec();

  RecordPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void print(RawReply reply) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("offset", reply.offset());
    line.put("timestamp", reply.timestampMillis());
    line.put("headers", reply.headers());
    line.put("value", value(reply));
    out.println(codec.write(line));
    out.flush();
  }

  private Object value(RawReply reply) {
    try {
      return codec.read(reply.value(), Map.class);
    } catch (MalformedJsonException e) {
      return reply.value();
    }
  }

  @Override
  public void end() {}
}
