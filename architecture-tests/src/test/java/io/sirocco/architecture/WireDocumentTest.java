package io.sirocco.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/wire.md says what the code does. */
class WireDocumentTest {
  /** The first cell of a table's row, if it is one name in code. */
  private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

  private final String document = SourceTree.read(SourceTree.here().root().resolve("docs/wire.md"));

  @Test
  void everyHeaderHasARowAndEveryRowIsAHeader() {
    assertThat(rows("## Headers", "## Events"))
        .containsExactlyInAnyOrderElementsOf(constants(Headers.class));
  }

  @Test
  void everyEventHasARowAndEveryRowIsAnEvent() {
    assertThat(rows("## Events", "## Errors"))
        .containsExactlyElementsOf(
            Arrays.stream(ReplyEvent.values()).map(ReplyEvent::wireName).toList());
  }

  @Test
  void everyErrorHasARowWithItsTypeAndStatus() {
    assertThat(rows("## Errors", "## Models"))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList());
    assertThat(ErrorCode.values())
        .allSatisfy(error -> assertThat(document)
            .contains(
                "| `%s` | `%s` | %d |".formatted(error.code(), error.type(), error.httpStatus())));
  }

  @Test
  void everyTopicIsTold() {
    assertThat(rows("## Topics", "## Headers"))
        .hasSize(13)
        .contains(Topics.USAGE, Topics.PRICES, Topics.USAGE_BY_USER)
        .contains(Topics.RECEIPTS, Topics.CORRECTIONS)
        .contains(Topics.deadLetters(Topics.USAGE))
        .contains(Topics.MODELS, Topics.SHARED_REPLIES)
        .contains(Topics.CONTROL, Topics.STREAMS)
        .anyMatch(topic -> topic.startsWith(Topics.REQUESTS_PREFIX))
        .anyMatch(topic -> topic.startsWith(Topics.REPLIES_PREFIX))
        .anyMatch(topic -> topic.endsWith(Topics.DEAD_LETTER_SUFFIX));
    assertThat(document)
        .contains("`" + Topics.ALLOWED_REPLY_TOPICS + "`")
        .contains("`" + Topics.workerGroup("chat.requests.<model>") + "`");
  }

  private List<String> rows(String from, String to) {
    int begin = document.indexOf(from);
    int end = document.indexOf(to);
    assertThat(begin).as(from).isNotNegative();
    assertThat(end).as(to).isGreaterThan(begin);
    return ROW.matcher(document.substring(begin, end))
        .results()
        .map((MatchResult row) -> row.group(1))
        .toList();
  }

  private static List<String> constants(Class<?> type) {
    List<String> values = new ArrayList<>();
    for (Field field : type.getFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        try {
          values.add((String) field.get(null));
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    return values;
  }
}
