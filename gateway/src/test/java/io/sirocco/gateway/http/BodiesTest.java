package io.sirocco.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.gateway.settings.GatewaySettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BodiesTest {
  private static final String REQUEST =
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
  private static final Duration TIME = Duration.ofMillis(200);

  private final AtomicInteger answered = new AtomicInteger();
  private volatile @Nullable Runnable demanded;
  private volatile boolean arrived;

  private LocalHttp http() throws Exception {
    GatewaySettings.Limits limits = GatewaySettings.Limits.DEFAULT;
    Bodies bodies = new Bodies(new GatewaySettings.Limits(
        limits.bodyBytes(),
        limits.headerBytes(),
        limits.streams(),
        limits.connections(),
        TIME,
        limits.slowReader(),
        limits.heartbeat(),
        limits.grace()));
    return new LocalHttp(
        request -> new Request.Wrapper(request) {
          @Override
          public Content.@Nullable Chunk read() {
            return arrived ? Content.Chunk.from(ByteBuffer.wrap("{}".getBytes(UTF_8)), true) : null;
          }

          @Override
          public void demand(Runnable whenThere) {
            demanded = whenThere;
          }
        },
        exchange -> bodies.read(exchange, false, body -> {
          answered.incrementAndGet();
          exchange.answer(200, Map.of());
        }));
  }

  @Test
  void bodyIsAnswered() throws Exception {
    arrived = true;
    try (LocalHttp http = http()) {
      assertThat(http.ask(REQUEST)).startsWith("HTTP/1.1 200 ");
      assertThat(answered).hasValue(1);
    }
  }

  @Test
  void bodyThatArrivesAfterItsTimeIsNotAnsweredAnyMore() throws Exception {
    try (LocalHttp http = http()) {
      assertThat(http.ask(REQUEST)).startsWith("HTTP/1.1 408 ");
      arrived = true;
      requireNonNull(demanded).run();
      assertThat(answered).hasValue(0);
    }
  }
}
