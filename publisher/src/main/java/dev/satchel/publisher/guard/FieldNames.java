package dev.satchel.publisher.guard;

import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.text.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Compares the fields that settings name with those of the query. */
final class FieldNames {
  private final List<String> found;
  private final List<String> problems = new ArrayList<>();

  /** Creates a comparison with the fields that the query returns. */
  FieldNames(List<String> found) {
    this.found = found;
  }

  /** Expects each name that a setting gives to be a field. */
  FieldNames have(Setting<?> setting, Collection<String> wanted) {
    List<String> unknown = wanted.stream().filter(name -> !found.contains(name)).toList();
    if (!unknown.isEmpty()) {
      problems.add(
          setting.wrong(
              "fields of SATCHEL_QUERY, which are " + String.join(", ", found) + ",",
              String.join(", ", unknown)));
    }
    return this;
  }

  /**
   * Passes if every name was one: a mistyped name must not let out a field, or watch none.
   *
   * @throws SettingsException says for each setting what was expected and found
   */
  void check() {
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }
}
