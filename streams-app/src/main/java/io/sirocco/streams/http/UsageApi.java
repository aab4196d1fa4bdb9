package io.sirocco.streams.http;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.report.FocusFile;
import io.sirocco.streams.report.GroupOrder;
import io.sirocco.streams.report.Grouping;
import io.sirocco.streams.report.UsageFile;
import io.sirocco.streams.report.UsageReport;
import io.sirocco.streams.report.UsageReports;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.server.Request;

/**
 * The questions that anybody may ask; {@code openapi.json} describes them.
 *
 * <p>Thread-safe.
 */
final class UsageApi {
  private static final Duration USUAL_SPAN = Duration.ofDays(30);

  /** Of hours: more of them than anybody looks at. The stores have all there ever were. */
  private static final Duration LONGEST_SPAN_OF_HOURS = Duration.ofDays(92);

  private static final int USUAL_LIMIT = 1_000;
  private static final int GREATEST_LIMIT = 100_000;

  /** A file cannot say that it was cut off, and may become a bill. */
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private static final int USUAL_REQUESTS = 50;
  private static final int GREATEST_REQUESTS = 1_000;

  private static final Set<String> OF_TIME = Set.of("window", "from", "to", "user", "model");
  private static final Set<String> OF_GROUPS =
      Set.of("window", "from", "to", "user", "model", "group_by", "sort", "limit");

  private final UsageReports reports;
  private final InstantSource clock;
  private final JsonCodec codec = new JsonCodec();

  UsageApi(UsageReports reports, InstantSource clock) {
    this.reports = reports;
    this.clock = clock;
  }

  Map<String, Endpoint> endpoints() {
    return Map.of(
        "/api/v1/usage",
        request -> json(usage(request, USUAL_LIMIT)),
        "/api/v1/usage.csv",
        request -> csv("usage.csv", new UsageFile().write(usage(request, NO_LIMIT))),
        "/api/v1/focus.csv",
        request -> csv("focus.csv", new FocusFile().write(days(request), reports.prices())),
        "/api/v1/summary",
        this::summary,
        "/api/v1/latency",
        this::latency,
        "/api/v1/requests",
        this::requests,
        "/api/v1/reconciliation",
        this::reconciliation);
  }

  private UsageReport usage(Request request, int usualLimit) throws InvalidRequestException {
    QueryParameters parameters = QueryParameters.of(request, OF_GROUPS);
    return reports.usage(
        question(parameters, WindowSize.DAY),
        new Grouping(
            parameters.someOf("group_by", Grouping.Part.class, EnumSet.allOf(Grouping.Part.class))),
        parameters.oneOf("sort", GroupOrder.class, GroupOrder.TIME),
        parameters.integer("limit", 1, GREATEST_LIMIT, usualLimit));
  }

  private UsageReport days(Request request) throws InvalidRequestException {
    QueryParameters parameters = QueryParameters.of(request, Set.of("from", "to", "user", "model"));
    return reports.usage(
        question(parameters, WindowSize.DAY).in(WindowSize.DAY),
        Grouping.FULL,
        GroupOrder.TIME,
        NO_LIMIT);
  }

  private Content summary(Request request) throws InvalidRequestException {
    var unused = QueryParameters.of(request, Set.of());
    return json(reports.summary(clock.millis()));
  }

  private Content latency(Request request) throws InvalidRequestException {
    QueryParameters parameters = QueryParameters.of(request, OF_TIME);
    return json(Map.of("models", reports.latency(question(parameters, WindowSize.HOUR))));
  }

  private Content reconciliation(Request request) throws InvalidRequestException {
    UsageQuestion hours =
        question(QueryParameters.of(request, Set.of("from", "to")), WindowSize.HOUR);
    return json(reports.reconciliation(new TimeQuestion(hours.fromMillis(), hours.toMillis())));
  }

  private Content requests(Request request) throws InvalidRequestException {
    QueryParameters parameters = QueryParameters.of(request, Set.of("user", "limit"));
    RequestsQuestion question = new RequestsQuestion(
        parameters.required("user"),
        parameters.integer("limit", 1, GREATEST_REQUESTS, USUAL_REQUESTS));
    return json(Map.of("requests", reports.requests(question)));
  }

  private UsageQuestion question(QueryParameters parameters, WindowSize otherwise)
      throws InvalidRequestException {
    WindowSize window = parameters.oneOf("window", WindowSize.class, otherwise);
    long to = parameters.millis("to", clock.millis() + 1);
    long from = parameters.millis("from", window.startOf(to - USUAL_SPAN.toMillis()));
    if (from >= to) {
      throw QueryParameters.invalid("from", "expected a time before 'to'");
    }
    if (window == WindowSize.HOUR && to - from > LONGEST_SPAN_OF_HOURS.toMillis()) {
      throw QueryParameters.invalid(
          "from", "expected at most " + LONGEST_SPAN_OF_HOURS.toDays() + " days of hours");
    }
    return new UsageQuestion(
        window, window.startOf(from), to, parameters.text("user"), parameters.text("model"));
  }

  private Content json(Object value) {
    return Content.json(codec.writeBytes(value));
  }

  private static Content csv(String name, byte[] table) {
    return new Content("text/csv;charset=utf-8", table, name);
  }
}
