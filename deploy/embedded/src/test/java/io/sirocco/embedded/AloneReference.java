package io.sirocco.embedded;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.engine.EngineLimits;
import io.sirocco.worker.engine.EngineLoop;
import io.sirocco.worker.engine.api.EngineInbox;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.prompt.RequestMapper;
import io.sirocco.worker.sampling.SampledToken;
import java.util.ArrayList;
import java.util.List;

/** What the engine gives for a request that has it to itself: no Kafka, no neighbours. */
final class AloneReference implements AutoCloseable {
  private final ServedModel served;
  private final GapRecordingModel model;
  private final EngineInbox inbox = new EngineInbox(1);
  private final EngineLoop loop;
  private final RequestMapper mapper;

  /**
   * The tokens of an answer, and by how much each was the likeliest.
   *
   * @param text what they say, up to a stop text
   * @param gaps as many as tokens
   */
  record Answer(List<Integer> tokens, String text, List<Float> gaps) {}

  AloneReference(ServedModel served) {
    this.served = served;
    this.model = new GapRecordingModel(served.causalModel());
    this.loop =
        new EngineLoop(inbox, model, EngineLimits.of(1), new SimpleMeterRegistry(), Tags.empty());
    this.mapper = new RequestMapper(
        served.prompts(), model.shape().contextTokens(), model.shape().vocabularySize());
  }

  Answer answer(ChatRequest request) throws InvalidRequestException {
    GenerationSpec spec = mapper.map(request, "alone");
    List<Integer> tokens = new ArrayList<>();
    inbox.offer(new GenerationRequest(
        "alone",
        spec.promptIds(),
        spec.maxNewTokens(),
        served.endIds(),
        spec.sampling(),
        new Collector(served, spec.stop().texts(), tokens)));
    while (loop.step()) {
      // Until the only sequence has left.
    }
    return new Answer(tokens, text(tokens, spec.stop().texts()), model.takeGaps());
  }

  private String text(List<Integer> tokens, List<String> stops) {
    String text = served.tokenizer().decode(tokens.stream().mapToInt(id -> id).toArray());
    int end = stops.stream()
        .mapToInt(text::indexOf)
        .filter(index -> index >= 0)
        .min()
        .orElse(text.length());
    return text.substring(0, end);
  }

  @Override
  public void close() {
    model.close();
  }

  /** Stops as soon as the whole text so far holds a stop text: slow, and plainly right. */
  private record Collector(ServedModel served, List<String> stops, List<Integer> tokens)
      implements GenerationListener {
    @Override
    public void admitted(int cachedTokens) {}

    @Override
    public boolean generated(SampledToken token) {
      tokens.add(token.tokenId());
      String text = served.tokenizer().decode(tokens.stream().mapToInt(id -> id).toArray());
      return stops.stream().noneMatch(text::contains);
    }

    @Override
    public void finished(GenerationEnd end) {}

    @Override
    public void failed(String message) {
      throw new AssertionError(message);
    }
  }
}
