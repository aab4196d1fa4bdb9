package io.sirocco.streams.http;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.query.UsageSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.jetty.server.Request;

/**
 * The questions that other instances ask: what this process knows by itself.
 *
 * <p>Thread-safe.
 */
final class PeerApi {
  static final String TOTALS = "/internal/v1/totals";
  static final String LATENCY = "/internal/v1/latency";
  static final String REQUESTS = "/internal/v1/requests";
  static final String RECONCILIATION = "/internal/v1/reconciliation";

  private static final int LONGEST = 65_536;

  private final UsageSource local;
  private final JsonCodec codec = new JsonCodec();

  PeerApi(UsageSource local) {
    this.local = local;
  }

  Map<String, Endpoint> endpoints() {
    return Map.of(
        TOTALS,
        request -> answer(request, UsageQuestion.class, local::totals),
        LATENCY,
        request -> answer(request, UsageQuestion.class, local::latency),
        REQUESTS,
        request -> answer(request, RequestsQuestion.class, local::requests),
        RECONCILIATION,
        request -> answer(request, TimeQuestion.class, local::reconciliation));
  }

  private <Q> Content answer(Request request, Class<Q> type, Function<Q, ?> answer)
      throws InvalidRequestException {
    Q question;
    try (InputStream body = Request.asInputStream(request)) {
      question = codec.read(body.readNBytes(LONGEST), type);
    } catch (MalformedJsonException | IOException e) {
      throw QueryParameters.invalid("", "expected a question: " + e.getMessage());
    }
    return Content.json(codec.writeBytes(answer.apply(question)));
  }
}
