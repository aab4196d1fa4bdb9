package io.sirocco.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a gateway as any HTTP client does.
 *
 * <p>Thread-safe.
 */
final class HttpAsker {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final JsonMapper mapper = new JsonMapper();
  private final URI base;

  /**
   * A server-sent event.
   *
   * @param id its id, empty where it has none
   */
  record Event(String id, String data) {}

  /** @param base as a gateway tells it, with {@code /v1} at its end */
  HttpAsker(URI base) {
    this.base = base;
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(request, headers);
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send(request(path).GET(), headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws IOException, InterruptedException {
    return client.send(with(request, headers).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The events of a stream, as they come. */
  Stream<Event> events(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = body.isEmpty()
        ? request(path).GET()
        : request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<Stream<String>> response =
        client.send(with(request, headers).build(), HttpResponse.BodyHandlers.ofLines());
    if (response.statusCode() != 200) {
      throw new AssertionError("expected status 200, found " + response.statusCode() + ": "
          + response.body().toList());
    }
    List<String> id = new ArrayList<>();
    return response.body().mapMulti((line, events) -> {
      if (line.startsWith("id: ")) {
        id.add(line.substring("id: ".length()));
      } else if (line.startsWith("data: ")) {
        events.accept(new Event(id.isEmpty() ? "" : id.get(0), line.substring("data: ".length())));
        id.clear();
      }
    });
  }

  /** The text that events of chunks carry. */
  String text(List<Event> events) {
    StringBuilder text = new StringBuilder();
    for (Event event : events) {
      if (!event.data().equals("[DONE]")) {
        for (JsonNode choice : json(event.data()).path("choices")) {
          text.append(choice.path("delta").path("content").asString(""));
        }
      }
    }
    return text.toString();
  }

  JsonNode json(String text) {
    return mapper.readTree(text);
  }

  /** A path below the base begins without a slash. */
  private HttpRequest.Builder request(String path) {
    URI uri = path.startsWith("/") ? base.resolve(path) : URI.create(base + "/" + path);
    return HttpRequest.newBuilder(uri).timeout(PATIENCE);
  }

  private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
    return headers.length == 0 ? request : request.headers(headers);
  }
}
