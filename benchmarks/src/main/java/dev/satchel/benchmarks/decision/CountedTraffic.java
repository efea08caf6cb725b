package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what the HTTP servers of one Vert.x instance have received and sent. Safe for any thread.
 */
final class CountedTraffic implements VertxMetricsFactory {
  private final LongAdder requests = new LongAdder();
  private final LongAdder singleWrites = new LongAdder();
  private final LongAdder bulkWrites = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();

  @Override
  public VertxMetrics metrics(VertxOptions options) {
    return new VertxMetrics() {
      @Override
      public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
          HttpServerOptions server, SocketAddress address) {
        return new Server();
      }
    };
  }

  /**
   * Returns the counts since the start: requests, those that write one pair and many, and bytes of
   * bodies.
   */
  ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("requests", requests.sum())
        .put("singleWrites", singleWrites.sum())
        .put("bulkWrites", bulkWrites.sum())
        .put("bytesReceived", bytesReceived.sum())
        .put("bytesSent", bytesSent.sum());
  }

  private final class Server implements HttpServerMetrics<HttpRequest, Void, Void> {
    @Override
    public HttpRequest requestBegin(Void socket, HttpRequest request) {
      return request;
    }

    @Override
    public void requestEnd(HttpRequest begun, HttpRequest request, long bytes) {
      requests.increment();
      bytesReceived.add(bytes);
      if (request.method().equals(HttpMethod.PUT)) {
        (request.uri().endsWith("/bulk") ? bulkWrites : singleWrites).increment();
      }
    }

    @Override
    public void responseEnd(HttpRequest begun, HttpResponse response, long bytes) {
      bytesSent.add(bytes);
    }
  }
}
