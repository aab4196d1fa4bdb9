package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is said of our HTTP interfaces is OpenAPI. */
class OpenApiTest {
  @Test
  void linterTakesEveryDocument() throws Exception {
    List<Path> documents = Stream.of("streams-app", "gateway")
        .flatMap(module -> Repository.files(module + "/src/main", "openapi.json"::equals).stream())
        .toList();

    assertThat(documents).hasSize(2);
    Tool.Findings findings = Tool.linter("openapi").run(List.of(), documents);
    assertThat(findings.output()).isEmpty();
    assertThat(findings.status()).isZero();
  }

  @Test
  void linterRefusesAMemberThatItDoesNotKnow() throws Exception {
    Tool.Findings findings =
        Tool.linter("openapi").run(List.of(), List.of(Repository.planted("openapi.json")));

    assertThat(findings.output()).contains("contents");
    assertThat(findings.status()).isOne();
  }
}
