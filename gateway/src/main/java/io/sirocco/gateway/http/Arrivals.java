package io.sirocco.gateway.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Ends connections on which the header of the next request takes too long to arrive: to be idle is
 * not enough, as a byte now and then is none.
 *
 * <p>Thread-safe.
 */
final class Arrivals extends Handler.Wrapper implements Connection.Listener {
  private final long patienceNanos;

  /** Since when each connection has been waited on. */
  private final Map<Connection, Long> awaited = new ConcurrentHashMap<>();

  /** @param patience from the beginning of a connection, or the end of a response on it */
  Arrivals(Duration patience) {
    this.patienceNanos = patience.toNanos();
  }

  @Override
  public void onOpened(Connection connection) {
    awaited.put(connection, System.nanoTime());
  }

  @Override
  public void onClosed(Connection connection) {
    awaited.remove(connection);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Connection connection = request.getConnectionMetaData().getConnection();
    awaited.remove(connection);
    request.addHttpStreamWrapper(stream -> new HttpStream.Wrapper(stream) {
      @Override
      public void succeeded() {
        // Before the server looks for the next request.
        awaited.put(connection, System.nanoTime());
        super.succeeded();
      }
    });
    return super.handle(request, response, callback);
  }

  /** Ends what has been waited on for too long. */
  void endLate() {
    long now = System.nanoTime();
    awaited.forEach((connection, since) -> {
      if (now - since > patienceNanos && awaited.remove(connection, since)) {
        connection
            .getEndPoint()
            .close(new TimeoutException("expected a request, found too little of one"));
      }
    });
  }
}
