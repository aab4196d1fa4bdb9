package io.sirocco.worker.intake;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.reply.LogReading;
import io.sirocco.worker.reply.ReplyAddress;
import io.sirocco.worker.reply.ReplyLog;
import io.sirocco.worker.reply.ReplyLogReader;
import io.sirocco.worker.streams.StreamDirectory;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that of the requests that a user writes under one id, one is generated, as long as its
 * answer is there to be read: a repeat is led to the answer, and another request under the id is an
 * error.
 *
 * <p>In a worker one request holds an id at a time; the others wait until it is known what becomes of
 * that one. What was held by others, or before, stands in the directory, which is asked when it has
 * caught up with all that was written before the partition was assigned: so records of one partition
 * are never generated twice. Those of different partitions are not as far as the directory is up to
 * date.
 *
 * <p>Confined to the intake thread.
 */
final class Repeats {
  /** Who holds an id, where its answer lives if it is generated, and who wants to know. */
  private static final class Claim {
    private final Ask holder;
    private @Nullable StreamLocation location;
    private final Queue<Ask> waiting = new ArrayDeque<>();

    Claim(Ask holder) {
      this.holder = holder;
    }

    boolean isOf(Ask ask) {
      return holder.record() == ask.record();
    }
  }

  private final StreamDirectory directory;
  private final ReplyLogReader reader;
  private final Answers answers;
  private final LogTenants tenants;
  private final Map<RequestKey, Claim> claims = new HashMap<>();
  private final Map<InFlight, Ask> asks = new HashMap<>();
  /** By assignment: completes when what was written before it is known, and its asks so far are seen to. */
  private final Map<AssignedPartition, CompletionStage<Void>> ready = new WeakHashMap<>();

  /**
   * @param reader looks whether an answer is still there
   * @param answers leads to it
   */
  Repeats(StreamDirectory directory, ReplyLogReader reader, Answers answers) {
    this.directory = directory;
    this.reader = reader;
    this.answers = answers;
    this.tenants = new LogTenants(directory, reader);
  }

  /** Decides what becomes of a request, now or later. */
  void enter(Ask ask) {
    asks.put(ask.record(), ask);
    Claim held = claims.get(ask.key());
    if (held == null) {
      claims.put(ask.key(), new Claim(ask));
      whenReady(ask.record(), () -> look(ask));
    } else if (held.location == null) {
      held.waiting.add(ask);
    } else {
      decide(ask, held.location);
    }
  }

  /** Notes that nothing remains of {@code record} but its closing, if it has one. */
  void leave(InFlight record) {
    Ask ask = asks.remove(record);
    if (ask == null) {
      return;
    }
    Claim claim = claims.get(ask.key());
    if (claim == null || claim.holder.record() != record) {
      return;
    }
    if (record.isUnanswered()) { // Whoever asks again is not to be led to nothing.
      var unused = directory.remove(ask.key());
    }
    giveUp(claim);
  }

  /** The next of those who wait holds the id. */
  private void giveUp(Claim claim) {
    claims.remove(claim.holder.key());
    Ask next;
    while ((next = claim.waiting.poll()) != null) {
      if (!next.record().isLetGo() && asks.containsKey(next.record())) {
        enter(next);
      }
    }
  }

  /** In the order in which they came, without delay when the directory has caught up. */
  private void whenReady(InFlight record, Runnable task) {
    AssignedPartition partition = record.partition();
    CompletionStage<Void> before =
        ready.computeIfAbsent(partition, assigned -> directory.caughtUp());
    CompletableFuture<Void> known = before.toCompletableFuture();
    if (known.isDone()) {
      task.run();
    } else {
      ready.put(partition, before.thenRun(() -> record.later(task)));
    }
  }

  private void look(Ask ask) {
    Optional<StreamLocation> found = directory.find(ask.key());
    if (found.isEmpty()) {
      locate(ask);
    } else if (ask.isAt(found.get())) {
      generate(ask, found.get());
    } else {
      StreamLocation first = found.get();
      reader
          .read(log(ask, first), -1)
          .whenComplete((reading, fault) -> ask.record().later(() -> {
            // Whatever cannot be read now may be there.
            if (fault == null && !(reading instanceof LogReading.Found)) {
              locate(ask);
            } else {
              release(ask, first);
            }
          }));
    }
  }

