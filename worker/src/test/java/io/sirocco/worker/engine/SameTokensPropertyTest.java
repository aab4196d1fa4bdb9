package io.sirocco.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.Workload.Ask;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real model in float32 gives a request the same tokens alone, in mixed batches, chunked, preempted,
 * with a prefix that was computed for others, forked from another choice, beside requests that are
 * cancelled, and after steps and copies that failed.
 *
 * <p>Sums are added up in other orders in other batches, so that a token whose logit is as great as
 * the next but for a rounding error may be another one.
 */
class SameTokensPropertyTest {
  private static final int CONTEXT = 320;
  private static final int REQUESTS = 32;
  private static final int SCHEDULES = 5;
  private static final float TIE = 1e-4f;

  @TempDir
  private Path folder;

  private final Random random = new Random(23);
  private int preemptions;
  private int cached;
  private int forks;
  private int cancelled;
  private int failedSteps;
  private int failedCopies;
  private int ties;

  @Test
  void withoutAWindow() throws Exception {
    assertSameTokens(CheckpointFolders.NO_WINDOW);
    assertThat(preemptions).isPositive();
  }

  /** Places do not grow, so that nobody has to leave. */
  @Test
  void withANarrowWindow() throws Exception {
    assertSameTokens(CheckpointFolders.windowed(folder));
  }

  /** Whoever went round and is in a step that fails has lost what it looks at, and leaves. */
  @Test
  void withAWindowAsWideAsAPlace() throws Exception {
    assertSameTokens(CheckpointFolders.withConfig(
        CheckpointFolders.NO_WINDOW, folder, "\"sliding_window\": null", "\"sliding_window\": 64"));
    assertThat(preemptions).isPositive();
  }

  @Test
  void withExperts() throws Exception {
    assertSameTokens(CheckpointFolders.EXPERTS);
    assertThat(preemptions).isPositive();
  }

  private void assertSameTokens(Path checkpoint) throws Exception {
    try (CausalModel model = load(checkpoint)) {
      List<Ask> asks = new Workload(model.shape().vocabularySize(), CONTEXT / 2, CONTEXT / 2)
          .draw(random, REQUESTS);
      IdentityHashMap<Ask, Answer> alone = new IdentityHashMap<>();
      asks.forEach(ask -> alone.put(ask, alone(model, ask)));
      for (int i = 0; i < SCHEDULES; i++) {
        MixedSchedule schedule = new MixedSchedule(model, random, REQUESTS);
        for (MixedSchedule.Choice choice : schedule.run(asks)) {
          compare(Objects.requireNonNull(alone.get(choice.ask())), choice);
        }
        count(schedule);
      }
    }
    System.out.printf(
        "%d schedules: %d preemptions, %d tokens reused, %d forks, %d cancelled, %d steps and %d"
            + " copies failed, %d differences at ties%n",
        SCHEDULES, preemptions, cached, forks, cancelled, failedSteps, failedCopies, ties);
    assertThat(List.of(cached, forks, cancelled, failedSteps, failedCopies))
        .allSatisfy(count -> assertThat(count).isPositive());
  }

  private void count(MixedSchedule schedule) {
    preemptions += schedule.preemptions();
    cached += schedule.cached();
    failedSteps += schedule.model().failedSteps();
    failedCopies += schedule.model().failedCopies();
  }

  /** The tokens of an answer, and by how much each was the likeliest. */
  private record Answer(List<Integer> tokens, List<Float> gaps) {}

  private static Answer alone(CausalModel model, Ask ask) {
    SmallerModel observed = new SmallerModel(model, model.shape().cacheTokens());
    EngineInbox inbox = new EngineInbox(1);
    EngineLoop loop = new EngineLoop(
        inbox, observed, new EngineLimits(1, 512, 512), new SimpleMeterRegistry(), Tags.empty());
    RecordingListener listener = new RecordingListener();
    inbox.offer(new Ask(ask.prompt(), ask.maxNewTokens(), ask.sampling(), PrefixReuse.NONE)
        .request("", listener));
    while (loop.step()) {
      // Until the only sequence has left.
    }
    return new Answer(listener.tokens, observed.gaps());
  }

  private void compare(Answer alone, MixedSchedule.Choice choice) {
    forks += choice.isForked() ? 1 : 0;
    List<Integer> found = choice.tokens();
    if (choice.isCancelled()) {
      cancelled++;
      assertThat(found).hasSizeLessThan(alone.tokens().size());
    } else {
      assertThat(found).hasSameSizeAs(alone.tokens());
    }
    for (int i = 0; i < found.size(); i++) {
      if (!found.get(i).equals(alone.tokens().get(i))) {
        assertThat(alone.gaps().get(i)).as("lead of token %d", i).isLessThan(TIE);
        ties++;
        return; // What follows another token is another answer.
      }
    }
  }

  private static CausalModel load(Path checkpoint) throws Exception {
    TorchModelSettings settings = new TorchModelSettings(Precision.F32, 4096, CONTEXT, 1);
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(checkpoint), settings, (bytes, total) -> {});
  }
}
