package io.sirocco.embedded.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes connections on to a port of this machine, until it is cut: then they stay open, and nothing
 * comes through.
 *
 * <p>Thread-safe.
 */
final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private boolean cut;

  private TcpProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** Listens on a free port for connections to {@code target}. */
  static TcpProxy to(int target) throws IOException {
    TcpProxy proxy =
        new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    proxy.run("proxy", proxy::accept);
    return proxy;
  }

  /** Where it listens. */
  int port() {
    return server.getLocalPort();
  }

  /** Lets nothing through. */
  synchronized void cut() {
    cut = true;
  }

  /** Lets through what was held up, and what comes. */
  synchronized void heal() {
    cut = false;
    notifyAll();
  }

  private synchronized void pass() throws InterruptedException {
    while (cut) {
      wait();
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      sockets.add(client);
      run("proxy-connect", () -> connect(client));
    }
  }

  private void connect(Socket client) throws IOException, InterruptedException {
    pass();
    Socket broker;
    try {
      broker = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      close(client); // As the broker would do it.
      return;
    }
    sockets.add(broker);
    run("proxy-there", () -> pump(client, broker));
    run("proxy-back", () -> pump(broker, client));
  }

  private void pump(Socket from, Socket to) throws IOException, InterruptedException {
    try {
      from.setTcpNoDelay(true);
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        pass();
        out.write(buffer, 0, count);
      }
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) throws IOException {
    sockets.remove(socket);
    socket.close();
  }

  private interface Task {
    void run() throws IOException, InterruptedException;
  }

  private void run(String name, Task task) {
    Thread thread = new Thread(
        () -> {
          try {
            task.run();
          } catch (IOException e) {
            // The connection has ended, as connections do.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    heal();
    try {
      server.close();
      for (Socket socket : sockets) {
        close(socket);
      }
    } catch (IOException e) {
      // There is nothing to lose.
    }
  }
}
