package io.sirocco.worker.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.Logprobs;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.prompt.AnswerForm;
import io.sirocco.worker.prompt.CacheFields;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.prompt.StopRule;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.tokenizer.RandomText;
import io.sirocco.worker.tokenizer.StreamDecoder;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever the text and the stop texts: the deltas say what the whole answer says, it ends where it
 * must, and no more is held back than may become a stop text.
 */
class AnswerTextPropertyTest {
  private static final int CASES = 600;

  private static HuggingFaceTokenizer mistral;
  private static HuggingFaceTokenizer demo;

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
  void deltasSayWhatTheWholeAnswerSays() throws Exception {
    int stopped = 0;
    for (int seed = 0; seed < CASES; seed++) {
      try {
        stopped += check(new Random(seed)) ? 1 : 0;
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(stopped).isBetween(CASES / 4, CASES * 3 / 4);
  }

  /** Bytes that form no character decode to another number of U+FFFD in parts than at once. */
  @Test
  void deltasOfBytesThatFormNoCharacterSayWhatTheWholeAnswerSays() throws Exception {
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      int[] ids = IntStream.concat(
              random.ints(random.nextInt(20), 3, 259),
              Arrays.stream(mistral.encodeText(RandomText.draw(random, 9))))
          .toArray();
      StopRule stop = new StopRule(List.of("\uFFFD" + "a", "b"), false, Set.of(), false);
      Said said = new Said(mistral, stop, random.nextBoolean());
      said.say(ids);
      said.assertConsistent();
    }
  }

  private static boolean check(Random random) throws MalformedJsonException {
    Tokenizer tokenizer = random.nextBoolean() ? mistral : demo;
    String text = RandomText.draw(random, 40);
    StopRule stop = new StopRule(stops(random, text), random.nextBoolean(), Set.of(), false);
    Said said = new Said(tokenizer, stop, random.nextBoolean());
    said.say(tokenizer.encodeText(text));
    said.assertConsistent();
    said.assertEndsWhereItMust(text);
    return said.stopped;
  }

  private static List<String> stops(Random random, String text) {
    return Stream.generate(() -> stop(random, text)).limit(random.nextInt(4)).toList();
  }

  private static String stop(Random random, String text) {
    if (random.nextInt(2) == 0) {
      return RandomText.draw(random, 3);
    }
    int[] characters = text.codePoints().toArray();
    int begin = random.nextInt(characters.length);
    int end = begin + 1 + random.nextInt(Math.min(5, characters.length - begin));
    return new String(characters, begin, end - begin);
  }

  /** One answer, said token by token. */
  private static final class Said {
    private final Tokenizer tokenizer;
    private final StopRule stop;
    private final boolean stream;
    private final AnswerRun run;
    private final List<Integer> ids = new ArrayList<>();
    private final StringBuilder decoded = new StringBuilder();
    private boolean stopped;

    Said(Tokenizer tokenizer, StopRule stop, boolean stream) {
      this.tokenizer = tokenizer;
      this.stop = stop;
      this.stream = stream;
      this.run = new AnswerRun(
          new GenerationSpec(
              new int[] {1},
              1,
              1000,
              SamplingParameters.builder()
                  .logProbabilities(true)
                  .topLogProbabilities(1)
                  .build(),
              stop,
              new AnswerForm(stream, false, true, true, false, ""),
              new CacheFields(true, null),
              0,
              List.of()),
          Set.of(),
          tokenizer);
    }

    void say(int[] tokenIds) throws MalformedJsonException {
      StreamDecoder decoder = new StreamDecoder(tokenizer);
      for (int i = 0; i < tokenIds.length && !stopped; i++) {
        ids.add(tokenIds[i]);
        stopped = !run.generated(0, tokenIds[i]);
        decoded.append(decoder.append(tokenIds[i]));
        if (stream && !stopped) {
          assertThat(run.text(0)).isEqualTo(showable());
        }
      }
      run.finished(0, stopped ? GenerationEnd.LISTENER : GenerationEnd.LENGTH);
    }

    /** All but what may become a stop text, plainly. */
    private String showable() {
      int end = decoded.length();
      for (int begin = decoded.length() - 1; begin >= 0 && !stop.textIncluded(); begin--) {
        String tail = decoded.substring(begin);
        if (stop.texts().stream().anyMatch(text -> text.startsWith(tail))) {
          end = begin;
        }
      }
      return decoded.substring(0, end);
    }

    void assertConsistent() throws MalformedJsonException {
      assertThat(run.tokenIds(0)).isEqualTo(ids);
      List<Logprobs.Token> logprobs = new ArrayList<>();
      List<Integer> idsInBodies = new ArrayList<>();
      for (ChatChunk.Choice chunk : run.chunks(0)) {
        logprobs.addAll(content(chunk.logprobs()));
        idsInBodies.addAll(List.copyOf(chunk.tokenIds()));
      }
      assertThat(idsInBodies).isEqualTo(ids);
      if (!stream) {
        ChatCompletion.Choice whole = run.whole().choices().get(0);
        assertThat(run.whole().text()).isEqualTo(run.text(0));
        assertThat(content(whole.logprobs())).isEqualTo(logprobs);
        assertThat(whole.tokenIds()).isEqualTo(ids);
      }
      if (!stopped) {
        assertThat(logprobs).hasSameSizeAs(ids);
      }
    }

    void assertEndsWhereItMust(String text) throws MalformedJsonException {
      String beforeLast = tokenizer.decode(intArray(ids.subList(0, ids.size() - 1)));
      String all = tokenizer.decode(intArray(ids));
      assertThat(stop.texts()).noneMatch(beforeLast::contains);
      assertThat(stopped).isEqualTo(stop.texts().stream().anyMatch(all::contains));
      assertThat(stopped ? all : text).isEqualTo(all);
      assertThat(run.text(0)).isEqualTo(cut(all));
      String told = toldBytes();
      assertThat(run.text(0)).startsWith(told);
      if (!stopped) {
        assertThat(told).isEqualTo(text);
      }
    }

    private String toldBytes() throws MalformedJsonException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (ChatChunk.Choice chunk : run.chunks(0)) {
        content(chunk.logprobs()).forEach(token -> token.bytes().forEach(bytes::write));
      }
      return bytes.toString(UTF_8);
    }

    private String cut(String all) {
      for (int end = 1; end <= all.length(); end++) {
        String begun = all.substring(0, end);
        int longest = stop.texts().stream()
            .filter(begun::endsWith)
            .mapToInt(String::length)
            .max()
            .orElse(0);
        if (longest > 0) {
          return stop.textIncluded() ? begun : begun.substring(0, end - longest);
        }
      }
      return all;
    }

    private static List<Logprobs.Token> content(@Nullable Logprobs logprobs) {
      return Objects.requireNonNull(logprobs).content();
    }

    private static int[] intArray(List<Integer> values) {
      return values.stream().mapToInt(value -> value).toArray();
    }
  }
}
