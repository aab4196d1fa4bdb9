package io.sirocco.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.engine.EngineLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Some workers in a process of their own, with models that take their time and no processor, so that what
 * all else of a worker costs can be measured.
 *
 * <p>Confined to the thread that starts it.
 */
final class WorkersProcess implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(20);
  private static final int CONTEXT = 512;

  private final Process process;
  private final BufferedReader said;
  private final PrintStream told;

  private WorkersProcess(Process process) {
    this.process = process;
    this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    this.told = new PrintStream(process.getOutputStream(), true, UTF_8);
  }

  /** Has as many workers as each line of its standard input says. */
  public static void main(String[] args) throws Exception {
    WorkerSettings settings = WorkerSettings.of(args[0], args[1])
        .withPartitions(Integer.parseInt(args[2]))
        .withLimits(EngineLimits.of(Integer.parseInt(args[3])));
    Deque<Worker> workers = new ArrayDeque<>();
    BufferedReader told = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = told.readLine(); line != null; line = told.readLine()) {
      int count = Integer.parseInt(line);
      while (workers.size() < count) {
        workers.add(Worker.start(
            settings,
            model(Path.of(args[4]), Integer.parseInt(args[3])),
            new SimpleMeterRegistry(),
            fault -> Runtime.getRuntime().halt(70)));
      }
      while (workers.size() > count) {
        workers.remove().close();
      }
      System.out.println(count);
    }
    workers.forEach(Worker::abort);
  }

  /** The folder's tokenizer and template, with a model that has the same vocabulary. */
  private static ServedModel model(Path folder, int sequences) throws Exception {
    ServedModel served = new MeasuredModel(folder, 1).loadServed(1, CONTEXT);
    int vocabulary = served.causalModel().shape().vocabularySize();
    served.causalModel().close();
    return new ServedModel(
        new PacedModel(new InstantModel(sequences, CONTEXT, vocabulary), STEP),
        served.tokenizer(),
        served.prompts(),
        served.endIds());
  }

  /** Starts a process without workers. */
  static WorkersProcess start(
      String bootstrapServers, String model, int partitions, int sequences, Path folder)
      throws IOException {
    return new WorkersProcess(new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-cp",
            ManagementFactory.getRuntimeMXBean().getClassPath(),
            WorkersProcess.class.getName(),
            bootstrapServers,
            model,
            Integer.toString(partitions),
            Integer.toString(sequences),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  /** Starts or drains workers until there are {@code count}; those that leave are the oldest. */
  void have(int count) throws IOException {
    told.println(count);
    String answer = said.readLine();
    while (answer != null && !answer.equals(Integer.toString(count))) {
      answer = said.readLine(); // A library said something.
    }
    if (answer == null) {
      throw new IOException("expected %d workers, found that their process ended".formatted(count));
    }
  }

  /** How long it has kept a processor busy. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  @Override
  public void close() {
    told.close();
    process.onExit().join();
  }
}
