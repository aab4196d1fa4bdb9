package io.sirocco.embedded.observe;

import io.sirocco.embedded.role.Role;
import io.sirocco.embedded.role.RunningRole;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Tells the health of the process how far its role is.
 *
 * <p>Confined to the main thread.
 */
public final class ObservedRole implements Role {
  private final Role role;
  private final Health health;

  /** Makes a role that does what {@code role} does. */
  public ObservedRole(Role role, Health health) {
    this.role = role;
    this.health = health;
  }

  @Override
  public String name() {
    return role.name();
  }

  @Override
  public RunningRole start(Consumer<Throwable> onFatal) throws Exception {
    RunningRole running = role.start(onFatal);
    health.started();
    return new Observed(running, health);
  }

  private record Observed(RunningRole running, Health health) implements RunningRole {
    @Override
    public void drain() {
      health.draining();
      running.drain();
    }

    @Override
    public void abort() {
      health.draining();
      running.abort();
    }

    @Override
    public Duration drainLimit() {
      return running.drainLimit();
    }
  }
}
