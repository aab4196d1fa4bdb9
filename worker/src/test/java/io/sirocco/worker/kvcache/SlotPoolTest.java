package io.sirocco.worker.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlotPoolTest {
  private final SlotPool pool = new SlotPool(2);

  @Test
  void handsEachSlotOutOnceUntilItIsGivenBack() {
    assertThat(pool.take()).hasValue(0);
    assertThat(pool.take()).hasValue(1);
    assertThat(pool.take()).isEmpty();

    pool.release(0);

    assertThat(pool.take()).hasValue(0);
  }

  @Test
  void aSlotCannotBeGivenBackTwice() {
    pool.take();
    pool.release(0);

    assertThatThrownBy(() -> pool.release(0)).hasMessage("expected a taken slot, found 0 free");
  }
}
