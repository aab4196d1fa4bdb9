package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;

class TorchFailureTest {
  @Test
  void ofLibrariesThatDoNotLoadTheLoadersReasonIsSaid() {
    EngineException failure = new EngineException(
        "Failed to load PyTorch native library",
        new UnsatisfiedLinkError("libcufile_rdma.so.1: libmlx5.so.1: cannot open shared object"));

    assertThat(TorchFailure.reason(failure))
        .isEqualTo("libcufile_rdma.so.1: libmlx5.so.1: cannot open shared object");
  }

  @Test
  void ofAProgramTheLastErrorIsSaid() {
    assertThat(TorchFailure.reason(new EngineException(
            "The following operation failed:\nTraceback\nRuntimeError: no such device\n at x")))
        .isEqualTo("no such device");
  }
}
