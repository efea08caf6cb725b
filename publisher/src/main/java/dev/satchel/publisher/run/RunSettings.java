package dev.satchel.publisher.run;

import dev.satchel.kv.EnvVariables;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.Setting;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When {@code satchel run} publishes.
 *
 * @param channel the PostgreSQL channel whose notifications start a run; null for none
 * @param readyAfter the age of the last good run from which the publisher is not ready; null for
 *     three ticks of the schedule
 */
public record RunSettings(
    Schedule schedule, @Nullable String channel, @Nullable Duration readyAfter) {

  private static final int CHANNEL_BYTES = 63; // PostgreSQL cuts longer names

  // Workers KV takes one write a second for a key
  public static final Setting<Duration> SCHEDULE =
      Setting.of(
              "SATCHEL_SCHEDULE",
              Grammar.duration(
                  Duration.ofSeconds(1),
                  "an interval of a second or more, such as 30s, 5m, 1h or PT90S"))
          .option("--schedule", "INTERVAL")
          .byDefault("1m")
          .means("run: the interval between publications, 1s or more");

  public static final Setting<String> CRON =
      Setting.of(
              "SATCHEL_CRON",
              new Grammar<>(
                  "minute, hour, day of month, month and day of week, such as */5 * * * * or"
                      + " 0 3 * * 1-5",
                  Optional::of))
          .option("--cron", "EXPRESSION")
          .otherwise("none")
          .means(
              "run: a cron expression instead: minute, hour, day of month, month, day of week, as"
                  + " in 0 3 * * 1-5");

  public static final Setting<ZoneId> TIME_ZONE =
      Setting.of(
              "SATCHEL_TIME_ZONE",
              new Grammar<>("a time zone such as UTC, Europe/Berlin or +02:00", RunSettings::zone))
          .option("--time-zone", "ZONE")
          .byDefault("UTC")
          .means("run: the time zone of the cron expression, such as Europe/Berlin");

  public static final Setting<String> LISTEN =
      Setting.of(
              "SATCHEL_LISTEN",
              new Grammar<>(
                  "a channel of at most " + CHANNEL_BYTES + " bytes, such as satchel",
                  text -> Optional.of(text.strip()).filter(RunSettings::isChannel)))
          .option("--listen", "CHANNEL")
          .otherwise("none")
          .means(
              "run: a PostgreSQL channel; each notification starts a run; Users_Changed also hears"
                  + " users_changed, as PostgreSQL folds NOTIFY Users_Changed");

  public static final Setting<Duration> READY_AFTER =
      Setting.of(
              "SATCHEL_READY_AFTER",
              Grammar.duration(Duration.ofNanos(1), "an age such as 90s, 10m or 1h"))
          .option("--ready-after", "AGE")
          .otherwise("3 ticks of the schedule, at least 1m")
          .means("run: the age of the last good run from which the publisher is not ready");

  // a store that is slow for a moment is no reason to wake a person
  private static final Duration SHORTEST_READY = Duration.ofMinutes(1);
  private static final int READY_TICKS = 3;

  /** Reads the variables. Each that is wrong adds a line to {@code problems}. */
  public static RunSettings fromEnv(Map<String, String> env, Instant now, List<String> problems) {
    return new RunSettings(
        schedule(env, now, problems),
        LISTEN.find(env, problems).orElse(null),
        READY_AFTER.find(env, problems).orElse(null));
  }

  private static Schedule schedule(Map<String, String> env, Instant now, List<String> problems) {
    Optional<Duration> interval = SCHEDULE.find(env, problems);
    Optional<String> cron = CRON.find(env, problems);
    ZoneId zone = TIME_ZONE.read(env, problems);
    if (cron.isEmpty()) {
      return new Schedule.Every(interval.orElseGet(SCHEDULE::defaultValue));
    }
    String both = EnvVariables.get(env, SCHEDULE.variable(), "");
    if (!both.isEmpty()) {
      problems.add(
          "expected one of %s and %s but both are set, to %s and %s"
              .formatted(SCHEDULE, CRON, both, cron.get()));
    }
    return cron(cron.get(), zone, now, problems);
  }

  private static Schedule cron(String text, ZoneId zone, Instant now, List<String> problems) {
    try {
      return Schedule.Cron.parse(text.strip(), zone, now);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage()).replaceFirst("^Failed to parse[^.]*\\. ", "");
      problems.add(CRON.wrong(text + " (" + reason.strip().replaceAll("\\s+", " ") + ")"));
      return new Schedule.Every(SCHEDULE.defaultValue());
    }
  }

  private static Optional<ZoneId> zone(String text) {
    try {
      return Optional.of(ZoneId.of(text.strip()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static boolean isChannel(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length <= CHANNEL_BYTES && text.indexOf('\0') < 0;
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
