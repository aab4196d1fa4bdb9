package io.sirocco.worker.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads the trace context from the headers of a record, of which the last of a name counts.
 *
 * <p>Immutable.
 */
enum HeaderGetter implements TextMapGetter<ConsumerRecord<String, byte[]>> {
  /** The only one. */
  INSTANCE;

  @Override
  public Iterable<String> keys(ConsumerRecord<String, byte[]> request) {
    List<String> names = new ArrayList<>();
    request.headers().forEach(header -> names.add(header.key()));
    return names;
  }

  @Override
  public @Nullable String get(@Nullable ConsumerRecord<String, byte[]> request, String name) {
    Header header = request == null ? null : request.headers().lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
