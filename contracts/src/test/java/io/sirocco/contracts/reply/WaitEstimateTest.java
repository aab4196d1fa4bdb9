package io.sirocco.contracts.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.json.GoldenJson;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import org.junit.jupiter.api.Test;

class WaitEstimateTest {
  private final JsonCodec codec = new JsonCodec();

  @Test
  void estimateIsWrittenAsItWasRead() throws Exception {
    WaitEstimate read = codec.read(GoldenJson.v1("wait-estimate"), WaitEstimate.class);

    assertThat(read).isEqualTo(new WaitEstimate(3, 4L));
    assertThat(codec.write(read)).isEqualTo(GoldenJson.v1("wait-estimate"));
  }

  @Test
  void timeThatIsNotKnownIsAbsent() throws Exception {
    assertThat(codec.write(new WaitEstimate(3, null))).isEqualTo("{\"ahead\":3}");
    assertThat(codec.read("{\"ahead\":3}", WaitEstimate.class))
        .isEqualTo(new WaitEstimate(3, null));
  }

  @Test
  void placeBeforeTheFirstIsRefused() {
    assertThatThrownBy(() -> codec.read("{\"ahead\":-1}", WaitEstimate.class))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("expected 0 or more in ahead");
  }
}
