package io.sirocco.embedded.doctor;

import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.torch.NativeLibrary;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether this machine can compute.
 *
 * <p>Immutable.
 *
 * @param machine what it has
 */
record MachineCheck(Machine machine) {
  /** What the native libraries take where they are unpacked to. */
  private static final long UNPACKED_BYTES = 500_000_000;

  /** Returns what was found; loads the native library. */
  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    String expected = "libtorch and its bridge, as on Linux on x86-64";
    try {
      findings.add(
          Finding.ok("native library", "PyTorch " + NativeLibrary.load().version(), expected));
    } catch (ModelLoadException e) {
      findings.add(Finding.fail(
          "native library",
          String.valueOf(e.getMessage()),
          expected,
          "Linux on x86-64 with glibc; a folder that can be written named by DJL_CACHE_DIR, or"
              + " PYTORCH_LIBRARY_PATH naming one with the libraries"));
      findings.add(Finding.of(
          machine.diskBytes() < UNPACKED_BYTES ? Status.FAIL : Status.OK,
          "disk",
          ModelCheck.gigabytes(machine.diskBytes()) + " free where libraries are unpacked to",
          ModelCheck.gigabytes(UNPACKED_BYTES) + " for the native libraries",
          "make room, or name another folder by DJL_CACHE_DIR"));
    }
    findings.add(Finding.ok(
        "GPU",
        machine.cards() == 0 ? "none" : Integer.toString(machine.cards()),
        "none, unless worker.device names one (docs/gpu.md)"));
    return findings;
  }
}
