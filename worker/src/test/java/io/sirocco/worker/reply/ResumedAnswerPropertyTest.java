package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.prompt.AnswerForm;
import io.sirocco.worker.prompt.CacheFields;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.prompt.StopRule;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.tokenizer.RandomText;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Wherever a log breaks off: what it holds and what the heir appends say what the undisturbed answer
 * says, with the same ids, and the heir generates what is missing and nothing else.
 */
class ResumedAnswerPropertyTest {
  private static final int CASES = 150;
  private static final int END = 2;

  private static HuggingFaceTokenizer mistral;
  private static HuggingFaceTokenizer demo;

  private int heirs;
  private int withoutWork;

  @BeforeAll
  static void load() throws Exception {
    mistral = HuggingFaceTokenizer.load(CheckpointFolders.VOCABULARY_32K.resolve("tokenizer.json"));
    demo = HuggingFaceTokenizer.load(CheckpointFolders.DEMO.resolve("tokenizer.json"));
  }

  @AfterAll
  static void close() {
    mistral.close();
    demo.close();
  }

  @Test
  void everyBeginningOfALogIsGoneOnWith() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      try {
        check(new Random(seed));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(heirs).isGreaterThan(5 * CASES);
    assertThat(withoutWork).isGreaterThan(CASES / 5);
  }

  private void check(Random random) throws Exception {
    Tokenizer tokenizer = random.nextBoolean() ? mistral : demo;
    int[][] texts = new int[1 + random.nextInt(2)][];
    for (int choice = 0; choice < texts.length; choice++) {
      texts[choice] = ids(random, tokenizer);
    }
    GenerationSpec spec = spec(random, texts);
    AnswerRun undisturbed = new AnswerRun(spec, Set.of(END), tokenizer);
    say(undisturbed, spec, texts, random);
    List<ReplyRecord> log = undisturbed.records();
    for (int written = 1; written < log.size(); written++) {
      AnswerRun heir = new AnswerRun(spec, Set.of(END), tokenizer, log.subList(0, written));
      say(heir, spec, texts, random);
      assertSame(undisturbed, heir, spec);
      heirs++;
    }
  }

  private static void assertSame(AnswerRun undisturbed, AnswerRun heir, GenerationSpec spec)
      throws Exception {
    ReplyCheckpoint expected = undisturbed.checkpoint();
    ReplyCheckpoint found = heir.checkpoint();
    assertThat(found.end()).isEqualTo(expected.end());
    for (int choice = 0; choice < spec.choices(); choice++) {
      assertThat(found.choice(choice)).isEqualTo(expected.choice(choice));
    }
    assertThat(heir.records().stream().filter(reply -> reply.event() == ReplyEvent.START))
        .hasSize(2)
        .extracting(ReplyRecord::attempt)
        .containsExactly(1, 2);
    if (!spec.form().stream()) {
      assertThat(heir.whole().choices()).isEqualTo(undisturbed.whole().choices());
      assertThat(heir.whole().usage()).isEqualTo(undisturbed.whole().usage());
    }
  }

  /** Generates what is missing of each choice, as an engine would. */
  private void say(AnswerRun run, GenerationSpec spec, int[][] texts, Random random) {
    ReplyCheckpoint written = run.checkpoint();
    int[] next = new int[texts.length];
    boolean[] over = new boolean[texts.length];
    for (int choice = 0; choice < texts.length; choice++) {
      next[choice] = written.choice(choice).tokenIds().size();
      over[choice] = written.choice(choice).finishReason() != null;
      if (run.end(choice).isPresent()) {
        run.finished(choice, run.end(choice).get());
        over[choice] = true;
        withoutWork++;
      }
    }
    while (IntStream.range(0, over.length).anyMatch(choice -> !over[choice])) {
      int choice = random.nextInt(texts.length);
      if (!over[choice]) {
        over[choice] = step(run, spec, choice, texts[choice], next);
      }
    }
  }

  private static boolean step(
      AnswerRun run, GenerationSpec spec, int choice, int[] ids, int[] next) {
    int id = ids[next[choice]++];
    boolean goesOn = run.generated(choice, id);
    if (id == END) {
      run.finished(choice, GenerationEnd.END_TOKEN);
    } else if (!goesOn) {
      run.finished(choice, GenerationEnd.LISTENER);
    } else if (next[choice] == spec.maxNewTokens()) {
      run.finished(choice, GenerationEnd.LENGTH);
    } else {
      return false;
    }
    return true;
  }

  private static int[] ids(Random random, Tokenizer tokenizer) {
    IntStream text = IntStream.of(tokenizer.encodeText(RandomText.draw(random, 40)));
    IntStream bytes =
        random.nextInt(4) == 0 ? random.ints(random.nextInt(6), 3, 200) : IntStream.empty();
    return IntStream.concat(IntStream.concat(bytes, text), IntStream.of(END)).toArray();
  }

  private static GenerationSpec spec(Random random, int[][] texts) {
    int shortest = Stream.of(texts).mapToInt(ids -> ids.length).min().orElseThrow();
    boolean stream = random.nextInt(3) > 0;
    return new GenerationSpec(
        new int[] {1, 5, 6},
        texts.length,
        1 + random.nextInt(shortest),
        SamplingParameters.builder().minTokens(random.nextInt(4)).build(),
        new StopRule(
            Stream.generate(() -> RandomText.draw(random, 2))
                .limit(random.nextInt(5))
                .filter(text -> !text.isEmpty())
                .toList(),
            random.nextBoolean(),
            Set.of(),
            false),
        new AnswerForm(
            stream,
            false,
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextInt(3) == 0,
            random.nextInt(3) == 0 ? "echoed" : ""),
        new CacheFields(true, null),
        0,
        List.of());
  }
}
