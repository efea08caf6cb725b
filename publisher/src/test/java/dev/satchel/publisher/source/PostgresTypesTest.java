package dev.satchel.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.satchel.publisher.embedded.SharedDatabase;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTypesTest {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(200_000).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .build();

  @BeforeAll
  static void makeTypes() {
    SharedDatabase.sql("CREATE TYPE mood AS ENUM ('fine', 'so so')");
    SharedDatabase.sql("CREATE DOMAIN short_text AS varchar(20)");
    SharedDatabase.sql("CREATE DOMAIN shorter_text AS short_text CHECK (length(value) < 9)");
    SharedDatabase.sql(
        "CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS citext");
    SharedDatabase.sql(
        """
        CREATE SCHEMA odd;
        CREATE TYPE odd.name AS (first text, "last name" varchar, born date);
        CREATE TYPE odd.json AS ENUM ('a', 'b');
        CREATE TYPE odd.weight AS ENUM ('light', 'heavy');
        CREATE FUNCTION odd.told(odd.weight) RETURNS json LANGUAGE sql
          AS $$ SELECT json_build_object('weight', $1::text) $$;
        CREATE CAST (odd.weight AS json) WITH FUNCTION odd.told(odd.weight);
        CREATE TYPE odd.span AS RANGE (subtype = float8);
        CREATE DOMAIN odd.address AS inet;
        CREATE DOMAIN odd.moods AS mood[];
        CREATE DOMAIN odd.person AS odd.name;
        CREATE DOMAIN odd.settings AS json;
        """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "false",
        "null::boolean",
        "(-32768)::smallint",
        "2147483647",
        "(-9223372036854775808)::bigint",
        "null::bigint",
        "0.1::real",
        "16777216::real",
        "3.4028235e38::real",
        "1e-45::real",
        "'NaN'::real",
        "'-Infinity'::real",
        "null::real",
        "0.1::double precision",
        "1e300::double precision",
        "2.2250738585072014e-308::double precision",
        "'Infinity'::double precision",
        "'NaN'::double precision",
        "null::double precision",
        "0::numeric",
        "1.50::numeric",
        "-123456789012345678901234567890.000123456789::numeric",
        "1e-20::numeric",
        "'NaN'::numeric",
        "'-Infinity'::numeric",
        "null::numeric(10,2)",
        "12.3::numeric(10,2)",
        "''::text",
        "'Grüße, 世界 🎒 \"quoted\" \\ and' || chr(10) || chr(1)",
        "'x'::varchar(9)",
        "null::text",
        "'ab'::char(5)",
        "'fine'::mood",
        "'brief'::shorter_text",
        "null::shorter_text",
        "'users'::name",
        "'A11CE000-0000-4000-8000-000000000001'::uuid",
        "'2024-01-02 03:04:05.123456'::timestamp",
        "'2024-01-02 03:04:05.120000'::timestamp",
        "'2024-01-02'::timestamp",
        "'0044-03-15 BC'::timestamp",
        "'294276-12-31 23:59:59.999999'::timestamp",
        "'infinity'::timestamp",
        "null::timestamp",
        "'2024-02-29'::date",
        "'0044-03-15 BC'::date",
        "'-infinity'::date",
        "null::date",
        "'{\"a\":[1,2.50,{\"b\":null}],\"c\":\"\"}'::jsonb",
        "'[]'::json",
        "'{}'::json",
        "'null'::jsonb",
        "'\"text\"'::jsonb",
        "'true'::json",
        "'1e2'::json",
        "'-0.0'::jsonb",
        "'9223372036854775808'::jsonb",
        "'0.1000000000000000055511151231257827'::jsonb",
        "null::jsonb",
        "'{a,\"b,c\",NULL,\"NULL\",\"\"}'::text[]",
        "'{}'::text[]",
        "null::text[]",
        "'{x}'::varchar[]",
        "'{1,NULL,-3}'::integer[]",
        "'[5:6]={1,2}'::integer[]",
        "'{1,2}'::smallint[]",
        "'{9223372036854775807}'::bigint[]",
        "'{a11ce000-0000-4000-8000-000000000001,NULL}'::uuid[]",
        "'{t,f,NULL}'::boolean[]",
        "'{0.1,NaN}'::double precision[]",
        "'192.0.2.1'::inet",
        "'192.0.2.0/24'::inet",
        "'192.0.2.0/24'::cidr",
        "'08:00:2b:01:02:03'::macaddr",
        "'08:00:2b:01:02:03:04:05'::macaddr8",
        "'24:00'::time",
        "'10:00:00.5+02'::timetz",
        "'1 year 2 mons -3 days 04:05:06.7'::interval",
        "'\\xdeadbeef'::bytea",
        "'12.5'::money",
        "B'101'",
        "'101'::varbit",
        "'(1,2)'::point",
        "'16/B374D848'::pg_lsn",
        "26::oid",
        "'pg_class'::regclass",
        "'a'::\"char\"",
        "'<a>1</a>'::xml",
        "to_tsvector('simple', 'x y')",
        "'a=>1, \"b c\"=>NULL'::hstore",
        "'A@x'::citext",
        "'{A@x}'::citext[]",
        "'[1,5)'::int4range",
        "'{[1,3),[5,7)}'::int4multirange",
        "'[2024-01-01,infinity)'::daterange",
        "'[1.5,2.5]'::odd.span",
        "ROW(1, 'a', NULL)",
        "ROW('Ada', 'L', '1815-12-10')::odd.name",
        "ROW('Ada', NULL, 'infinity')::odd.person",
        "ARRAY[ROW('Ada', 'L', NULL)::odd.person, NULL]",
        "'a'::odd.json",
        "'heavy'::odd.weight",
        "'{heavy}'::odd.weight[]",
        "'192.0.2.1/8'::odd.address",
        "'{192.0.2.1/8}'::odd.address[]",
        "'{fine,so so}'::odd.moods",
        "'{\"a\":1,\"a\":2, \"b\" : [1.50, 1e3]}'::odd.settings",
        "ARRAY['{\"a\":1,\"a\":2}'::json, 'null']",
        "'{fine,NULL}'::mood[]",
        "'{}'::mood[]",
        "'{2026-02-28,infinity}'::date[]",
        "'{2026-02-28 10:00:00+00,NULL}'::timestamptz[]",
        "'{NaN,1.50,Infinity}'::numeric[]",
        "'{EUR,x}'::char(3)[]",
        "'{brief}'::shorter_text[]",
        "ARRAY['{\"a\": 1}', 'null']::jsonb[]",
        "'{{1,2},{3,4}}'::integer[]",
        "'[0:1][2:3]={{1,2},{3,4}}'::integer[]",
        "'{{fine}}'::mood[]",
        "1e-16383::numeric",
        "1e131071::numeric",
        "pg_sleep(0)",
      })
  void aValueIsWhatPostgresItselfWouldWriteAsJson(String sql) throws JsonProcessingException {
    String expected = written(sql);

    Object carried = only(sql);

    assertThat(JSON.writeValueAsString(carried)).satisfies(text -> sameJson(text, expected));
  }

  @Test
  void numbersComeInTheClassThatLosesNothing() {
    assertThat(only("0.1::real")).isEqualTo(0.1);
    assertThat(only("7::smallint")).isEqualTo(7L);
    assertThat(only("1.50::numeric")).isEqualTo(new BigDecimal("1.50"));
    assertThat(only("'[1, 1.5, 1.50, 1.0, 9223372036854775808, 1e400]'::json"))
        .isEqualTo(
            List.of(
                1L,
                1.5,
                new BigDecimal("1.50"),
                1.0,
                new BigDecimal("9223372036854775808"),
                new BigDecimal("1e400")));
    assertThat(only("'{\"b\":1,\"a\":null}'::json")).isInstanceOf(Map.class);
  }

  @Test
  void aMomentIsToldInUtcWhateverTheTimeZoneOfTheSession() {
    String database = "in_kathmandu";
    SharedDatabase.sql("CREATE ROLE " + database + " LOGIN PASSWORD 'pw'");
    SharedDatabase.sql("ALTER ROLE " + database + " SET TimeZone = 'Asia/Kathmandu'");
    var settings =
        DatabaseSettings.parse("X", SharedDatabase.connectionString(database + ":pw", "postgres"));

    var users =
        Users.read(
            settings,
            """
            SELECT * FROM (VALUES
              (1, '2024-01-02 03:04:05.5+00'::timestamptz, current_setting('TimeZone')),
              (2, '2024-01-02 03:04:05+05:45'::timestamptz, ''),
              (3, 'infinity'::timestamptz, ''),
              (4, '0044-03-15 12:00:00+00 BC'::timestamptz, ''),
              (5, null, '')) AS t(id, at, zone)
            """);

    assertThat(users.byId.values().stream().map(v -> v.get(0)))
        .isEqualTo(
            Arrays.asList(
                "2024-01-02T03:04:05.5Z",
                "2024-01-01T21:19:05Z",
                "infinity",
                "0044-03-15T12:00:00Z BC",
                null));
    assertThat(users.byId.get(1L)).element(1).isEqualTo("Asia/Kathmandu");
  }

  @Test
  void userIdsAreUuidsLongsOrStrings() {
    assertThat(Users.read("SELECT 'A11CE000-0000-4000-8000-000000000001'::uuid AS id").byId)
        .containsOnlyKeys(UUID.fromString("a11ce000-0000-4000-8000-000000000001"));
    assertThat(Users.read("SELECT 7::smallint AS id").byId).containsOnlyKeys(7L);
    assertThat(Users.read("SELECT 7 AS id").byId).containsOnlyKeys(7L);
    assertThat(Users.read("SELECT 7::bigint AS id").byId).containsOnlyKeys(7L);
    assertThat(Users.read("SELECT 'é'::text AS id").byId).containsOnlyKeys("é");
    assertThat(Users.read("SELECT 'é'::varchar(3) AS id").byId).containsOnlyKeys("é");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0::numeric", "true", "now()", "'{}'::jsonb", "'{a}'::text[]"})
  void anotherTypeOfUserIdIsRefusedByName(String sql) {
    assertThatThrownBy(() -> Users.read("SELECT " + sql + " AS who, 1 AS x"))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("the user id, column who of SATCHEL_QUERY, has type ")
        .hasMessageEndingWith("expected uuid, smallint, integer, bigint, text, varchar or char");
  }

  @Test
  void aUserIdOfCharIsPublishedWithoutItsBlanks() {
    Users users = Users.read("SELECT 'ab'::char(5) AS id, 'ab'::char(5) AS code");

    assertThat(users.byId).containsExactly(Map.entry("ab", List.of("ab   ")));
  }

  @Test
  void theNameOfAColumnNeedsNoQuotes() {
    Users users =
        Users.read("SELECT 1 AS id, '192.0.2.1'::inet AS \"A \"\"b\"\" ;--\", B'1' AS \"select\"");

    assertThat(users.fields).containsExactly("A \"b\" ;--", "select");
    assertThat(users.byId.get(1L)).containsExactly("192.0.2.1", "1");
  }

  @Test
  void digitsAreExactWhateverTheRolePrefers() {
    SharedDatabase.sql("CREATE ROLE rounding LOGIN PASSWORD 'pw'");
    SharedDatabase.sql("ALTER ROLE rounding SET extra_float_digits = -10");
    var settings =
        DatabaseSettings.parse("X", SharedDatabase.connectionString("rounding:pw", "postgres"));

    var users = Users.read(settings, "SELECT 1 AS id, 0.1234567::real, ARRAY[0.123456789::float8]");

    assertThat(users.byId.get(1L)).containsExactly(0.1234567, List.of(0.123456789));
  }

  private static @Nullable Object only(String sql) {
    Users users = Users.read("SELECT 1 AS id, " + sql + " AS value");
    assertThat(users.fields).containsExactly("value");
    return users.byId.values().iterator().next().get(0);
  }

  private static String written(String sql) {
    return SharedDatabase.sql("SELECT coalesce(to_jsonb(" + sql + ")::text, 'null')")
        .iterator()
        .next()
        .getString(0);
  }

  private static void sameJson(String found, String expected) {
    JsonNode left = tree(found);
    JsonNode right = tree(expected);
    assertThat(left.equals(PostgresTypesTest::compare, right))
        .as("found %s, expected %s", found, expected)
        .isTrue();
  }

  private static int compare(JsonNode left, JsonNode right) {
    if (left.isNumber() && right.isNumber()) {
      return left.decimalValue().compareTo(right.decimalValue());
    }
    return left.equals(right) ? 0 : 1;
  }

  private static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
