package io.sirocco.worker.engine;

import io.sirocco.worker.engine.api.GenerationRequest;
import io.sirocco.worker.engine.api.PrefixReuse;
import io.sirocco.worker.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Random requests, of which many begin alike: shared system prompts, next turns of conversations.
 *
 * @param vocabulary how many tokens there are
 * @param longestPrompt in tokens
 * @param mostNewTokens of an answer
 */
record Workload(int vocabulary, int longestPrompt, int mostNewTokens) {
  private static final String[] SALTS = {null, "a"};

  /** What is asked. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Ask(int[] prompt, int maxNewTokens, SamplingParameters sampling, PrefixReuse reuse) {
    GenerationRequest request(String queue, RecordingListener listener) {
      return request(queue, listener, 0);
    }

    GenerationRequest request(String queue, RecordingListener listener, int choice) {
      return new GenerationRequest(
          "test", prompt, maxNewTokens, Set.of(), sampling, listener, choice, queue, reuse);
    }
  }

  /** Draws requests. */
  List<Ask> draw(Random random, int count) {
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] begin = i == 0 || random.nextInt(3) == 0
          ? new int[0]
          : asks.get(random.nextInt(i)).prompt();
      int shared = random.nextInt(begin.length + 1);
      int fresh = 1 + random.nextInt(longestPrompt - Math.min(shared, longestPrompt - 1));
      int[] prompt = IntStream.concat(
              IntStream.of(begin).limit(shared), random.ints(fresh, 0, vocabulary))
          .limit(longestPrompt)
          .toArray();
      asks.add(new Ask(
          prompt,
          1 + random.nextInt(mostNewTokens),
          SamplingParameters.GREEDY,
          new PrefixReuse(random.nextInt(8) > 0, SALTS[random.nextInt(SALTS.length)])));
    }
    return asks;
  }
}
