package io.sirocco.worker.config;

import io.sirocco.settings.Settings;
import io.sirocco.settings.kafka.KafkaSettings;
import io.sirocco.worker.engine.EngineLimits;
import io.sirocco.worker.intake.GroupProtocol;
import io.sirocco.worker.intake.UserSource;
import io.sirocco.worker.kvcache.CacheArena;
import io.sirocco.worker.model.torch.ComputeDevice;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a worker process is told.
 *
 * <p>Immutable.
 *
 * @param bootstrapServers where the brokers are
 * @param startTimeout how long a start waits for them
 * @param models the models to serve; empty if nothing is said of them
 * @param aliases further names of the models
 * @param device where models are computed
 * @param precision the number format of weights and arithmetic
 * @param precisionFallback the one in its place where the device cannot compute it
 * @param threads how many threads share an operation of a model
 * @param limits how many requests of a model are answered at the same time, in which steps
 * @param cacheTokens how many tokens a model's cache holds; empty: in proportion to the slots
 * @param contextTokens the most tokens of a request and its answer; a model's own limit may be less
 * @param inboxCapacity how many requests of a partition may wait for a slot
 * @param replyTopics the reply topics that may be written to
 * @param createsReplyTopics whether a reply topic that does not exist is made
 * @param users where the user who pays is named
 * @param groupProtocol how workers of a topic share its partitions
 * @param progressEvery how often a request that waits is told its place; zero: never
 * @param defaultModel the model that is meant when a request names none
 * @param grace how long requests in progress may take to end when the worker is stopped
 * @param partitions how many a request topic gets that does not exist yet; empty: as the brokers say
 * @param kafka properties for all Kafka clients, the brokers included
 */
public record WorkerConfig(
    String bootstrapServers,
    Duration startTimeout,
    List<ModelEntry> models,
    List<ModelAlias> aliases,
    ComputeDevice device,
    Precision precision,
    Optional<Precision> precisionFallback,
    int threads,
    EngineLimits limits,
    Optional<Integer> cacheTokens,
    int contextTokens,
    int inboxCapacity,
    Pattern replyTopics,
    boolean createsReplyTopics,
    UserSource users,
    GroupProtocol groupProtocol,
    Duration progressEvery,
    Optional<String> defaultModel,
    Duration grace,
    Optional<Integer> partitions,
    Map<String, String> kafka) {

  private static final int TOKENS_OF_A_SLOT = 4096;

  public WorkerConfig {
    models = List.copyOf(models);
    aliases = List.copyOf(aliases);
    kafka = Map.copyOf(kafka);
  }

  /** Takes what {@link WorkerKeys#GROUPS} were set to; {@code cores} is what the machine has. */
  public static WorkerConfig of(Settings settings, int cores) {
    return new WorkerConfig(
        settings.get(KafkaSettings.BOOTSTRAP_SERVERS),
        settings.get(KafkaSettings.START_TIMEOUT),
        settings.find(WorkerKeys.MODELS).orElse(List.of()),
        settings.get(WorkerKeys.ALIASES),
        settings.get(WorkerKeys.DEVICE),
        settings.get(WorkerKeys.PRECISION),
        settings.find(WorkerKeys.PRECISION_FALLBACK),
        settings.find(WorkerKeys.THREADS).orElse(cores),
        new EngineLimits(
            settings.get(WorkerKeys.SLOTS),
            settings.get(WorkerKeys.MAX_BATCHED_TOKENS),
            settings.get(WorkerKeys.PREFILL_TOKENS)),
        settings.find(WorkerKeys.CACHE_TOKENS),
        settings.get(WorkerKeys.CONTEXT_TOKENS),
        settings.get(WorkerKeys.INBOX_CAPACITY),
        settings.get(WorkerKeys.REPLY_TOPICS),
        settings.get(WorkerKeys.CREATE_REPLY_TOPICS),
        settings.get(WorkerKeys.USERS),
        settings.get(WorkerKeys.GROUP_PROTOCOL),
        settings.get(WorkerKeys.PROGRESS_EVERY),
        settings.find(WorkerKeys.DEFAULT_MODEL),
        settings.get(WorkerKeys.GRACE),
        settings.find(WorkerKeys.PARTITIONS),
        KafkaSettings.clientProperties(settings, WorkerKeys.KAFKA));
  }

  /** Returns the aliases of the model {@code name}. */
  public List<String> aliasesOf(String name) {
    return aliases.stream()
        .filter(alias -> alias.model().equals(name))
        .map(ModelAlias::alias)
        .toList();
  }

  /** Returns how a model is held and computed that can take {@code maxPositions} tokens. */
  public TorchModelSettings torch(int maxPositions) {
    int context = Math.min(maxPositions, contextTokens);
    return new TorchModelSettings(
        device, precision, precisionFallback, cacheTokens(context), context, threads);
  }

  /** Whatever is asked for, the longest request has room when it is alone. */
  private int cacheTokens(int context) {
    int wanted = cacheTokens.orElse(limits.sequences() * Math.min(context, TOKENS_OF_A_SLOT));
    int grains = (wanted + CacheArena.GRAIN - 1) / CacheArena.GRAIN;
    return Math.max(grains * CacheArena.GRAIN, CacheArena.capacityFor(context));
  }
}
