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
import java.util.Locale;
import java.util.Optional;
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

  /** oneDNN reads its weights faster for four rows than for one. */
  private static final int ONEDNN_ROWS = 4;

  private final NativeScope model;
  private final ModelShape shape;
  private final DecoderState decoder;
  private final StepCall call;

  private TorchModel(NativeScope model, ModelShape shape, DecoderState decoder, StepCall call) {
    this.model = model;
    this.shape = shape;
    this.decoder = decoder;
    this.call = call;
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

  /** Loads a folder's weights in the fastest way that the device has for the precision. */
  public static TorchModel load(
      ModelFolder folder, TorchModelSettings settings, LoadProgress progress)
      throws ModelLoadException {
    return load(
        folder,
        settings,
        progress,
        TorchProgram.decoder(),
        Computation.fastest(settings, folder.config()));
  }

  static TorchModel load(
      ModelFolder folder,
      TorchModelSettings settings,
      LoadProgress progress,
      String source,
      Computation.Choice choice)
      throws ModelLoadException {
    if (settings.contextTokens() > folder.config().maxPositions()) {
      throw new ModelLoadException("%s: expected a context of at most %d tokens, found %d"
          .formatted(folder.path(), folder.config().maxPositions(), settings.contextTokens()));
    }
    if (settings.fallback().isEmpty() && !Computation.isPossible(settings)) {
      throw unsupported(folder, settings); // Before a card is asked for that may not be there.
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
      Computation.Choice choice)
      throws ModelLoadException {
    boolean built = false;
    try {
      TorchRuntime.prepareThread();
      TorchProgram program = TorchProgram.compile(source, model);
      IValue home = home(program, model, settings.device());
      Precision asked = settings.precision();
      Optional<Computation> chosen = choice.choose(program, model, asked);
      TorchModelSettings used = settings;
      if (chosen.isEmpty() && settings.fallback().isPresent()) {
        used = settings.in(settings.fallback().get());
        log.warn("{} cannot compute {}: loading in {}", used.device(), asked, used.precision());
        chosen = choice.choose(program, model, used.precision());
      }
      Computation computation = chosen.orElseThrow(() -> unsupported(folder, settings));
      DecoderWeights weights = new WeightLoader(
              program, model, used.precision(), computation.linear(), home, progress)
          .load(folder);
      TorchModel result =
          assemble(model, program, folder.config(), used, computation, home, weights);
      log.info(
          "model device={} flash={} cache tokens={} mib={}",
          used.device(),
          computation.flash(),
          used.cacheTokens(),
          cacheBytes(folder.config(), used) >> 20);
      built = true;
      return result;
    } finally {
      if (!built) {
        model.close();
      }
    }
  }

  private static TorchModel assemble(
      NativeScope model,
      TorchProgram program,
      ModelConfig config,
      TorchModelSettings settings,
      Computation computation,
      IValue home,
      DecoderWeights weights) {
    ModelShape shape = shape(config, settings);
    IValue sizes = model.integers(sizes(config, settings, computation.linear()));
    DecoderState decoder =
        DecoderState.make(model, program, config, settings, sizes, home, weights);
    FlashRule flash = computation.flash() ? FlashRule.of(shape) : FlashRule.NONE;
    StepCall call = computation.remote()
        ? new RemoteStep(model, decoder, shape, config.kvHeads(), flash)
        : new LocalStep(
            model, decoder, shape, config.kvHeads(), minRows(config, computation.linear()));
    return new TorchModel(model, shape, decoder, call);
  }

  static IValue home(TorchProgram program, NativeScope model, ComputeDevice device)
      throws ModelLoadException {
    try {
      return program.run(model, "home", model.text(device.name()));
    } catch (EngineException e) {
      throw new ModelLoadException(
          "expected a device %s that libtorch can use, found %s; docs/gpu.md says what a card needs"
              .formatted(device, TorchFailure.ofDevice(e)),
          e);
    }
  }

  private static ModelLoadException unsupported(ModelFolder folder, TorchModelSettings settings) {
    String precision = settings.precision().name().toLowerCase(Locale.ROOT);
    return new ModelLoadException(
        settings.device().isCard()
            ? "%s: expected bf16 or f32 on %s, found %s: choose one of these, or worker.device=cpu"
                .formatted(folder.path(), settings.device(), precision)
            : "%s: expected a processor that computes %s, found that this one cannot: choose another precision, or set worker.precision-fallback"
                .formatted(folder.path(), precision));
  }

  /** What the cache takes when all of it has been written to. */
  private static long cacheBytes(ModelConfig config, TorchModelSettings settings) {
    long perToken = 2L * config.layers() * config.kvHeads() * config.headDim();
    return perToken * settings.cacheTokens() * settings.precision().bytesPerCacheElement();
  }

  /** Padding rows choose experts of their own, which would have to be read. */
  private static int minRows(ModelConfig config, LinearKernel kernel) {
    return kernel.isOneDnn() && config.experts() == null ? ONEDNN_ROWS : 1;
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
      kernel.code(),
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
      return call.run(step, input);
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
      decoder.program().run(scope, "copy", places, decoder.sizes(), decoder.caches());
    } catch (EngineException e) {
      throw new ModelStepException(
          "a copy of %d tokens failed: %s".formatted(tokens, TorchFailure.reason(e)), e);
    }
  }

  @Override
  public void clear(Extent place) throws ModelStepException {
    TorchRuntime.prepareThread();
    try (NativeScope scope = model.child()) {
      IValue extent = scope.integers(place.base(), place.capacity());
      decoder.program().run(scope, "clear", extent, decoder.sizes(), decoder.caches());
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
