package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.topic.Headers;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/asyncapi.yaml says what is on the wire. */
class AsyncApiTest {
  private static final Path DOCUMENT = Repository.file("docs/asyncapi.yaml");
  private static final String WRITE = "sirocco.docs.write";

  @Test
  void documentIsWhatTheWireIs() throws IOException {
    String generated = new AsyncApiDocument().text();
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(DOCUMENT, generated);
    }

    assertThat(Repository.text(DOCUMENT))
        .as(
            "docs/asyncapi.yaml is out of date; write it anew with: mvn -pl deploy/checks -am test"
                + " -Dtest=AsyncApiTest -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            WRITE)
        .isEqualTo(generated);
  }

  @Test
  void everyHeaderOfTheCodeIsOnAMessage() throws IllegalAccessException {
    String document = Repository.text(DOCUMENT);

    for (Field header : Headers.class.getFields()) {
      assertThat(document).contains("\n          " + header.get(null) + ":\n");
    }
  }

  @Test
  void everyTopicHasAChannel() {
    Map<String, Object> document = Repository.documents(DOCUMENT).get(0);
    List<String> addresses = Tree.textsOf(document.get("channels"), "address");

    // The reply topic of one's own has no address before a request names it.
    assertThat(addresses).hasSize(WireDocument.read().topics().size() - 1);
  }

  @Test
  void parserTakesTheDocument() throws Exception {
    Tool.Findings findings = Tool.linter("asyncapi").run(List.of(), List.of(DOCUMENT));

    assertThat(findings.output()).isEmpty();
    assertThat(findings.status()).isZero();
  }

  @Test
  void parserRefusesAChannelThatIsNotThere() throws Exception {
    Tool.Findings findings =
        Tool.linter("asyncapi").run(List.of(), List.of(Repository.planted("asyncapi.yaml")));

    assertThat(findings.output()).contains("#/channels/nowhere");
    assertThat(findings.status()).isOne();
  }

  @Test
  void repliesGoWhereAHeaderSays() {
    Map<String, Object> document = Repository.documents(DOCUMENT).get(0);

    assertThat(Tree.text(document, "operations.answer.reply.address.location"))
        .isEqualTo("$message.header#/" + Headers.REPLY_TOPIC);
    assertThat(Arrays.asList(Tree.find(document, "channels.replies.address"))).containsOnlyNulls();
  }
}
