package dev.satchel.publisher.seed;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.embedded.SharedDatabase.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.source.PostgresSource;
import dev.satchel.publisher.source.UserSink;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeederTest {
  @ParameterizedTest
  @EnumSource
  void whatIsSeededIsReadBackAsItWasMade(Profile profile) {
    String table = "seeded_" + profile.name();
    List<Long> progress = new ArrayList<>();
    Map<UUID, String> expected = new HashMap<>();
    SyntheticUsers.forEach(
        12_000, profile, (id, values) -> expected.put(id, List.of(values).toString()));

    long added =
        await(
            new Seeder(SharedDatabase.vertx(), SharedDatabase.settings())
                .seed(table, 12_000, profile, Seeder.Existing.REFUSE, progress::add));

    Map<Object, String> found = new HashMap<>();
    await(
        new PostgresSource(
                SharedDatabase.vertx(),
                SharedDatabase.settings(),
                profile.query(table),
                Duration.ofSeconds(60))
            .read(
                new UserSink() {
                  @Override
                  public void fields(List<String> names) {
                    assertThat(names).isEqualTo(profile.fields());
                  }

                  @Override
                  public void user(Object id, @Nullable Object[] values, int[] numbers) {
                    found.put(id, List.of(values).toString());
                  }
                }));
    assertThat(added).isEqualTo(12_000);
    assertThat(progress).isSorted().endsWith(12_000L);
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void theTableOfTheTutorialIsFilledAsItStands() {
    sql("CREATE SCHEMA tutorial");
    sql(
        "CREATE TABLE tutorial.users (id uuid primary key default gen_random_uuid(), username"
            + " varchar(100) not null, email varchar(255) not null, preview_features_enabled"
            + " boolean default false)");

    await(seed("tutorial.users", 10, Seeder.Existing.REFUSE));

    assertThat(count("tutorial.users")).isEqualTo(10);
    assertThat(
            sql("SELECT FROM information_schema.columns WHERE table_schema = 'tutorial'")
                .rowCount())
        .isEqualTo(4);
  }

  @Test
  void aTableThatHoldsUsersIsLeftAloneUnlessTold() {
    await(seed("kept", 10, Seeder.Existing.REFUSE));
    sql("UPDATE kept SET id = gen_random_uuid()");

    assertThatThrownBy(() -> await(seed("kept", 5, Seeder.Existing.REFUSE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "expected table kept to be empty but it holds users; append to them or replace them");
    assertThat(count("kept")).isEqualTo(10);

    await(seed("kept", 5, Seeder.Existing.APPEND));
    assertThat(count("kept")).isEqualTo(15);

    await(seed("kept", 7, Seeder.Existing.REPLACE));
    assertThat(count("kept")).isEqualTo(7);
  }

  @Test
  void aNameThatIsNoTableIsRefused() {
    assertThatThrownBy(() -> seed("users; DROP TABLE kept", 1, Seeder.Existing.REFUSE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected a table name of letters, digits and underscores");
  }

  private static Future<Long> seed(String table, int users, Seeder.Existing existing) {
    return new Seeder(SharedDatabase.vertx(), SharedDatabase.settings())
        .seed(table, users, Profile.TUTORIAL, existing, added -> {});
  }

  private static long count(String table) {
    return sql("SELECT count(*) FROM " + table).iterator().next().getLong(0);
  }
}
