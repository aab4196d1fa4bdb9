package io.sirocco.worker.config;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.settings.PassThrough;
import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import io.sirocco.settings.SettingType;
import io.sirocco.settings.Types;
import io.sirocco.settings.kafka.KafkaProperties;
import io.sirocco.settings.kafka.KafkaSettings;
import io.sirocco.worker.engine.EngineLimits;
import io.sirocco.worker.intake.GroupProtocol;
import io.sirocco.worker.intake.UserSource;
import io.sirocco.worker.kvcache.CacheArena;
import io.sirocco.worker.model.torch.ComputeDevice;
import io.sirocco.worker.model.torch.Precision;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings of a worker.
 *
 * <p>Immutable.
 */
public final class WorkerKeys {
  /** The models that are served. */
  public static final Setting<List<ModelEntry>> MODELS = Setting.optional(
      "worker.models",
      Types.list(
          ModelEntry.type(),
          "NAME=DIR or DIR, several separated by commas, with names of the characters a-z A-Z 0-9 . _ -"),
      "the demo model",
      "The models to serve: the name of each and its checkpoint folder in Hugging Face form; a"
          + " model without a name is called as its folder.");

  /** Further names of the models. */
  public static final Setting<List<ModelAlias>> ALIASES = Setting.withDefault(
      "worker.aliases",
      Types.list(ModelAlias.type(), "ALIAS=NAME, several separated by commas"),
      "",
      "Further names under which requests may ask for a model.");

  /** Where models are computed. */
  public static final Setting<ComputeDevice> DEVICE = Setting.withDefault(
      "worker.device",
      new SettingType<>(ComputeDevice.EXPECTED, ComputeDevice::parse),
      "cpu",
      "Where models are computed: on the processors, or on an NVIDIA card, which needs other native"
          + " libraries (gpu.md) and takes bf16 and f32 alone.");

  /** The element type. */
  public static final Setting<Precision> PRECISION = Setting.withDefault(
      "worker.precision",
      Types.oneOf(Precision.class),
      "bf16",
      "Number format of weights and arithmetic.");

  /** Precision in its place. */
  public static final Setting<Precision> PRECISION_FALLBACK = Setting.optional(
      "worker.precision-fallback",
      Types.oneOf(Precision.class),
      "the worker does not start then",
      "Number format where the processor or card cannot compute that of worker.precision.");

  /** Threads of a model. */
  public static final Setting<Integer> THREADS = Setting.optional(
      "worker.threads",
      Types.integer(1, 1024),
      "one for each core",
      "How many threads share an operation of a model.");

  /** Sequences at a time. */
  public static final Setting<Integer> SLOTS = Setting.withDefault(
      "worker.slots",
      Types.integer(1, 1024),
      "16",
      "How many requests of a model are answered at the same time, if the cache has room.");

  /** Room in the cache. */
  public static final Setting<Integer> CACHE_TOKENS = Setting.optional(
      "worker.cache-tokens",
      Types.integer(CacheArena.GRAIN, 1 << 30),
      "4096 for each slot, or the context if that is less",
      "How many tokens of all requests the cache of a model holds, those of finished ones included,"
          + " which are kept for requests that begin alike; at least one whole context.");

  /** The longest sequence. */
  public static final Setting<Integer> CONTEXT_TOKENS = Setting.withDefault(
      "worker.context-tokens",
      Types.integer(16, 1_048_576),
      "32768",
      "The most tokens of a request and its answer together; a model's own limit holds if it is"
          + " less.");

  /** Requests that wait. */
  public static final Setting<Integer> INBOX_CAPACITY = Setting.withDefault(
      "worker.inbox-capacity",
      Types.integer(1, 10_000),
      "16",
      "How many requests of one user, priority and partition the engine knows of before they have a"
          + " slot; more of them wait before it.");

  /** Tokens of a step. */
  public static final Setting<Integer> MAX_BATCHED_TOKENS = Setting.withDefault(
      "worker.max-batched-tokens",
      Types.integer(1, 1_048_576),
      Integer.toString(EngineLimits.STEP_TOKENS),
      "The most tokens computed in one step: more is faster for long prompts, and others wait longer"
          + " meanwhile.");

  /** Tokens of prompts in a step with running answers. */
  public static final Setting<Integer> PREFILL_TOKENS = Setting.withDefault(
      "worker.prefill-tokens",
      Types.integer(1, 1_048_576),
      Integer.toString(EngineLimits.PREFILL_TOKENS),
      "The most tokens of prompts computed in a step while answers are running: more is faster for"
          + " long prompts, and running answers falter more.");

