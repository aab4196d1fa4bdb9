package io.sirocco.embedded.load;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a gateway over HTTP, as OpenAI's clients do.
 *
 * <p>Thread-safe.
 */
public final class HttpTarget implements Target {
  private static final int OK = 200;
  private static final String DATA = "data: ";
  private static final String DONE = "[DONE]";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final JsonCodec codec = new JsonCodec();
  private final URI completions;
  private final @Nullable String apiKey;

  /**
   * @param base as a gateway tells it, ending in {@code /v1}
   * @param apiKey the key to ask with; null: none
   */
  public HttpTarget(URI base, @Nullable String apiKey) {
    this.completions = URI.create(base.toString().replaceAll("/+$", "") + "/chat/completions");
    this.apiKey = apiKey;
  }

  @Override
  public void ask(ChatRequest request, Reading reading) {
    HttpRequest.Builder post = HttpRequest.newBuilder(completions)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(codec.writeBytes(request)));
    if (apiKey != null) {
      post.header("Authorization", "Bearer " + apiKey);
    }
    try {
      HttpResponse<Stream<String>> response =
          http.send(post.build(), HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> lines = response.body()) {
        if (response.statusCode() == OK) {
          read(lines.iterator(), reading);
        } else {
          reading.fail(code(lines.collect(Collectors.joining()), "http_" + response.statusCode()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reading.fail("interrupted");
    } catch (IOException | UncheckedIOException e) {
      reading.fail("connection_failed");
    } catch (MalformedJsonException e) {
      reading.fail("malformed_event");
    }
  }

  private void read(Iterator<String> lines, Reading reading) throws MalformedJsonException {
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.startsWith(DATA)) {
        String event = line.substring(DATA.length());
        if (event.equals(DONE)) {
          reading.end();
          return;
        } else if (event.startsWith("{\"error\"")) {
          reading.fail(code(event, "error"));
          return;
        }
        reading.chunk(codec.read(event, ChatChunk.class));
      }
    }
    reading.fail("broken_off");
  }

  private String code(String body, String otherwise) {
    try {
      return codec.read(body, ErrorBody.class).error().code();
    } catch (MalformedJsonException e) {
      return otherwise;
    }
  }

  @Override
  public void close() {
    // The client has nothing to close.
  }
}
