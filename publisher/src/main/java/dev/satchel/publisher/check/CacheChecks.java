package dev.satchel.publisher.check;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges for how long caches keep the value, and the times in the headers. */
final class CacheChecks {
  /** As long as KV itself may take, and a few polls. */
  private static final long MOST_AGE_SECONDS = 300;

  private static final Duration MOST_CLOCK_ERROR = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");

  private final Answer whole;
  private final boolean hasToken;

  CacheChecks(Answer whole, boolean hasToken) {
    this.whole = whole;
    this.hasToken = hasToken;
  }

  void addTo(List<Finding> findings) {
    findings.add(caching());
    findings.add(age());
    findings.add(date());
  }

  private Finding caching() {
    String name = "Cache-Control";
    String expected = "no-store, no-cache, or a max-age of at most 5 minutes";
    String found = whole.header("cache-control");
    String all =
        String.join(",", whole.headers().allValues("cache-control")).toLowerCase(Locale.ROOT);
    if (all.isBlank()) {
      return Finding.warning(
          name,
          expected,
          "none",
          "say how long caches may keep the value; without it each decides for itself");
    }
    boolean isKept = !all.contains("no-store") && !all.contains("no-cache");
    long seconds = Math.max(directive(all, "max-age"), directive(all, "s-maxage"));
    if (isKept && (all.contains("immutable") || seconds > MOST_AGE_SECONDS)) {
      return Finding.failed(
          name,
          expected,
          found,
          "shorten it: a cache on the way would hide changes for that long; only patches never"
              + " change");
    }
    if (hasToken && isKept && all.contains("public")) {
      return Finding.failed(
          name,
          "private, as the address asks for a token",
          found,
          "send private: a shared cache would answer those who have no token");
    }
    return isKept && seconds < 0
        ? Finding.warning(name, expected, found, "add a max-age")
        : Finding.ok(name, expected, found);
  }

  /** Returns the seconds of a directive, -1 if there is none. */
  private static long directive(String all, String name) {
    Matcher found =
        Pattern.compile("(?:^|[,\\s])" + name + "\\s*=\\s*\"?([0-9]{1,10})").matcher(all);
    return found.find() ? Long.parseLong(found.group(1)) : -1;
  }

  private Finding age() {
    String name = "Age";
    String expected = "none, or at most 5 minutes";
    if (!whole.has("age")) {
      return Finding.ok(name, expected, "none");
    }
    String text = whole.header("age");
    OptionalLong seconds =
        SECONDS.matcher(text).matches()
            ? OptionalLong.of(Long.parseLong(text))
            : OptionalLong.empty();
    return seconds.isPresent() && seconds.getAsLong() <= MOST_AGE_SECONDS
        ? Finding.ok(name, expected, text + " s in a cache")
        : Finding.failed(
            name,
            expected,
            text,
            "a cache before the server answers with what it has kept; let it ask more often");
  }

  private Finding date() {
    String name = "Date";
    String expected = "the present time, to within 5 minutes";
    if (!whole.has("date")) {
      return Finding.ok(name, expected, "none");
    }
    String text = whole.header("date");
    try {
      Instant sent = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var age = directiveOf("age");
      Duration off = Duration.between(sent.plusSeconds(age), whole.at()).abs();
      return off.compareTo(MOST_CLOCK_ERROR) <= 0
          ? Finding.ok(name, expected, text)
          : Finding.warning(
              name,
              expected,
              text,
              "set the clock of the server or of this machine right; revisions are times");
    } catch (DateTimeException e) {
      return Finding.warning(name, expected, text, "send a date as RFC 9110 has it");
    }
  }

  private long directiveOf(String header) {
    String text = whole.header(header);
    return SECONDS.matcher(text).matches() ? Long.parseLong(text) : 0;
  }
}
