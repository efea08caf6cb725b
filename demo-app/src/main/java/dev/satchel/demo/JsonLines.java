package dev.satchel.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes each log event as one JSON object on a line of its own: {@code time}, {@code level},
 * {@code logger}, {@code message}, what the event was given as key and value, and the {@code
 * exception} with its stack trace if there is one.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var json =
        new JsonObject()
            .put("time", Instant.ofEpochMilli(event.getTimeStamp()).toString())
            .put("level", event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("message", event.getFormattedMessage());
    Objects.requireNonNullElse(event.getKeyValuePairs(), List.<org.slf4j.event.KeyValuePair>of())
        .forEach(pair -> json.getMap().putIfAbsent(pair.key, plain(pair.value)));
    if (event.getThrowableProxy() != null) {
      json.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return (json.encode() + "\n").getBytes(UTF_8);
  }

  /** Returns a value as JSON has it; anything unusual as text. */
  private static Object plain(Object value) {
    return value instanceof Number
            || value instanceof Boolean
            || value instanceof Map
            || value instanceof JsonObject
        ? value
        : String.valueOf(value);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
