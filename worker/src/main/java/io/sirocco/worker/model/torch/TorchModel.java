package io.sirocco.worker.model.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.folder.Experts;
import io.sirocco.worker.model.folder.ModelConfig;
import io.sirocco.worker.model.folder.ModelFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A decoder on libtorch: one call of a TorchScript program for each step, on weights and a cache
 * that stay in native memory.
 *
 * <p>Confined to one thread at a time: it may be loaded on one and handed to another, on which
 * every step is then computed.
 */
public final class TorchModel implements CausalModel {
  private static final Logger log = LoggerFactory.getLogger(TorchModel.class);

  /** oneDNN reads prepacked weights a fifth faster for four rows than for one. */
  private static final int PREPACKED_ROWS = 4;

  private final NativeScope model;
  private final TorchProgram program;
  private final ModelShape shape;
  private final int kvHeads;
  private final int minRows;
  private final DecoderWeights weights;
  private final IValue sizes;
  private final IValue epsilon;
  private final IValue rope;
  private final IValue caches;

  private TorchModel(
      NativeScope model,
      TorchProgram program,
      ModelConfig config,
      TorchModelSettings settings,
      LinearKernel kernel,
      DecoderWeights weights) {
    this.model = model;
    this.program = program;
    this.kvHeads = config.kvHeads();
    this.minRows = minRows(config, kernel);
    this.weights = weights;
    shape = shape(config, settings);
    sizes = model.integers(sizes(config, settings, kernel));
    epsilon = program.run(model, "scalar", model.number(config.rmsNormEpsilon()));
    rope = program.run(model, "rope_tables", model.number(config.ropeTheta()), sizes);
    IValue layers = model.integer(config.layers());
    IValue tokens = model.integer(settings.cacheTokens());
    caches = program.run(model, "new_cache", layers, tokens, sizes);
  }

  private static ModelShape shape(ModelConfig config, TorchModelSettings settings) {
    int context = settings.contextTokens();
    Integer window = config.slidingWindow();
    return new ModelShape(
        config.vocabularySize(),
        context,
        window == null ? context : Math.min(window, context),
        settings.cacheTokens());
  }

  /** Loads a folder's weights in the fastest way that the CPU has for the precision. */
  public static TorchModel load(
      ModelFolder folder, TorchModelSettings settings, LoadProgress progress)
      throws ModelLoadException {
    return load(folder, settings, progress, TorchProgram.decoder(), LinearKernel::fastest);
  }

  /** How the kernel of linear layers is chosen. */
  @FunctionalInterface
  interface KernelChoice {
    LinearKernel choose(TorchProgram program, NativeScope model, Precision precision);
  }

  static TorchModel load(
      ModelFolder folder,
      TorchModelSettings settings,
      LoadProgress progress,
      String source,
      KernelChoice choice)
      throws ModelLoadException {
    if (settings.contextTokens() > folder.config().maxPositions()) {
      throw new ModelLoadException("%s: expected a context of at most %d tokens, found %d"
          .formatted(folder.path(), folder.config().maxPositions(), settings.contextTokens()));
    }
    try {
      return LoadThread.call(() -> build(
          new NativeScope(TorchRuntime.open(settings.threads())),
          folder,
          settings,
          progress,
          source,
          choice));
    } catch (EngineException e) {
      throw new ModelLoadException(
          "%s: libtorch cannot load the model: %s".formatted(folder.path(), TorchFailure.reason(e)),
          e);
    }
  }

  /** Builds the model in its scope, which is closed when that fails. */
  private static TorchModel build(
      NativeScope model,
      ModelFolder folder,
      TorchModelSettings settings,
      LoadProgress progress,
      String source,
      KernelChoice choice)
      throws ModelLoadException {
    boolean built = false;
    try {
      TorchRuntime.prepareThread();
      TorchProgram program = TorchProgram.compile(source, model);
      LinearKernel kernel = choice.choose(program, model, settings.precision());
      DecoderWeights weights =
          new WeightLoader(program, model, settings.precision(), kernel, progress).load(folder);
      TorchModel result =
          new TorchModel(model, program, folder.config(), settings, kernel, weights);
      log.info(
          "cache tokens={} mib={}",
          settings.cacheTokens(),
          cacheBytes(folder.config(), settings) >> 20);
      built = true;
      return result;
    } finally {
      if (!built) {
        model.close();
      }
    }
  }

  /** What the cache takes when all of it has been written to. */
  private static long cacheBytes(ModelConfig config, TorchModelSettings settings) {
    long perToken = 2L * config.layers() * config.kvHeads() * config.headDim();
    return perToken
        * settings.cacheTokens()
        * settings.precision().elementType().carrier().getNumOfBytes();
  }

  /** Padding rows choose experts of their own, which would have to be read. */
  private static int minRows(ModelConfig config, LinearKernel kernel) {
    return kernel == LinearKernel.PREPACKED && config.experts() == null ? PREPACKED_ROWS : 1;
  }

  /** The program's list of that name, in its order. */
  private static long[] sizes(
      ModelConfig config, TorchModelSettings settings, LinearKernel kernel) {
    Integer window = config.slidingWindow();
    Experts experts = config.experts();
    return new long[] {
      config.heads(),
      config.kvHeads(),
      config.headDim(),
      window == null ? 0 : window,
      settings.contextTokens(),
      settings.precision().elementType().code(),
      kernel == LinearKernel.PREPACKED ? 1 : 0,
      experts == null ? 0 : experts.count(),
      experts == null ? 0 : experts.perToken()
    };
  }

  @Override
  public ModelShape shape() {
    return shape;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    TorchRuntime.prepareThread();
    try (NativeScope step = model.child()) {
      StepLayout layout = StepLayout.of(input, shape, kvHeads, minRows);
      IValue logits = program.run(
          step,
          "step",
          step.tensor(layout.tokens()),
          step.tensor(layout.positions()),
          step.tensor(layout.written()),
          step.tensor(layout.headRows()),
          step.tensor(layout.logitsRows()),
          step.integer(input.logitsRows()),
          step.integers(layout.spans()),
          step.integers(layout.groups()),
          sizes,
          epsilon,
          weights.embedding(),
          weights.norms(),
          weights.linears(),
          rope,
          caches);
      float[] rows = input.logitsRows() == 0 ? new float[0] : step.floats(logits);
      return new LogitsBatch(rows, shape.vocabularySize());
    } catch (IllegalArgumentException | EngineException e) {
      throw new ModelStepException(
          "a step of %d tokens failed: %s".formatted(input.tokens(), TorchFailure.reason(e)), e);
    }
  }

  @Override
  public void copy(Extent from, Extent to, int tokens) throws ModelStepException {
    TorchRuntime.prepareThread();
    try (NativeScope scope = model.child()) {
      IValue places =
          scope.integers(from.base(), from.capacity(), to.base(), to.capacity(), tokens);
      program.run(scope, "copy", places, sizes, caches);
    } catch (EngineException e) {
      throw new ModelStepException(
          "a copy of %d tokens failed: %s".formatted(tokens, TorchFailure.reason(e)), e);
    }
  }

  @Override
  public void clear(Extent place) throws ModelStepException {
    TorchRuntime.prepareThread();
    try (NativeScope scope = model.child()) {
      program.run(scope, "clear", scope.integers(place.base(), place.capacity()), sizes, caches);
    } catch (EngineException e) {
      throw new ModelStepException(
          "clearing %s failed: %s".formatted(place, TorchFailure.reason(e)), e);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
