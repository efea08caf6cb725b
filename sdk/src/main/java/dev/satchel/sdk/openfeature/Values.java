package dev.satchel.sdk.openfeature;

import com.fasterxml.jackson.databind.JsonNode;
import dev.openfeature.sdk.ImmutableStructure;
import dev.openfeature.sdk.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts values of a snapshot to those of OpenFeature. */
final class Values {
  private Values() {}

  /**
   * Converts a node; numbers that are no int become doubles, since OpenFeature has no other type.
   */
  static Value of(JsonNode node) {
    if (node.isNull()) {
      return new Value();
    } else if (node.isBoolean()) {
      return new Value(node.booleanValue());
    } else if (node.isTextual()) {
      return new Value(node.textValue());
    } else if (node.isInt()) {
      return new Value(node.intValue());
    } else if (node.isNumber()) {
      return new Value(node.doubleValue());
    } else if (node.isArray()) {
      List<Value> elements = new ArrayList<>();
      node.forEach(element -> elements.add(of(element)));
      return new Value(elements);
    }
    Map<String, Value> members = new LinkedHashMap<>();
    node.properties().forEach(member -> members.put(member.getKey(), of(member.getValue())));
    return new Value(new ImmutableStructure(members));
  }
}
