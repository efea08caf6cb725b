package dev.satchel.publisher.source;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.embedded.SharedDatabase.sql;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.publisher.embedded.SharedDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSourceTest {
  @Test
  void theTableOfTheTutorialWorksAsItStands() {
    sql(
        "CREATE TABLE users (id uuid primary key default gen_random_uuid(), username varchar(100)"
            + " not null, email varchar(255) not null, preview_features_enabled boolean default"
            + " false)");
    sql("INSERT INTO users (username, email) VALUES ('a', 'a@x.example')");
    sql("INSERT INTO users VALUES (gen_random_uuid(), 'b', 'b@x.example', NULL)");

    Users users = Users.read(PostgresSource.DEFAULT_QUERY);

    assertThat(users.fields).containsExactly("preview_features_enabled");
    assertThat(users.byId.values())
        .containsExactlyInAnyOrder(List.of(false), Arrays.asList((Object) null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 AS id, 2 AS x;",
        "\n  SELECT 1 AS id, 2 AS x ; ;\n",
        "SELECT 1 AS id, 2 AS x -- a remark",
        "SELECT 1 AS id, 2 AS x; -- a remark",
        "SELECT 1 AS id, 2 AS x; /* a remark; /* in a remark */ */ ; -- and one more",
        "-- a remark;\nSELECT 1 AS id, 2 AS x;",
        "WITH one AS (SELECT 1 AS id, 2 AS x) TABLE one ORDER BY x",
        "VALUES (1, 2)",
        "SELECT 1 AS x, 2 AS x",
      })
  void anyFormOfASelectWillDo(String query) {
    assertThat(Users.read(query).byId).containsExactly(Map.entry(1L, List.of(2L)));
  }

  @Test
  void theNamesOfFieldsAreThoseOfTheQuery() {
    assertThat(Users.read("SELECT 1, 2, 3 AS \"Größe, \"\"quoted\"\"\", 4 AS \"q.c1\"").fields)
        .containsExactly("?column?", "Größe, \"quoted\"", "q.c1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"q", "one", "types", "chain", "t", "c", "c0"})
  void aTableMayHaveAnyName(String name) {
    sql(
        "CREATE TABLE %1$s (id int, c0 int, q int); INSERT INTO %1$s VALUES (1, 2, 3)"
            .formatted(name));

    Users users = Users.read("SELECT * FROM public." + name + " UNION TABLE " + name);

    assertThat(users.byId).containsExactly(Map.entry(1L, List.of(2L, 3L)));
  }

  @Test
  void aFieldThatTheSinkDoesNotChooseIsNotRead() {
    var users =
        new Users() {
          @Override
          public List<String> chosen(List<String> names) {
            assertThat(names).containsExactly("a", "twice", "b", "twice");
            return List.of("b");
          }
        };

    await(
        Users.source(
                SharedDatabase.settings(),
                "SELECT g AS id, 1 / (g - 1) AS a, 2 AS twice, g + 1 AS b, 3 AS twice"
                    + " FROM generate_series(1, 3) AS g")
            .read(users));

    assertThat(users.fields).containsExactly("b");
    assertThat(users.byId)
        .containsExactly(
            Map.entry(1L, List.of(2L)), Map.entry(2L, List.of(3L)), Map.entry(3L, List.of(4L)));
  }

  @Test
  void usersWithoutFieldsAreAllowedAndSoAreNoUsers() {
    assertThat(Users.read("SELECT 5 AS id").byId).containsExactly(Map.entry(5L, List.of()));
    assertThat(Users.read("SELECT 5 AS id, 6 AS x WHERE false").fields).containsExactly("x");
  }

  @Test
  void aHundredThousandUsersStreamInOrder() {
    var last = new AtomicLong();
    List<String> fields = new ArrayList<>();
    String query =
        "SELECT g AS id, g % 2 = 0 AS even, repeat('x', g % 50) AS filler"
            + " FROM generate_series(1, 100000) AS g";

    await(
        Users.source(SharedDatabase.settings(), query)
            .read(
                new UserSink() {
                  @Override
                  public void fields(List<String> names) {
                    fields.addAll(names);
                  }

                  @Override
                  public void user(Object id, @Nullable Object[] values, int[] numbers) {
                    assertThat(id).isEqualTo(last.incrementAndGet());
                    assertThat(values[0]).isEqualTo(last.get() % 2 == 0);
                  }
                }));

    assertThat(last).hasValue(100_000);
    assertThat(fields).containsExactly("even", "filler");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT g AS id, g % 3 = 0 AS x, g::text AS y FROM generate_series(1, 500000) AS g",
        "SELECT g AS id, repeat(md5(g::text), 8000) AS wide FROM generate_series(1, 2000) AS g",
      })
  void memoryIsBoundedHoweverManyOrWideTheRows(String query)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx48m",
            "-XX:MaxDirectMemorySize=48m",
            "-cp",
            System.getProperty("java.class.path"),
            ReadInLittleMemory.class.getName(),
            query);
    builder
        .environment()
        .put(DatabaseSettings.VARIABLE, SharedDatabase.settings().connectionString());
    Process reader = builder.redirectErrorStream(true).start();

    String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(reader.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("read all");
  }

  @Test
  void aReadSeesOneMomentOfTheDatabase() {
    sql("CREATE TABLE moment AS SELECT g AS id, 1 AS x FROM generate_series(1, 20000) AS g");
    var sum = new AtomicLong();
    var first = new AtomicBoolean(true);

    await(
        Users.source(SharedDatabase.settings(), "SELECT id, x FROM moment")
            .read(
                new UserSink() {
                  @Override
                  public void fields(List<String> names) {}

                  @Override
                  public void user(Object id, @Nullable Object[] values, int[] numbers) {
                    if (first.getAndSet(false)) {
                      sql("UPDATE moment SET x = 2");
                    }
                    sum.addAndGet((Long) Objects.requireNonNull(values[0]));
                  }
                }));

    assertThat(sum.get()).isEqualTo(20_000);
  }
}
