package dev.satchel.sdk;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalQuery;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the types of {@code java.time} from texts, as the publisher and PostgreSQL write them.
 * Jackson leaves these types to a module that applications need not have.
 */
final class TextTypes {
  /** A day and a time, with T or a blank between them, and perhaps with an offset and a zone. */
  private static final DateTimeFormatter MOMENT =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .append(offset())
          .optionalStart()
          .appendLiteral('[')
          .appendZoneRegionId()
          .appendLiteral(']')
          .toFormatter();

  private static final DateTimeFormatter TIME_OF_DAY =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .append(offset())
          .toFormatter();

  /** An interval of PostgreSQL without months, whose length would depend on the month. */
  private static final Pattern INTERVAL =
      Pattern.compile(
          "(?:(-?\\d{1,9}) days? ?)?(?:([-+]?)(\\d{1,9}):(\\d{2}):(\\d{2}(?:\\.\\d{1,6})?))?");

  private TextTypes() {}

  private static DateTimeFormatter offset() {
    // PostgreSQL writes +02 where there are no minutes
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .parseLenient()
        .appendOffset("+HH:MM:ss", "Z")
        .toFormatter();
  }

  static void addTo(SimpleDeserializers all) {
    add(all, Instant.class, "2026-03-01T10:00:00Z", text -> moment(text, Instant::from));
    add(
        all,
        OffsetDateTime.class,
        "2026-03-01T10:00:00+01:00",
        text -> moment(text, OffsetDateTime::from));
    add(
        all,
        ZonedDateTime.class,
        "2026-03-01T10:00:00+01:00",
        text -> moment(text, ZonedDateTime::from));
    add(all, LocalDateTime.class, "2026-03-01T10:00:00", text -> LocalDateTime.parse(withT(text)));
    add(all, LocalDate.class, "2026-03-01", LocalDate::parse);
    add(all, LocalTime.class, "10:00:00", LocalTime::parse);
    add(all, OffsetTime.class, "10:00:00+01:00", text -> TIME_OF_DAY.parse(text, OffsetTime::from));
    add(all, Duration.class, "PT1H30M, or 01:30:00", TextTypes::duration);
    add(all, Period.class, "P1Y2M3D", Period::parse);
    add(all, Year.class, "2026", Year::parse);
    add(all, YearMonth.class, "2026-03", YearMonth::parse);
    add(all, MonthDay.class, "--03-01", MonthDay::parse);
    add(all, ZoneId.class, "Europe/Vienna", ZoneId::of);
    add(all, ZoneOffset.class, "+01:00", ZoneOffset::of);
  }

  private static <T> void add(
      SimpleDeserializers all, Class<T> type, String example, Function<String, T> read) {
    all.addDeserializer(type, new TextDeserializer<>(type, example, read));
  }

  private static <T> T moment(String text, TemporalQuery<T> as) {
    return MOMENT.parse(withT(text), as);
  }

  private static String withT(String text) {
    return text.length() > 10 && text.charAt(10) == ' '
        ? text.substring(0, 10) + 'T' + text.substring(11)
        : text;
  }

  private static Duration duration(String text) {
    Matcher interval = INTERVAL.matcher(text);
    if (text.isEmpty() || !interval.matches()) {
      return Duration.parse(text);
    }
    Duration days =
        interval.group(1) == null
            ? Duration.ZERO
            : Duration.ofDays(Long.parseLong(interval.group(1)));
    if (interval.group(3) == null) {
      return days;
    }
    Duration time =
        Duration.parse(
            "PT%sH%sM%sS".formatted(interval.group(3), interval.group(4), interval.group(5)));
    return "-".equals(interval.group(2)) ? days.minus(time) : days.plus(time);
  }

  private static final class TextDeserializer<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1L;

    private final String example;
    private final transient Function<String, T> read;

    TextDeserializer(Class<T> type, String example, Function<String, T> read) {
      super(type);
      this.example = example;
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return context.reportInputMismatch(
            this, "expected a text like %s but found %s", example, Kinds.of(parser.currentToken()));
      }
      String text = parser.getText();
      try {
        return read.apply(text);
      } catch (DateTimeException e) {
        return context.reportInputMismatch(
            this, "expected a text like %s but found \"%s\"", example, Kinds.shortened(text));
      }
    }
  }
}
