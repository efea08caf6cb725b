package dev.satchel.publisher.kv;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.satchel.kv.Backoff;
import dev.satchel.kv.CloudflareSettings;
import dev.satchel.kv.Credentials;
import dev.satchel.publisher.Waiting;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/** A real client against a server that follows a script, and the log of both. */
abstract class ScriptedKv {
  static final String SECRET = "mark-5f0c9d-of-the-secret";
  static final String PATH = "/client/v4/accounts/acc/storage/kv/namespaces/ns";

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

  Vertx vertx;
  ScriptedServer server;
  CloudflareKv kv;

  @BeforeEach
  void startServerAndClient() {
    log.start();
    logger.addAppender(log);
    vertx = Vertx.vertx();
    server = ScriptedServer.start(vertx);
    kv = CloudflareKv.create(vertx, settings(), policy(3, Duration.ofSeconds(20)));
  }

  @AfterEach
  void stopClientAndServer() {
    logger.detachAppender(log);
    Waiting.await(kv.close());
    server.close();
    Waiting.await(vertx.close());
  }

  CloudflareSettings settings() {
    return new CloudflareSettings("acc", "ns", server.baseUrl(), Credentials.token(SECRET));
  }

  /** Short delays, always half of what they may be. */
  static RetryPolicy policy(int attempts, Duration requestTimeout) {
    return new RetryPolicy(
        attempts,
        new Backoff(Duration.ofMillis(4), Duration.ofMillis(10)),
        Duration.ofSeconds(2),
        requestTimeout,
        () -> 0.5);
  }

  /** Replaces the client by one with another patience. */
  void patience(int attempts, Duration requestTimeout) {
    Waiting.await(kv.close());
    kv = CloudflareKv.create(vertx, settings(), policy(attempts, requestTimeout));
  }

  /** What the client itself logged. */
  List<String> logLines() {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLoggerName().startsWith("dev.satchel."))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** What anybody logged at info or above, with stack traces. */
  String wholeLog() {
    var text = new StringBuilder();
    for (var event : List.copyOf(log.list)) {
      if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
        text.append(event.getFormattedMessage()).append('\n');
        if (event.getThrowableProxy() != null) {
          text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
      }
    }
    return text.toString();
  }
}
