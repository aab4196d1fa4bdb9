package io.sirocco.worker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory this process has in use.
 *
 * <p>Immutable.
 *
 * @param residentBytes all that is in memory, mapped files included
 * @param privateBytes what no file backs and nobody else can have: the heap, native memory, stacks
 *
 * <p>Source: proc_pid_status(5), {@code VmRSS} and {@code RssAnon}.
 */
public record ProcessMemory(long residentBytes, long privateBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long KIB = 1024;

  /** Asks the kernel. */
  public static ProcessMemory read() throws IOException {
    return parse(Files.readString(STATUS));
  }

  static ProcessMemory parse(String status) throws IOException {
    return new ProcessMemory(bytes(status, "VmRSS:"), bytes(status, "RssAnon:"));
  }

  private static long bytes(String status, String field) throws IOException {
    String line = status
        .lines()
        .filter(each -> each.startsWith(field))
        .findFirst()
        .orElseThrow(
            () -> new IOException("%s: expected a line %s, found none".formatted(STATUS, field)));
    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
  }
}
