package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.embedded.LauncherCheckout.Result;
import io.sirocco.embedded.LauncherCheckout.Started;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the script {@code deploy/sirocco} does before it hands over to Java. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {
  @TempDir
  Path folder;

  private LauncherCheckout checkout;

  @BeforeEach
  void checkOut() throws Exception {
    checkout = new LauncherCheckout(folder);
  }

  @Test
  void firstStartBuildsWithProgressOnStandardErrorOnly() throws Exception {
    Result first = checkout.run("chat", "What is a mistral?");

    assertThat(first.exitCode()).isZero();
    assertThat(first.err()).isEqualTo("""
            building Sirocco (first use, a few minutes) ...
              [2/7] Sirocco contracts
            preparing quick starts (once, some seconds) ...
            """);
    assertThat(first.out())
        .startsWith("-X")
        .endsWith("-jar\n" + jar() + "\nchat\nWhat is a mistral?\n");
  }

  private Path jar() {
    return checkout.root().resolve("deploy/embedded/target/sirocco.jar");
  }

  @Test
  void downloadsAreCountedAndNotListed() throws Exception {
    checkout.installMaven(
        "i=0",
        "while [ $i -lt 250 ]; do echo \"[INFO] Downloaded from central: https://host/$i.jar\"; i=$((i+1));"
            + " done",
        "echo '[INFO] Downloading from central: https://host/pytorch-native-cpu-2.7.1.jar'",
        "> $ROOT/deploy/embedded/target/sirocco.jar");

    assertThat(checkout.run().err().lines().skip(1))
        .startsWith(
            "  100 files downloaded",
            "  200 files downloaded",
            "  downloading pytorch-native-cpu-2.7.1.jar, by far the largest file ...");
  }

  @Test
  void secondStartDoesNotBuild() throws Exception {
    checkout.run();
    Result second = checkout.run();

    assertThat(second.err()).isEmpty();
    assertThat(checkout.builds()).isEqualTo(1);
  }

  @Test
  void classesAreArchivedOnceForEachBuildAndJava() throws Exception {
    assertThat(checkout.run().out()).contains("-XX:SharedArchiveFile=" + archive("17.0.15"));
    assertThat(archive("17.0.15")).hasContent("classes");

    checkout.installJava("25");
    assertThat(checkout.run().err()).isEqualTo("preparing quick starts (once, some seconds) ...\n");
    assertThat(checkout.run().err()).isEmpty();
    assertThat(archive("25")).hasContent("classes");

    checkout.touch(jar());
    assertThat(checkout.run().err()).isEqualTo("preparing quick starts (once, some seconds) ...\n");
  }

  @Test
  void archiveAsOldAsItsJarIsKept() throws Exception {
    checkout.run();
    Files.setLastModifiedTime(archive("17.0.15"), Files.getLastModifiedTime(jar()));

    assertThat(checkout.run().err()).isEmpty();
  }

  @Test
  void whereClassesCannotBeArchivedItStartsAllTheSame() throws Exception {
    checkout.installJava("17.0.15", "exit 1");

    assertThat(checkout.run().exitCode()).isZero();
    Result second = checkout.run("chat");
    assertThat(second.exitCode()).isZero();
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).endsWith("chat\n");
  }

  private Path archive(String version) {
    return jar().resolveSibling("classes-" + version + ".jsa");
  }

  @Test
  void changedSourceIsBuilt() throws Exception {
    checkout.run();
    checkout.touch(checkout.source());

    assertThat(checkout.run().err()).startsWith("building Sirocco (its sources have changed) ...");
    assertThat(checkout.builds()).isEqualTo(2);
  }

  @Test
  void removedSourceIsBuilt() throws Exception {
    checkout.run();
    Files.delete(checkout.source());

    checkout.run();
    assertThat(checkout.builds()).isEqualTo(2);
  }

  @Test
  void changedPomIsBuilt() throws Exception {
    checkout.run();
    checkout.touch(checkout.root().resolve("pom.xml"));

    checkout.run();
    assertThat(checkout.builds()).isEqualTo(2);
  }

  @Test
  void startThroughALinkFindsTheCheckout() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), checkout.launcher());

    Result linked = LauncherCheckout.await(checkout.start(link));

    assertThat(linked.exitCode()).isZero();
    assertThat(linked.out()).contains(jar().toString());
  }

  @Test
  void ofTwoStartsAtOnceOneBuildsAndTheOtherWaits() throws Exception {
    Path gate = folder.resolve("gate");
    assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
    checkout.installMaven("read go < " + gate, "> $ROOT/deploy/embedded/target/sirocco.jar");

    Started builder = checkout.start(checkout.launcher(), "builder");
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> checkout.builds() == 1);
    Started other = checkout.start(checkout.launcher(), "other");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> other.errors().startsWith("waiting for another start"));
    Files.writeString(gate, "go\n");

    assertThat(LauncherCheckout.await(builder).out()).endsWith("builder\n");
    assertThat(LauncherCheckout.await(other).out()).endsWith("other\n");
    assertThat(checkout.builds()).isEqualTo(1);
  }

  @Test
  void failedBuildShowsItsEndAndIsTriedAgain() throws Exception {
    checkout.installMaven("echo '[ERROR] Source.java:[1,1] cannot find symbol'", "exit 1");
    Result failed = checkout.run();

    assertThat(failed.exitCode()).isEqualTo(2);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err())
        .contains("Source.java:[1,1] cannot find symbol", "sirocco: the build failed");

    checkout.installMaven("> $ROOT/deploy/embedded/target/sirocco.jar");
    assertThat(checkout.run().exitCode()).isZero();
  }

  @Test
  void missingJavaIsOneLine() throws Exception {
    checkout.uninstall("java");

    assertRefused("expected Java 17 or later, found no java");
  }

  @Test
  void oldJavaIsOneLineThatNamesItsVersion() throws Exception {
    checkout.installJava("11.0.2");
    assertRefused("expected Java 17 or later, found 11.0.2");

    checkout.installJava("1.8.0_402");
    assertRefused("expected Java 17 or later, found 1.8.0_402");
  }

  @Test
  void missingMavenIsOneLine() throws Exception {
    checkout.uninstall("mvn");

    assertRefused("expected Maven to build with, found no mvn");
  }

  @Test
  void builtCheckoutNeedsNoMaven() throws Exception {
    checkout.run();
    checkout.uninstall("mvn");

    assertThat(checkout.run().exitCode()).isZero();
  }

  private void assertRefused(String message) throws Exception {
    Result refused = checkout.run();
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).startsWith("sirocco: " + message).hasLineCount(1);
  }
}
