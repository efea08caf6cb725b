package dev.satchel.publisher;

import dev.satchel.publisher.SnapshotFinder.Found;
import dev.satchel.snapshot.Section;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What a snapshot holds, and what each part of it costs. */
record Inspection(Found found) implements Report {

  @Override
  public JsonObject toJson() {
    Snapshot snapshot = found.snapshot();
    var sections = new JsonArray();
    for (Section section : snapshot.sections()) {
      sections.add(
          new JsonObject()
              .put("name", section.name())
              .put("codec", section.codec())
              .put("valueBytes", section.valueBytes())
              .put("openedBytes", section.openedBytes())
              .put("bitsPerUser", Math.round(1000 * bitsPerUser(section.valueBytes())) / 1000.0));
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
        "content hash %s%nsha256       %s%n".formatted(snapshot.contentHash(), found.sha256()));
    text.append(
        "%,d users in %,d bytes, %.1f %% of what a value may have%s%n%n"
            .formatted(
                snapshot.users(),
                found.bytes(),
                100.0 * found.bytes() / SizeLimit.VALUE_BYTES,
                usersThatStillFit() < 0
                    ? ""
                    : "; about %,d more like them fit".formatted(usersThatStillFit())));
    int width =
        snapshot.sections().stream().mapToInt(section -> section.name().length()).max().orElse(0);
    width = Math.max(width, "section".length());
    int codec =
        snapshot.sections().stream().mapToInt(section -> section.codec().length()).max().orElse(0);
    codec = Math.max(codec, "codec".length());
    String row = "%-" + width + "s  %-" + codec + "s  %14s  %14s  %13s";
    text.append(
        row.formatted("section", "codec", "bytes in value", "bytes opened", "bits per user"));
    for (Section section : snapshot.sections()) {
      text.append(System.lineSeparator())
          .append(
              row.formatted(
                  section.name(),
                  section.codec(),
                  "%,d".formatted(section.valueBytes()),
                  "%,d".formatted(section.openedBytes()),
                  "%.3f".formatted(bitsPerUser(section.valueBytes()))));
    }
    return text.toString();
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
