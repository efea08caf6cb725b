package dev.satchel.publisher.cli;

import dev.satchel.publisher.store.HistoryEntry;
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
        new TextTable(
            "revision", "published", "users", "bytes", "patch", "what changed", "host", "");
    HistoryEntry oldest = entries.get(entries.size() - 1);
    for (HistoryEntry entry : entries) {
      String change =
          entry.changeInWords(entry.equals(oldest))
              + entry.pairs().map(pairs -> "; pairs: " + pairs.inWords()).orElse("");
      table.row(
          Long.toString(entry.revision()),
          entry.publishedAt(),
          entry.users(),
          Math.toIntExact(entry.bytes()),
          entry.patchBytes().map(bytes -> "%,d".formatted(bytes)).orElse("-"),
          entry.isRollback() ? change + ", back to " + entry.rolledBackTo() : change,
          entry.host().orElse("-"),
          state(entry));
    }
    return table.inWords();
  }

  private static String state(HistoryEntry entry) {
    if (!entry.isInUse()) {
      return "";
    }
    return entry.hold().map(hold -> "in use, " + hold).orElse("in use");
  }
}
