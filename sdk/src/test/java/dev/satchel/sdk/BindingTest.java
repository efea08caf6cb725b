package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.satchel.sdk.testkit.TestSource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users bound to the types that applications have. */
final class BindingTest {

  @TempDir Path directory;

  private static ConfigClient client(Map<String, ?> alice) {
    return TestSource.of(Map.of("alice", alice)).open();
  }

  private static <T> T bind(Map<String, ?> alice, Class<T> type) {
    try (ConfigClient client = client(alice)) {
      return client.config("alice", type).orElseThrow();
    }
  }

  private static void expectFailure(Map<String, ?> alice, Class<?> type, String... parts) {
    assertThatThrownBy(() -> bind(alice, type))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts)
        .satisfies(failure -> assertThat(failure.getMessage()).hasLineCount(1));
  }

  record Times(
      Instant createdAt,
      OffsetDateTime seenAt,
      ZonedDateTime startsAt,
      LocalDate day,
      LocalDateTime local,
      LocalTime opens,
      OffsetTime closes,
      Duration iso,
      Duration interval) {}

  @Test
  void momentsDaysAndIntervalsAreReadAsThePublisherAndPostgresWriteThem() {
    Times times =
        bind(
            Map.of(
                "created_at", "2026-03-01T10:00:00Z",
                "seen_at", "2026-03-01T10:00:00+02",
                "starts_at", "2026-03-01T10:00:00+01:00[Europe/Vienna]",
                "day", "2026-03-01",
                "local", "2026-03-01 10:00:00.5",
                "opens", "08:30:00",
                "closes", "17:00:00+01",
                "iso", "PT1H30M",
                "interval", "1 day 02:00:00"),
            Times.class);

    assertThat(times)
        .isEqualTo(
            new Times(
                Instant.parse("2026-03-01T10:00:00Z"),
                OffsetDateTime.parse("2026-03-01T10:00:00+02:00"),
                ZonedDateTime.parse("2026-03-01T10:00:00+01:00[Europe/Vienna]"),
                LocalDate.of(2026, 3, 1),
                LocalDateTime.parse("2026-03-01T10:00:00.5"),
                LocalTime.of(8, 30),
                OffsetTime.parse("17:00:00+01:00"),
                Duration.ofMinutes(90),
                Duration.ofHours(26)));
    expectFailure(
        Map.of("created_at", "infinity"), Moment.class, "field created_at", "2026-", "infinity");
    expectFailure(
        Map.of("created_at", 1_772_366_400L), Moment.class, "component createdAt", "a number");
  }

  record Moment(Instant createdAt) {}

  record Exact(UUID id, URI page, BigDecimal price, BigInteger large, long whole, double rate) {}

  @Test
  void numbersKeepWhatTheyAreAndWholeOnesMayHaveAFractionOfZero() {
    var id = new UUID(0, 7);
    Map<String, Object> user =
        Map.of(
            "id",
            id.toString(),
            "page",
            "https://example.test/",
            "price",
            new BigDecimal("1.50"),
            "large",
            new BigDecimal("123456789012345678901234567890"),
            "whole",
            3.0,
            "rate",
            2L);

    assertThat(bind(user, Exact.class))
        .isEqualTo(
            new Exact(
                id,
                URI.create("https://example.test/"),
                new BigDecimal("1.50"),
                new BigInteger("123456789012345678901234567890"),
                3,
                2));
    expectFailure(Map.of("n", 3.7), Whole.class, "field n", "component n", "3.7");
    expectFailure(Map.of("n", ""), Whole.class, "field n", "component n");
  }

  record Whole(int n) {}

  record Lenient(
      Optional<String> text,
      Optional<Instant> moment,
      Optional<Prefs> prefs,
      OptionalInt count,
      OptionalLong size,
      OptionalDouble rate,
      @Nullable String note,
      Integer box) {}

  @Test
  void whatAUserMayLackIsEmptyOrNullIfTheTypeSaysSo() {
    Lenient full =
        bind(
            Map.of(
                "text",
                "a",
                "moment",
                "2026-03-01T10:00:00Z",
                "count",
                1L,
                "size",
                2L,
                "rate",
                2.5,
                "note",
                "n",
                "box",
                4L,
                "prefs",
                Map.of("darkMode", true, "fontSize", 12L)),
            Lenient.class);
    try (var log = LoggedLines.open();
        ConfigClient client = client(Map.of("other", 1L))) {

      assertThat(full)
          .isEqualTo(
              new Lenient(
                  Optional.of("a"),
                  Optional.of(Instant.parse("2026-03-01T10:00:00Z")),
                  Optional.of(new Prefs(true, 12)),
                  OptionalInt.of(1),
                  OptionalLong.of(2),
                  OptionalDouble.of(2.5),
                  "n",
                  4));
      Lenient empty = client.config("alice", Lenient.class).orElseThrow();
      assertThat(List.of(empty.text(), empty.moment(), empty.prefs()))
          .containsOnly(Optional.empty());
      assertThat(empty.count()).isEmpty();
      assertThat(empty.size()).isEmpty();
      assertThat(empty.rate()).isEmpty();
      assertThat(empty.note()).isNull();
      assertThat(empty.box()).isNull();
      assertThat(client.status().fieldMistakes()).isEmpty();
      assertThat(log.containing("bound to nothing")).isEmpty();
    }
  }

  record Prefs(boolean darkMode, int fontSize) {}

  record Page(Prefs prefs, List<Prefs> history, Map<String, Integer> limits) {}

  @Test
  void nestedMembersAreFoundByTheirExactNameAndElseInSnakeCase() {
    Map<String, Object> camel = Map.of("darkMode", true, "fontSize", 12L);
    Map<String, Object> snake = Map.of("dark_mode", true, "font_size", 12L);

    assertThat(
            bind(
                Map.of(
                    "prefs", camel, "history", List.of(snake, camel), "limits", Map.of("cpu", 2L)),
                Page.class))
        .isEqualTo(
            new Page(
                new Prefs(true, 12),
                List.of(new Prefs(true, 12), new Prefs(true, 12)),
                Map.of("cpu", 2)));
    assertThat(bind(Map.of("darkMode", true, "fontSize", 9L), Prefs.class).fontSize()).isEqualTo(9);
    assertThat(bind(Map.of("maxProjects", 4L, "max_projects", 5L), Limit.class).maxProjects())
        .isEqualTo(4);
  }

  record Limit(int maxProjects) {}

  @Test
  void whatIsMissingIsToldAndNotBoundToADefaultInSilence() {
    expectFailure(
        Map.of("max_project", 4L),
        Limit.class,
        "user alice",
        "component maxProjects of " + Limit.class.getTypeName(),
        "did you mean max_project?");
    var unset = new HashMap<String, Object>();
    unset.put("max_projects", null);
    expectFailure(unset, Limit.class, "field max_projects", "found null");
    expectFailure(
        Map.of("prefs", Map.of("darkMode", true), "history", List.of(), "limits", Map.of()),
        Page.class,
        "field prefs",
        "component prefs.fontSize");
    try (var log = LoggedLines.open();
        ConfigClient client = client(Map.of("plan", "pro"))) {

      assertThat(client.config("alice", Mistyped.class).orElseThrow().plam()).isNull();
      assertThat(client.status().fieldMistakes()).singleElement().asString().contains("plam");
      assertThat(log.containing("plam")).singleElement().asString().contains("did you mean plan?");
    }
  }

  record Mistyped(String plam) {}

  enum Plan {
    @JsonEnumDefaultValue
    UNKNOWN,
    PRO
  }

  enum Strict {
    FREE,
    PRO
  }

  record Known(Plan plan) {}

  record Unknown(Strict plan) {}

  @Test
  void aNewValueOfAnEnumIsItsDefaultOrElseLeavesOnlyItsUserOut() {
    TestSource source =
        TestSource.of(Map.of("alice", Map.of("plan", "PRO"), "bob", Map.of("plan", "ENTERPRISE")));
    try (var log = LoggedLines.open();
        ConfigClient client = source.open()) {

      assertThat(client.view().stream().map(user -> user.config(Known.class).orElseThrow().plan()))
          .containsExactlyInAnyOrder(Plan.PRO, Plan.UNKNOWN);
      assertThat(client.view().stream().flatMap(user -> user.config(Unknown.class).stream()))
          .containsExactly(new Unknown(Strict.PRO));
      assertThat(log.containing("ENTERPRISE"))
          .singleElement()
          .asString()
          .contains("user bob", "field plan", "component plan of");
      assertThatThrownBy(() -> client.config("bob", Unknown.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[FREE, PRO]");
    }
  }

  static final class Email {
    private final String text;

    Email(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  record Contact(Email email) {}

  /** Compiles a class as compilers do by default: its parameters have no names. */
  private Class<?> compiled(String name, String body) throws Exception {
    Path source = directory.resolve(name + ".java");
    Files.writeString(source, body);
    int failures =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", directory.toString(), source.toString());
    assertThat(failures).isZero();
    return new URLClassLoader(new URL[] {directory.toUri().toURL()}).loadClass(name);
  }

  @Test
  void anImmutableClassIsMadeByItsOnlyConstructorAndParametersAreNeverMixedUp() throws Exception {
    Map<String, Object> user = Map.of("preview", true, "plan", "pro", "theme", "dark");
    Class<?> immutable =
        compiled(
            "Immutable",
            """
            final class Immutable {
              private final boolean preview;
              private final String plan;
              private final String theme;
              Immutable(boolean preview, String plan, String theme) {
                this.preview = preview; this.plan = plan; this.theme = theme;
              }
              public String toString() { return preview + " " + plan + " " + theme; }
            }
            """);
    Class<?> crossed =
        compiled(
            "Crossed",
            """
            final class Crossed {
              private final String plan;
              private final String theme;
              Crossed(String theme, String plan) { this.plan = plan; this.theme = theme; }
            }
            """);

    assertThat(bind(user, immutable)).hasToString("true pro dark");
    expectFailure(user, crossed, "constructor", "@JsonCreator");
    assertThat(bind(Map.of("email", "a@example.test"), Contact.class).email())
        .hasToString("a@example.test");
  }

  @Test
  void aDataClassOfKotlinKeepsItsDefaultsAndLacksNothingElse() {
    Map<String, Object> user = Map.of("zeta", "z", "required", 3L);

    assertThat(bind(user, KotlinUser.class)).hasToString("z al 7 3 null");
    assertThat(
            bind(
                Map.of("zeta", "z", "alpha", "A", "limit", 1L, "required", 3L, "note", "n"),
                KotlinUser.class))
        .hasToString("z A 1 3 n");
    expectFailure(
        Map.of("zeta", "z", "alpha", "A"), KotlinUser.class, "field required", "of type int");
    expectFailure(Map.of("required", 3L), KotlinUser.class, "zeta");
  }

  static class Bean {
    public boolean preview;
    private int maxProjects = 3;

    public void setMaxProjects(int maxProjects) {
      this.maxProjects = maxProjects;
    }
  }

  @Test
  void aBeanKeepsItsOwnDefaults() {
    Bean bean = bind(Map.of("preview", true, "max_projects", 5L), Bean.class);
    Bean defaults = bind(Map.of("preview", true), Bean.class);

    assertThat(List.of(bean.preview, bean.maxProjects)).isEqualTo(List.of(true, 5));
    assertThat(defaults.maxProjects).isEqualTo(3);
  }

  @Test
  void theApplicationsOwnMapperBindsByItsOwnRules() {
    var mapper =
        new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE);
    TestSource source = TestSource.of(Map.of("alice", Map.of("MAX_PROJECTS", 4L)));
    try (ConfigClient client =
        ConfigClient.openBlocking(source, source.options().objectMapper(mapper).build())) {

      assertThat(client.config("alice", Limit.class)).contains(new Limit(4));
    }
  }

  /** A thousand texts of one hash, which are easy to make. */
  private static List<String> colliding() {
    List<String> all = List.of("");
    for (int i = 0; i < 10; i++) {
      all = all.stream().flatMap(text -> List.of(text + "Aa", text + "BB").stream()).toList();
    }
    return all;
  }

  record Groups(List<String> groups) {}

  @Test
  void usersWhoseContentCollidesAreBoundEachToItsOwn() {
    List<String> texts = colliding();
    var users = new HashMap<String, Map<String, Object>>();
    texts.forEach(text -> users.put(text, Map.of("groups", Arrays.asList(text, "x"))));
    try (ConfigClient client = TestSource.of(users).open()) {
      for (String text : texts) {
        assertThat(client.config(text, Groups.class)).contains(new Groups(List.of(text, "x")));
      }
    }
  }
}
