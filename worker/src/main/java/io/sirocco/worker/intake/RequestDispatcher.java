package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.request.RequestFingerprint;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.RequestIds;
import io.sirocco.worker.prompt.ChatTemplateException;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.prompt.RequestDecoder;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.reply.AnswerTotals;
import io.sirocco.worker.reply.LogReading;
import io.sirocco.worker.reply.Opening;
import io.sirocco.worker.reply.Poison;
import io.sirocco.worker.reply.ReplyHead;
import io.sirocco.worker.reply.ReplyLogReader;
import io.sirocco.worker.streams.StreamDirectory;
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
  private final RequestMapper mapper;
  private final ReplyLogReader reader;
  private final Answers answers;
  private final RequestWatch watch;
  private final JsonCodec codec = new JsonCodec();
  private final RequestDecoder decoder = new RequestDecoder(codec);
  private final OpenLogs logs = new OpenLogs();
  private final Repeats repeats;

  /**
   * Makes the dispatcher of one model.
   *
   * @param policy what is taken from requesters
   * @param reader reads what others wrote of an answer
   * @param answers of the same model
   * @param watch looks after what is dispatched
   * @param streams where the answers to earlier requests live
   */
  public RequestDispatcher(
      IntakePolicy policy,
      RequestMapper mapper,
      ReplyLogReader reader,
      Answers answers,
      RequestWatch watch,
      StreamDirectory streams) {
    this.policy = policy;
    this.mapper = mapper;
    this.reader = reader;
    this.answers = answers;
    this.watch = watch;
    this.repeats = new Repeats(streams, reader, answers);
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
    if (logs.enter(record, envelope.log())) {
      answer(record, envelope);
    }
  }

  /**
   * Notes that nothing remains of {@code record} but its closing, if it has one: its copies are answered
   * with it, or are requests of their own.
   */
  void done(InFlight record) {
    watch.leave(record);
    repeats.leave(record);
    for (InFlight copy : logs.leave(record)) {
      if (record.closing().isPresent() && record.isAskedAgainBy(copy)) {
        copy.answeredAsCopy();
      } else if (!copy.isLetGo()) {
        dispatch(copy);
      }
    }
  }

  /** Looks after what was dispatched and is not done. */
  void look() {
    watch.look();
  }

  private void answer(InFlight record, RequestEnvelope envelope) {
    ReplyHead head = head(record, envelope);
    try {
      ChatRequest request = decode(record, envelope);
      requireServed(request.model());
      record.payBy(user(record, request));
      record.waitWith(Patience.read(record.request()));
      GenerationSpec spec = mapper.map(request, envelope.requestId());
      if (RequestEnvelope.isStrict(record.request())) {
        spec.requireNoWarnings();
      }
      if (RequestEnvelope.last(record.request(), Headers.REQUEST_ID) == null) {
        generate(record, head, spec); // Nobody can ask for it again.
      } else {
        repeats.enter(new Ask(
            record,
            RequestKey.of(record.user(), envelope.requestId()),
            RequestFingerprint.of(record.request().value()),
            head,
            () -> orRefuse(record, head, () -> generate(record, head, spec))));
      }
    } catch (InvalidRequestException e) {
      refuseUnlessTaken(record, head, e);
    } catch (ChatTemplateException e) {
      log.error("template failed request={}", envelope.requestId(), e);
      String message = String.valueOf(e.getMessage());
      record.keep(new InFlight.Reason(ErrorCode.SERVER_ERROR, message));
      refuseUnlessTaken(
          record, head, new InvalidRequestException(ErrorCode.SERVER_ERROR, null, message));
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      // A record that ends the worker would end the next one, too.
      log.error("request failed request={}", envelope.requestId(), e);
      record.keep(new InFlight.Reason(ErrorCode.SERVER_ERROR, e.toString()));
      refuseUnlessTaken(
          record, head, new InvalidRequestException(ErrorCode.SERVER_ERROR, null, FAULT));
    }
  }

  private ChatRequest decode(InFlight record, RequestEnvelope envelope)
      throws InvalidRequestException {
    envelope.requireUsableRequestId(record.request());
    envelope.requireUsableReplyOffset(record.request());
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

  /**
   * Makes work of a request that may have been begun: what its log holds is read first, so that it is
   * computed with the prompt, or nothing is if the answer is complete. What cannot be read now is read
   * when the request is claimed.
   */
  private void generate(InFlight record, ReplyHead head, GenerationSpec spec) {
    record.asks(head, spec);
    watch.enter(record);
    if (!record.mayBeBegun()) {
      answers.begin(record, answers.nothing(record), Opening.FRESH);
      return;
    }
    reader
        .read(head.log(), -1)
        .whenComplete((reading, fault) -> record.later(() -> orRefuse(record, head, () -> {
          if (!(reading instanceof LogReading.Found found)) {
            answers.begin(record, answers.nothing(record), Opening.CLAIM);
          } else if (found.checkpoint().end() != null) {
            Poison.found(found.checkpoint()).ifPresent(record::suspected);
            record.delivered(AnswerTotals.of(found.checkpoint()));
          } else {
            record.takenUpInVain(found.checkpoint().fruitlessWriters());
            answers.begin(record, found.checkpoint(), Opening.CLAIM);
          }
        })));
  }

  /** A fault of ours is told to whoever waits, if it can be. */
  private void orRefuse(InFlight record, ReplyHead head, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      log.error("request failed request={}", record.requestId(), e);
      record.keep(new InFlight.Reason(ErrorCode.SERVER_ERROR, e.toString()));
      refuse(record, head, new InvalidRequestException(ErrorCode.SERVER_ERROR, null, FAULT));
    }
  }

  /** Goes on with a request from {@code checkpoint}, which ends with its own start. */
  void resume(InFlight record, ReplyCheckpoint checkpoint) {
    orRefuse(
        record, record.asked().head(), () -> answers.begin(record, checkpoint, Opening.CLAIMED));
  }

  private void refuse(InFlight record, ReplyHead head, InvalidRequestException fault) {
    answers.refuse(record, head, fault);
  }

  /** Of a request that was not looked at yet: another's answer may be in its log. */
  private void refuseUnlessTaken(InFlight record, ReplyHead head, InvalidRequestException fault) {
    if (RequestEnvelope.last(record.request(), Headers.REQUEST_ID) == null) {
      refuse(record, head, fault);
    } else {
      repeats.refuse(record, head.log(), () -> refuse(record, head, fault));
    }
  }

  private ReplyHead head(InFlight record, RequestEnvelope envelope) {
    ConsumerRecord<String, byte[]> request = record.request();
    return new ReplyHead(
        envelope.log(),
        RequestEnvelope.last(request, Headers.CORRELATION_ID),
        RequestEnvelope.last(request, Headers.TRACEPARENT),
        RequestEnvelope.last(request, Headers.TRACESTATE),
        policy.names().name(),
        record.partition().writer(),
        record.partition().epoch());
  }
}
