package io.sirocco.worker.model.torch;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a model is held and computed.
 *
 * <p>Immutable.
 *
 * @param name libtorch's: {@code cpu}, or {@code cuda:0} for the first card
 */
public record ComputeDevice(String name) {
  /** What {@link #parse} takes. */
  public static final String EXPECTED = "cpu, cuda or cuda:N";

  // Before the device below, which is held against it.
  private static final Pattern NAME = Pattern.compile("cpu|cuda:[0-9]{1,2}");

  /** The processors of this machine. */
  public static final ComputeDevice CPU = new ComputeDevice("cpu");

  public ComputeDevice {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("expected %s, found %s".formatted(EXPECTED, name));
    }
  }

  /** Returns the device that {@code text} names, where {@code cuda} is the first card. */
  public static Optional<ComputeDevice> parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    return Optional.of(name.equals("cuda") ? "cuda:0" : name)
        .filter(it -> NAME.matcher(it).matches())
        .map(ComputeDevice::new);
  }

  /** Whether it is a card, with memory of its own. */
  public boolean isCard() {
    return !equals(CPU);
  }

  @Override
  public String toString() {
    return name;
  }
}
