package io.sirocco.embedded;

import io.sirocco.worker.model.torch.ComputeDevice;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The option that says where a model is computed.
 *
 * <p>Confined to the main thread.
 */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "D",
      defaultValue = "cpu",
      converter = Converter.class,
      description = "Where the model is computed: cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
  private ComputeDevice device = ComputeDevice.CPU;

  /** Where the model is computed. */
  ComputeDevice device() {
    return device;
  }

  /** Reads the option. */
  static final class Converter implements ITypeConverter<ComputeDevice> {
    @Override
    public ComputeDevice convert(String text) {
      return ComputeDevice.parse(text)
          .orElseThrow(() -> new TypeConversionException(
              "expected %s, found %s".formatted(ComputeDevice.EXPECTED, text)));
    }
  }
}
