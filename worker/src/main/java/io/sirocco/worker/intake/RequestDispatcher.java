package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.RequestIds;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.prompt.ChatTemplateException;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.prompt.RequestDecoder;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.AnswerRecords;
import io.sirocco.worker.reply.CostEstimate;
import io.sirocco.worker.reply.ReplyAssembler;
import io.sirocco.worker.reply.ReplyHead;
import io.sirocco.worker.reply.ReplyLane;
import io.sirocco.worker.reply.ReplyWriter;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a request record: work for the engine, an answer that is an error, or a dead
 * letter. No record is passed over.
 *
 * <p>Confined to the intake thread.
 */
public final class RequestDispatcher {
  private static final int LONGEST_ECHO = 200;
  private static final Logger log = LoggerFactory.getLogger(RequestDispatcher.class);
  private static final String FAULT = "the worker failed on this request";

  private final IntakePolicy policy;
  private final Set<Integer> endIds;
  private final RequestMapper mapper;
  private final Tokenizer tokenizer;
  private final CostEstimate costs;
  private final ReplyWriter writer;
  private final Executor replyThread;
  private final JsonCodec codec = new JsonCodec();
  private final RequestDecoder decoder = new RequestDecoder(codec);

  /**
   * Makes the dispatcher of one model.
   *
   * @param policy what is taken from requesters
   * @param endIds the tokens that end an answer
   * @param costs what answers cost
   */
  public RequestDispatcher(
      IntakePolicy policy,
      Set<Integer> endIds,
      RequestMapper mapper,
      Tokenizer tokenizer,
      CostEstimate costs,
      ReplyWriter writer,
      Executor replyThread) {
    this.policy = policy;
    this.endIds = Set.copyOf(endIds);
    this.mapper = mapper;
    this.tokenizer = tokenizer;
    this.costs = costs;
    this.writer = writer;
    this.replyThread = replyThread;
  }

  /** Decides, and gives {@code record} its work if there is any. */
  void dispatch(InFlight record) {
    payByHeader(record);
    RequestEnvelope envelope;
    try {
      envelope = RequestEnvelope.read(record.request(), policy.allowedReplyTopics());
    } catch (UndeliverableException e) {
      record.bury(new InFlight.Reason(e.code(), String.valueOf(e.getMessage())));
      return;
    }
    ReplyHead head = head(record, envelope);
    try {
      ChatRequest request = decode(record, envelope);
      requireServed(request.model());
      record.payBy(user(record, request));
      GenerationSpec spec = mapper.map(request, envelope.requestId());
      if (RequestEnvelope.isStrict(record.request())) {
        spec.requireNoWarnings();
      }
      generate(record, head, spec);
    } catch (InvalidRequestException e) {
      refuse(record, head, e);
    } catch (ChatTemplateException e) {
      log.error("template failed request={}", envelope.requestId(), e);
      String message = String.valueOf(e.getMessage());
      record.keep(new InFlight.Reason(ErrorCode.SERVER_ERROR, message));
      refuse(record, head, new InvalidRequestException(ErrorCode.SERVER_ERROR, null, message));
    } catch (RuntimeException e) {
      // A record that ends the worker would end the next one, too.
      log.error("request failed request={}", envelope.requestId(), e);
      record.keep(new InFlight.Reason(ErrorCode.SERVER_ERROR, e.toString()));
      refuse(record, head, new InvalidRequestException(ErrorCode.SERVER_ERROR, null, FAULT));
    }
  }

  private ChatRequest decode(InFlight record, RequestEnvelope envelope)
      throws InvalidRequestException {
    envelope.requireUsableRequestId(record.request());
    try {
      return decoder.decode(record.request().value());
    } catch (InvalidRequestException e) {
      if (e.code() == ErrorCode.INVALID_JSON) {
        record.keep(new InFlight.Reason(ErrorCode.INVALID_JSON, String.valueOf(e.getMessage())));
      }
      throw e;
    }
  }

  /** Before anything can fail: who is named in the header also pays for a request that is refused. */
  private static void payByHeader(InFlight record) {
    byte[] header = RequestEnvelope.last(record.request(), Headers.USER);
    if (header != null && RequestIds.isUsable(header)) {
      record.payBy(new String(header, UTF_8));
    }
  }

  private String user(InFlight record, ChatRequest request) throws InvalidRequestException {
    byte[] header = RequestEnvelope.last(record.request(), Headers.USER);
    return policy.users().user(header == null ? null : new String(header, UTF_8), request.user());
  }

  /** A request for another model came to the wrong topic; one that names none means this one. */
  private void requireServed(@Nullable String asked) throws InvalidRequestException {
    if (asked != null && !policy.names().includes(asked)) {
      throw new InvalidRequestException(
          ErrorCode.MODEL_NOT_FOUND,
          "model",
          "expected '%s', which this topic is for, or an alias of it, found '%s'"
              .formatted(policy.names().name(), shortened(asked)));
    }
  }

  private static String shortened(String name) {
    return name.length() <= LONGEST_ECHO ? name : name.substring(0, LONGEST_ECHO) + "...";
  }

  private void generate(InFlight record, ReplyHead head, GenerationSpec spec) {
    ReplyLane lane = lane(record, head, AnswerRecords.of(head, spec, costs, codec));
    record.answerIn(lane);
    record.generate(IntStream.range(0, spec.choices())
        .mapToObj(choice -> generation(record, lane, choice, spec))
        .toList());
  }

  private GenerationRequest generation(
      InFlight record, ReplyLane lane, int choice, GenerationSpec spec) {
    Set<Integer> ends = spec.stop().endIds(endIds);
    return new GenerationRequest(
        record.requestId(),
        spec.promptIds(),
        spec.maxNewTokens(),
        ends,
        spec.sampling(),
        new ReplyAssembler(lane, choice, spec, ends, tokenizer),
        choice,
        record.partition().partition().toString(),
        new PrefixReuse(spec.cache().used(), spec.cache().salt()));
  }

  private void refuse(InFlight record, ReplyHead head, InvalidRequestException fault) {
    ReplyLane lane = lane(record, head, AnswerRecords.ofRefusal(head, codec));
    record.answerIn(lane);
    lane.fail(fault.code(), String.valueOf(fault.getMessage()), fault.field());
  }

  private ReplyLane lane(InFlight record, ReplyHead head, AnswerRecords records) {
    return new ReplyLane(head, records, writer, replyThread, record);
  }

  private ReplyHead head(InFlight record, RequestEnvelope envelope) {
    ConsumerRecord<String, byte[]> request = record.request();
    return new ReplyHead(
        envelope.address(),
        envelope.requestId(),
        RequestEnvelope.last(request, Headers.CORRELATION_ID),
        RequestEnvelope.last(request, Headers.TRACEPARENT),
        RequestEnvelope.last(request, Headers.TRACESTATE),
        TimeUnit.MILLISECONDS.toSeconds(request.timestamp()),
        policy.names().name(),
        record.partition().writer(),
        record.partition().epoch());
  }
}
