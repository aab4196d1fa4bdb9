package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The images' files are what they say, as far as it shows without building them. */
class ImagesTest {
  private static final Pattern BASE =
      Pattern.compile("^FROM (\\S+)(?: AS \\w+)?$", Pattern.MULTILINE);
  private static final List<Path> FILES =
      Repository.files("deploy/images", name -> name.endsWith(".Dockerfile"));

  @Test
  void linterTakesThem() throws Exception {
    Tool.Findings findings = Tool.linter("dockerfile").run(List.of(), FILES);

    assertThat(findings.output()).isEmpty();
    assertThat(findings.status()).isZero();
  }

  @Test
  void linterRefusesAnInstructionThatIsNone() throws Exception {
    Tool.Findings findings =
        Tool.linter("dockerfile").run(List.of(), List.of(Repository.planted("planted.Dockerfile")));

    assertThat(findings.output()).contains("RUNN");
    assertThat(findings.status()).isOne();
  }

  @Test
  void everyBaseIsPinned() {
    assertThat(FILES)
        .hasSize(2)
        .allSatisfy(file -> assertThat(
                BASE.matcher(Repository.text(file)).results().map(base -> base.group(1)))
            .isNotEmpty()
            .allSatisfy(base -> assertThat(base).contains(":").doesNotEndWith(":latest")));
  }

  @Test
  void everyImageEndsAsAUserOfItsOwn() {
    assertThat(FILES)
        .allSatisfy(file -> assertThat(Repository.text(file))
            .contains("\nUSER 10001:10001\n")
            .contains("\nENTRYPOINT [\"java\""));
  }
}
