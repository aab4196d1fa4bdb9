package io.sirocco.embedded.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final int PATIENCE_MILLIS = 60_000;

  private ServerSocket server;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setSoTimeout(PATIENCE_MILLIS);
    proxy = TcpProxy.to(server.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void bytesPassBothWays() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      client.getOutputStream().write("there".getBytes(UTF_8));
      accepted.getOutputStream().write("back".getBytes(UTF_8));

      assertThat(accepted.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("there");
      assertThat(client.getInputStream().readNBytes(4)).asString(UTF_8).isEqualTo("back");
    }
  }

  @Test
  void nothingPassesWhileItIsCutAndAllOfItAfterwards() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      proxy.cut();
      client.getOutputStream().write("held".getBytes(UTF_8));
      accepted.setSoTimeout(200);
      assertThatThrownBy(() -> accepted.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      proxy.heal();

      accepted.setSoTimeout(PATIENCE_MILLIS);
      assertThat(accepted.getInputStream().readNBytes(4)).asString(UTF_8).isEqualTo("held");
    }
  }

  @Test
  void theEndOfAConnectionPassesToo() throws IOException {
    try (Socket client = connect();
        Socket accepted = server.accept()) {
      accepted.shutdownOutput();

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    client.setSoTimeout(PATIENCE_MILLIS);
    return client;
  }
}
