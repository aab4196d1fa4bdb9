package io.sirocco.worker.model.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A compiled TorchScript program. Its methods keep no state between calls.
 *
 * <p>Confined to one thread at a time.
 */
final class TorchProgram {
  private final PtSymbolBlock block;

  private TorchProgram(PtSymbolBlock block) {
    this.block = block;
  }

  /** The source of the decoder. */
  static String decoder() {
    return resource("decoder.torchscript");
  }

  /** Compiles a decoder; it is freed with {@code scope}. */
  static TorchProgram compile(String source, NativeScope scope) {
    byte[] archive = TorchScriptArchive.write(source, "Decoder");
    try (InputStream stream = new ByteArrayInputStream(archive)) {
      return new TorchProgram(JniUtils.loadModule(scope.manager(), stream, false, false));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static String resource(String name) {
    try (InputStream stream = TorchProgram.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("expected resource " + name + " beside its class");
      }
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /**
   * Calls a method.
   *
   * @return the result, freed with {@code scope}
   * @throws ai.djl.engine.EngineException when an operation failed; the program can be used again
   */
  IValue run(NativeScope scope, String method, IValue... arguments) {
    return scope.own(IValueUtils.runMethod(block, method, arguments));
  }
}
