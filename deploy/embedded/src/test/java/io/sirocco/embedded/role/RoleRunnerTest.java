package io.sirocco.embedded.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoleRunnerTest {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Consumer<StopSignal>> signals = new CompletableFuture<>();
  private final CompletableFuture<Integer> halted = new CompletableFuture<>();
  private final RoleRunner runner = new RoleRunner(signals::complete, halted::complete);

  private CompletableFuture<Integer> run(Role role) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return runner.run(role);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }

  private void signal(StopSignal signal) {
    signals.join().accept(signal);
  }

  @Test
  void signalDrainsAndTellsTheExitCode() {
    CompletableFuture<Integer> code = run(role(() -> {}, Duration.ofMinutes(1)));
    signal(StopSignal.TERM);

    assertThat(code.join()).isZero();
    assertThat(events).containsExactly("drain");
  }

  @Test
  void interruptTellsShellsOfIt() {
    CompletableFuture<Integer> code = run(role(() -> {}, Duration.ofMinutes(1)));
    signal(StopSignal.INT);

    assertThat(code.join()).isEqualTo(130);
  }

  @Test
  void secondSignalHaltsWhileTheFirstDrains() throws Exception {
    CountDownLatch draining = new CountDownLatch(1);
    CountDownLatch drained = new CountDownLatch(1);
    CompletableFuture<Integer> code = run(role(
        () -> {
          draining.countDown();
          awaitUninterrupted(drained);
        },
        Duration.ofMinutes(1)));
    signal(StopSignal.TERM);
    assertThat(draining.await(30, TimeUnit.SECONDS)).isTrue();
    signal(StopSignal.INT);

    assertThat(halted.join()).isEqualTo(130);
    drained.countDown();
    assertThat(code.join()).isZero();
  }

  @Test
  void drainThatHangsIsEndedWithTheProcess() {
    CountDownLatch never = new CountDownLatch(1);
    CompletableFuture<Integer> code =
        run(role(() -> awaitUninterrupted(never), Duration.ofMillis(50)));
    signal(StopSignal.TERM);

    assertThat(halted.join()).isEqualTo(1);
    never.countDown();
    assertThat(code.join()).isZero();
  }

  @Test
  void roleThatDiesIsAbortedWithACodeOfItsOwn() throws Exception {
    Role role = new FakeRole(onFatal -> {
      onFatal.accept(new IllegalStateException("the engine died"));
      return running(() -> events.add("drain"), Duration.ofMinutes(1));
    });

    assertThat(runner.run(role)).isEqualTo(70);
    assertThat(events).containsExactly("abort");
  }

  @Test
  void signalInTheMiddleOfAStartInterruptsIt() {
    CountDownLatch never = new CountDownLatch(1);
    CompletableFuture<Integer> code = run(new FakeRole(onFatal -> {
      never.await();
      throw new AssertionError("expected an interrupt");
    }));
    signal(StopSignal.TERM);

    assertThat(code.join()).isZero();
    assertThat(events).isEmpty();
  }

  @Test
  void startThatFailsIsHandedOn() {
    Role role = new FakeRole(onFatal -> {
      throw new IOException("no such model");
    });

    assertThatThrownBy(() -> runner.run(role)).hasMessage("no such model");
  }

  private Role role(Runnable drain, Duration limit) {
    return new FakeRole(onFatal -> running(
        () -> {
          events.add("drain");
          drain.run();
        },
        limit));
  }

  private RunningRole running(Runnable drain, Duration limit) {
    return new RunningRole() {
      @Override
      public void drain() {
        drain.run();
      }

      @Override
      public void abort() {
        events.add("abort");
      }

      @Override
      public Duration drainLimit() {
        return limit;
      }
    };
  }

  private interface Start {
    RunningRole start(Consumer<Throwable> onFatal) throws Exception;
  }

  private record FakeRole(Start start) implements Role {
    @Override
    public String name() {
      return "fake";
    }

    @Override
    public RunningRole start(Consumer<Throwable> onFatal) throws Exception {
      return start.start(onFatal);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
