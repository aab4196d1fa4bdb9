package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample of the README is compiled and run as it stands, but for the broker and the output. */
@Timeout(180)
@OnEmbeddedKafka
class ReadmeSampleIT {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /** As a worker ends: the last delta has a finish reason and no text. */
  private static final EchoWorker.Script TWO_WORDS = (request, replies) -> {
    String id = request.id();
    replies.send(WireReply.start(id, "w", 1));
    replies.send(WireReply.delta(id, "w", 1, 0, "A "));
    replies.send(WireReply.delta(id, "w", 1, 1, "wind"));
    ChatChunk.Choice finish =
        new ChatChunk.Choice(0, new ChatChunk.Delta(null, null), FinishReason.STOP);
    ChatChunk last = new ChatChunk("chat-1", ChatChunk.OBJECT, 1, "echo", List.of(finish), null);
    replies.send(WireReply.of(id, ReplyEvent.DELTA, "w", 1, 2L, new JsonCodec().write(last)));
    replies.send(WireReply.end(id, "w", 1, 3));
  };

  @TempDir
  private Path folder;

  @Test
  void sampleOfTheReadmePrintsTheAnswerAndNothingElse(KafkaBroker broker) throws Exception {
    String topic = Topics.requests("demo");
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(topic, 1);
    }
    String sample =
        sample().replace("localhost:9092", broker.bootstrapServers()).replace("System.out", "out");
    try (EchoWorker worker = EchoWorker.start(broker.bootstrapServers(), topic, TWO_WORDS)) {
      assertThat(run(sample)).isEqualTo("A wind");
      assertThat(worker.requests()).hasSize(1);
    }
  }

  private static String sample() throws IOException {
    Matcher blocks = JAVA.matcher(Files.readString(Path.of("..", "README.md")));
    assertThat(blocks.find()).as("a block of Java in the README").isTrue();
    return blocks.group(1);
  }

  private String run(String statements) throws Exception {
    Path source = Files.writeString(folder.resolve("Sample.java"), """
        import io.sirocco.client.*;
        import io.sirocco.contracts.chat.*;
        import java.time.Duration;
        public class Sample {
          public static void run(java.io.PrintStream out) {
        %s
          }
        }
        """.formatted(statements));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream faults = new ByteArrayOutputStream();
    String classPath = System.getProperty("java.class.path");
    compiler.run(null, null, faults, "-cp", classPath, "-proc:none", source.toString());
    assertThat(folder.resolve("Sample.class")).as(faults.toString(UTF_8)).exists();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        PrintStream out = new PrintStream(printed, true, UTF_8)) {
      loader.loadClass("Sample").getMethod("run", PrintStream.class).invoke(null, out);
    }
    return printed.toString(UTF_8);
  }
}