  private static ReplyLog log(Ask ask, StreamLocation first) {
    return new ReplyLog(
        new ReplyAddress(first.replyTopic(), first.replyPartition()),
        ask.key().requestId(),
        OptionalLong.of(first.replyOffset()),
        first.requestedMillis());
  }

  /** Another holds the id; who waits meets the same. */
  private void release(Ask ask, StreamLocation first) {
    Claim claim = claims.get(ask.key());
    decide(ask, first);
    if (claim != null && claim.isOf(ask)) {
      giveUp(claim);
    }
  }

  /** Finds out where the answer begins, and that no other request's is there. */
  private void locate(Ask ask) {
    ReplyLog log = ask.log();
    List<StreamLocation> others = tenants.of(ask.record(), log);
    if (others.isEmpty()) {
      begin(ask);
    } else {
      unlessTaken(ask.record(), log, others, () -> begin(ask));
    }
  }

  private void begin(Ask ask) {
    ReplyLog log = ask.log();
    if (log.begin().isPresent()) {
      write(ask, ask.location(log.begin().getAsLong()));
      return;
    }
    var unused = tenants
        .begin(log)
        .thenAccept(offset -> ask.record().later(() -> {
          if (offset.isPresent()) {
            write(ask, ask.location(offset.getAsLong()));
          } else {
            ask.generate().run(); // Nobody can be led to it, and so nobody is.
          }
        }));
  }

  /** Answers a request with an error, unless another's answer is where that would be written. */
  void refuse(InFlight record, ReplyLog log, Runnable refusal) {
    whenReady(record, () -> {
      List<StreamLocation> others = tenants.of(record, log);
      if (others.isEmpty()) {
        refusal.run();
      } else {
        unlessTaken(record, log, others, refusal);
      }
    });
  }

  private void unlessTaken(
      InFlight record, ReplyLog log, List<StreamLocation> others, Runnable otherwise) {
    var unused = tenants
        .overlap(log, others)
        .thenAccept(taken -> record.later(() -> {
          if (taken) {
            bury(record);
          } else {
            otherwise.run();
          }
        }));
  }

  private void write(Ask ask, StreamLocation location) {
    ask.record().closeAfter(directory.write(ask.key(), location));
    generate(ask, location);
  }

  private void generate(Ask ask, StreamLocation location) {
    Claim claim = claims.get(ask.key());
    if (claim != null && claim.isOf(ask)) {
      claim.location = location;
    }
    ask.generate().run();
    Ask next;
    while (claim != null && (next = claim.waiting.poll()) != null) {
      if (!next.record().isLetGo()) {
        decide(next, location);
      }
    }
  }

  /** Answers one who asks under an id whose answer lives at {@code first}. */
  private void decide(Ask ask, StreamLocation first) {
    InFlight record = ask.record();
    boolean repeats = ask.repeats(first);
    if (repeats && ask.isAnsweredBy(first)) {
      record.answeredAsCopy();
    } else if (repeats) {
      answers.lead(record, ask.head(), handle(ask.key(), first));
    } else if (ask.isAnsweredBy(first)) {
      bury(record);
    } else {
      answers.refuse(record, ask.head(), conflict());
    }
  }

  /** What is written there its reader takes for the other answer, or does not see. */
  private static void bury(InFlight record) {
    record.bury(new InFlight.Reason(
        ErrorCode.REQUEST_ID_CONFLICT,
        "expected a new id for another request, found one whose answer is in the same place"));
  }

  private static ReplyHandle handle(RequestKey key, StreamLocation first) {
    return new ReplyHandle(
        key.user() == null ? RequestKey.ANONYMOUS : key.user(),
        key.requestId(),
        first.replyTopic(),
        first.replyPartition(),
        first.replyOffset());
  }

  private static InvalidRequestException conflict() {
    return new InvalidRequestException(
        ErrorCode.REQUEST_ID_CONFLICT,
        Headers.REQUEST_ID,
        "expected a new id for another request, found one that the user has used already");
  }
}
