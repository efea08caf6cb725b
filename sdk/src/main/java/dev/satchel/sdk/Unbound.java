package dev.satchel.sdk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears of components of the application's types that are bound to nothing. */
record Unbound(Mistakes mistakes, List<String> fieldNames) {

  /**
   * Notes a component without a member.
   *
   * @param snake its name in snake case, or null if it has only the one
   * @param spelled all its names, in words
   * @param members what there is instead
   * @param isWholeConfig whether the members are the user's fields; if they are, a field that only
   *     this user lacks is no mistake
   */
  void component(
      Class<?> owner,
      String name,
      @Nullable String snake,
      String spelled,
      ObjectNode members,
      boolean isWholeConfig) {
    if (isWholeConfig && (fieldNames.contains(name) || fieldNames.contains(snake))) {
      return;
    }
    mistakes.add(
        owner.getName() + "." + name,
        () -> {
          List<String> names = new ArrayList<>(fieldNames);
          if (!isWholeConfig) {
            names.clear();
            members.fieldNames().forEachRemaining(names::add);
          }
          return "component %s of %s is bound to nothing: no %s %s%s"
              .formatted(
                  name,
                  owner.getTypeName(),
                  isWholeConfig ? "field" : "member",
                  spelled,
                  Similar.inWords(name, names));
        });
  }
}
