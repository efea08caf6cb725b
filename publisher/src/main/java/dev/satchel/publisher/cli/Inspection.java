package dev.satchel.publisher.cli;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.guard.SizeLimit;
import dev.satchel.publisher.text.Report;
import dev.satchel.publisher.wiring.SnapshotFinder.Found;
import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds, and what each part of it costs.
 *
 * @param columns the user ids, then every field
 */
record Inspection(Found found, List<Column> columns) implements Report {

  /**
   * One section.
   *
   * @param entropy an estimate of the bits that a user needs at least; NaN where there is none
   * @param problem why this reader cannot open it, or null if it can
   */
  record Column(Section section, double entropy, @Nullable String problem) {}

  /** Inspects a snapshot. Looks at every value of every user, in each field that can be opened. */
  static Inspection of(Found found) {
    Snapshot snapshot = found.snapshot();
    List<Column> columns = new ArrayList<>();
    for (Section section : snapshot.sections()) {
      columns.add(columns.isEmpty() ? idColumn(snapshot, section) : column(snapshot, section));
    }
    return new Inspection(found, columns);
  }

  private static Column idColumn(Snapshot snapshot, Section section) {
    return new Column(section, Entropy.ofIds(snapshot), null);
  }

  private static Column column(Snapshot snapshot, Section section) {
    try {
      Field field = Objects.requireNonNull(snapshot.field(section.name()));
      return new Column(section, Entropy.ofField(snapshot, field), null);
    } catch (SnapshotFormatException e) {
      return new Column(section, Double.NaN, e.getMessage());
    }
  }

  /** Returns whether every field can be opened. */
  boolean isSound() {
    return columns.stream().allMatch(column -> column.problem() == null);
  }

  @Override
  public JsonObject toJson() {
    Snapshot snapshot = found.snapshot();
    var sections = new JsonArray();
    for (Column column : columns) {
      Section section = column.section();
      sections.add(
          new JsonObject()
              .put("name", section.name())
              .put("codec", section.codec())
              .put("valueBytes", section.valueBytes())
              .put("openedBytes", section.openedBytes())
              .put("bitsPerUser", rounded(bitsPerUser(section.valueBytes())))
              .put("entropyBitsPerUser", rounded(column.entropy()))
              .put("problem", column.problem()));
    }
    return new JsonObject()
        .put("revision", snapshot.revision())
        .put("contentHash", snapshot.contentHash())
        .put("sha256", found.sha256())
        .put("users", snapshot.users())
        .put("bytes", found.bytes())
        .put("openedBytes", openedBytes())
        .put("publishedAt", snapshot.publishedAt().toString())
        .put("formatVersion", snapshot.formatVersion())
        .put("signedBy", snapshot.signedBy())
        .put("verified", found.isVerified())
        .put("usersThatStillFit", usersThatStillFit())
        .put("sections", sections);
  }

  @Override
  public String inWords() {
    Snapshot snapshot = found.snapshot();
    var text = new StringBuilder();
    text.append(
        "revision %d, published %s, format %d, from %s%n"
            .formatted(
                snapshot.revision(),
                snapshot.publishedAt(),
                snapshot.formatVersion(),
                found.place()));
    text.append(
        "content hash %s%nsha256       %s%nsignature    %s%n"
            .formatted(snapshot.contentHash(), found.sha256(), signature()));
    text.append(
        "%,d users in %,d bytes, %.1f %% of what a value may have%s%n%n"
            .formatted(
                snapshot.users(),
                found.bytes(),
                100.0 * found.bytes() / KvLimits.MAX_VALUE_BYTES,
                usersThatStillFit() < 0
                    ? ""
                    : "; about %,d more users like these fit".formatted(usersThatStillFit())));
    int width = widest("section", columns.stream().map(column -> column.section().name()));
    int codec = widest("codec", columns.stream().map(column -> column.section().codec()));
    String row = "%-" + width + "s  %-" + codec + "s  %14s  %14s  %13s  %12s";
    text.append(
        row.formatted(
            "section", "codec", "bytes in value", "bytes opened", "bits per user", "entropy ~"));
    for (Column column : columns) {
      Section section = column.section();
      text.append(System.lineSeparator())
          .append(
              row.formatted(
                  section.name(),
                  section.codec(),
                  "%,d".formatted(section.valueBytes()),
                  "%,d".formatted(section.openedBytes()),
                  "%.3f".formatted(bitsPerUser(section.valueBytes())),
                  Double.isNaN(column.entropy()) ? "-" : "%.3f".formatted(column.entropy())));
    }
    for (Column column : columns) {
      if (column.problem() != null) {
        text.append("%ncannot be opened: %s".formatted(column.problem()));
      }
    }
    return text.toString();
  }

  private String signature() {
    String keyId = found.snapshot().signedBy();
    if (keyId == null) {
      return found.isTrusted() ? "none" : "none; readers with these public keys refuse it";
    }
    String verdict =
        found.isVerified()
            ? "verified"
            : found.isTrusted()
                ? "not verified: SATCHEL_PUBLIC_KEYS is not set"
                : "NOT VERIFIED: none of the public keys has signed it for this key";
    return "by key %s, %s".formatted(keyId, verdict);
  }

  private static int widest(String heading, Stream<String> cells) {
    return Math.max(heading.length(), cells.mapToInt(String::length).max().orElse(0));
  }

  /** Rounds to three decimal places; null where there is no number. */
  private static @Nullable Double rounded(double number) {
    return Double.isNaN(number) ? null : (Double) (Math.round(1000 * number) / 1000.0);
  }

  private long usersThatStillFit() {
    return SizeLimit.usersThatStillFit(found.snapshot().users(), found.bytes());
  }

  private long openedBytes() {
    return found.snapshot().sections().stream().mapToLong(Section::openedBytes).sum();
  }

  private double bitsPerUser(long bytes) {
    return found.snapshot().users() == 0 ? 0 : 8.0 * bytes / found.snapshot().users();
  }
}
