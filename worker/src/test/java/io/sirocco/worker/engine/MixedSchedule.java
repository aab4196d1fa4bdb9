package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.Workload.Ask;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.CausalModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Requests that come at random times, each for one choice or several, of which some are cancelled,
 * while now and then a step or a copy fails.
 */
final class MixedSchedule {
  private final Random random;
  private final PlantedModel model;
  private final EngineInbox inbox;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final EngineLoop loop;
  private final List<Choice> choices = new ArrayList<>();
  private List<Choice> hit = List.of();

  /** One answer to a request. */
  static final class Choice {
    private final Ask ask;
    private final GenerationRequest request;
    private final RecordingListener listener;
    private boolean cancelled;
    private int tokensWhenHit;

    private Choice(Ask ask, String queue, int number) {
      this.ask = ask;
      listener = new RecordingListener();
      request = ask.request(queue, listener, number);
    }

    Ask ask() {
      return ask;
    }

    List<Integer> tokens() {
      return listener.tokens;
    }

    /** Whether it was cancelled after its beginning and before its end. */
    boolean isCancelled() {
      return cancelled;
    }

    /** Whether all of its prompt was computed by another choice. */
    boolean isForked() {
      return listener.cachedTokens == ask.prompt().length;
    }

    private boolean runs() {
      return listener.admitted && !listener.isDone() && !cancelled;
    }

    private boolean wentOn() {
      return !runs() || listener.tokens.size() > tokensWhenHit;
    }
  }

  MixedSchedule(CausalModel model, Random random, int requests) {
    this.random = random;
    int context = Integer.highestOneBit(model.shape().contextTokens());
    int contexts = 1 + random.nextInt(4);
    this.model = new PlantedModel(model, Math.max(64, context) * 2 * contexts);
    inbox = new EngineInbox(4 * requests);
    EngineLimits limits =
        new EngineLimits(4 + random.nextInt(13), 1 + random.nextInt(100), 1 + random.nextInt(64));
    loop = new EngineLoop(inbox, this.model, limits, registry, Tags.empty());
  }

  /** Answers all of them, and returns what was heard of each choice. */
  List<Choice> run(List<Ask> asks) {
    for (Ask ask : asks) {
      offer(ask);
      for (int steps = random.nextInt(8); steps > 0; steps--) {
        step();
      }
    }
    while (step()) {
      // Until all have left.
    }
    for (Choice choice : choices) {
      assertThat(choice.listener.failure).isNull();
      assertThat(choice.cancelled || choice.listener.end != null).as("ended").isTrue();
    }
    return choices;
  }

  private void offer(Ask ask) {
    String queue = "q" + random.nextInt(3);
    int count = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 1;
    List<GenerationRequest> requests = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      Choice choice = new Choice(ask, queue, number);
      choices.add(choice);
      requests.add(choice.request);
    }
    assertThat(inbox.offer(requests)).isTrue();
  }

  private boolean step() {
    if (random.nextInt(30) == 0) {
      cancel(choices.get(random.nextInt(choices.size())));
    }
    if (random.nextInt(20) == 0) {
      model.failCopy();
    }
    // Whoever was hit is to go on before the next hit: a step that fails twice is the end.
    if (random.nextInt(10) == 0
        && choices.stream().anyMatch(Choice::runs)
        && hit.stream().allMatch(Choice::wentOn)) {
      hit = choices.stream().filter(choice -> !choice.listener.isDone()).toList();
      hit.forEach(choice -> choice.tokensWhenHit = choice.listener.tokens.size());
      model.failStep();
    }
    return loop.step();
  }

  private void cancel(Choice choice) {
    if (choice.runs()) {
      choice.cancelled = true;
      inbox.cancel(choice.request);
    }
  }

  /** The model, which counts its failures. */
  PlantedModel model() {
    return model;
  }

  /** How many times a sequence had to leave its place. */
  int preemptions() {
    return count("sirocco.num.preemptions");
  }

  /** How many tokens were not computed again. */
  int cached() {
    return count("sirocco.prefix.cache.hits");
  }

  private int count(String counter) {
    return (int) registry.get(counter).functionCounter().count();
  }
}
