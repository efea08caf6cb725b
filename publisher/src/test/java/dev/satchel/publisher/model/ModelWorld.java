package dev.satchel.publisher.model;

import static dev.satchel.publisher.Waiting.await;

import dev.satchel.publisher.embedded.SharedDatabase;
import dev.satchel.publisher.lock.WriterLock;
import dev.satchel.publisher.model.ModelStore.Pair;
import dev.satchel.publisher.publish.PublishOutcome;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.text.FailureText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A real database, a store, publishers and readers, and the time that passes for all of them. Only
 * one of them is at work at any moment, so that a seed repeats a run.
 */
final class ModelWorld implements AutoCloseable {
  static final String KEY = PublisherSettings.DEFAULT_KEY;
  static final String NAMESPACE = "model";
  static final String PREFIX = "user:";
  static final int MAX_USERS = 95;

  private static final int FEWEST_USERS = 5;
  private static final int LATEST_MILLIS = 300_000;
  private static final String TABLE = "model_users";
  private static final List<String> PLANS = List.of("free", "pro", "team", "a\"b", "ünï");

  private final Random random;
  private final ModelTrace trace;
  private final ModelTime time = new ModelTime(pause -> later(() -> pass(pause)));
  private final ModelStore store = new ModelStore();
  private final ModelLedger ledger = new ModelLedger();
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final PgConnection database = SharedDatabase.connect();
  private final PublisherSettings settings;
  private final List<ModelPublisher> publishers = new ArrayList<>();
  private final List<ModelReader> readers = new ArrayList<>();
  private SortedMap<String, ModelRow> rows = new TreeMap<>();
  private final List<Landing> landings = new ArrayList<>();
  private Instant lastLanding = Instant.MIN;
  private int processes;
  private volatile @Nullable AssertionError violation;

  ModelWorld(long seed, Path directory) {
    random = new Random(seed);
    trace = new ModelTrace(seed);
    settings =
        PublisherSettings.fromEnv(
            Map.of(
                PublisherSettings.QUERY.variable(),
                // so large that patches pay
                "SELECT *, (SELECT string_agg(md5(id || n), '') FROM generate_series(1, 24) n)"
                    + " AS noise FROM "
                    + TABLE,
                PublisherSettings.LAYOUT.variable(),
                "both",
                PublisherSettings.KEY_PREFIX.variable(),
                PREFIX,
                PublisherSettings.KEEP_COPIES.variable(),
                "6",
                PublisherSettings.LOCK_WAIT.variable(),
                "2s"),
            new ArrayList<>());
    sql(
        "CREATE TABLE %s (id text PRIMARY KEY, preview boolean, plan text, projects bigint)"
            .formatted(TABLE));
    trace.step("start");
    for (int i = 0; i < MAX_USERS * 2 / 3; i++) {
      rows.put(id(i), anyRow());
    }
    replaceRows(rows);
    publishers.add(newPublisher());
    publishers.add(newPublisher());
    // those who poll often see what is a minute old, the others rarely
    readers.add(reader(0, 16, directory, null));
    readers.add(reader(1, 64, directory, null));
    readers.add(reader(2, 16, directory, Duration.ofMinutes(10)));
    readers.add(reader(3, 64, null, null));
    readers.forEach(ModelReader::start);
  }

  private ModelReader reader(
      int number, int pollSeconds, @Nullable Path directory, @Nullable Duration expireAfter) {
    return new ModelReader(
        "reader " + number,
        this,
        Duration.ofSeconds(pollSeconds),
        directory == null ? null : directory.resolve(Integer.toString(number)),
        expireAfter);
  }

  Random random() {
    return random;
  }

  ModelTrace trace() {
    return trace;
  }

  ModelTime time() {
    return time;
  }

  Instant now() {
    return time.instant();
  }

  ModelStore store() {
    return store;
  }

  ModelLedger ledger() {
    return ledger;
  }

