package io.sirocco.worker.intake;

import io.sirocco.worker.closing.PartitionCloser;
import io.sirocco.worker.engine.api.EngineInbox;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls requests, hands them to the engine, and closes those that are done.
 *
 * <p>Polling never stops, because the group takes a member that does not poll for dead. When the
 * engine has no more room for a partition, that is paused instead; what was polled already waits here,
 * and is not begun.
 *
 * <p>A partition that is revoked takes its requests along: whoever gets it next reads them again from
 * the committed offset, and goes on with the answers that were begun. A partition that was lost belongs
 * to somebody else already, so nothing is written any more.
 *
 * <p>Confined to the intake thread; a test can step it on its own.
 */
public final class IntakeLoop implements ConsumerRebalanceListener {
  /** Others wait for the partitions meanwhile. */
  private static final Duration HANDOVER = Duration.ofSeconds(3);

  private static final Duration WHILE_OPENING = Duration.ofMillis(5);

  /** Who looks on looks about as often. */
  private static final Duration BETWEEN_STANDINGS = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(IntakeLoop.class);

  private final Consumer<String, byte[]> consumer;
  private final RequestPoll requests;
  private final RequestDispatcher dispatcher;
  private final EngineInbox inbox;
  private final RequestCloser closer;
  private final GroupSession session;
  private final IntakeClock clock;
  private final PartitionOpener opener;
  private final Liveness liveness;
  private final EngineWatch engine;
  private final Quarantine quarantine = new Quarantine();
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();
  private final Queue<InFlight> done = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private boolean draining;
  private boolean holdsUpOthers;
  private long wholeNanos;
  private volatile IntakeStanding standing;

  /**
   * Makes a loop over the partitions that {@code consumer} gets of {@code requestTopic}.
   *
   * @param closers makes the closer of one assignment
   * @param writerNames makes a name that was never used before, one for each assignment
   */
  public IntakeLoop(
      Consumer<String, byte[]> consumer,
      String requestTopic,
      RequestDispatcher dispatcher,
      EngineInbox inbox,
      RequestCloser closer,
      Function<TopicPartition, PartitionCloser> closers,
      Supplier<String> writerNames,
      GroupSession session,
      IntakeClock clock) {
    this.consumer = consumer;
    this.dispatcher = dispatcher;
    this.inbox = inbox;
    this.closer = closer;
    this.session = session;
    this.clock = clock;
    this.opener = new PartitionOpener(consumer, closers, writerNames, session.protocol(), clock);
    this.liveness = new Liveness(clock, session.timeout());
    this.engine = new EngineWatch(inbox, clock);
    this.requests = new RequestPoll(consumer, requestTopic, this);
    this.standing = new IntakeStanding(clock.nanos().getAsLong(), Map.of(), 0, Long.MAX_VALUE);
  }

  /** Where it stood half a second ago or later; on any thread. */
  public IntakeStanding standing() {
    return standing;
  }

  /** Polls once, for at most {@code timeout}, and does what there is to do. */
  public void step(Duration timeout) {
    endIfAway();
    for (ConsumerRecord<String, byte[]> request :
        requests.poll(opener.isBusy() ? WHILE_OPENING : timeout)) {
      AssignedPartition owner = assigned.get(partition(request));
      if (owner != null
          && !owner
              .isOver()) { // Otherwise it is being opened, and then read from where it goes on.
        owner.polled(request);
      }
    }
    endIfAway();
    opener.open().forEach(this::opened);
    liveness.alive();
    engine.look();
    runTasks();
    dispatcher.look();
    assigned.values().forEach(this::submit);
    settle();
    assigned.values().forEach(AssignedPartition::advance);
    endWhatIsOver();
    noteStanding();
  }

  /**
   * Whoever drains begins nothing: what is to be done of a partition that comes then, such as answers that
   * its last owner handed over, would stand still here.
   */
  private void opened(AssignedPartition partition) {
    assigned.put(partition.partition(), partition);
    if (draining && partition.isBehind()) {
      log.info("not staying until answers end: others are to go on with {}", partition.partition());
      holdsUpOthers = true;
    }
  }

  private void noteStanding() {
    long now = clock.nanos().getAsLong();
    if (now - standing.atNanos() >= BETWEEN_STANDINGS.toNanos()) {
      Map<TopicPartition, IntakeStanding.Partition> partitions = new HashMap<>();
      assigned.values().stream()
          .filter(each -> !each.isOver())
          .forEach(each -> partitions.put(each.partition(), each.standing()));
      standing = new IntakeStanding(
          now,
          partitions,
          assigned.size() - partitions.size(),
          assigned.values().stream()
              .mapToLong(AssignedPartition::oldestMillis)
              .min()
              .orElse(Long.MAX_VALUE));
    }
  }

