package dev.satchel.publisher.cli;

import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.store.Hold;
import dev.satchel.publisher.store.SnapshotMetadata;
import dev.satchel.publisher.text.Report;
import dev.satchel.publisher.text.TextTable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The revisions under a key, newest first. */
record HistoryReport(String key, List<HistoryEntry> entries) implements Report {

  @Override
  public JsonObject toJson() {
    return new JsonObject()
        .put("key", key)
        .put("revisions", new JsonArray(entries.stream().map(HistoryEntry::toJson).toList()));
  }

  @Override
  public String inWords() {
    if (entries.isEmpty()) {
      return "nothing is published under " + key;
    }
    var table =
        new TextTable("revision", "published", "users", "bytes", "what changed", "host", "");
    for (HistoryEntry entry : entries) {
      SnapshotMetadata metadata = entry.metadata();
      table.row(
          Long.toString(metadata.revision()),
          metadata.publishedAt(),
          metadata.users(),
          Math.toIntExact(metadata.bytes()),
          changed(metadata),
          metadata.host() == null ? "-" : metadata.host(),
          state(entry));
    }
    return table.inWords();
  }

  private static String changed(SnapshotMetadata metadata) {
    String change = metadata.change() == null ? "-" : metadata.change().inWords();
    return metadata.rolledBackTo() == 0 ? change : change + ", back to " + metadata.rolledBackTo();
  }

  private static String state(HistoryEntry entry) {
    Hold hold = entry.metadata().hold();
    if (!entry.isInUse()) {
      return "";
    }
    return hold == null ? "in use" : "in use, " + hold.inWords();
  }
}
