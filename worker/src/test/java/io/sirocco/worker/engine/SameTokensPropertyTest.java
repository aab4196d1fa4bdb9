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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real model in float32 gives a request the same tokens alone, in mixed batches, chunked, preempted,
 * and with a prefix that was computed for others.
 *
 * <p>Sums are added up in other orders in other batches, so that a token whose logit is as great as
 * the next but for a rounding error may be another one.
 */
class SameTokensPropertyTest {
  private static final int REQUESTS = 32;
  private static final int SCHEDULES = 8;
  private static final float TIE = 1e-4f;

  @TempDir
  private Path folder;

  private int preemptions;
  private int cached;
  private int ties;

  @Test
  void withoutAWindow() throws Exception {
    assertSameTokens(CheckpointFolders.NO_WINDOW, 320);
    assertThat(preemptions).isPositive();
    assertThat(cached).isPositive();
  }

  /** Places do not grow beyond a window, so that nobody has to leave. */
  @Test
  void withAWindow() throws Exception {
    assertSameTokens(CheckpointFolders.windowed(folder), 320);
    assertThat(cached).isPositive();
  }

  @Test
  void withExperts() throws Exception {
    assertSameTokens(CheckpointFolders.EXPERTS, 320);
    assertThat(preemptions).isPositive();
    assertThat(cached).isPositive();
  }

  private void assertSameTokens(Path checkpoint, int context) throws Exception {
    try (CausalModel model = load(checkpoint, context)) {
      Random random = new Random(23);
      List<Ask> asks = new Workload(model.shape().vocabularySize(), context / 2, context / 2)
          .draw(random, REQUESTS);
      List<Answer> alone = asks.stream().map(ask -> alone(model, ask)).toList();
      for (int schedule = 0; schedule < SCHEDULES; schedule++) {
        List<List<Integer>> found = mixed(model, asks, random);
        for (int i = 0; i < REQUESTS; i++) {
          compare(alone.get(i), found.get(i));
        }
      }
    }
    System.out.printf(
        "%d schedules: %d preemptions, %d tokens reused, %d differences at ties%n",
        SCHEDULES, preemptions, cached, ties);
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

  private List<List<Integer>> mixed(CausalModel model, List<Ask> asks, Random random) {
    int contexts = 1 + random.nextInt(4);
    CausalModel smaller = new SmallerModel(
        model, Math.max(64, Integer.highestOneBit(model.shape().contextTokens())) * 2 * contexts);
    EngineLimits limits =
        new EngineLimits(4 + random.nextInt(13), 1 + random.nextInt(100), 1 + random.nextInt(64));
    EngineInbox inbox = new EngineInbox(REQUESTS);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    EngineLoop loop = new EngineLoop(inbox, smaller, limits, registry, Tags.empty());
    List<RecordingListener> listeners = new ArrayList<>();
    for (Ask ask : asks) {
      listeners.add(new RecordingListener());
      inbox.offer(ask.request("q" + random.nextInt(3), listeners.get(listeners.size() - 1)));
      for (int steps = random.nextInt(8); steps > 0; steps--) {
        loop.step();
      }
    }
    while (loop.step()) {
      // Until all have left.
    }
    preemptions +=
        (int) registry.get("sirocco.engine.preemptions").functionCounter().count();
    cached +=
        (int) registry.get("sirocco.engine.tokens.cached").functionCounter().count();
    return listeners.stream().map(listener -> listener.tokens).toList();
  }

  private void compare(Answer alone, List<Integer> found) {
    assertThat(found).hasSameSizeAs(alone.tokens());
    for (int i = 0; i < found.size(); i++) {
      if (!found.get(i).equals(alone.tokens().get(i))) {
        assertThat(alone.gaps().get(i)).as("lead of token %d", i).isLessThan(TIE);
        ties++;
        return; // What follows another token is another answer.
      }
    }
  }

  private static CausalModel load(Path checkpoint, int context) throws Exception {
    TorchModelSettings settings = new TorchModelSettings(Precision.F32, 4096, context, 1);
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(checkpoint), settings, (bytes, total) -> {});
  }
}
