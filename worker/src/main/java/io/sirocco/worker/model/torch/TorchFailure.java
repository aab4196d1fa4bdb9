package io.sirocco.worker.model.torch;

import java.io.IOException;

/**
 * What libtorch says of a failure, without the traceback of the program around it.
 *
 * <p>Stateless.
 */
final class TorchFailure {
  private static final String MARK = "Error: ";

  private static final String NO_CUDA = "'CUDA' backend";

  private TorchFailure() {}

  /** Returns why nothing can be computed on a device, in a few words. */
  static String ofDevice(RuntimeException failure) {
    String reason = reason(failure);
    return reason.contains(NO_CUDA) ? "a build of it for processors alone" : reason;
  }

  /** Returns the reason in one line: of libraries that do not load, what the loader says. */
  static String reason(RuntimeException failure) {
    Throwable said = failure;
    while (said.getCause() instanceof LinkageError || said.getCause() instanceof IOException) {
      said = said.getCause();
    }
    String message = String.valueOf(said.getMessage()).strip();
    int mark = message.lastIndexOf(MARK);
    String reason = mark < 0 ? message : message.substring(mark + MARK.length());
    return reason.lines().findFirst().orElse("no reason given").strip();
  }
}
