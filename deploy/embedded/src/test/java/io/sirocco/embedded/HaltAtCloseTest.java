package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HaltAtCloseTest {
  private final List<Integer> codes = new ArrayList<>();

  @Test
  void endsInThatCloseAndInNoOther() {
    HaltAtClose beforeCommit = new HaltAtClose(2, codes::add);

    beforeCommit.run();
    assertThat(codes).isEmpty();
    beforeCommit.run();
    beforeCommit.run();

    assertThat(codes).containsExactly(137);
  }

  @Test
  void endsInNoneUnlessToldTo() {
    new HaltAtClose(0, codes::add).run();

    assertThat(codes).isEmpty();
  }
}
