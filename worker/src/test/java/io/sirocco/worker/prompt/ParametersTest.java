package io.sirocco.worker.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of a request: its default, the ends of its range, what lies outside, other types. */
class ParametersTest {
  private static final String WRITE = "sirocco.cases.write";
  private static final Pattern RANGE = Pattern.compile("from (-?[0-9.]+) to (-?[0-9.]+)");

  private static final Pattern LENGTH = Pattern.compile("^a text of .*to ([0-9]+) ");

  private static HuggingFaceTokenizer tokenizer;
  private static RequestMapper mapper;
  private static List<ParameterCase> cases;

  @BeforeAll
  static void load() throws Exception {
    ModelFolder folder = ModelFolder.open(CheckpointFolders.DEMO);
    tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
    mapper = new RequestMapper(
        new PromptEncoder(ChatTemplate.load(folder), tokenizer), 1024, tokenizer.vocabularySize());
    cases = ParameterCase.read();
    if (Boolean.getBoolean(WRITE)) {
      List<ParameterCase> written = new ArrayList<>();
      for (ParameterCase each : cases) {
        written.add(each.withOutcome(outcome(each)));
      }
      ParameterCase.write(written);
      cases = written;
    }
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  static Stream<ParameterCase> cases() {
    return cases.stream();
  }

  static Stream<RequestField<?>> fields() {
    return Parameters.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void requestBecomesWhatTheGoldenFileSays(ParameterCase golden) throws Exception {
    assertThat(outcome(golden))
        .as("%s; write the file anew with -D%s=true", golden, WRITE)
        .isEqualTo(golden.outcome());
  }

  @ParameterizedTest
  @MethodSource("fields")
  void nullIsAbsence(RequestField<?> field) throws Exception {
    String members = "\"%s\": null".formatted(field.name());

    assertThat(outcome(new ParameterCase(field.name(), members, "")))
        .isEqualTo(ParameterCase.AS_ABSENT);
  }

  @ParameterizedTest
  @MethodSource("fields")
  void fieldHasCasesThatAreTakenAndOfAnotherType(RequestField<?> field) {
    assertThat(of(field)).as(field.name()).anyMatch(ParameterCase::isTaken);
    assertThat(of(field)).as(field.name()).anyMatch(each -> each.isRefused("invalid_type"));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void fieldOfMoreThanTrueAndFalseHasCasesOutside(RequestField<?> field) {
    assertThat(of(field))
        .as(field.name())
        .anyMatch(each -> field.range().contains("true or false")
            || each.isRefused("invalid_value")
            || each.isRefused("unsupported_parameter"));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void bothEndsOfARangeAreTakenAndBothSidesRefused(RequestField<?> field) {
    Matcher range = RANGE.matcher(field.range());
    if (!range.find() || !field.range().startsWith("a ")) {
      return;
    }
    BigDecimal least = new BigDecimal(range.group(1));
    BigDecimal most = new BigDecimal(range.group(2));
    assertThat(numbers(field, true)).as(field.name()).contains(least, most);
    assertThat(numbers(field, false))
        .as(field.name())
        .anyMatch(value -> value.compareTo(least) < 0)
        .anyMatch(value -> value.compareTo(most) > 0);
  }

  @ParameterizedTest
  @MethodSource("fields")
  void longestTextIsTakenAndALongerOneRefused(RequestField<?> field) {
    Matcher range = LENGTH.matcher(field.range());
    if (range.find()) {
      int most = Integer.parseInt(range.group(1));
      assertThat(texts(field, true)).contains("<x:%d>".formatted(most));
      assertThat(texts(field, false)).contains("<x:%d>".formatted(most + 1));
    }
  }

  @Test
  void everyCaseIsAboutAFieldThatThereIs() {
    List<String> names = new ArrayList<>(List.of("nothing", "unknown", "model", "messages"));
    Parameters.all().map(RequestField::name).forEach(names::add);

    assertThat(cases).extracting(ParameterCase::field).isSubsetOf(names);
  }

  @Test
  void namesAreUnique() {
    assertThat(Parameters.all().map(RequestField::name)).doesNotHaveDuplicates();
  }

  private static List<ParameterCase> of(RequestField<?> field) {
    return cases.stream().filter(each -> each.field().equals(field.name())).toList();
  }

  /** The numbers that the field has in cases that are taken, or are not. */
  private static List<BigDecimal> numbers(RequestField<?> field, boolean taken) {
    Pattern value = Pattern.compile("\"%s\": (-?[0-9.]+)(,|$)".formatted(field.name()));
    return of(field).stream()
        .filter(each -> each.isTaken() == taken)
        .map(each -> value.matcher(each.members()))
        .filter(Matcher::find)
        .map(found -> new BigDecimal(found.group(1)))
        .toList();
  }

  private static List<String> texts(RequestField<?> field, boolean taken) {
    String before = "\"%s\": ".formatted(field.name());
    return of(field).stream()
        .filter(each -> each.isTaken() == taken)
        .map(each -> each.members().replace(before, ""))
        .toList();
  }

  private static String outcome(ParameterCase each) throws Exception {
    try {
      SpecText spec = spec(each.body());
      return each.members().isEmpty()
          ? spec.all()
          : spec.changesFrom(spec(each.withMembers("").body()));
    } catch (InvalidRequestException e) {
      return "%s %s: %s".formatted(e.code().code(), e.field(), e.getMessage());
    }
  }

  private static SpecText spec(String body) throws Exception {
    ChatRequest request = new RequestDecoder(new JsonCodec()).decode(body.getBytes(UTF_8));
    return new SpecText(mapper.map(request, "id"), tokenizer);
  }
}
