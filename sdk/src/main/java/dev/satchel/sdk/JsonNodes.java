package dev.satchel.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts values of a snapshot to Jackson nodes, of the kinds that {@code readTree} returns for
 * the same JSON text: the smallest of int, long and big integer for whole numbers, double for
 * fractions. An exact decimal stays exact, as {@code readTree} does with {@code
 * USE_BIG_DECIMAL_FOR_FLOATS}.
 */
final class JsonNodes {
  private JsonNodes() {}

  static JsonNode of(@Nullable Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value == null) {
      return nodes.nullNode();
    } else if (value instanceof Boolean b) {
      return nodes.booleanNode(b);
    } else if (value instanceof Long l) {
      return whole(l);
    } else if (value instanceof Double d) {
      return nodes.numberNode(d.doubleValue());
    } else if (value instanceof BigDecimal d) {
      return decimal(d);
    } else if (value instanceof String s) {
      return nodes.textNode(s);
    } else if (value instanceof List<?> list) {
      ArrayNode array = nodes.arrayNode(list.size());
      for (Object element : list) {
        array.add(of(element));
      }
      return array;
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode object = nodes.objectNode();
      map.forEach((name, member) -> object.set(String.valueOf(name), of(member)));
      return object;
    }
    throw new AssertionError("a snapshot holds no " + value.getClass());
  }

  private static JsonNode whole(long value) {
    int narrowed = (int) value;
    return narrowed == value
        ? JsonNodeFactory.instance.numberNode(narrowed)
        : JsonNodeFactory.instance.numberNode(value);
  }

  private static JsonNode decimal(BigDecimal value) {
    if (value.scale() != 0) {
      return DecimalNode.valueOf(value);
    }
    BigInteger integer = value.unscaledValue();
    return integer.bitLength() < Long.SIZE
        ? whole(integer.longValue())
        : BigIntegerNode.valueOf(integer);
  }
}
