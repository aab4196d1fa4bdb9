package io.sirocco.worker.janitor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes, now and then, the reply topics that nobody has written to for long: clients delete their
 * own, unless they crash. Of all workers one does it at a time.
 *
 * <p>Confined to one thread, which calls {@link #step} in a loop.
 */
public final class Janitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ReplyTopicCensus census;
  private final JanitorTurn turn;
  private final JanitorSettings settings;
  private final Pattern names;
  private final InstantSource clock;
  private final AbandonedTopics abandoned;
  private Instant nextSweep = Instant.MIN;

  /**
   * @param admin stays the caller's
   * @param turn a consumer with the properties of {@link JanitorTurn}; this object's from now on
   */
  public Janitor(
      Admin admin, Consumer<byte[], byte[]> turn, JanitorSettings settings, InstantSource clock) {
    this(new ReplyTopicCensus(admin, PATIENCE), turn, settings, clock);
  }

  Janitor(
      ReplyTopicCensus census,
      Consumer<byte[], byte[]> turn,
      JanitorSettings settings,
      InstantSource clock) {
    this.census = census;
    this.turn = new JanitorTurn(turn);
    this.settings = settings;
    this.names = settings.names();
    this.clock = clock;
    this.abandoned = new AbandonedTopics(settings.age());
  }

  /** What the consumer needs that the janitor is made with. */
  public static Map<String, Object> consumerProperties() {
    return JanitorTurn.properties();
  }

  /**
   * Waits that long, and sweeps when it is this worker's turn and time. A sweep that fails is logged,
   * and tried again when it is time for the next one; topics that cannot be judged or deleted hold up no
   * others.
   *
   * @return how many topics were deleted
   * @throws KafkaException when nobody can say whose turn it is, as without the right to ask; at once
   */
  public int step(Duration wait) throws InterruptedException {
    Instant now = clock.instant();
    if (!turn.isMine(wait) || now.isBefore(nextSweep)) {
      return 0;
    }
    nextSweep = now.plus(settings.pause());
    try {
      return sweep(now);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      LOG.warn("Sweeping reply topics failed, trying again: {}", e.toString());
      return 0;
    }
  }

  private int sweep(Instant now) throws ExecutionException, InterruptedException, TimeoutException {
    List<String> candidates =
        census.names().stream().filter(name -> names.matcher(name).matches()).toList();
    Map<String, Optional<Instant>> newest = new HashMap<>();
    Map<String, Throwable> untold = new TreeMap<>();
    for (List<String> batch : batches(candidates)) {
      newest.putAll(census.newest(batch, untold::put));
    }
    Map<String, Throwable> left = new TreeMap<>();
    int deleted = 0;
    for (List<String> batch : batches(abandoned.among(newest, untold.keySet(), now))) {
      deleted += census.delete(batch, left::put);
    }
    warn("When {} reply topics were written to cannot be told, so they stay, as '{}': {}", untold);
    warn("Deleting {} reply topics failed, trying again, as '{}': {}", left);
    if (deleted > 0) {
      LOG.info(
          "Deleted {} reply topics {}* that were not written to for {}",
          deleted,
          settings.prefix(),
          settings.age());
    }
    return deleted;
  }

  private static void warn(String text, Map<String, Throwable> faults) {
    faults.entrySet().stream()
        .findFirst()
        .ifPresent(first ->
            LOG.warn(text, faults.size(), first.getKey(), first.getValue().toString()));
  }

  private List<List<String>> batches(List<String> topics) {
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from < topics.size(); from += settings.batch()) {
      batches.add(topics.subList(from, Math.min(from + settings.batch(), topics.size())));
    }
    return batches;
  }

  /** Lets another worker have the turn. */
  @Override
  public void close() {
    turn.close();
  }
}
