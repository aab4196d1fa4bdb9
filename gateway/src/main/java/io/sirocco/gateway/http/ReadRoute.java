package io.sirocco.gateway.http;

import io.sirocco.client.ReplyNotFoundException;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.RequestIds;
import io.sirocco.gateway.answer.OpenAiAnswer;
import io.sirocco.gateway.auth.Caller;
import io.sirocco.gateway.auth.Places;
import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.refusal.RefusedException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer that was asked for before, here or at another gateway: from any sequence on as a
 * stream, or as a whole.
 *
 * <p>Thread-safe.
 */
final class ReadRoute {
  private static final Pattern SEQUENCE = Pattern.compile("[0-9]{1,18}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,2}");
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final String STARTING_AFTER = "starting_after";
  private static final String NOT_FOUND =
      "expected the id of an answer of yours that is still kept, found another";

  private final SiroccoClient client;
  private final Readers readers;
  private final Places places;
  private final KafkaCalls kafka;
  private final ChosenIds ids;

  ReadRoute(SiroccoClient client, Readers readers, Places places, KafkaCalls kafka, ChosenIds ids) {
    this.client = client;
    this.readers = readers;
    this.places = places;
    this.kafka = kafka;
    this.ids = ids;
  }

  /** Returns the request of the caller's that an id belongs to. */
  static RequestKey key(Caller caller, String id) {
    String requestId = CompletionIds.requestId(id);
    if (requestId.indexOf('/') >= 0 || !RequestIds.isUsable(requestId)) {
      throw new RefusedException(Refusal.notFound(NOT_FOUND));
    }
    return RequestKey.of(caller.user(), requestId);
  }

  void answer(Exchange exchange, Caller caller, String id) throws InvalidRequestException {
    RequestKey key = key(caller, id);
    String lastSeen = lastSeen(exchange);
    long from = lastSeen == null ? 0 : sequence(lastSeen) + 1;
    String accept = exchange.header("Accept");
    boolean stream = lastSeen != null
        || "true".equals(exchange.parameter("stream"))
        || (accept != null && accept.contains("text/event-stream"));
    exchange.measure().asks(stream);
    Places.Place place = places.read(caller);
    try {
      long seconds = seconds(exchange);
      ReplyStream answer = attach(caller, key, from);
      Places.Place reading = Readers.leaving(answer, place);
      if (lastSeen != null) {
        exchange.measure().resumes();
      }
      if (stream) {
        boolean usage = "true".equals(exchange.parameter("include_usage"));
        readers.stream(exchange, answer, new OpenAiAnswer(usage), reading, from, false);
      } else {
        readers.soon(exchange, answer, reading, Duration.ofSeconds(seconds));
      }
    } catch (RuntimeException | InvalidRequestException e) {
      place.close();
      throw e;
    }
  }

  /** Reads the answer to {@code key}, whose id may be what the caller chose in place of one. */
  private ReplyStream attach(Caller caller, RequestKey key, long from) {
    return kafka.make(() -> {
      try {
        return client.attach(key, from);
      } catch (ReplyNotFoundException e) {
        if (!ids.mayBeKey(key.requestId())) {
          throw e;
        }
        String chosen = ids.of(caller, key.requestId());
        if (!RequestIds.isUsable(chosen)) {
          throw e; // Too long for a key.
        }
        return client.attach(RequestKey.of(caller.user(), chosen), from);
      }
    });
  }

  private static @Nullable String lastSeen(Exchange exchange) {
    String header = exchange.header(LAST_EVENT_ID);
    return header == null || header.isEmpty() ? exchange.parameter(STARTING_AFTER) : header;
  }

  private static long sequence(String text) throws InvalidRequestException {
    if (!SEQUENCE.matcher(text).matches()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE,
          STARTING_AFTER,
          "expected the id of an event, a whole number of 0 or more, found another text");
    }
    return Long.parseLong(text);
  }

  private static long seconds(Exchange exchange) throws InvalidRequestException {
    String text = exchange.parameter("wait");
    if (text == null) {
      return 1;
    }
    if (!SECONDS.matcher(text).matches()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE, "wait", "expected 0 to 99 seconds, found another text");
    }
    return Long.parseLong(text);
  }

  /** Asks the worker to end an answer of the caller's. */
  void cancel(Exchange exchange, Caller caller, String id) {
    RequestKey key = key(caller, id);
    ReplyStream answer = attach(caller, key, 0);
    answer.leave(); // That it is there is all that counts.
    RequestKey found = RequestKey.of(caller.user(), answer.requestId());
    exchange.waitPatiently();
    var unused = kafka.make(() -> client.cancel(found)).whenComplete((written, fault) -> {
      if (fault == null) {
        exchange.answer(200, ChatRoute.pending(answer.requestId(), "cancelling", null));
      } else {
        exchange.refuse(Refusal.unavailable("the cancel may not have been written"));
      }
    });
  }
}
