package io.sirocco.embedded.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this machine, or this container, has.
 *
 * <p>Immutable.
 *
 * @param memoryBytes all, or what the container may have
 * @param freeBytes what can be had without another process losing its own
 * @param diskBytes what can be written to the folder that libraries are unpacked to
 * @param cards how many cards NVIDIA's driver knows
 */
record Machine(long memoryBytes, long freeBytes, long diskBytes, int cards) {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path CARDS = Path.of("/proc/driver/nvidia/gpus");

  /** Looks at it; {@code unpacked} is where libraries are unpacked to. */
  static Machine look(Path unpacked) throws IOException {
    long memory =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return new Machine(
        memory,
        Math.min(memory, available(memory)),
        Files.getFileStore(existing(unpacked)).getUsableSpace(),
        countCards());
  }

  private static Path existing(Path folder) {
    Path absolute = folder.toAbsolutePath();
    while (!Files.exists(absolute) && absolute.getParent() != null) {
      absolute = absolute.getParent();
    }
    return absolute;
  }

  /** Files that are cached are given up for it, so "free" would be far too little. */
  private static long available(long otherwise) throws IOException {
    if (!Files.isReadable(MEMORY)) {
      return otherwise;
    }
    try (Stream<String> lines = Files.lines(MEMORY)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(otherwise);
    }
  }

  private static int countCards() throws IOException {
    if (!Files.isDirectory(CARDS)) {
      return 0;
    }
    try (Stream<Path> cards = Files.list(CARDS)) {
      return Math.toIntExact(cards.count());
    }
  }
}
