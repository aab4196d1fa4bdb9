package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Logprobs;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.prompt.AnswerForm;
import io.sirocco.worker.prompt.CacheFields;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.prompt.StopRule;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReplyAssemblerTest {
  private static final int END = 2;
  private static final int BEGIN = 1;

  private static HuggingFaceTokenizer tokenizer;

  @BeforeAll
  static void load() throws Exception {
    tokenizer =
        HuggingFaceTokenizer.load(CheckpointFolders.VOCABULARY_32K.resolve("tokenizer.json"));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void anEndTokenCountsAndLeavesNoText() throws Exception {
    AnswerRun run = run(StopRule.OF_MODEL, AnswerForm.STREAM, 0);
    say(run, "Hello world");
    run.generated(0, END);
    run.finished(0, GenerationEnd.END_TOKEN);

    assertThat(run.text(0)).isEqualTo("Hello world");
    assertThat(run.tokenIds(0)).endsWith(END);
    assertThat(finishReason(run)).isEqualTo(FinishReason.STOP);
  }

  @Test
  void aStopTokenIsShownWithItsAnswerIfStopTextsAre() throws Exception {
    int stopId = tokenizer.encodeText("Hello")[0];
    StopRule stop = new StopRule(List.of(), true, Set.of(stopId), false);
    AnswerRun run = run(stop, AnswerForm.STREAM, 0);
    say(run, "world");
    run.generated(0, stopId);
    run.finished(0, GenerationEnd.END_TOKEN);

    assertThat(run.text(0)).isEqualTo("world Hello");
  }

  @Test
  void controlTokensAreShownToWhoAsks() throws Exception {
    AnswerRun skipping = run(StopRule.OF_MODEL, AnswerForm.STREAM, 0);
    AnswerRun showing =
        run(StopRule.OF_MODEL, new AnswerForm(true, false, false, false, false, ""), 0);
    for (AnswerRun run : List.of(skipping, showing)) {
      say(run, "Hello");
      run.generated(0, BEGIN);
      say(run, "you");
      run.finished(0, GenerationEnd.LENGTH);
    }

    assertThat(skipping.text(0)).doesNotContain("<s>");
    assertThat(showing.text(0)).startsWith("Hello").contains("<s>");
  }

  @Test
  void whatIsEchoedComesFirst() throws Exception {
    AnswerRun run =
        run(StopRule.OF_MODEL, new AnswerForm(true, false, true, false, false, "Once"), 0);
    say(run, "upon");
    run.finished(0, GenerationEnd.LENGTH);

    assertThat(run.text(0)).isEqualTo("Onceupon");
  }

  @Test
  void aTextThatGoesOnKeepsTheSpaceOfItsFirstWord() throws Exception {
    AnswerForm form = new AnswerForm(true, false, true, false, true, "Once");
    GenerationSpec spec = new GenerationSpec(
        tokenizer.encodeText("Once"),
        1,
        100,
        SamplingParameters.builder().logProbabilities(true).build(),
        StopRule.OF_MODEL,
        form,
        new CacheFields(true, null),
        0,
        List.of());
    AnswerRun run = new AnswerRun(spec, Set.of(END), tokenizer);
    say(run, "upon a");
    run.finished(0, GenerationEnd.LENGTH);

    assertThat(run.text(0)).isEqualTo("Once upon a");
    assertThat(run.chunks(0).stream()
            .flatMap(chunk -> Objects.requireNonNull(chunk.logprobs()).content().stream())
            .map(Logprobs.Token::token))
        .containsExactly(" upon", " a");
  }

  @Test
  void aPromptThatNothingFollowsIsEchoedAndCutOff() throws Exception {
    AnswerRun run =
        run(StopRule.OF_MODEL, new AnswerForm(true, false, true, false, false, "Once"), 0);
    run.finished(0, GenerationEnd.LENGTH);

    assertThat(run.text(0)).isEqualTo("Once");
    assertThat(run.tokenIds(0)).isEmpty();
    assertThat(finishReason(run)).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void stopTextsAreNotLookedForInTheLeastTokens() throws Exception {
    int[] ids = tokenizer.encodeText("one two one two");
    StopRule stop = new StopRule(List.of("one"), false, Set.of(), false);
    AnswerRun run = run(stop, AnswerForm.STREAM, 2);
    int said = 0;
    while (run.generated(0, ids[said++])) {
      // Until it stops.
    }
    run.finished(0, GenerationEnd.LISTENER);

    assertThat(run.text(0)).isEqualTo("one two ");
    assertThat(said).isEqualTo(3);
  }

  @Test
  void anAnswerThatNobodyReadsMeanwhileComesInPiecesThatGrow() throws Exception {
    AnswerRun run = run(StopRule.OF_MODEL, AnswerForm.WHOLE, 0);
    for (int i = 0; i < 100; i++) {
      run.generated(0, tokenizer.encodeText("you")[0]);
    }
    run.finished(0, GenerationEnd.LENGTH);

    assertThat(run.deltas(0))
        .extracting(delta -> delta.tokenIds().size())
        .containsExactly(1, 2, 4, 8, 16, 32, 32, 5);
  }

  @Test
  void bytesOfACharacterAreToldWithTheCharacter() throws Exception {
    SamplingParameters sampling = SamplingParameters.builder()
        .logProbabilities(true)
        .topLogProbabilities(1)
        .build();
    AnswerRun run = run(StopRule.OF_MODEL, AnswerForm.STREAM, sampling);
    say(run, "x\uD83E\uDD80");
    run.finished(0, GenerationEnd.LENGTH);

    List<Logprobs> told = run.chunks(0).stream().map(ChatChunk.Choice::logprobs).toList();
    assertThat(told.get(0).content()).extracting(Logprobs.Token::token).containsExactly("x");
    assertThat(told.get(1).content())
        .extracting(Logprobs.Token::bytes)
        .containsExactly(List.of(0xF0), List.of(0x9F), List.of(0xA6), List.of(0x80));
    assertThat(told.get(1).content()).allSatisfy(token -> {
      assertThat(token.token()).isEqualTo("\uFFFD");
      assertThat(token.logprob()).isEqualTo(-1);
      assertThat(token.topLogprobs())
          .containsExactly(new Logprobs.Alternative("\uFFFD", -0.5, token.bytes()));
    });
  }

  private static AnswerRun run(StopRule stop, AnswerForm form, int minTokens) {
    return run(stop, form, SamplingParameters.builder().minTokens(minTokens).build());
  }

  private static AnswerRun run(StopRule stop, AnswerForm form, SamplingParameters sampling) {
    GenerationSpec spec = new GenerationSpec(
        new int[] {1}, 1, 100, sampling, stop, form, new CacheFields(true, null), 0, List.of());
    return new AnswerRun(spec, stop.endIds(Set.of(END)), tokenizer);
  }

  private static void say(AnswerRun run, String text) {
    for (int id : tokenizer.encodeText(text)) {
      assertThat(run.generated(0, id)).isTrue();
    }
  }

  private static @Nullable FinishReason finishReason(AnswerRun run) throws MalformedJsonException {
    List<ChatChunk.Choice> chunks = run.chunks(0);
    return chunks.get(chunks.size() - 1).finishReason();
  }
}
