package io.sirocco.embedded;

import io.sirocco.embedded.observe.Observation;
import io.sirocco.embedded.role.Role;
import io.sirocco.embedded.role.RunningRole;
import io.sirocco.worker.model.ModelLoadException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Everything in one process.
 *
 * <p>Confined to the main thread.
 */
final class UpRole implements Role {
  private static final Duration BEYOND_GRACE = Duration.ofSeconds(30);

  private final EmbeddedSettings settings;
  private final Observation observation;
  private final PrintWriter out;

  /** Says on {@code out} when requests are answered. */
  UpRole(EmbeddedSettings settings, Observation observation, PrintWriter out) {
    this.settings = settings;
    this.observation = observation;
    this.out = out;
  }

  @Override
  public String name() {
    return "sirocco";
  }

  @Override
  public RunningRole start(Consumer<Throwable> onFatal)
      throws ModelLoadException, InterruptedException {
    EmbeddedSirocco sirocco = EmbeddedSirocco.start(settings, observation.registry(), onFatal);
    sirocco.tell(observation.health());
    out.println("ready kafka=" + sirocco.bootstrapServers() + " dashboard=" + sirocco.dashboard()
        + " gateway=" + sirocco.gateway() + " metrics=" + observation.address());
    out.flush();
    return new RunningRole() {
      @Override
      public void drain() {
        sirocco.close();
      }

      @Override
      public void abort() {
        sirocco.abort();
      }

      @Override
      public Duration drainLimit() {
        return settings.grace().plus(BEYOND_GRACE);
      }
    };
  }
}
