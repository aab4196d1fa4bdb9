package io.sirocco.worker.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitMetadataTest {
  private static final int PLENTY = 4096;

  @Test
  void textSaysWhatIsDoneInRuns() {
    assertThat(CommitMetadata.write(progress(47, 40L, 43L, 44L, 46L), PLENTY))
        .isEqualTo("sirocco1:1.2.2.1");
  }

  /** Whoever reads a commit of today tomorrow may be another version. */
  @Test
  void textOfVersionOneIsReadForEver() {
    assertThat(CommitMetadata.read(40, "sirocco1:1.2.2.1")).contains(progress(46, 40L, 43L, 44L));
  }

  @Test
  void nothingIsSaidWhenNothingAboveTheWatermarkIsDone() {
    assertThat(CommitMetadata.write(Progress.at(40), PLENTY)).isEmpty();
    assertThat(CommitMetadata.write(progress(42, 40L, 41L), PLENTY)).isEmpty();
    assertThat(CommitMetadata.read(40, "")).contains(Progress.at(40));
  }

  @Test
  void spanOfAMillionOffsetsTakesAFewCharacters() {
    assertThat(CommitMetadata.write(progress(1_000_000, 3L), PLENTY))
        .isEqualTo("sirocco1:1.999996");
  }

  @Test
  void highestDoneOffsetsAreLeftOutWhenTheTextIsTooLong() {
    Progress progress = progress(20, 10L, 12L, 14L, 16L);

    String text = CommitMetadata.write(progress, "sirocco1:1.1.1.1".length());

    assertThat(CommitMetadata.read(10, text)).contains(progress(14, 10L, 12L));
    assertThat(CommitMetadata.write(progress, 5)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bgABAC4=",
        "sirocco2:1.2",
        "sirocco1:",
        "sirocco1:1",
        "sirocco1:1.2.3",
        "sirocco1:1.2.",
        "sirocco1:0.2",
        "sirocco1:1.0",
        "sirocco1:-1.2",
        "sirocco1:+1.2",
        "sirocco1:01.2",
        "sirocco1:1.2\n",
        "sirocco1:1,2",
        "sirocco1:1.99999999999999999999",
        "sirocco1:1.9223372036854775807",
        "sirocco1:9000000000000000000.1",
        "sirocco1:100001.1",
        " "
      })
  void foreignAndBrokenTextsAreToldFromOurs(String text) {
    assertThat(CommitMetadata.read(40, text)).isEmpty();
  }

  @Test
  void randomTextNeverThrows() {
    Random random = new Random(6);
    String alphabet = "sirocco1:0123456789..";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(random.nextInt(4) > 0 ? "sirocco1:" : "");
      for (int length = random.nextInt(24); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      CommitMetadata.read(40, text.toString())
          .ifPresent(progress ->
              assertThat(CommitMetadata.write(progress, PLENTY)).isEqualTo(text.toString()));
    }
  }

  private static Progress progress(long horizon, Long... open) {
    return new Progress(new TreeSet<>(List.of(open)), horizon);
  }
}
