package io.sirocco.embedded;

import java.util.Objects;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.IVersionProvider;

/**
 * Says what {@code sirocco --version} prints: the product's version and those it stands on.
 *
 * <p>Immutable.
 */
final class ProductVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "sirocco " + product(), "Kafka " + AppInfoParser.getVersion() + ", Java " + Runtime.version()
    };
  }

  /** The product's own. */
  static String product() {
    // In the manifest of the jar only; absent when classes are run from a folder.
    String product = SiroccoMain.class.getPackage().getImplementationVersion();
    return Objects.requireNonNullElse(product, "(development)");
  }
}
