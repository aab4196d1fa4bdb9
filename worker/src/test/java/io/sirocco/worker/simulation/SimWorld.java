package io.sirocco.worker.simulation;

import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.prompt.RequestMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * One run: requesters, workers and brokers, what goes wrong, and what must hold all the same.
 *
 * <p>Confined to one thread.
 */
final class SimWorld {
  static final String MODEL = "sim";
  static final String REQUESTS = Topics.requests(MODEL);
  static final String GROUP = Topics.workerGroup(REQUESTS);

  private static final int PARTITIONS = 2;
  static final long TIMEOUT_MILLIS = 100;

  /** Long, so that an owner that died in one is hard to get by. */
  private static final long TRANSACTION_MILLIS = 4 * TIMEOUT_MILLIS;

  private static final int TROUBLE_MILLIS = 600;
  private static final long LONGEST_MILLIS = 30_000;

  /** Who still wakes up, or tries again, must not spoil anything. */
  private static final int AFTERWARDS_MILLIS = 1_500;

  private static final int MOST_FROZEN_MILLIS = 500;

  private static final int DELETE_MILLIS = 10;
  private static final int RESTART_MILLIS = 50;

  /** Short, so that there is much of it. */
  private static final int PROGRESS_MILLIS = 3;

  private final Simulation simulation;
  private final SimBroker broker;
  private final Trouble trouble;
  private final FaultPlan faults;
  private final Network network;
  private final RequestMapper mapper;
  private final Observed observed;
  private final Set<Guarantee> guarantees;
  private final Set<PlantedBug> bugs;
  private final List<SimWorker> workers = new ArrayList<>();
  private final List<RequestKey> cancelled = new ArrayList<>();
  private final Duration progressEvery;
  private final boolean deletes;
  private final Set<Long> deadly = new HashSet<>();
  private long checkedChanges = -1;

  /**
   * @param trouble what may go wrong
   * @param guarantees what must hold
   * @param bugs what all workers do wrong
   */
  SimWorld(
      long seed,
      RequestMapper mapper,
      Trouble trouble,
      Set<Guarantee> guarantees,
      Set<PlantedBug> bugs) {
    this.simulation = new Simulation(seed);
    this.mapper = mapper;
    this.guarantees = guarantees;
    this.bugs = bugs;
    broker = new SimBroker(
        simulation, REQUESTS, PARTITIONS, TIMEOUT_MILLIS, TRANSACTION_MILLIS, trouble.protocol());
    broker.create(Topics.USAGE, 1);
    broker.create(Topics.deadLetters(REQUESTS), 1);
    this.trouble = trouble;
    faults = new FaultPlan(simulation, trouble);
    network = new Network(simulation, faults);
    progressEvery = Duration.ofMillis(faults.strikes(Fault.PROGRESS, 1) ? PROGRESS_MILLIS : 0);
    deletes = faults.strikes(Fault.DELETE, 1);
    observed = new Observed(broker, REQUESTS);
    simulation.afterEach(this::check);
  }

  Simulation simulation() {
    return simulation;
  }

  SimBroker broker() {
    return broker;
  }

  FaultPlan faults() {
    return faults;
  }

  Network network() {
    return network;
  }

  Trouble trouble() {
    return trouble;
  }

  Set<PlantedBug> bugs() {
    return bugs;
  }

  Observed observed() {
    return observed;
  }

  /** How often requests that wait are told their place; zero: never. */
  Duration progressEvery() {
    return progressEvery;
  }

  /** Has an answer cancelled that was asked for, which workers hear of when they do. */
  private void cancelAny() {
    List<Asked> all = observed.asked();
    Asked asked = all.get(simulation.between(0, all.size() - 1));
    simulation.note("%s is cancelled", asked.request().id());
    asked.cancel();
    RequestKey key = RequestKey.of(SimRequest.USER, asked.request().id());
    cancelled.add(key);
    workers.forEach(worker -> worker.hear(key));
  }

  private void check() {
    if (broker.changes() != checkedChanges) {
      checkedChanges = broker.changes();
      observed.readOn();
      guarantees.forEach(guarantee -> guarantee.check(observed));
    }
  }

  /** Has a request asked some time soon, by somebody who knows how the answer is to be. */
  void ask(SimRequest request, Undisturbed undisturbed) {
    int partition = simulation.between(0, PARTITIONS - 1);
    TopicPartition requests = new TopicPartition(REQUESTS, partition);
    TopicPartition replies = new TopicPartition(Topics.REPLIES_PREFIX + request.id(), 0);
    boolean answerable = !faults.strikes(Fault.NO_REPLY_TOPIC, 2);
    Asked asked = new Asked(request, undisturbed.choices(request), requests, replies, answerable);
    observed.add(asked);
    if (answerable && faults.strikes(Fault.POISON, 2)) {
      simulation.note("%s is deadly", request.id());
      asked.makeDeadly();
      deadly.add(SimModel.prefix(request.promptIds(mapper)));
    }
    int copies = faults.strikes(Fault.DUPLICATE, 2) ? 2 : 1;
    broker.create(replies.topic(), 1);
    for (int copy = 0; copy < copies; copy++) {
      simulation.in(simulation.between(0, TROUBLE_MILLIS / 2), () -> {
        simulation.note("%s is asked", request);
        String topic = answerable ? replies.topic() : null;
        asked.offsets().add(broker.append(request.record(requests, topic), null));
        if (deletes && asked.offsets().size() == copies) {
          deleteInTime(asked);
        }
      });
    }
  }

