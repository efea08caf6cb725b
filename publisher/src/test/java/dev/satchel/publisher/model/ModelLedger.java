package dev.satchel.publisher.model;

import dev.satchel.kv.Digests;
import dev.satchel.publisher.model.ModelPublisher.Operation;
import dev.satchel.publisher.model.ModelStore.Pair;
import dev.satchel.publisher.model.ModelStore.Version;
import dev.satchel.publisher.publish.PublishOutcome;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each revision says, and what must hold of every write and of every answer to an operator.
 */
final class ModelLedger {

  /** A revision that was written; {@code shown} once it has been under the key. */
  private record Written(SortedMap<String, ModelRow> rows, String sha256, boolean shown) {}

  private final TreeMap<Long, Written> written = new TreeMap<>();

  /** The rows of a revision that has been under the key; empty for every other number. */
  Optional<SortedMap<String, ModelRow>> shown(long revision) {
    return Optional.ofNullable(written.get(revision)).filter(Written::shown).map(Written::rows);
  }

  /** The rows of any revision of which a copy may lie in the store. */
  SortedMap<String, ModelRow> rows(long revision) {
    return Objects.requireNonNull(written.get(revision), "revision " + revision).rows;
  }

  List<Long> revisions() {
    return List.copyOf(written.keySet());
  }

  /**
   * Takes note of a write that takes effect.
   *
   * @param before what lies under the key now
   * @return what is wrong with it, or null
   */
  @Nullable String write(ModelPublisher by, String key, Pair pair, Version before) {
    String wrong = sent(by, pair);
    landed(key, pair);
    boolean isTheKey = key.equals(ModelWorld.KEY);
    return wrong == null && isTheKey && before.pair() != null
        ? replacement(by, pair.about(), before)
        : wrong;
  }

  /** Takes note that a write that was sent before takes effect. */
  void landed(String key, Pair pair) {
    if (key.equals(ModelWorld.KEY)) {
      written.computeIfPresent(
          pair.about().revision(), (revision, sent) -> new Written(sent.rows, sent.sha256, true));
    }
  }

  /** Whether a write that came late has taken a revision out of use that was above it. */
  boolean isBehind(Version inUse) {
    return written.entrySet().stream()
        .anyMatch(each -> each.getKey() > revisionOf(inUse) && each.getValue().shown);
  }

  /**
   * Takes note of a write that is sent, whenever it takes effect.
   *
   * @return what is wrong with it, or null
   */
  @Nullable String sent(ModelPublisher by, Pair pair) {
    Operation operation = by.operation();
    SnapshotMetadata about = pair.about();
    byte[] value = pair.value().getBytes();
    Snapshot snapshot = Snapshot.open(value);
    Written known = written.get(about.revision());
    SortedMap<String, ModelRow> rows =
        switch (operation.kind()) {
          case PUBLISH -> by.rowsRead();
          case ROLLBACK -> rows(operation.target());
          case RESUME -> known == null ? new TreeMap<>() : known.rows;
        };
    String sha256 = Digests.sha256(value);
    written.put(about.revision(), new Written(rows, sha256, known != null && known.shown));
    if (!sha256.equals(about.sha256()) || snapshot.revision() != about.revision()) {
      return "expected revision %d with sha256 %s but found revision %d with %s"
          .formatted(about.revision(), about.sha256(), snapshot.revision(), sha256);
    }
    if (known != null && !known.sha256.equals(sha256)) {
      return "expected revision %d to be written once but found two of it"
          .formatted(about.revision());
    }
    if (!rowsOf(snapshot).equals(rows)) {
      return "expected revision %d to hold what %s is to write, %s, but found %s"
          .formatted(about.revision(), by.name, rows, rowsOf(snapshot));
    }
    return null;
  }

