package dev.satchel.sdk;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The fields that an application says it uses, or none if it does not say. If it does, a client
 * opens only on a snapshot that has them, and makes handles on no others.
 */
record ExpectedFields(Map<String, FieldType> types) {
  static final ExpectedFields UNTOLD = new ExpectedFields(Map.of());

  /** Reads {@code preview:boolean,plan:string}; a name without a type may be of any. */
  static Map<String, FieldType> parse(String text) {
    Map<String, FieldType> types = new LinkedHashMap<>();
    for (String one : text.split(",", -1)) {
      int colon = one.lastIndexOf(':');
      String name = (colon < 0 ? one : one.substring(0, colon)).strip();
      String type = colon < 0 ? FieldType.JSON.spelled() : one.substring(colon + 1).strip();
      if (name.isEmpty()) {
        throw new IllegalArgumentException("expected names of fields but found '" + text + "'");
      }
      types.put(name, type(type));
    }
    return types;
  }

  private static FieldType type(String text) {
    return Arrays.stream(FieldType.values())
        .filter(type -> type.spelled().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected a type of %s but found '%s'".formatted(spelledTypes(), text)));
  }

  private static String spelledTypes() {
    return Arrays.stream(FieldType.values())
        .map(FieldType::spelled)
        .collect(Collectors.joining(", "));
  }

  /** Has the fields opened and checked in every view. */
  void use(FieldNames names) {
    types.forEach((name, type) -> names.use(name, type.bit()));
  }

  /**
   * Throws if handles on this field are not expected.
   *
   * @throws IllegalArgumentException if the field was not told, or with another type
   */
  void check(String name, FieldType type) {
    FieldType told = types.get(name);
    if (types.isEmpty() || told == type || told == FieldType.JSON) {
      return;
    }
    throw new IllegalArgumentException(
        told == null
            ? "expected a handle on one of the expected fields but %s is none of them%s"
                .formatted(name, Similar.inWords(name, types.keySet()))
            : "expected a handle on field %s as %s but it is asked for as %s"
                .formatted(name, told.spelled(), type.spelled()));
  }

  /** Returns what is wrong about them in a view, in words, or empty if nothing is. */
  Optional<String> mistakeIn(ConfigView view) {
    List<String> found =
        types.entrySet().stream()
            .flatMap(
                field ->
                    Optional.ofNullable(view.mistakes().about(field.getKey(), field.getValue()))
                        .stream())
            .toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", found));
  }
}
