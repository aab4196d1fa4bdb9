package io.sirocco.embedded.chaos;

import io.sirocco.contracts.json.MalformedJsonException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is looked at when nothing goes wrong any more.
 *
 * <p>Confined to the main thread.
 */
final class Aftermath {
  /** Does what else there is to do. */
  interface Tick {
    void run() throws IOException, InterruptedException;
  }

  private final String bootstrapServers;
  private final ChaosTopics topics;

  Aftermath(String bootstrapServers, ChaosTopics topics) {
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
  }

  /** Waits until the group has closed every request; returns where it has not. */
  List<Violation> awaitClosed(Duration patience, Tick tick)
      throws IOException, InterruptedException {
    Map<Integer, Long> ends = new CommittedLog(bootstrapServers).requestEnds();
    long begunNanos = System.nanoTime();
    Map<Integer, Long> committed = topics.committed();
    while (!committed.equals(ends) && System.nanoTime() - begunNanos < patience.toNanos()) {
      tick.run();
      committed = topics.committed();
    }
    List<Violation> open = new ArrayList<>();
    for (Map.Entry<Integer, Long> end : ends.entrySet()) {
      Long offset = committed.get(end.getKey());
      if (!end.getValue().equals(offset)) {
        open.add(new Violation(
            Guarantee.CLOSED,
            "request partition " + end.getKey(),
            "expected a committed offset of %d, found %s".formatted(end.getValue(), offset)));
      }
    }
    return open;
  }

  /** Reads everything; nobody writes any more. */
  Evidence evidence(List<Asked> asked, ReplyReader early, Map<Integer, Undisturbed> undisturbed)
      throws InterruptedException, MalformedJsonException {
    early.readToEnd();
    try (ReplyReader late = new ReplyReader(bootstrapServers, true, (each, reply) -> {})) {
      late.follow(asked);
      late.readToEnd();
      CommittedLog log = new CommittedLog(bootstrapServers);
      return new Evidence(
          asked, early.answers(), late.answers(), log.bills(), log.deadLetters(), undisturbed);
    }
  }
}
