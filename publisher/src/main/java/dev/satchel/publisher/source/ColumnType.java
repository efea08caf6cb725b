package dev.satchel.publisher.source;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of PostgreSQL column: how it is selected, and how its values are decoded.
 *
 * <p>A type is selected as it is if its binary form is simple, and PostgreSQL sends it in that form
 * because the driver asks for it. Others are selected as the text that PostgreSQL itself writes, or
 * as JSON, so that a snapshot says of them what {@code to_jsonb} says.
 */
enum ColumnType {
  BOOLEAN("%s") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      return bytes[from] != 0;
    }
  },
  INTEGER("%s") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      return integer(bytes, from, length);
    }
  },
  DOUBLE("%s") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      double number = Double.longBitsToDouble(RowBatch.longAt(bytes, from));
      return Double.isFinite(number) ? (Object) number : Double.toString(number);
    }
  },
  REAL("%s::text") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      String text = text(bytes, from, length);
      // 0.1::real must stay 0.1; as a double, the float 0.1 is another number
      return isNumber(text) ? (Object) Double.parseDouble(text) : text;
    }
  },
  NUMERIC("%s::text") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      String text = text(bytes, from, length);
      return isNumber(text) ? new BigDecimal(text) : text;
    }
  },
  TEXT("%s"),
  /** char(n), whose padding a cast to text would drop. */
  CHAR("%s"),
  AS_TEXT("%s::text"),
  UUID("%s") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      return uuid(bytes, from).toString();
    }
  },
  UUID_ID("%s") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      return uuid(bytes, from);
    }
  },
  ARRAY("%s") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      return new ArrayValue(bytes, from).list();
    }
  },
  ISO_8601("pg_catalog.to_json(%s)#>>'{}'"),
  /** A moment. The session's time zone, which the query may rely on, is left alone. */
  TIMESTAMPTZ("pg_catalog.to_json(%s AT TIME ZONE 'UTC')#>>'{}'") {
    @Override
    Object decoded(byte[] bytes, int from, int length) {
      String text = text(bytes, from, length);
      if (text.endsWith("infinity")) {
        return text;
      }
      return text.endsWith(" BC") ? text.substring(0, text.length() - 3) + "Z BC" : text + "Z";
    }
  },
  JSON("%s::text") {
    @Override
    @Nullable Object decoded(byte[] bytes, int from, int length) throws IOException {
      return JsonText.read(text(bytes, from, length));
    }
  },
  RENDERED("pg_catalog.to_json(%s)::text") {
    @Override
    @Nullable Object decoded(byte[] bytes, int from, int length) throws IOException {
      return JsonText.read(text(bytes, from, length));
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
          Map.entry("jsonb", JSON),
          Map.entry("_text", ARRAY),
          Map.entry("_varchar", ARRAY),
          Map.entry("_int2", ARRAY),
          Map.entry("_int4", ARRAY),
          Map.entry("_int8", ARRAY));

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
      case INTEGER, TEXT -> this;
      case UUID -> UUID_ID;
      case CHAR ->
          AS_TEXT; // nobody looks for the blanks, which PostgreSQL ignores when it compares
      default -> null;
    };
  }

  /**
   * Returns the value that the snapshot carries for what PostgreSQL sent.
   *
   * @throws IOException if it is JSON that no snapshot carries; the message may quote it
   */
  @Nullable Object decoded(byte[] bytes, int from, int length) throws IOException {
    return text(bytes, from, length);
  }

  /** Returns a smallint, an integer or a bigint. */
  static long integer(byte[] bytes, int from, int length) {
    return switch (length) {
      case Short.BYTES -> RowBatch.shortAt(bytes, from);
      case Integer.BYTES -> RowBatch.intAt(bytes, from);
      default -> RowBatch.longAt(bytes, from);
    };
  }

  static String text(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  private static java.util.UUID uuid(byte[] bytes, int from) {
    return new java.util.UUID(
        RowBatch.longAt(bytes, from), RowBatch.longAt(bytes, from + Long.BYTES));
  }

  private static boolean isNumber(String text) {
    char last = text.charAt(text.length() - 1);
    return last >= '0' && last <= '9';
  }
}
