package io.sirocco.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.streams.query.UsageQueries;
import io.sirocco.streams.topology.UsageTopology;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage application: counts and prices usage events, exactly once, and answers questions.
 *
 * <p>It needs Kafka when it starts, and outlives an outage of it afterwards.
 *
 * <p>Thread-safe.
 */
public final class StreamsApp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsApp.class);
  private static final Duration TOPICS_LIMIT = Duration.ofSeconds(30);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

  private final StateFolder folder;
  private final KafkaStreams streams;
  private final LongAdder counted;
  private final @Nullable UsageSite site;
  private volatile @Nullable UsageMetrics metrics;
  private final CompletableFuture<Void> running = new CompletableFuture<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  private StreamsApp(
      StateFolder folder, KafkaStreams streams, LongAdder counted, @Nullable UsageSite site) {
    this.folder = folder;
    this.streams = streams;
    this.counted = counted;
    this.site = site;
  }

  /**
   * Makes the topics that are missing and starts; totals can be read when {@link #awaitRunning}
   * returns.
   *
   * @throws KafkaException when Kafka cannot be reached or refuses
   * @throws java.io.UncheckedIOException when the folder of the stores cannot be written to, or the
   *     port is not free
   */
  public static StreamsApp start(StreamsSettings settings) {
    return start(settings, new SimpleMeterRegistry());
  }

  /**
   * Starts as {@link #start(StreamsSettings)} does.
   *
   * @param registry takes what is measured
   */
  public static StreamsApp start(StreamsSettings settings, MeterRegistry registry) {
    StreamsApp app = started(settings);
    new ReconciliationGauges(app.usage(), InstantSource.system()).bindTo(registry);
    app.metrics = UsageMetrics.bind(registry, app.streams, app.counted);
    return app;
  }

  private static StreamsApp started(StreamsSettings settings) {
    int partitions = createTopics(settings);
    UsageSite site = settings.http() == null ? null : UsageSite.open(settings.http());
    StateFolder folder = null;
    try {
      folder = StateFolder.open(settings.stateFolder());
      return start(settings, partitions, folder, site);
    } catch (RuntimeException e) {
      if (site != null) {
        site.close();
      }
      if (folder != null) {
        folder.close();
      }
      throw e;
    }
  }

  private static StreamsApp start(
      StreamsSettings settings, int partitions, StateFolder folder, @Nullable UsageSite site) {
    LongAdder counted = new LongAdder();
    Properties properties = StreamsProperties.of(settings, folder.path());
    if (site != null) {
      properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, site.applicationServer());
    }
    KafkaStreams streams = new KafkaStreams(
        new UsageTopology(settings.memory(), counted::increment).get(), properties);
    StreamsApp app = new StreamsApp(folder, streams, counted, site);
    streams.setStateListener((to, from) -> app.changed(to));
    streams.setUncaughtExceptionHandler(app::respond);
    streams.start();
    if (site != null) {
      site.serve(streams, partitions, adminProperties(settings), counted::sum);
    }
    return app;
  }

  /** Returns how many partitions usage has, which may not be how many it would be made with. */
  private static int createTopics(StreamsSettings settings) {
    try (Admin admin = Admin.create(adminProperties(settings))) {
      settings.topics().createMissing(admin, TOPICS_LIMIT);
      return settings.topics().partitionsOfUsage(admin, TOPICS_LIMIT);
    }
  }

  private static Map<String, Object> adminProperties(StreamsSettings settings) {
    Map<String, Object> properties = new HashMap<>(settings.clientProperties());
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    return properties;
  }

  /**
   * Waits until the stores are restored and events are counted.
   *
   * @throws KafkaException when the application fails, or does not get there within {@code limit}
   */
  public void awaitRunning(Duration limit) {
    try {
      running.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new KafkaException("the usage application failed", e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException(
          "expected the usage application to run within " + limit + ", found " + streams.state(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while the usage application started", e);
    }
  }

  /** Returns the questions that can be asked. */
  public UsageQueries usage() {
    return new UsageQueries(streams);
  }

  /** Returns where a browser finds the dashboard, or null when there is none. */
  public @Nullable URI dashboard() {
    return site == null ? null : site.address();
  }

  /** Returns why events are not counted now, or nothing. */
  public Optional<String> unready() {
    KafkaStreams.State state = streams.state();
    return state == KafkaStreams.State.RUNNING
        ? Optional.empty()
        : Optional.of("usage: expected the state RUNNING, found " + state);
  }

  /** Returns how many events were counted since the start, which changes when totals do. */
  public long counted() {
    return counted.sum();
  }

  /**
   * Returns a future that completes with the reason when the application has given up by itself:
   * then it counts nothing more and is to be closed.
   */
  public CompletableFuture<Throwable> failure() {
    return failure.copy();
  }

  /** Stops counting and leaves the group, so that others take over at once; may be called again. */
  @Override
  public void close() {
    if (site != null) {
      site.close();
    }
    UsageMetrics measured = metrics;
    if (measured != null) {
      measured.close();
    }
    boolean ended = streams.close(
        CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
            .withTimeout(CLOSE_LIMIT));
    if (!ended) {
      LOG.warn("the usage application did not end within {}", CLOSE_LIMIT);
    }
    running.completeExceptionally(new IllegalStateException("the usage application was closed"));
    folder.close();
  }

  private void changed(KafkaStreams.State to) {
    if (to == KafkaStreams.State.RUNNING) {
      running.complete(null);
    } else if (to == KafkaStreams.State.ERROR) {
      // A fault that heals in a thread that cannot be replaced ends here as well.
      fail(new KafkaException("the usage application gave up"));
    }
  }

  /** What a broker's outage did heals; anything else would only happen again. */
  private StreamThreadExceptionResponse respond(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof RetriableException) {
        LOG.warn("the usage application goes on after a fault: {}", cause.toString());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
      }
    }
    LOG.error("the usage application cannot go on", fault);
    fail(fault);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private void fail(Throwable fault) {
    running.completeExceptionally(fault);
    failure.complete(fault);
  }
}
