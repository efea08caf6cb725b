package dev.satchel.sdk;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Binds configs to an application's types, by the application's own Jackson mapper or by rules of
 * ours. Safe for any thread.
 *
 * <p>Most of Jackson is loaded by {@link BindingRules}, when something is first bound: {@code
 * ColdOpening} in the benchmarks measures a client without it.
 *
 * @param own the application's mapper, or null for our rules
 */
record Binder(@Nullable ObjectMapper own) {

  /**
   * Binds all fields of a user.
   *
   * @param told hears of components that no field has
   * @throws IllegalArgumentException if they do not fit; its message is one line that names field
   *     and component
   */
  <T> T bind(ObjectNode config, Class<T> type, Unbound told) {
    return BindingRules.bind(own, config, type, told);
  }
}
