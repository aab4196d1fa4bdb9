package io.sirocco.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate that a broker on 127.0.0.1 signed itself, made by the JDK's keytool for one run.
 *
 * <p>Immutable.
 *
 * @param keyStore PKCS #12 file with certificate and key
 * @param pem the certificate alone, for those who are to trust it
 */
record BrokerCertificate(Path keyStore, Path pem) {
  private static final String ALIAS = "broker";

  /** Makes one in {@code folder}. */
  static BrokerCertificate make(Path folder, String password)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path keyStore = folder.resolve("broker.p12");
    run(
        keytool(),
        "-genkeypair",
        "-alias",
        ALIAS,
        "-keyalg",
        "EC",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-storetype",
        "PKCS12",
        "-keystore",
        keyStore.toString(),
        "-storepass",
        password);
    byte[] certificate = KeyStore.getInstance(keyStore.toFile(), password.toCharArray())
        .getCertificate(ALIAS)
        .getEncoded();
    String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(certificate);
    return new BrokerCertificate(
        keyStore,
        Files.writeString(
            folder.resolve("broker.pem"),
            "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n"));
  }

  /** The one beside the {@code java} that runs. */
  private static String keytool() {
    return ProcessHandle.current()
        .info()
        .command()
        .map(java -> Path.of(java).resolveSibling("keytool").toString())
        .orElse("keytool");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("expected keytool to make a certificate, found: " + said);
    }
  }
}