  List<ModelReader> readers() {
    return readers;
  }

  List<ModelPublisher> publishers() {
    return publishers;
  }

  /** What the table says now; never changes. */
  SortedMap<String, ModelRow> rows() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(rows));
  }

  static String id(int number) {
    return number == 7 ? "user ünï" : "user-" + number;
  }

  /** A write that everybody has given up on, and when it takes effect all the same. */
  private record Landing(Instant due, Runnable effect) {}

  /** The little time that a call takes. */
  void tick() {
    reach(now().plusMillis(1 + random.nextInt(20)));
  }

  private void reach(Instant moment) {
    while (true) {
      Optional<Landing> next = landings.stream().min(Comparator.comparing(Landing::due));
      if (next.isEmpty() || next.get().due.isAfter(moment)) {
        break;
      }
      landings.remove(next.get());
      time.reach(next.get().due);
      lastLanding = now();
      next.get().effect.run();
    }
    time.reach(moment);
  }

  /** Lets time pass until no write can come late any more. */
  void landAll() {
    while (!landings.isEmpty()) {
      pass(Duration.ofMinutes(1));
    }
  }

  private void late(Runnable effect) {
    landings.add(new Landing(now().plusMillis(1_000 + random.nextInt(LATEST_MILLIS)), effect));
  }

  /** A write that its publisher gives up on takes effect in a while, whoever wrote meanwhile. */
  void putLate(ModelPublisher by, String key, Pair pair) {
    if (isPatch(key)) {
      late(() -> putPatch(key, pair));
      return;
    }
    if (ModelPairs.isOf(key)) {
      late(() -> store.set(key, pair, now()));
      return;
    }
    try {
      note(ledger.sent(by, pair));
    } catch (RuntimeException | AssertionError unsound) {
      note("expected a sound snapshot and its metadata but found " + unsound);
    }
    late(
        () -> {
          trace.count("write landed late");
          trace.note("%s of %s lands late".formatted(key, pair.about().revision()));
          ledger.landed(key, pair);
          store.set(key, pair, now());
          if (ledger.isBehind(store.newest(KEY))) {
            trace.count("revision replaced by a lower one");
          }
        });
  }

  /** The same for deletions. */
  void deleteLate(List<String> keys) {
    late(() -> keys.forEach(key -> store.set(key, null, now())));
  }

  /** Whether a write came late since, so that nobody could know what is in use. */
  boolean isDisturbedSince(Instant since) {
    return !lastLanding.isBefore(since);
  }

  /** Lets time pass; readers poll when it is time for them. */
  void pass(Duration duration) {
    Instant until = now().plus(duration);
    while (true) {
      ModelReader next =
          readers.stream().min(Comparator.comparing(ModelReader::pollDue)).orElseThrow();
      if (next.pollDue().isAfter(until)) {
        break;
      }
      reach(next.pollDue());
      next.refresh();
      throwIfViolated();
    }
    reach(until);
  }

  /** Does something on the model's own thread, while whoever waits for it does not go on. */
  Future<Void> later(Runnable work) {
    Promise<Void> done = Promise.promise();
    tasks.add(
        () -> {
          work.run();
          done.complete();
        });
    return done.future();
  }

  /** What became of something that a publisher was asked for. */
  record Ended<T>(@Nullable T result, @Nullable Throwable failure) {}

  /** Lets a publisher do something, to its end or to its own; in its place comes a new one. */
  <T> Ended<T> drive(ModelPublisher publisher, Function<ModelPublisher, Future<T>> work) {
    Promise<T> ended = Promise.promise();
    work.apply(publisher).onSuccess(ended::tryComplete).onFailure(ended::tryFail);
    publisher.death().onComplete(dead -> ended.tryFail("the process died"));
    Future<T> end = ended.future();
    end.onComplete(any -> tasks.add(() -> {}));
    while (!end.isComplete()) {
      try {
        Runnable task = tasks.poll(60, TimeUnit.SECONDS);
        if (task == null) {
          throw trace.violation(publisher.name + ": expected an end within a minute of real time");
        }
        task.run();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    if (publisher.death().isComplete()) {
      endLockHolder();
      restart(publisher);
    }
    throwIfViolated();
    return new Ended<>(end.result(), end.cause());
  }

  /** Ends a publisher's process and starts another, which remembers nothing. */
  void restart(ModelPublisher publisher) {
    await(publisher.close());
    publishers.set(publishers.indexOf(publisher), newPublisher());
  }

  private ModelPublisher newPublisher() {
    return new ModelPublisher("publisher " + ++processes, this, settings);
  }

  /** Another publisher's run, while one is in the middle of its own. */
  void second(ModelPublisher first) {
    ModelPublisher other =
        publishers.stream().filter(each -> each != first).findFirst().orElseThrow();
    other.arm(null, 0);
    publish(other);
  }

  /** A publication, and what must hold of its answer. */
  Ended<PublishOutcome> publish(ModelPublisher publisher) {
    Ended<PublishOutcome> ended = drive(publisher, ModelPublisher::publish);
    judge(publisher, ended, "publish");
    return ended;
  }

  /** A rollback, and what must hold of its answer. */
  void rollback(ModelPublisher publisher, long revision) {
    judge(publisher, drive(publisher, each -> each.rollback(revision)), "rollback");
  }

  private void judge(ModelPublisher publisher, Ended<PublishOutcome> ended, String what) {
    PublishOutcome outcome = ended.result;
    if (outcome == null) {
      trace.count(what + " failed");
      trace.note(FailureText.inWords(Objects.requireNonNull(ended.failure)));
      return;
    }
    trace.count(what + " " + outcome.kind().name().toLowerCase(java.util.Locale.ROOT));
    trace.note(
        "%s %s revision %d"
            .formatted(publisher.name, outcome.kind(), outcome.metadata().revision()));
    if (isDisturbedSince(since(publisher))) {
      return;
    }
    throwIfFound(
        ledger.outcome(
            publisher, outcome, store.newest(KEY), store.visible(KEY, since(publisher))));
  }

  /** A resume, and what must hold of its answer. */
  Ended<Optional<Hold>> resume(ModelPublisher publisher) {
    Ended<Optional<Hold>> ended = drive(publisher, ModelPublisher::resume);
    if (ended.result == null) {
      trace.count("resume failed");
      trace.note(FailureText.inWords(Objects.requireNonNull(ended.failure)));
      return ended;
    }
    trace.count(ended.result.isPresent() ? "resume done" : "resume not held");
    trace.note(publisher.name + " resumed " + ended.result.isPresent());
    if (isDisturbedSince(since(publisher))) {
      return ended;
    }
    throwIfFound(
        ledger.resumed(
            publisher,
            ended.result.isPresent(),
            store.newest(KEY),
            store.visible(KEY, since(publisher))));
    return ended;
  }

  private static Instant since(ModelPublisher publisher) {
    return publisher.operation().since();
  }

  /** A write takes effect. */
  void put(ModelPublisher by, String key, Pair pair) {
    if (isPatch(key)) {
      putPatch(key, pair);
      return;
    }
    if (ModelPairs.isOf(key)) {
      trace.count(key.startsWith(PREFIX) ? "pair written" : "mark of the pairs written");
      store.set(key, pair, now());
      return;
    }
    try {
      note(ledger.write(by, key, pair, store.newest(KEY)));
    } catch (RuntimeException | AssertionError unsound) {
      note("expected a sound snapshot and its metadata but found " + unsound);
    }
    store.set(key, pair, now());
    if (key.equals(KEY)) {
      trace.note("%s put revision %d".formatted(by.name, pair.about().revision()));
    }
  }

  static boolean isPatch(String key) {
    return key.endsWith(".patch");
  }

  /** A patch lands, and must never change afterwards. */
  private void putPatch(String key, Pair pair) {
    Pair there = store.newest(key).pair();
    if (there != null && !there.value().equals(pair.value())) {
      throw trace.violation("expected " + key + " to stay as it is but another was written");
    }
    trace.count("patch written");
    store.set(key, pair, now());
  }

  /** A deletion takes effect. */
  void delete(String key) {
    if (key.startsWith(PREFIX)) {
      trace.count("pair deleted");
    }
    Pair inUse = store.newest(KEY).pair();
    boolean isBehind = ledger.isBehind(store.newest(KEY));
    if (inUse != null && !isBehind && key.equals(KEY + "@" + inUse.about().revision())) {
      note("expected the copy of what is in use to stay but " + key + " was deleted");
    }
    store.set(key, null, now());
  }

  /** Ends the session that holds the lock, as an administrator may. */
  void endLockHolder() {
    sql(
        """
        SELECT pg_terminate_backend(pid, 5000) FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND ((classid::bigint << 32) | objid::bigint) = %d"""
            .formatted(WriterLock.number(NAMESPACE, settings.target())));
  }

  void harm(String reader, String what) {
    trace.count(what);
    trace.note(reader + ": " + what);
  }

  /** A few users change, come or go; now and then all are again what they were in some revision. */
  void changeRows() {
    trace.count("rows changed");
    List<Long> revisions = ledger.revisions();
    if (!revisions.isEmpty() && random.nextInt(15) == 0) {
      long revision = revisions.get(random.nextInt(revisions.size()));
      trace.note("rows as in revision " + revision);
      replaceRows(ledger.rows(revision));
      return;
    }
    if (rows.size() > FEWEST_USERS && random.nextBoolean()) {
      String gone = List.copyOf(rows.keySet()).get(random.nextInt(rows.size()));
      rows.remove(gone);
      sql("DELETE FROM %s WHERE id = '%s'".formatted(TABLE, gone));
    }
    var changed = new TreeMap<String, ModelRow>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      changed.put(id(random.nextInt(MAX_USERS)), anyRow());
    }
    rows.putAll(changed);
    insert(changed);
  }

  private void replaceRows(SortedMap<String, ModelRow> all) {
    rows = new TreeMap<>(all);
    sql("DELETE FROM " + TABLE);
    insert(rows);
  }

  private void insert(SortedMap<String, ModelRow> some) {
    sql(
        some.entrySet().stream()
            .map(row -> row.getValue().inSql(row.getKey()))
            .collect(
                Collectors.joining(
                    ", ",
                    "INSERT INTO %s VALUES ".formatted(TABLE),
                    " ON CONFLICT (id) DO UPDATE SET preview = excluded.preview,"
                        + " plan = excluded.plan, projects = excluded.projects")));
  }

  private ModelRow anyRow() {
    return new ModelRow(
        random.nextInt(5) == 0 ? null : random.nextBoolean(),
        random.nextInt(5) == 0 ? null : PLANS.get(random.nextInt(PLANS.size())),
        random.nextInt(5) == 0 ? null : (long) random.nextInt(1_000));
  }

  private void sql(String sql) {
    await(database.query(sql).execute());
  }

  /** What is found on a thread of Vert.x is thrown on the model's own. */
  private void note(@Nullable String found) {
    if (found != null && violation == null) {
      violation = trace.violation(found);
    }
  }

  private void throwIfFound(@Nullable String found) {
    note(found);
    throwIfViolated();
  }

  void throwIfViolated() {
    AssertionError found = violation;
    if (found != null) {
      throw found;
    }
  }

  @Override
  public void close() {
    readers.forEach(reader -> reader.stop(true));
    publishers.forEach(publisher -> await(publisher.close()));
    sql("DROP TABLE " + TABLE);
    await(database.close());
  }
}