  private @Nullable String replacement(ModelPublisher by, SnapshotMetadata about, Version before) {
    SnapshotMetadata was = Objects.requireNonNull(before.pair()).about();
    boolean isResume = by.operation().kind() == ModelPublisher.Kind.RESUME;
    // over a write that came late, a resume may bring back what that has overwritten
    boolean isBroughtBack = isResume && isBehind(before) && about.revision() > was.revision();
    if (!isBroughtBack
        && (isResume ? about.revision() != was.revision() : about.revision() <= was.revision())) {
      return "expected %s to put %s revision %d in use but found %d"
          .formatted(
              by.name,
              isResume ? "nothing but" : "a revision above",
              was.revision(),
              about.revision());
    }
    Instant seenByAll = before.since().plus(ModelStore.STALENESS);
    if (by.operation().kind() == ModelPublisher.Kind.PUBLISH
        && was.hold() != null
        && !isBehind(before) // else whoever knows the revision above goes on from there
        && !seenByAll.isAfter(by.edge.lastLook())) {
      return "expected revision %d to be held but %s replaced it by %d"
          .formatted(was.revision(), by.name, about.revision());
    }
    if (by.operation().kind() == ModelPublisher.Kind.ROLLBACK && about.hold() == null) {
      return "expected the rollback to revision %d to hold but found no hold"
          .formatted(by.operation().target());
    }
    return null;
  }

  /**
   * What is wrong with the answer to a publication or a rollback, or null.
   *
   * @param inUse what lies under the key now
   * @param visible what some edge may have answered with since the operation began
   */
  @Nullable String outcome(
      ModelPublisher by, PublishOutcome outcome, Version inUse, List<Version> visible) {
    long revision = outcome.metadata().revision();
    long found = revisionOf(inUse);
    boolean isRollback = by.operation().kind() == ModelPublisher.Kind.ROLLBACK;
    return switch (outcome.kind()) {
      case PUBLISHED -> {
        if (shown(revision).isEmpty() || found < revision) {
          yield "expected revision %d, which %s was told is published, but found %d in use"
              .formatted(revision, by.name, found);
        }
        boolean isLost = isRollback && !by.lostLock() && (found != revision || !isHeld(inUse));
        yield isLost
            ? "expected the rollback %d of %s in use and held but found %d"
                .formatted(revision, by.name, found)
            : null;
      }
      case UNCHANGED ->
          visible.stream().noneMatch(version -> isRevision(version, revision))
                  || !rows(revision).equals(by.rowsRead())
              ? "expected revision %d, with which %s found nothing to publish, to be in use and to say what was read"
                  .formatted(revision, by.name)
              : null;
      case HELD ->
          // who knows of a hold that a late write has overwritten goes on holding
          visible.stream().noneMatch(each -> isHeld(each) || revisionOf(each) < revision)
              ? "expected a hold, because of which %s published nothing, but found none"
                  .formatted(by.name)
              : null;
    };
  }

  /** What is wrong with the answer to a resume, or null. */
  @Nullable String resumed(
      ModelPublisher by, boolean wasHeld, Version inUse, List<Version> visible) {
    if (wasHeld && !by.lostLock() && isHeld(inUse)) {
      return "expected no hold, which %s was told it has taken away, but found one"
          .formatted(by.name);
    }
    // whoever knows a revision above one that came late goes by that
    return wasHeld || isBehind(inUse) || visible.stream().anyMatch(version -> !isHeld(version))
        ? null
        : "expected %s to find the hold that there is".formatted(by.name);
  }

  static boolean isHeld(Version version) {
    return version.pair() != null && version.pair().about().hold() != null;
  }

  private static boolean isRevision(Version version, long revision) {
    return revisionOf(version) == revision;
  }

  /** Of the snapshot in a version, or 0 if there is none. */
  static long revisionOf(Version version) {
    return version.pair() == null ? 0 : version.pair().about().revision();
  }

  private static SortedMap<String, ModelRow> rowsOf(Snapshot snapshot) {
    Field preview = Objects.requireNonNull(snapshot.field("preview"));
    Field plan = Objects.requireNonNull(snapshot.field("plan"));
    Field projects = Objects.requireNonNull(snapshot.field("projects"));
    var rows = new TreeMap<String, ModelRow>();
    for (int user = 0; user < snapshot.users(); user++) {
      rows.put(
          snapshot.id(user).toString(),
          new ModelRow(
              (Boolean) preview.value(user),
              (String) plan.value(user),
              (Long) projects.value(user)));
    }
    return rows;
  }
}
