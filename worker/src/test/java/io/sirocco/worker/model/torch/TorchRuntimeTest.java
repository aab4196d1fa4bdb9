package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchRuntimeTest {
  @Test
  void aLibraryPathWithoutTheLibraryIsSaid(@TempDir Path folder) {
    assertThatThrownBy(() -> TorchRuntime.requireLibraries(folder.toString()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("found none in " + folder);
  }

  @Test
  void oneOfSeveralFoldersIsEnough(@TempDir Path folder) throws Exception {
    Files.createFile(folder.resolve(System.mapLibraryName("torch")));

    assertThatCode(() -> TorchRuntime.requireLibraries("/nowhere" + File.pathSeparator + folder))
        .doesNotThrowAnyException();
    assertThatCode(() -> TorchRuntime.requireLibraries(null)).doesNotThrowAnyException();
    assertThatCode(() -> TorchRuntime.requireLibraries("")).doesNotThrowAnyException();
  }
}
