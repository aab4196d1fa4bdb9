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
    // In the manifest of the jar only; absent when classes are run from a folder.
    String product = SiroccoMain.class.getPackage().getImplementationVersion();
    return new String[] {
      "sirocco " + Objects.requireNonNullElse(product, "(development)"),
      "Kafka " + AppInfoParser.getVersion() + ", Java " + Runtime.version()
    };
  }
}
