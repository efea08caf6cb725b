package dev.satchel.publisher.nginx;

import static dev.satchel.publisher.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.satchel.kv.local.LocalKvFaults;
import dev.satchel.publisher.Workbench;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five hundred clients behind the cache of sdk/nginx. Its times are a tenth of the shipped ones,
 * and the clients poll each second.
 */
@Tag("fleet")
@Timeout(40)
class NginxFleetTest {
  private static final int PROCESSES = 3;
  private static final int CLIENTS_IN_EACH = 167;
  private static final int CLIENTS = PROCESSES * CLIENTS_IN_EACH;

  /** The KV server knows its namespace in every account; the publisher has another one. */
  private static final String ACCOUNT = "of-the-fleet";

  /** How long an answer is fresh here; nginx counts whole seconds. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static Workbench bench;
  private static NameServer names;
  private static Origin origin;
  private static RunningNginx nginx;
  private static Fleet fleet;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    assumeTrue(RunningNginx.isInstalled(), "skipped the cache: nginx is not installed");
    bench = Workbench.in(folder.resolve("kv"));
    bench.sql(
        "INSERT INTO %s SELECT 'user' || g, g %% 2 = 0, md5(g::text) FROM generate_series(1, 2000) g");
    assertThat(bench.satchel().run("publish")).isZero();
    names = new NameServer();
    origin = Origin.before(bench.kvSettings().baseUrl(), folder);
    nginx = RunningNginx.start(folder, replaced());
    fleet = Fleet.start(PROCESSES, CLIENTS_IN_EACH, clientsEnv(), folder);
  }

  private static Map<String, String> replaced() {
    var replaced = new HashMap<>(RunningNginx.TEN_TIMES_AS_FAST);
    replaced.putAll(RunningNginx.places(ACCOUNT, bench.kvSettings().namespaceId(), origin, names));
    return replaced;
  }

  private static Map<String, String> clientsEnv() {
    var env = new HashMap<>(bench.env());
    env.keySet().removeIf(name -> !name.startsWith("CLOUDFLARE_"));
    env.put("CLOUDFLARE_API_BASE_URL", nginx.address() + "/client/v4");
    env.put("CLOUDFLARE_ACCOUNT_ID", ACCOUNT);
    env.put("CLOUDFLARE_API_TOKEN", "no-token-of-the-account");
    env.put("SATCHEL_POLL_INTERVAL", "1s");
    return env;
  }

  /** A fault in all that the KV server answers to nginx. */
  private static LocalKvFaults.Next toFleet() {
    return bench.faults().next(Integer.MAX_VALUE, "GET", "/accounts/" + ACCOUNT + "/");
  }

  @AfterEach
  void endFaults() {
    bench.faults().clear();
  }

  @AfterAll
  static void stop() {
    for (AutoCloseable part : new AutoCloseable[] {fleet, nginx, origin, names, bench}) {
      if (part != null) {
        try {
          part.close();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  @Test
  void theOriginSeesOneRequestForAnIntervalHoweverManyClientsPoll() throws IOException {
    origin.forget();
    long before = fleet.report().attempts();

    until("nginx asks again", () -> origin.asked("/metadata/user-configs").size() > 1);
    assertThat(fleet.report().attempts() - before).isGreaterThan(CLIENTS);

    List<Origin.Asked> asked = origin.asked("/metadata/user-configs");
    assertAtMostOneInEachInterval(asked);
    assertThat(asked)
        .allSatisfy(
            request ->
                assertThat(request.headers().get("Authorization"))
                    .isEqualTo("Bearer " + RunningNginx.TOKEN));
    assertThat(origin.asked()).hasSameSizeAs(asked);
  }

  @Test
  void aChangeReachesAllClientsByOneRequestForItsPatchOrItsValue() throws IOException {
    Fleet.Report before = fleet.report();
    origin.forget();

    publishChange("user1");
    fleet.awaitRevision(revision());

    assertThat(origin.asked("@" + revision() + ".patch")).hasSize(1);
    assertThat(origin.asked("/values/user-configs")).isEmpty();

    origin.forget();
    publishChange("user1", "--patches", "off");
    fleet.awaitRevision(revision());

    List<Origin.Asked> values = origin.asked("/values/user-configs");
    assertThat(values).isNotEmpty();
    assertAtMostOneInEachInterval(values);
    assertNobodyNoticed(before);
  }

  @Test
  void nobodySeesThatTheOriginStallsLimitsRequestsOrIsDownAndAChangeArrivesWhenItIsBack()
      throws IOException {
    Fleet.Report before = fleet.report();
    long revision = revision();
    int asked = requestsToOrigin("");
    long started = System.nanoTime();

    toFleet().stall();
    publishChange("user2");
    awaitFailure("504");
    bench.faults().clear();
    toFleet().answers(429, Duration.ofMinutes(5));
    awaitFailure("429");
    origin.stop();
    awaitFailure("502");

    assertThat(fleet.report().highest()).isEqualTo(revision);
    assertNobodyNoticed(before);
    // after each failure it is left alone, however many clients ask
    long intervals = Duration.ofNanos(System.nanoTime() - started).dividedBy(INTERVAL);
    assertThat(requestsToOrigin("") - asked).isBetween(3, (int) intervals + 2);

    bench.faults().clear();
    origin.startAgain();
    fleet.awaitRevision(revision());
    assertNobodyNoticed(before);
  }

  private static void awaitFailure(String status) throws IOException {
    int before = requestsToOrigin(status);
    until("the origin fails with " + status, () -> requestsToOrigin(status) > before);
  }

  /** Counts the requests to the origin that ended with this status, or all. */
  private static int requestsToOrigin(String status) throws IOException {
    return (int)
        nginx
            .log("satchel-origin.log")
            .lines()
            .filter(line -> line.contains("\" " + status))
            .count();
  }

  @Test
  void aWrongTokenIsToldToTheClientsAndIsForgottenWhenItIsRight() throws IOException {
    long failures = fleet.report().failures();
    toFleet().answers(403);
    origin.forget();

    until("all clients are told", () -> fleet.report().failures() >= failures + CLIENTS);
    assertThat(nginx.log("satchel-origin.log")).contains("metadata/user-configs\" 403 ");
    assertAtMostOneInEachInterval(origin.asked("/metadata/user-configs"));

    bench.faults().clear();
    publishChange("user3");
    fleet.awaitRevision(revision());
  }

  private static void assertAtMostOneInEachInterval(List<Origin.Asked> asked) {
    for (int i = 1; i < asked.size(); i++) {
      assertThat(asked.get(i).atNanos() - asked.get(i - 1).atNanos())
          .isGreaterThan(INTERVAL.minusMillis(100).toNanos());
    }
  }

  private static void assertNobodyNoticed(Fleet.Report before) throws IOException {
    Fleet.Report now = fleet.report();
    assertThat(now.failures()).isEqualTo(before.failures());
    assertThat(now.staleStates()).isEqualTo(before.staleStates());
  }

  private static void publishChange(String user, String... options) {
    bench.sql("UPDATE %%s SET preview = NOT preview WHERE id = '%s'".formatted(user));
    List<String> command = new ArrayList<>(List.of("publish"));
    command.addAll(List.of(options));
    assertThat(bench.satchel().run(command.toArray(String[]::new))).isZero();
  }

  private static long revision() {
    return bench.published().revision();
  }
}
