package dev.satchel.publisher.run;

import dev.satchel.kv.DurationText;
import dev.satchel.kv.EnvVariables;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When {@code satchel run} publishes.
 *
 * @param channel of PostgreSQL's notifications, on which a run begins; null for none
 * @param readyAfter the age of the last good run from which this is not ready; null for three ticks
 *     of the schedule
 */
public record RunSettings(
    Schedule schedule, @Nullable String channel, @Nullable Duration readyAfter) {
  public static final String SCHEDULE = "SATCHEL_SCHEDULE";
  public static final String CRON = "SATCHEL_CRON";
  public static final String TIME_ZONE = "SATCHEL_TIME_ZONE";
  public static final String LISTEN = "SATCHEL_LISTEN";
  public static final String READY_AFTER = "SATCHEL_READY_AFTER";

  public static final String DEFAULT_INTERVAL = "1m";
  // Workers KV takes one write a second for a key
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
  // a store that is slow for a while is no reason to wake anybody
  private static final Duration SHORTEST_READY = Duration.ofMinutes(1);
  private static final int READY_TICKS = 3;
  private static final int CHANNEL_BYTES = 63; // PostgreSQL cuts longer names

  /** Reads the variables. Each that is wrong adds a line to {@code problems}. */
  public static RunSettings fromEnv(Map<String, String> env, Instant now, List<String> problems) {
    return new RunSettings(
        schedule(env, now, problems), channel(env, problems), readyAfter(env, problems));
  }

  private static Schedule schedule(Map<String, String> env, Instant now, List<String> problems) {
    String interval = EnvVariables.get(env, SCHEDULE, "");
    String cron = EnvVariables.get(env, CRON, "");
    ZoneId zone = zone(env, problems);
    if (!cron.isEmpty() && !interval.isEmpty()) {
      problems.add(
          "expected one of %s and %s but both are set, to %s and %s"
              .formatted(SCHEDULE, CRON, interval, cron));
    }
    return cron.isEmpty()
        ? every(interval.isEmpty() ? DEFAULT_INTERVAL : interval, problems)
        : cron(cron, zone, now, problems);
  }

  private static Schedule every(String text, List<String> problems) {
    var interval = DurationText.parse(text);
    if (interval.isEmpty() || interval.get().compareTo(SHORTEST_INTERVAL) < 0) {
      problems.add(
          "%s: expected an interval of a second or more, such as 30s, 5m, 1h or PT90S, but found %s"
              .formatted(SCHEDULE, text));
      return new Schedule.Every(SHORTEST_INTERVAL);
    }
    return new Schedule.Every(interval.get());
  }

  private static Schedule cron(String text, ZoneId zone, Instant now, List<String> problems) {
    try {
      return Schedule.Cron.parse(text.strip(), zone, now);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage()).replaceFirst("^Failed to parse[^.]*\\. ", "");
      problems.add(
          ("%s: expected minute, hour, day of month, month and day of week, such as */5 * * * * or"
                  + " 0 3 * * 1-5, but found %s (%s)")
              .formatted(CRON, text, reason.strip().replaceAll("\\s+", " ")));
      return new Schedule.Every(SHORTEST_INTERVAL);
    }
  }

  private static ZoneId zone(Map<String, String> env, List<String> problems) {
    String text = EnvVariables.get(env, TIME_ZONE, "UTC");
    try {
      return ZoneId.of(text.strip());
    } catch (DateTimeException e) {
      problems.add(
          "%s: expected a time zone such as UTC, Europe/Berlin or +02:00 but found %s"
              .formatted(TIME_ZONE, text));
      return ZoneId.of("UTC");
    }
  }

  private static @Nullable String channel(Map<String, String> env, List<String> problems) {
    String channel = EnvVariables.get(env, LISTEN, "").strip();
    if (channel.getBytes(StandardCharsets.UTF_8).length > CHANNEL_BYTES
        || channel.indexOf('\0') >= 0) {
      problems.add(
          "%s: expected a channel of at most %d bytes, such as satchel, but found %s"
              .formatted(LISTEN, CHANNEL_BYTES, channel));
    }
    return channel.isEmpty() ? null : channel;
  }

  private static @Nullable Duration readyAfter(Map<String, String> env, List<String> problems) {
    String text = EnvVariables.get(env, READY_AFTER, "");
    if (text.isEmpty()) {
      return null;
    }
    var age = DurationText.parse(text);
    if (age.isEmpty() || age.get().isZero()) {
      problems.add(
          "%s: expected an age such as 90s, 10m or 1h but found %s".formatted(READY_AFTER, text));
      return null;
    }
    return age.get();
  }

  /** Returns the moment from which a good run that began at the given one is too old. */
  public Instant redAt(Instant lastGood) {
    if (readyAfter != null) {
      return lastGood.plus(readyAfter);
    }
    Instant tick = lastGood;
    for (int i = 0; i < READY_TICKS; i++) {
      tick = schedule.next(lastGood, tick);
    }
    Instant earliest = lastGood.plus(SHORTEST_READY);
    return tick.isBefore(earliest) ? earliest : tick;
  }

  /** Returns one line for the log. */
  public String inWords() {
    return channel == null
        ? schedule.inWords()
        : schedule.inWords() + ", and when channel " + channel + " notifies";
  }
}
