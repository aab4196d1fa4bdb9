package io.sirocco.gateway.http;

import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.gateway.auth.Caller;
import io.sirocco.gateway.auth.Places;
import io.sirocco.gateway.form.Asked;
import io.sirocco.gateway.form.RequestForm;
import io.sirocco.gateway.observe.Outcome;
import io.sirocco.gateway.refusal.Refusal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model, in the form of one provider.
 *
 * <p>Thread-safe.
 */
final class ChatRoute implements Route {
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[A-Za-z0-9._:@-]{1,180}");
  private static final List<String> PASSED_ON =
      List.of(Headers.TRACEPARENT, Headers.TRACESTATE, Headers.STRICT);
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");
  private static final String PROMPT_CACHE_KEY = "prompt_cache_key";

  private final RequestForm form;
  private final SiroccoClient client;
  private final Models models;
  private final Readers readers;
  private final Places places;
  private final KafkaCalls kafka;
  private final ChosenIds ids;

  ChatRoute(
      RequestForm form,
      SiroccoClient client,
      Models models,
      Readers readers,
      Places places,
      KafkaCalls kafka,
      ChosenIds ids) {
    this.form = form;
    this.client = client;
    this.models = models;
    this.readers = readers;
    this.places = places;
    this.kafka = kafka;
    this.ids = ids;
  }

  @Override
  public void answer(Exchange exchange, Caller caller, byte[] body) throws InvalidRequestException {
    Asked asked = form.read(body, exchange::header);
    exchange.measure().asks(asked.stream());
    String key = idempotencyKey(exchange);
    SubmitOptions options = options(exchange, caller, asked, key);
    models.require(caller, asked.request().model());
    Places.Place place =
        asked.background() ? places.askInBackground(caller, key) : places.ask(caller, key);
    try {
      ReplyStream stream = submit(asked.request(), options, key != null);
      Places.Place reading = Readers.leaving(stream, place);
      boolean cancels = Boolean.parseBoolean(exchange.header("x-cancel-on-disconnect"));
      if (asked.background()) {
        readers.unread(stream, reading);
        begun(exchange, asked.request(), stream);
      } else if (asked.stream()) {
        readers.stream(exchange, stream, asked.answer(), reading, 0, cancels);
      } else {
        readers.whole(exchange, stream, asked.answer(), reading, cancels);
      }
    } catch (RuntimeException e) {
      place.close();
      throw e;
    }
  }

  private ReplyStream submit(ChatRequest request, SubmitOptions options, boolean repeatable) {
    // A new id is nobody's yet: only one that the caller chose is looked for.
    return kafka.make(
        () -> repeatable ? client.submitOnce(request, options) : client.submit(request, options));
  }

  private static @Nullable String idempotencyKey(Exchange exchange) throws InvalidRequestException {
    String key = exchange.header("Idempotency-Key");
    if (key != null
        && (!IDEMPOTENCY_KEY.matcher(key).matches() || CompletionIds.isCompletionId(key))) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE,
          "Idempotency-Key",
          "expected 1 to 180 letters, digits and . _ : @ -, not beginning with chatcmpl-,"
              + " found another text");
    }
    return key;
  }

  /** When the answer is of no use any more, or null. */
  private static @Nullable Instant deadline(Exchange exchange) throws InvalidRequestException {
    String millis = exchange.header(Headers.DEADLINE_MS);
    if (millis != null && !MILLIS.matcher(millis).matches()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE,
          Headers.DEADLINE_MS,
          "expected milliseconds since 1970, found another text");
    }
    return millis == null ? null : Instant.ofEpochMilli(Long.parseLong(millis));
  }

  private SubmitOptions options(Exchange exchange, Caller caller, Asked asked, @Nullable String key)
      throws InvalidRequestException {
    String requestId = key == null ? UUID.randomUUID().toString() : ids.of(caller, key);
    Object cacheKey = asked.request().extra().get(PROMPT_CACHE_KEY);
    SubmitOptions.Builder options = SubmitOptions.builder()
        .requestId(requestId)
        .user(caller.user())
        // Not the user: all that one key asks would wait in one partition.
        .recordKey(cacheKey instanceof String text && !text.isEmpty() ? text : requestId)
        .deadline(deadline(exchange))
        // The worker lists it when it takes it up, before which only who asks in the background has
        // the id; and where the first of several under one key is answered, it alone knows.
        .listed(asked.background() && key == null);
    for (String name : PASSED_ON) {
      String value = exchange.header(name);
      if (value != null) {
        options.header(name, value);
      }
    }
    return options.build();
  }

  /** Says under which id the answer can be read, as soon as any process finds it. */
  private static void begun(Exchange exchange, ChatRequest request, ReplyStream stream) {
    exchange.waitPatiently();
    var unused = stream.listed().whenComplete((listed, fault) -> {
      if (fault == null) {
        exchange.header("x-request-id", stream.requestId());
        exchange.measure().becomes(Outcome.PENDING);
        exchange.answer(202, pending(stream.requestId(), "queued", request.model()));
      } else {
        exchange.refuse(Refusal.ofFailure(fault));
      }
    });
  }

  /** An answer that is not there yet. */
  static Map<String, @Nullable Object> pending(
      String requestId, String status, @Nullable String model) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", CompletionIds.of(requestId));
    members.put("object", "chat.completion");
    members.put("status", status);
    if (model != null) {
      members.put("model", model);
    }
    members.put("choices", List.of());
    return members;
  }
}
