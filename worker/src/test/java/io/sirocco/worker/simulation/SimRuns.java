package io.sirocco.worker.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.prompt.ChatTemplate;
import io.sirocco.worker.prompt.PromptEncoder;
import io.sirocco.worker.prompt.RequestMapper;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Plays runs. What goes wrong in them on purpose, thousands of times, is told by the journal of a run
 * that fails, and not by the worker's log, which is quiet until this is closed.
 *
 * <p>Confined to one thread.
 */
final class SimRuns implements AutoCloseable {
  private static final int REQUESTS = 5;

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.sirocco.worker");
  private final RequestMapper mapper;
  private final Undisturbed undisturbed;

  private SimRuns(RequestMapper mapper, Undisturbed undisturbed) {
    this.mapper = mapper;
    this.undisturbed = undisturbed;
    logger.setLevel(Level.OFF);
  }

  /** Answers every request undisturbed, to compare with. */
  static SimRuns prepare() throws Exception {
    ModelFolder folder = ModelFolder.open(Path.of("..", "deploy", "models", "demo"));
    SimTokenizer tokenizer = new SimTokenizer();
    RequestMapper mapper = new RequestMapper(
        new PromptEncoder(ChatTemplate.load(folder), tokenizer),
        SimModel.CONTEXT,
        tokenizer.vocabularySize());
    return new SimRuns(mapper, Undisturbed.by(mapper));
  }

  /** Plays the run of {@code seed}, in which every guarantee must hold, and returns what happened. */
  String play(int seed, Trouble trouble) {
    return play(seed, trouble, Set.of(), EnumSet.allOf(Guarantee.class));
  }

  /**
   * Plays the run of {@code seed} and returns what happened.
   *
   * @param bugs what all workers, or requesters, do wrong
   * @param guarantees what must hold; that all ends must, in any case
   * @throws AssertionError when something does not; it says what happened
   */
  String play(int seed, Trouble trouble, Set<PlantedBug> bugs, Set<Guarantee> guarantees) {
    SimWorld world = new SimWorld(seed, mapper, trouble, guarantees, bugs);
    try {
      world.askAny(REQUESTS, undisturbed);
      world.play();
    } catch (AssertionError e) {
      throw new AssertionError(
          "seed %d: %s%n%s".formatted(seed, e.getMessage(), world.simulation().journal()), e);
    }
    return world.simulation().journal().toString();
  }

  @Override
  public void close() {
    logger.setLevel(null);
  }
}
