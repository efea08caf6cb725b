package dev.satchel.sdk;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Settings as environment variables spell them. An empty variable counts as unset. */
record Variables(Map<String, String> env) {

  /**
   * Gives the setter the variable's text, if it is set.
   *
   * @param example of a right one, for the message
   * @throws IllegalArgumentException that names the variable, if the setter throws one
   */
  void set(String name, String example, Consumer<String> setter) {
    String value = env.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      return;
    }
    try {
      setter.accept(value);
    } catch (NumberFormatException | DateTimeParseException e) {
      throw new IllegalArgumentException(
          "expected %s to be like %s but found '%s'".formatted(name, example, value), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  void setDuration(String name, Consumer<Duration> setter) {
    set(
        name,
        "30s, 5m or PT1M",
        text -> {
          String upper = text.toUpperCase(Locale.ROOT);
          setter.accept(Duration.parse(upper.startsWith("P") ? upper : "PT" + upper));
        });
  }

  /** Constants are spelled in lower case, with hyphens. */
  <E extends Enum<E>> void setChoice(String name, E[] choices, Consumer<E> setter) {
    String spelled =
        Arrays.stream(choices).map(Variables::spelled).collect(Collectors.joining(" or "));
    set(
        name,
        spelled,
        text ->
            setter.accept(
                Arrays.stream(choices)
                    .filter(choice -> spelled(choice).equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "expected %s but found '%s'".formatted(spelled, text)))));
  }

  private static String spelled(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