  /** Where answers may go. */
  public static final Setting<Pattern> REPLY_TOPICS = Setting.withDefault(
      "worker.reply-topics",
      Types.pattern(),
      Topics.ALLOWED_REPLY_TOPICS.pattern(),
      "The reply topics that may be written to; requests that name others go to the dead letters.");

  /** Whether the worker makes reply topics. */
  public static final Setting<Boolean> CREATE_REPLY_TOPICS = Setting.withDefault(
      "worker.create-reply-topics",
      Types.bool(),
      "false",
      "Whether a reply topic that does not exist is made, for requesters that may not make any.");

  /** Who pays. */
  public static final Setting<UserSource> USERS = Setting.withDefault(
      "worker.users",
      Types.oneOf(UserSource.class),
      "header-or-body",
      "Where the user who pays is named: header-only refuses requests without the header x-user.");

  /** How partitions are shared. */
  public static final Setting<GroupProtocol> GROUP_PROTOCOL = Setting.withDefault(
      "worker.group-protocol",
      Types.oneOf(GroupProtocol.class),
      "consumer",
      "How the workers of a model share its requests: consumer, by which the brokers say when a worker"
          + " is taken for dead (group.consumer.session.timeout.ms), or classic, by which it is after"
          + " 6 s. consumer was tried on brokers of version 4.3 alone; take classic for earlier"
          + " ones.");

  /** News for those who wait. */
  public static final Setting<Duration> PROGRESS_EVERY = Setting.withDefault(
      "worker.progress-every",
      Types.duration(Duration.ZERO, Duration.ofHours(1)),
      "1s",
      "How long a request waits before its reader is told its place, and until it is told the next"
          + " time; longer where more than 200 a second would be told; 0s: never.");

  /** The model of requests that name none. */
  public static final Setting<String> DEFAULT_MODEL = Setting.optional(
      "worker.default-model",
      Types.text("the name of a model"),
      "none",
      "The model that is meant when a request names none and several models are served.");

  /** Time to finish. */
  public static final Setting<Duration> GRACE = Setting.withDefault(
      "worker.grace",
      Types.duration(Duration.ZERO, Duration.ofHours(1)),
      "20s",
      "How long requests in progress may take to end when the worker is stopped; to be less than"
          + " the orchestrator's patience, which is often 30 s.");

  /** Partitions of a new topic. */
  public static final Setting<Integer> PARTITIONS = Setting.optional(
      "worker.partitions",
      Types.integer(1, 10_000),
      "as the brokers say",
      "How many partitions a request topic gets if it does not exist yet.");

  /** What the worker tells its clients itself, and may not be told otherwise. */
  private static final Set<String> RESERVED = Set.of(
      "group.id",
      "group.protocol",
      "group.instance.id",
      "group.remote.assignor",
      "partition.assignment.strategy",
      "session.timeout.ms",
      "heartbeat.interval.ms",
      "enable.auto.commit",
      "auto.offset.reset",
      "isolation.level",
      "allow.auto.create.topics",
      "fetch.max.wait.ms",
      "max.poll.records",
      "acks",
      "enable.idempotence",
      "transactional.id",
      "transaction.timeout.ms",
      "linger.ms",
      "max.block.ms",
      "key.serializer",
      "value.serializer",
      "key.deserializer",
      "value.deserializer");

  /** Properties for the worker's Kafka clients. */
  public static final PassThrough KAFKA =
      KafkaSettings.properties(KafkaProperties.ofPlainClients(RESERVED));

  /** All settings of a worker. */
  public static final List<SettingGroup> GROUPS = List.of(
      KafkaSettings.group(KAFKA),
      new SettingGroup(
          "Worker",
          List.of(
              MODELS,
              ALIASES,
              DEVICE,
              PRECISION,
              PRECISION_FALLBACK,
              THREADS,
              SLOTS,
              CACHE_TOKENS,
              CONTEXT_TOKENS,
              INBOX_CAPACITY,
              MAX_BATCHED_TOKENS,
              PREFILL_TOKENS,
              REPLY_TOPICS,
              CREATE_REPLY_TOPICS,
              USERS,
              GROUP_PROTOCOL,
              PROGRESS_EVERY,
              DEFAULT_MODEL,
              GRACE,
              PARTITIONS),
          List.of(),
          List.of(new ModelNamesCheck())),
      JanitorKeys.GROUP);

  private WorkerKeys() {}
}
