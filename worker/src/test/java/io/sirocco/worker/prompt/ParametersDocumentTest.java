package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/parameters.md says what the fields of a request are. */
class ParametersDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "parameters.md");
  private static final String WRITE = "sirocco.docs.write";

  @Test
  void documentIsWhatTheFieldsSay() throws IOException {
    String generated = new ParametersDocument(Parameters.GROUPS).text();
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(DOCUMENT, generated);
    }

    assertThat(Files.readString(DOCUMENT))
        .as(
            "docs/parameters.md is out of date; write it anew with: mvn -pl worker -am test"
                + " -Dtest=ParametersDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            WRITE)
        .isEqualTo(generated);
  }

  @Test
  void everyFieldIsDescribedInOneLineOfATable() {
    assertThat(Parameters.all()).allSatisfy(field -> {
      assertThat(field.effect()).endsWith(".").doesNotContain("\n", "|");
      assertThat(field.range() + field.absent()).doesNotContain("\n", "|");
    });
  }
}
