package io.sirocco.worker.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CacheArenaTest {
  private final CacheArena arena = new CacheArena(5 * 64);

  @Test
  void theLowestFreePlaceIsHandedOutFirst() {
    assertThat(arena.take(64)).contains(new Extent(0, 64));
    assertThat(arena.take(128)).contains(new Extent(128, 128));
    assertThat(arena.take(64)).contains(new Extent(64, 64));
    assertThat(arena.take(64)).contains(new Extent(256, 64));
    assertThat(arena.take(64)).isEmpty();
  }

  @Test
  void whatSmallPlacesLeaveBehindAddsUpToALargeOne() {
    for (int i = 0; i < 4; i++) {
      arena.take(64);
    }
    for (int base = 0; base < 256; base += 64) {
      assertThat(arena.take(256)).isEmpty();
      arena.release(new Extent(base, 64));
    }

    assertThat(arena.take(256)).contains(new Extent(0, 256));
    assertThat(arena.takenTokens()).isEqualTo(256);
  }

  @Test
  void aPlaceCannotBeGivenBackTwice() {
    Extent place = arena.take(128).orElseThrow();
    arena.release(place);

    assertThatThrownBy(() -> arena.release(place))
        .hasMessage("expected a taken place, found Extent[base=0, capacity=128] free");
  }

  @Test
  void aCacheWithoutRoomForOnePlaceIsRefused() {
    assertThatThrownBy(() -> new CacheArena(63))
        .hasMessage("expected a cache of 64 or more tokens, found 63");
  }
}