  /** Has the log of an answer deleted when its request is closed: nobody looks for it any more. */
  private void deleteInTime(Asked asked) {
    boolean early = bugs.contains(PlantedBug.DELETED_AT_THE_END);
    if (early ? asked.answer().end() != null : observed.isDone(asked)) {
      delete(asked);
    } else {
      simulation.in(DELETE_MILLIS, () -> deleteInTime(asked));
    }
  }

  private void delete(Asked asked) {
    simulation.note("the log of %s is deleted", asked.request().id());
    broker.delete(asked.replies().topic());
  }

  /** Has a requester lose its patience. */
  private void giveUpAny() {
    List<Asked> all = observed.asked();
    Asked asked = all.get(simulation.between(0, all.size() - 1));
    simulation.note("the requester of %s gives up", asked.request().id());
    asked.giveUp();
    delete(asked);
  }

  /** Has the process of {@code worker} die if it computes a prompt that is deadly, and another start. */
  void computed(SimProcess process, long prefix) {
    if (deadly.contains(prefix)) {
      process.kill();
      simulation.in(simulation.between(0, RESTART_MILLIS), this::start);
      process.requireAlive();
    }
  }

  /** Has some requests asked, all of them different. */
  void askAny(int count, Undisturbed undisturbed) {
    int first = simulation.between(0, SimRequest.COUNT - 1);
    for (int i = 0; i < count; i++) {
      ask(SimRequest.of((first + i) % SimRequest.COUNT), undisturbed);
    }
  }

  /** Starts a worker. */
  SimWorker start() {
    SimWorker worker = new SimWorker("w" + workers.size(), this, mapper);
    workers.add(worker);
    cancelled.forEach(worker::hear);
    return worker;
  }

  /** Plays the whole run: workers, trouble, and then peace until all is done. */
  void play() {
    int first = faults.left(Fault.JOIN) > 0 ? 2 : 1;
    for (int i = 0; i < first; i++) {
      start();
    }
    brokersGoOn();
    Map.<Fault, Runnable>of(
            Fault.KILL, () -> any().process().kill(),
            Fault.FREEZE, () -> any().process().freeze(duration()),
            Fault.CUT_OFF, () -> any().process().cutOff(duration()),
            Fault.JOIN, this::start,
            Fault.LEAVE, () -> any().leave(),
            Fault.HAND_OVER, this::handOver,
            Fault.EPOCH_RESET, this::resetEpochs,
            Fault.CANCEL, this::cancelAny,
            Fault.GIVE_UP, this::giveUpAny)
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(trouble -> schedule(trouble.getKey(), trouble.getValue()));
    simulation.runUntil(TROUBLE_MILLIS);
    faults.end();
    ensureOneLives();
    while (!isSettled()) {
      if (simulation.nowMillis() > LONGEST_MILLIS) {
        throw new AssertionError("expected everything to be done, found open " + open());
      }
      simulation.runUntil(simulation.nowMillis() + 20);
    }
    simulation.runUntil(simulation.nowMillis() + AFTERWARDS_MILLIS);
  }

  private void brokersGoOn() {
    simulation.in(TIMEOUT_MILLIS / 4, () -> {
      broker.group().expire(simulation.nowMillis());
      broker.transactions().expire(simulation.nowMillis());
      brokersGoOn();
    });
  }

  private void schedule(Fault fault, Runnable trouble) {
    for (int i = faults.left(fault); i > 0; i--) {
      simulation.in(simulation.between(0, TROUBLE_MILLIS), trouble);
    }
  }

  private SimWorker any() {
    return workers.get(simulation.between(0, workers.size() - 1));
  }

  private int duration() {
    return simulation.between(1, MOST_FROZEN_MILLIS);
  }

  private void handOver() {
    String owner =
        broker.group().owner(new TopicPartition(REQUESTS, simulation.between(0, PARTITIONS - 1)));
    workers.stream()
        .filter(worker -> worker.process().name().equals(owner) && !worker.isLeaving())
        .forEach(SimWorker::leaveAtOnce);
    start();
  }

  /** Everybody goes, and whoever comes next finds another group of the same name. */
  private void resetEpochs() {
    workers.forEach(worker -> worker.process().kill());
    simulation.in(2 * TIMEOUT_MILLIS, () -> {
      if (broker.group().isEmpty()) {
        simulation.note("epochs begin again");
        broker.group().resetEpoch();
      }
      start();
    });
  }

  private void ensureOneLives() {
    if (workers.stream().noneMatch(w -> w.process().isAlive() && !w.isLeaving())) {
      start();
    }
  }

  private boolean isSettled() {
    return !observed.hasOpenTransaction() && open().isEmpty();
  }

  private List<String> open() {
    return observed.asked().stream()
        .filter(asked -> !observed.isDone(asked))
        .map(asked -> asked.request().id())
        .toList();
  }
}
