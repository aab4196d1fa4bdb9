package io.sirocco.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The two sockets of a node, bound to 127.0.0.1 before anything of Kafka is started.
 *
 * <p>Bound first, because the ports must stand in the configuration that Kafka is started with, and
 * because a busy port is then one clear error instead of a node that fails half way up.
 *
 * <p>Thread-safe.
 */
final class LoopbackSockets implements ServerSocketFactory, AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int BACKLOG = 50;

  private final ServerSocketChannel broker;
  private final ServerSocketChannel controller;

  private LoopbackSockets(ServerSocketChannel broker, ServerSocketChannel controller) {
    this.broker = broker;
    this.controller = controller;
  }

  /**
   * Binds the broker's socket to {@code brokerPort} (0: any free one) and the controller's to any
   * free port.
   */
  static LoopbackSockets bind(int brokerPort) {
    ServerSocketChannel broker = listen(brokerPort);
    try {
      return new LoopbackSockets(broker, listen(0));
    } catch (BrokerStartException e) {
      close(broker);
      throw e;
    }
  }

  private static ServerSocketChannel listen(int port) {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.configureBlocking(false);
        channel.bind(loopback(port), BACKLOG);
        return channel;
      } catch (IOException e) {
        close(channel);
        throw e;
      }
    } catch (BindException e) {
      throw new BrokerStartException(
          "expected a free port for the broker on " + LOOPBACK + ", found port " + port
              + " not available: " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new BrokerStartException("cannot listen on " + LOOPBACK + ": " + e.getMessage(), e);
    }
  }

  /** Where clients connect to, as {@code host:port}. */
  String brokerAddress() {
    return LOOPBACK + ":" + broker.socket().getLocalPort();
  }

  /** Where the node's own controller listens, as {@code host:port}. */
  String controllerAddress() {
    return LOOPBACK + ":" + controllerSocketAddress().getPort();
  }

  InetSocketAddress controllerSocketAddress() {
    return loopback(controller.socket().getLocalPort());
  }

  private static InetSocketAddress loopback(int port) {
    try {
      // By address: IPv4 also where the machine prefers IPv6, and no look-up.
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  /** Hands Kafka the socket that was bound for the port that it asks for. */
  @Override
  public ServerSocketChannel openServerSocket(
      String listenerName, InetSocketAddress address, int receiveBufferBytes, int backlog)
      throws IOException {
    if (address.getPort() == broker.socket().getLocalPort()) {
      return broker;
    }
    if (address.getPort() == controller.socket().getLocalPort()) {
      return controller;
    }
    throw new IOException("expected a listener on " + brokerAddress() + " or " + controllerAddress()
        + ", found " + listenerName + " on " + address);
  }

  @Override
  public void close() {
    close(broker);
    close(controller);
  }

  private static void close(ServerSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // A listening socket has nothing to flush, so there is nothing to lose.
    }
  }
}
