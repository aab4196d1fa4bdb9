package io.sirocco.worker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import io.sirocco.worker.sampling.SamplingParameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real model, one of whose tokens computes what is no number. */
class UnusableLogitsTest {
  private static final int POISON = 319;

  @TempDir
  private Path folder;

  private final EngineInbox inbox = new EngineInbox(8);

  @Test
  void whoComesAfterIsNotSpoilt() throws Exception {
    CheckpointFolders.copy(CheckpointFolders.NO_WINDOW, folder);
    poison(
        folder.resolve("model.safetensors"),
        ModelFolder.openWithoutTokenizer(folder).config().hiddenSize());
    TorchModelSettings settings = new TorchModelSettings(Precision.F32, 4096, 320, 1);
    try (CausalModel model =
        TorchModel.load(ModelFolder.openWithoutTokenizer(folder), settings, (bytes, total) -> {})) {
      EngineLoop loop = new EngineLoop(
          inbox, model, new EngineLimits(8, 512, 512), new SimpleMeterRegistry(), Tags.empty());
      int[] poisoned = prompt(50);
      poisoned[30] = POISON;
      RecordingListener culprit = submit(poisoned);
      run(loop);
      RecordingListener inItsPlace = submit(prompt(3));
      RecordingListener longer = submit(prompt(45));
      run(loop);

      assertThat(culprit.failure).isEqualTo("the model computed a logit that is no number");
      assertThat(inItsPlace.failure).isNull();
      assertThat(longer.failure).isNull();
    }
  }

  private RecordingListener submit(int[] prompt) {
    RecordingListener listener = new RecordingListener();
    inbox.offer(
        new GenerationRequest("test", prompt, 12, Set.of(), SamplingParameters.GREEDY, listener));
    return listener;
  }

  private static void run(EngineLoop loop) {
    int steps = 0;
    while (loop.step()) {
      assertThat(steps++).isLessThan(1000);
    }
  }

  private static int[] prompt(int length) {
    return IntStream.rangeClosed(1, length).toArray();
  }

  /** Overwrites the token's row of the embedding. */
  private static void poison(Path weights, int hiddenSize) throws Exception {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) file.getLong(0);
    String tensors = new String(file.array(), 8, header, UTF_8);
    Matcher offsets = Pattern.compile(
            "\"model.embed_tokens.weight\":.*?\"data_offsets\":\\s*\\[(\\d+)")
        .matcher(tensors);
    assertThat(offsets.find()).isTrue();
    int row = 8 + header + Integer.parseInt(offsets.group(1)) + POISON * hiddenSize * Float.BYTES;
    for (int i = 0; i < hiddenSize; i++) {
      file.putFloat(row + i * Float.BYTES, Float.NaN);
    }
    Files.write(weights, file.array());
  }
}
