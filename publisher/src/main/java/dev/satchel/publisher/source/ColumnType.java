package dev.satchel.publisher.source;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of PostgreSQL column: how it is selected, and what becomes of it.
 *
 * <p>A type is selected as it is only if the driver delivers it exactly and cheaply. The driver
 * would turn JSON's numbers and real into binary floating point, and its timestamps know no BC or
 * infinity; those are selected as the text that PostgreSQL itself writes. PostgreSQL writes every
 * other type as JSON, so that a snapshot says of it what {@code to_jsonb} says.
 */
enum ColumnType {
  BOOLEAN("%s"),
  INTEGER("%s::bigint") {
    @Override
    Object carried(Object value) {
      return ((Number) value).longValue();
    }
  },
  DOUBLE("%s") {
    @Override
    Object carried(Object value) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? (Object) number : Double.toString(number);
    }
  },
  REAL("%s::text") {
    @Override
    Object carried(Object value) {
      // 0.1::real must stay 0.1; as a double, the float 0.1 is another number
      return isNumber((String) value) ? (Object) Double.parseDouble((String) value) : value;
    }
  },
  NUMERIC("%s::text") {
    @Override
    Object carried(Object value) {
      return isNumber((String) value) ? new BigDecimal((String) value) : value;
    }
  },
  TEXT("%s"),
  /** char(n), whose padding a cast to text would drop. */
  CHAR("%s"),
  AS_TEXT("%s::text"),
  UUID("%s") {
    @Override
    Object carried(Object value) {
      return value.toString();
    }
  },
  ISO_8601("pg_catalog.to_json(%s)#>>'{}'"),
  /** A moment. The session's time zone, which the query may rely on, is left alone. */
  TIMESTAMPTZ("pg_catalog.to_json(%s AT TIME ZONE 'UTC')#>>'{}'") {
    @Override
    Object carried(Object value) {
      String text = (String) value;
      if (text.endsWith("infinity")) {
        return text;
      }
      return text.endsWith(" BC") ? text.substring(0, text.length() - 3) + "Z BC" : text + "Z";
    }
  },
  JSON("%s::text") {
    @Override
    @Nullable Object carried(Object value) throws IOException {
      return JsonText.read((String) value);
    }
  },
  RENDERED("pg_catalog.to_json(%s)::text") {
    @Override
    @Nullable Object carried(Object value) throws IOException {
      return JsonText.read((String) value);
    }
  };

  /** What stands for the name of any enum. */
  static final String ENUM = "an enum";

  /** What stands for the name of a type that has no form of its own here. */
  static final String OTHER = "another";

  private static final Map<String, ColumnType> BY_NAME =
      Map.ofEntries(
          Map.entry("bool", BOOLEAN),
          Map.entry("int2", INTEGER),
          Map.entry("int4", INTEGER),
          Map.entry("int8", INTEGER),
          Map.entry("float4", REAL),
          Map.entry("float8", DOUBLE),
          Map.entry("numeric", NUMERIC),
          Map.entry("text", TEXT),
          Map.entry("varchar", TEXT),
          Map.entry("bpchar", CHAR),
          Map.entry("name", AS_TEXT),
          Map.entry(ENUM, AS_TEXT),
          Map.entry("citext", AS_TEXT),
          Map.entry("uuid", UUID),
          Map.entry("timestamp", ISO_8601),
          Map.entry("date", ISO_8601),
          Map.entry("timestamptz", TIMESTAMPTZ),
          Map.entry("json", JSON),
          Map.entry("jsonb", JSON));

  private final String sql;

  ColumnType(String sql) {
    this.sql = sql;
  }

  /**
   * Returns the type for the name of a type of PostgreSQL's own, of the extension citext, or for
   * {@link #ENUM}; any other is {@link #RENDERED}.
   */
  static ColumnType of(String typeName) {
    return BY_NAME.getOrDefault(typeName, RENDERED);
  }

  /** Returns the SQL that selects such a column. */
  String select(String column) {
    return sql.formatted(column);
  }

  /** Returns how a user id of this type is selected; null if none can be of it. */
  @Nullable ColumnType asUserId() {
    return switch (this) {
      case UUID, INTEGER, TEXT -> this;
      case CHAR ->
          AS_TEXT; // nobody looks for the blanks, which PostgreSQL ignores when it compares
      default -> null;
    };
  }

  /** Returns what the snapshot carries for what the driver delivered. */
  @Nullable Object carried(Object value) throws IOException {
    return value;
  }

  private static boolean isNumber(String text) {
    char last = text.charAt(text.length() - 1);
    return last >= '0' && last <= '9';
  }
}
