package io.sirocco.embedded;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SiroccoException;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco chat}: asks a model, through a broker and a worker of its own.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = "Ask a model, through an embedded broker and worker.",
    footer = {
      "",
      "Without PROMPT: a conversation on a terminal, else the prompt is read from standard input.",
      "",
      "Examples:",
      "  sirocco chat \"What is a mistral?\"",
      "  sirocco chat --model ~/models/Mistral-7B-Instruct-v0.2 --temperature 0.7 \"Tell me a story.\"",
      "  sirocco chat --json \"What is a mistral?\" | jq .headers"
    })
final class ChatCommand implements Callable<Integer> {
  private static final String DEMO_NAME = "demo";
  private static final String FOLDER_NAME = "model";
  private static final int WORKER_DIED = 70;

  /** The launcher says whether a person types; Java tells it differently in each version. */
  private static final String TERMINAL_PROPERTY = "sirocco.terminal";

  @Parameters(index = "0", arity = "0..1", paramLabel = "PROMPT", description = "What to ask.")
  private @Nullable String prompt;

  @Option(
      names = "--json",
      description = "Print the records of the reply topic, one a line, instead of the text.")
  private boolean json;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "Ask a running system in place of an embedded one.")
  private @Nullable String bootstrapServer;

  @Option(
      names = "--served-model",
      paramLabel = "NAME",
      description = "With --bootstrap-server: the model to ask (default: the system's default).")
  private @Nullable String servedModel;

  @Mixin
  private final CommandConfig config = new CommandConfig();

  @Mixin
  private final ModelOptions model = new ModelOptions();

  @Mixin
  private final ChatOptions chat = new ChatOptions();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws ModelLoadException, IOException, InterruptedException {
    PrintWriter out = Specs.require(spec).commandLine().getOut();
    PrintWriter err = Specs.require(spec).commandLine().getErr();
    if (prompt == null && !Boolean.getBoolean(TERMINAL_PROPERTY)) {
      prompt = standardInput().lines().collect(Collectors.joining("\n"));
    }
    if (prompt != null && prompt.isBlank()) {
      throw new ParameterException(
          Specs.require(spec).commandLine(), "expected a prompt, found none");
    }
    int exitCode =
        bootstrapServer == null ? askEmbedded(out, err) : askSystem(bootstrapServer, out, err);
    if (System.out.checkError()) {
      err.println("sirocco: expected to write to standard output, found it closed or full");
      return 1;
    }
    return exitCode;
  }

  private int askEmbedded(PrintWriter out, PrintWriter err)
      throws ModelLoadException, IOException, InterruptedException {
    ModelFolder folder = model.open();
    if (model.isDemo()) {
      err.println(
          "note: this is a tiny demo model that knows a few hundred topics; for real answers:"
              + " --model DIR with a Mistral or Mixtral checkpoint folder");
      err.flush();
    }
    ServedName served =
        new ServedName(model.isDemo() ? DEMO_NAME : FOLDER_NAME, () -> model.load(folder, err));
    try (EmbeddedSirocco sirocco = EmbeddedSirocco.start(
            EmbeddedSettings.ofChat(served), new SimpleMeterRegistry(), ChatCommand::exit);
        SiroccoClient client = SiroccoClient.connect(
            clientSettings(Map.of("bootstrap.servers", sirocco.bootstrapServers()))
                .model(served.name())
                .build())) {
      return converse(
          new Conversation(client, chat, printer(out), err, AnswerCost.ofNoPrices()), out);
    }
  }

  private int askSystem(String servers, PrintWriter out, PrintWriter err) throws IOException {
    Map<String, String> kafka = config.clientProperties(servers);
    try (SiroccoClient client = SiroccoClient.connect(clientSettings(kafka).build())) {
      chat.ask(servedModel);
      return converse(
          new Conversation(client, chat, printer(out), err, AnswerCost.ofSystem(kafka)), out);
    }
  }

  private AnswerPrinter printer(PrintWriter out) {
    return json ? new RecordPrinter(out) : new TextPrinter(out);
  }

  /** One answer at a time is read here, so two topics ahead are plenty. */
  private static ClientSettings.Builder clientSettings(Map<String, String> kafka) {
    return ClientSettings.builder(kafka.getOrDefault("bootstrap.servers", ""))
        .kafkaProperties(kafka)
        .readyTopics(2)
        .refillAt(1);
  }

  private int converse(Conversation conversation, PrintWriter out) throws IOException {
    if (prompt != null) {
      return ask(conversation, prompt);
    }
    BufferedReader in = standardInput();
    out.println("Type a message; an empty line or Ctrl-D ends the conversation.");
    while (true) {
      out.print("> ");
      out.flush();
      String line = in.readLine();
      if (line == null || line.isBlank()) {
        return 0;
      }
      ask(conversation, line);
    }
  }

  private static BufferedReader standardInput() {
    return new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
  }

  private static int ask(Conversation conversation, String message) {
    try {
      conversation.ask(message);
      return 0;
    } catch (SiroccoException e) {
      conversation.report(e);
      return 1;
    }
  }

  /** Nobody would answer any more, and the worker has said why. Its thread must end for the exit. */
  private static void exit(Throwable fault) {
    new Thread(() -> System.exit(WORKER_DIED), "exit").start();
  }
}
