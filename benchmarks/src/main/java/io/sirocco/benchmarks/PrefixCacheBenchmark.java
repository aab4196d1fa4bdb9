package io.sirocco.benchmarks;

import io.sirocco.worker.kvcache.CacheArena;
import io.sirocco.worker.kvcache.CachedTokens;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.kvcache.PrefixCache;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A full cache of 64 sequences of 1024 tokens, of a vocabulary of 32,000, that begin alike. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PrefixCacheBenchmark {
  private static final int VOCABULARY = 32_000;
  private static final int SEQUENCES = 64;
  private static final int TOKENS = 1024;
  private static final int ALIKE = 512;

  private final Random random = new Random(1);
  private final int[] beginning = random.ints(ALIKE, 0, VOCABULARY).toArray();
  private final int[] wanted = sequence();
  private final PrefixCache cache = full();
  private int turn;

  private int[] sequence() {
    int[] tokens = random.ints(TOKENS, 0, VOCABULARY).toArray();
    System.arraycopy(beginning, 0, tokens, 0, ALIKE);
    return tokens;
  }

  private PrefixCache full() {
    PrefixCache full = new PrefixCache(new CacheArena(SEQUENCES * TOKENS), TOKENS);
    for (int i = 0; i < SEQUENCES; i++) {
      remember(full, full.take(TOKENS).orElseThrow(), sequence());
    }
    return full;
  }

  private static void remember(PrefixCache cache, Extent place, int[] tokens) {
    cache.remember(new CachedTokens(place, tokens, TOKENS, 0, null));
  }

  /** Finds who shares the longest beginning. */
  @Benchmark
  public Optional<PrefixCache.Match> longest() {
    return cache.longest(wanted, TOKENS - 1, null);
  }

  /** Forgets the longest unused for a place, and remembers what is left in it. */
  @Benchmark
  public void takeAndRemember() {
    int[] tokens = wanted.clone();
    tokens[ALIKE] = turn++ % VOCABULARY; // The same again would be covered by what is there.
    remember(cache, cache.take(TOKENS).orElseThrow(), tokens);
  }
}
