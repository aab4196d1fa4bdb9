package io.sirocco.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenCountsTest {
  @Test
  void countsAsAMapWould() {
    Random random = new Random(5);
    TokenCounts counts = new TokenCounts();
    Map<Integer, Integer> expected = new LinkedHashMap<>();
    for (int i = 0; i < 20_000; i++) {
      int id = random.nextInt(1 << random.nextInt(1, 18));
      counts.add(id);
      expected.merge(id, 1, Integer::sum);
    }

    Map<Integer, Integer> found = new LinkedHashMap<>();
    for (int i = 0; i < counts.size(); i++) {
      found.put(counts.tokenId(i), counts.count(i));
    }
    assertThat(found).containsExactlyEntriesOf(expected);
  }
}
