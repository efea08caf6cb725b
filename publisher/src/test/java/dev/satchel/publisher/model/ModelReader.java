package dev.satchel.publisher.model;

import dev.satchel.kv.Digests;
import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ClientPace;
import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.SnapshotSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An application's process: a client, its disk, and what it has served so far. */
final class ModelReader {
  /** Of real time, in which the first attempt ends, though the store may not answer it. */
  private static final Duration START_TIMEOUT = Duration.ofSeconds(1);

  /** Of real time, in which the model may do other things while an attempt waits for its turn. */
  private static final Duration CALL_TIMEOUT = Duration.ofDays(1);

  private static final Pattern COPY = Pattern.compile(".+@([0-9]+)[.]([0-9a-f]{64})[.]satchel");

  final String name;
  final ModelEdge edge;
  private final ModelWorld world;
  private final @Nullable Path directory;
  private final Duration poll;
  private final ConfigClientOptions options;

  /** From a fault to the next poll, and the time that calls take. */
  private final Duration nextPoll;

  private @Nullable ConfigClient client;
  private @Nullable BooleanField preview;
  private @Nullable ModelGate gate;
  private int failures;
  private Instant pollDue = Instant.MAX;
  private Instant startedAt = Instant.MIN;
  private long served;
  private boolean isCopied;

  /**
   * @param directory of its copies, or null for none
   * @param expireAfter after which it answers defaults, or null for never
   */
  ModelReader(
      String name,
      ModelWorld world,
      Duration poll,
      @Nullable Path directory,
      @Nullable Duration expireAfter) {
    this.poll = poll;
    this.nextPoll = poll.multipliedBy(11).dividedBy(10).plusSeconds(2);
    this.name = name;
    this.world = world;
    this.directory = directory;
    this.edge = new ModelEdge(name, world, null);
    var builder =
        ConfigClientOptions.builder()
            .key(ModelWorld.KEY)
            .pollInterval(poll)
            .startTimeout(START_TIMEOUT)
            .callTimeout(CALL_TIMEOUT)
            .staleAfter(poll.multipliedBy(3))
            .clock(world.time());
    if (directory != null) {
      builder.copyDirectory(directory);
    }
    if (expireAfter != null) {
      builder.expireAfter(expireAfter);
      builder.whenExpired(ConfigClientOptions.WhenExpired.ANSWER_DEFAULTS);
    }
    options = builder.build();
  }

  /**
   * Starts the process; what it served before counts only as far as sound copies of it lie there.
   */
  void start() {
    long floor = soundCopy();
    if (isCopied && floor != served) {
      throw violation("expected a sound copy of revision %d but found %d".formatted(served, floor));
    }
    served = floor;
    startedAt = world.now();
    failures = 0;
    gate = new ModelGate(edge);
    gate.open();
    client = ConfigClient.openBlocking(SnapshotSource.of(gate, ModelWorld.KEY), options);
    gate.awaitRest(client.refreshNow());
    attempted();
    preview = client.booleanField("preview");
    check(true);
  }

  /** Ends the process, in order or not. */
  void stop(boolean inOrder) {
    if (inOrder) {
      client().close();
    } else {
      client().closeAsync(); // nothing is under way, so this only frees its threads
    }
  }

  /** The revision that it holds. */
  long revision() {
    return served;
  }

  /** Makes an attempt, be it that its time has come or that somebody wants one. */
  void refresh() {
    var attempt = client().refreshNow();
    gate().open();
    attempt.toCompletableFuture().orTimeout(1, TimeUnit.MINUTES).join();
    gate().shut();
    attempted();
    check(false);
  }

  /** When it polls next, at the pace of its client but by the model's time. */
  Instant pollDue() {
    return pollDue;
  }

  private void attempted() {
    failures = client().status().lastFailure() == null ? 0 : failures + 1;
    pollDue =
        world
            .now()
            .plus(
                ClientPace.delay(
                    poll, gate().isLimited() ? 0 : failures, world.random().nextDouble()));
  }

