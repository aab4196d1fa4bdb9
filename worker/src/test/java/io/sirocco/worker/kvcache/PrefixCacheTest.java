package io.sirocco.worker.kvcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrefixCacheTest {
  private static final int WINDOW = 128;

  private final PrefixCache cache = new PrefixCache(new CacheArena(4 * 64), WINDOW);

  @Test
  void theLongestCommonPrefixIsFound() {
    remember(tokens(1, 40), null);
    CachedTokens longer = remember(tokens(2, 40), null);
    int[] wanted = tokens(2, 60);
    wanted[30] = -1;

    assertThat(cache.longest(wanted, 59, null)).contains(new PrefixCache.Match(longer, 30));
    assertThat(cache.longest(wanted, 20, null)).contains(new PrefixCache.Match(longer, 20));
  }

  @Test
  void nothingIsSharedAcrossSalts() {
    remember(tokens(1, 40), null);
    remember(tokens(1, 40), "a");

    assertThat(cache.longest(tokens(1, 40), 39, "b")).isEmpty();
    assertThat(cache.longest(tokens(1, 40), 39, "a"))
        .hasValueSatisfying(match -> assertThat(match.cached().salt()).isEqualTo("a"));
    assertThat(cache.longest(tokens(1, 40), 39, null))
        .hasValueSatisfying(match -> assertThat(match.cached().salt()).isNull());
  }

  @Test
  void aFewTokensAreNotWorthSharing() {
    remember(tokens(1, 15), null);

    assertThat(cache.longest(tokens(1, 40), 39, null)).isEmpty();
  }

  @Test
  void whatWasUnusedForLongestIsForgottenWhenRoomIsNeeded() {
    CachedTokens first = remember(tokens(1, 20), null);
    remember(tokens(2, 20), null);
    remember(tokens(3, 20), null);
    remember(tokens(4, 20), null);
    cache.touch(first);

    assertThat(cache.take(64)).contains(new Extent(64, 64));
    assertThat(cache.longest(tokens(2, 20), 19, null)).isEmpty();
    assertThat(cache.longest(tokens(1, 20), 19, null)).isPresent();
    assertThat(cache.rememberedTokens()).isEqualTo(3 * 64);
    assertThat(cache.runningTokens()).isEqualTo(64);
  }

  @Test
  void nothingIsForgottenForAPlaceThatRunningSequencesKeepFromBeingFree() {
    Extent running = cache.take(64).orElseThrow();
    remember(tokens(2, 20), null);
    Extent other = cache.take(64).orElseThrow();
    remember(tokens(3, 20), null);

    assertThat(cache.take(128)).isEmpty();
    assertThat(cache.rememberedTokens()).isEqualTo(2 * 64);

    cache.release(running);
    assertThat(cache.take(128)).contains(new Extent(0, 128));
    assertThat(cache.longest(tokens(3, 20), 19, null)).isPresent();
    assertThat(other.base()).isEqualTo(128);
  }

  @Test
  void whatIsToBeCopiedIsNotForgottenForItsCopy() {
    CachedTokens only = remember(tokens(1, 20), null);

    assertThat(cache.take(256, only)).isEmpty();
    assertThat(cache.take(128, only)).contains(new Extent(128, 128));
    assertThat(cache.remembers(only)).isTrue();
  }

  @Test
  void aLongerSequenceTakesThePlaceOfItsBeginning() {
    remember(tokens(1, 20), null);
    remember(tokens(1, 20), "a");
    CachedTokens longer = remember(tokens(1, 30), null);

    assertThat(cache.rememberedTokens()).isEqualTo(2 * 64);
    assertThat(cache.longest(tokens(1, 20), 19, null)).contains(new PrefixCache.Match(longer, 19));
  }

  @Test
  void aSequenceThatWentRoundIsOfUseOnlyAsFarAsItsWindowIsThere() {
    int[] tokens = tokens(1, 200);
    CachedTokens cached = new CachedTokens(new Extent(0, 128), tokens, 140, 12, null);

    assertThat(cached.reusable(tokens, 199, WINDOW)).isEqualTo(140);
    assertThat(cached.reusable(tokens, 139, WINDOW)).isEqualTo(139);
    assertThat(cached.reusable(tokens, 138, WINDOW)).isZero();
    assertThat(cached.reusable(tokens, 138, WINDOW - 1)).isEqualTo(138);
  }

  private CachedTokens remember(int[] tokens, @Nullable String salt) {
    Extent place = cache.take(64).orElseThrow();
    CachedTokens cached = new CachedTokens(place, tokens, tokens.length, 0, salt);
    cache.remember(cached);
    return cached;
  }

  private static int[] tokens(int first, int count) {
    int[] tokens = new int[count];
    Arrays.setAll(tokens, i -> first + 31 * i);
    return tokens;
  }
}
