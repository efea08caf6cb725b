package dev.satchel.publisher.text;

import dev.satchel.kv.DurationText;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The values that a setting takes.
 *
 * @param expected a description with an example, for messages
 * @param parser returns the value, or empty if the text is wrong
 */
public record Grammar<T>(String expected, Function<String, Optional<T>> parser) {

  /** Takes any text that is not blank. */
  public static Grammar<String> text() {
    return new Grammar<>("a text", Optional::of);
  }

  /** Takes a whole number within the bounds, in digits. */
  public static Grammar<Integer> number(int least, int most) {
    return number(least, most, "");
  }

  /**
   * Takes a whole number within the bounds, in digits.
   *
   * @param note what a message says after the bounds; may be empty
   */
  public static Grammar<Integer> number(int least, int most, String note) {
    return new Grammar<>(
        least + " to " + most + note,
        text ->
            text.matches("[0-9]{1,9}")
                ? Optional.of(Integer.valueOf(text)).filter(n -> n >= least && n <= most)
                : Optional.empty());
  }

  /**
   * Takes the number of a port.
   *
   * @param least 0 where any free port will do, else 1
   * @param note what a message says after the bounds
   */
  public static Grammar<Integer> port(int least, String note) {
    return number(least, 65_535, note);
  }

  /** Takes a duration as {@link DurationText} reads it, no shorter than {@code shortest}. */
  public static Grammar<Duration> duration(Duration shortest, String expected) {
    return new Grammar<>(
        expected, text -> DurationText.parse(text).filter(d -> d.compareTo(shortest) >= 0));
  }
}