  /** Takes away some of its copies, or changes their bytes. */
  void harmDisk() {
    List<Path> copies = copies();
    if (copies.isEmpty()) {
      return;
    }
    isCopied = false;
    var random = world.random();
    try {
      switch (random.nextInt(4)) {
        case 0 -> {
          world.harm(name, "all copies lost");
          for (Path copy : copies) {
            Files.delete(copy);
          }
        }
        case 1 -> {
          world.harm(name, "newest copy lost");
          Files.delete(copies.get(0));
        }
        case 2 -> {
          world.harm(name, "newest copy cut");
          byte[] value = Files.readAllBytes(copies.get(0));
          Files.write(copies.get(0), java.util.Arrays.copyOf(value, random.nextInt(value.length)));
        }
        default -> {
          world.harm(name, "newest copy damaged");
          byte[] value = Files.readAllBytes(copies.get(0));
          value[random.nextInt(value.length)] ^= (byte) (1 + random.nextInt(255));
          Files.write(copies.get(0), value);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Checks what is served; the rows of a few users only, unless the revision is new. */
  void check(boolean hasStarted) {
    ClientStatus status = client().status();
    long revision = client().view().revision();
    boolean isHidden = status.state() == State.EXPIRED;
    if (revision != status.revision() && !(isHidden && revision == 0)) {
      throw violation(
          "expected the revision of its status, %d, but found %d"
              .formatted(status.revision(), revision));
    }
    if (status.revision() < served) {
      throw violation(
          "expected revision %d or above but found %d".formatted(served, status.revision()));
    }
    boolean isNew = status.revision() > served || hasStarted;
    served = status.revision();
    if (isNew && served > 0 && directory != null) {
      isCopied = true;
    }
    if (revision > 0) {
      checkRows(revision, isNew);
    }
    checkConvergence(status);
  }

  private void checkRows(long revision, boolean all) {
    SortedMap<String, ModelRow> rows =
        world
            .ledger()
            .shown(revision)
            .orElseThrow(
                () ->
                    violation(
                        "expected a revision that was published but found %d".formatted(revision)));
    if (client().view().users() != rows.size()) {
      throw violation(
          "expected %d users of revision %d but found %d"
              .formatted(rows.size(), revision, client().view().users()));
    }
    int users = all ? ModelWorld.MAX_USERS + 1 : 5;
    for (int i = 0; i < users; i++) {
      // one more than there ever are, so that an absent one is asked for as well
      checkRow(revision, ModelWorld.id(all ? i : world.random().nextInt(users)), rows);
    }
  }

  private void checkRow(long revision, String id, SortedMap<String, ModelRow> rows) {
    ModelRow row = rows.getOrDefault(id, new ModelRow(null, null, null));
    boolean isOn = Objects.requireNonNull(preview).get(id, false);
    boolean isSaid = isOn == preview.get(id, true);
    var found =
        new ModelRow(
            isSaid ? isOn : null,
            text(client().getString(id, "plan", "?")),
            number(client().getLong(id, "projects", -1)));
    if (!found.equals(row)) {
      throw violation(
          "expected user %s of revision %d to be %s but found %s"
              .formatted(id, revision, row, found));
    }
  }

  private static @Nullable String text(String plan) {
    return plan.equals("?") ? null : plan;
  }

  private static @Nullable Long number(long projects) {
    return projects == -1 ? null : projects;
  }

  /** A minute after a change every answer shows it, and a poll comes soon behind that. */
  private void checkConvergence(ClientStatus status) {
    ModelStore.Version inUse = world.store().newest(ModelWorld.KEY);
    if (inUse.pair() == null) {
      return;
    }
    Instant reachable = later(inUse.since().plus(ModelStore.STALENESS), startedAt);
    Instant due = later(reachable, edge.lastFault()).plus(nextPoll);
    long revision = inUse.pair().about().revision();
    if (status.revision() > revision && world.ledger().isBehind(inUse)) {
      return; // a write came late, and nobody goes back to it
    }
    if (world.now().isAfter(due)
        && (status.revision() != revision || status.state() != State.FRESH)) {
      throw violation(
          "expected revision %d, in use since %s, but found %s"
              .formatted(revision, inUse.since(), status));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** The revision of the newest copy on disk that is what its name says; 0 if there is none. */
  private long soundCopy() {
    return copies().stream()
        .filter(ModelReader::isSound)
        .mapToLong(ModelReader::revisionOf)
        .findFirst()
        .orElse(0);
  }

  private static long revisionOf(Path copy) {
    return Long.parseLong(name(copy).group(1));
  }

  private static boolean isSound(Path copy) {
    try {
      return Digests.sha256(Files.readAllBytes(copy)).equals(name(copy).group(2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matcher name(Path copy) {
    Matcher name = COPY.matcher(copy.getFileName().toString());
    if (!name.matches()) {
      throw new AssertionError("expected the name of a copy but found " + copy);
    }
    return name;
  }

  /** The newest first. */
  private List<Path> copies() {
    if (directory == null || !Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".satchel"))
          .sorted(Comparator.comparingLong(ModelReader::revisionOf).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AssertionError violation(String what) {
    return world.trace().violation(name + ": " + what);
  }

  private ConfigClient client() {
    return Objects.requireNonNull(client);
  }

  private ModelGate gate() {
    return Objects.requireNonNull(gate);
  }
}