  private static TopicPartition partition(ConsumerRecord<String, byte[]> request) {
    return new TopicPartition(request.topic(), request.partition());
  }

  /** Whoever was away for longer than a session lasts has lost everything, and is told of it later. */
  private void endIfAway() {
    if (liveness.wasAway() && !assigned.isEmpty()) {
      log.warn(
          "away for longer than the session of {}: letting go of everything", session.timeout());
      assigned.values().forEach(AssignedPartition::end);
      wholeNanos = clock.nanos().getAsLong(); // Nobody could tell it anything meanwhile.
    }
  }

  private void runTasks() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
      liveness.working();
    }
  }

  private void settle() {
    InFlight record;
    while ((record = done.poll()) != null) {
      record.partition().done(record);
      quarantine.leave(record);
      dispatcher.done(record);
    }
  }

  /** Each partition has its own room in the inbox: one that has too much does not hold up others. */
  private void submit(AssignedPartition owner) {
    if (draining) {
      return;
    }
    List<TopicPartition> partition = List.of(owner.partition());
    if (!owner.isOver()) {
      owner.submit(quarantine, this::begin);
    }
    if (owner.isFull()) {
      consumer.pause(partition);
    } else {
      notePosition(owner);
      consumer.resume(partition);
    }
  }

  private InFlight begin(AssignedPartition owner, ConsumerRecord<String, byte[]> request) {
    InFlight record =
        new InFlight(owner, request, inbox, closer, tasks::add, dispatcher::resume, done::add);
    dispatcher.dispatch(record);
    liveness.working();
    return record;
  }

  /** Behind the last record there may be markers of transactions. */
  private void notePosition(AssignedPartition owner) {
    try {
      owner.polledTo(consumer.position(owner.partition(), Duration.ZERO));
    } catch (TimeoutException e) {
      log.debug("position is not known yet partition={}", owner.partition());
    }
  }

  /**
   * A partition that can close nothing any more belongs to somebody else, who was told before this
   * worker. If nobody tells this worker either, it joins the group anew.
   */
  private void endWhatIsOver() {
    long now = clock.nanos().getAsLong();
    List<AssignedPartition> over =
        assigned.values().stream().filter(AssignedPartition::isOver).toList();
    over.forEach(AssignedPartition::end);
    if (over.isEmpty()) {
      wholeNanos = now;
    } else if (now - wholeNanos > session.timeout().toNanos() && !draining) {
      log.warn("joining the group anew, partitions were not taken away: {}", over.size());
      requests.rejoin();
      letGo(List.copyOf(assigned.keySet()));
      wholeNanos = now;
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    log.info("assigned partitions={}", partitions);
    assigned.values().forEach(kept -> kept.closings().renew(consumer.groupMetadata()));
    opener.begin(partitions);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    log.info("revoked partitions={}", partitions);
    List<AssignedPartition> leaving =
        partitions.stream().map(assigned::get).filter(Objects::nonNull).toList();
    boolean engineAtFault = engine.isAtFault();
    leaving.forEach(owned -> owned.inFlight().forEach(record -> record.release(engineAtFault)));
    long begun = clock.nanos().getAsLong();
    do {
      settle();
      leaving.forEach(AssignedPartition::advance);
      if (leaving.stream().allMatch(AssignedPartition::isSettled)) {
        break;
      }
      clock.idle().run();
    } while (clock.nanos().getAsLong() - begun < HANDOVER.toNanos());
    if (!leaving.stream().allMatch(AssignedPartition::isSettled)) {
      log.warn("answers were not closed within {} of a revocation", HANDOVER);
    }
    letGo(partitions);
    liveness.alive();
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    log.warn("lost partitions={}", partitions);
    letGo(partitions);
  }

  private void letGo(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      opener.forget(partition);
      AssignedPartition owned = assigned.remove(partition);
      if (owned != null) {
        owned.end();
      }
    }
  }

  /** Takes no more requests; what waits for room in the engine is left to the next owner. */
  public void drain() {
    draining = true;
    engine.drain();
    consumer.pause(consumer.assignment());
  }

  /** Whether requests are still being answered or closed. */
  public boolean isBusy() {
    return assigned.values().stream().anyMatch(AssignedPartition::isBusy);
  }

  /**
   * Whether a loop that drains is to go on: requests are still being answered or closed, and none of
   * other partitions waits for it to leave.
   */
  public boolean isFinishing() {
    return isBusy() && !holdsUpOthers;
  }

  /** Ends what is in progress, closes what is done and leaves the group. */
  public void close() {
    consumer.close();
  }
}
