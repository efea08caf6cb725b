package dev.satchel.publisher.run;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Pattern;

/** When the runs after the first begin. Immutable. */
public interface Schedule {
  /**
   * Returns the first tick after a moment.
   *
   * @param anchor from which an interval counts its ticks
   */
  Instant next(Instant anchor, Instant after);

  /** Counts the ticks after {@code after}, up to and including {@code upTo}. */
  long ticks(Instant anchor, Instant after, Instant upTo);

  /** Returns a phrase for the log. */
  String inWords();

  /** Ticks at each whole multiple of an interval, which is positive. */
  record Every(Duration interval) implements Schedule {
    @Override
    public Instant next(Instant anchor, Instant after) {
      return anchor.plus(interval.multipliedBy(passed(anchor, after) + 1));
    }

    @Override
    public long ticks(Instant anchor, Instant after, Instant upTo) {
      return Math.max(0, passed(anchor, upTo) - passed(anchor, after));
    }

    private long passed(Instant anchor, Instant moment) {
      // a clock that is set back may show less than the anchor
      return Math.floorDiv(Duration.between(anchor, moment).toNanos(), interval.toNanos());
    }

    @Override
    public String inWords() {
      return "every " + interval.toString().substring(2).toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Ticks by a cron expression of five fields. Times lost to daylight saving have no tick; times
   * that occur twice have two, unless minute and hour are one number each.
   */
  record Cron(String expression, ZoneId zone, ExecutionTime times) implements Schedule {
    /** Bounds the counting when a clock is set forward by years. */
    private static final int MAX_COUNTED = 10_000;

    /** The parser accepts more, such as several expressions in one, and crashes on some of it. */
    private static final Pattern FIVE_FIELDS =
        Pattern.compile("[0-9A-Za-z*,/-]+(?:\\s+[0-9A-Za-z*,/-]+){4}");

    /**
     * Parses an expression.
     *
     * @throws IllegalArgumentException with a message that says what is wrong with it
     */
    static Cron parse(String expression, ZoneId zone, Instant now) {
      if (!FIVE_FIELDS.matcher(expression).matches()) {
        throw new IllegalArgumentException(
            "not five fields of digits, names, asterisks, commas, hyphens and slashes");
      }
      var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
      var cron =
          new Cron(expression, zone, ExecutionTime.forCron(parser.parse(expression).validate()));
      if (cron.times.nextExecution(now.atZone(zone)).isEmpty()) {
        throw new IllegalArgumentException("no such day exists");
      }
      return cron;
    }

    @Override
    public Instant next(Instant anchor, Instant after) {
      return times
          .nextExecution(after.atZone(zone))
          .orElseThrow(() -> new IllegalStateException("no tick of " + expression + " comes"))
          .toInstant();
    }

    @Override
    public long ticks(Instant anchor, Instant after, Instant upTo) {
      long count = 0;
      for (Instant tick = next(anchor, after);
          !tick.isAfter(upTo) && count < MAX_COUNTED;
          tick = next(anchor, tick)) {
        count++;
      }
      return count;
    }

    @Override
    public String inWords() {
      return "at " + expression + " in " + zone;
    }
  }
}
