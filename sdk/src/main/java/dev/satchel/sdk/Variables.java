package dev.satchel.sdk;

import dev.satchel.kv.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads settings from environment variables. An empty variable counts as unset. */
record Variables(Map<String, String> env) {

  /**
   * Gives the variable's text to the setter, if the variable is set.
   *
   * @param example a right text, for the message
   * @throws IllegalArgumentException if the setter throws one; the message names the variable
   */
  void set(String name, String example, Consumer<String> setter) {
    String value = env.getOrDefault(name, "").strip();
    if (value.isEmpty()) {
      return;
    }
    try {
      setter.accept(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected %s to be like %s but found '%s'".formatted(name, example, value), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Gives the variable's duration to the setter, if the variable is set.
   *
   * @throws IllegalArgumentException if the text is no duration or the setter throws one; the
   *     message names the variable
   */
  void setDuration(String name, Consumer<Duration> setter) {
    String value = env.getOrDefault(name, "").strip();
    if (!value.isEmpty()) {
      Duration duration = DurationText.read(name, value);
      set(name, "", text -> setter.accept(duration));
    }
  }

  /**
   * Gives the constant that the variable names to the setter, if the variable is set. Constants are
   * spelled in lower case, with hyphens; either case is read.
   */
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
