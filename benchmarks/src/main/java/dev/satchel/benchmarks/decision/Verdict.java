package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.Values;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.seed.Profile;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * The sentences that a decision needs, with the sizes at which pairs are the better choice;
 * computed from a whole report.
 */
final class Verdict {

  private final JsonNode report;
  private final ObjectNode numbers = JsonNodeFactory.instance.objectNode();
  private final ArrayNode sentences = JsonNodeFactory.instance.arrayNode();

  private Verdict(JsonNode report) {
    this.report = report;
  }

  /** Returns the numbers and the sentences. */
  static ObjectNode of(JsonNode report) {
    int users = 0;
    for (JsonNode row : report.get("read")) {
      users = Math.max(users, row.get("users").asInt());
    }
    Verdict verdict = new Verdict(report);
    verdict.reads(users);
    verdict.requests();
    verdict.publications(users);
    verdict.bills();
    verdict.sizes(users);
    verdict.elsewhere();
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.set("numbers", verdict.numbers);
    all.set("sentences", verdict.sentences);
    return all;
  }

  private void reads(int users) {
    JsonNode pair =
        first(
            "read",
            row ->
                row.get("path").asText().equals("per_key") && row.get("delayMillis").asInt() == 10);
    JsonNode snapshot =
        first(
            "read",
            row ->
                row.get("path").asText().equals("snapshot") && row.get("users").asInt() == users);
    JsonNode refresh = first("refresh", row -> row.get("users").asInt() == users);
    JsonNode pairs =
        first(
            "publish",
            row ->
                row.get("layout").asText().equals("per-key") && row.get("users").asInt() == users);
    double snapshotNanos = 1e9 / snapshot.get("perSecond1").asDouble();
    double pairMillis = pair.get("nanos").get("p50").asDouble() / 1e6;
    double bytesOfPair = pairs.get("valueBytes").asDouble() / users;
    double byTime = refresh.get("millis").asDouble() / pairMillis;
    double byBytes = refresh.get("bytes").asDouble() / bytesOfPair;
    numbers.put("snapshotLookupNanos", snapshotNanos);
    numbers.put("pairLookupMillis", pairMillis);
    numbers.put("timesFasterLookup", pairMillis * 1e6 / snapshotNanos);
    JsonNode patch = PatchBenchmark.row(report.get("patches"), 10).get("patch");
    double patchByTime = patch.get("millis").asDouble() / pairMillis;
    double patchByBytes = patch.get("bytes").asDouble() / bytesOfPair;
    numbers.put("refreshMillis", refresh.get("millis").asDouble());
    numbers.put("patchMillis", patch.get("millis").asDouble());
    numbers.put("lookupsThatPayForARefreshInTime", byTime);
    numbers.put("lookupsThatPayForARefreshInBytes", byBytes);
    numbers.put("lookupsThatPayForAPatchInTime", patchByTime);
    numbers.put("lookupsThatPayForAPatchInBytes", patchByBytes);
    say(
        "Among %,d users a lookup in the snapshot takes %.0f ns, a read of a pair %.1f ms with the"
            + " delay of a network: %,.0f times as long.",
        users, snapshotNanos, pairMillis, pairMillis * 1e6 / snapshotNanos);
    say(
        "A reader that fetches the whole value and makes fewer than %,.0f lookups between two changes"
            + " spends less time with pairs; one that makes fewer than %,.0f moves fewer bytes with"
            + " pairs. When ten users change, a patch brings these to %,.0f and %,.0f lookups.",
        Math.ceil(byTime), Math.ceil(byBytes), Math.ceil(patchByTime), Math.ceil(patchByBytes));
  }

  private void requests() {
    double perSecond = CloudflarePrices.REQUESTS_IN_FIVE_MINUTES / 300.0;
    numbers.put("restLookupsPerSecond", perSecond);
    say(
        "Over the REST API an account can read %.0f pairs a second that no cache has, all its"
            + " readers together; as many as %d readers can poll a snapshot each minute and fetch it"
            + " when it changes once in five minutes.",
        perSecond, CloudflarePrices.REQUESTS_IN_FIVE_MINUTES / 6);
  }

  private void publications(int users) {
    JsonNode snapshot = publication("snapshot", "ten", users);
    JsonNode pairs = publication("per-key", "all", users);
    JsonNode changed = publication("per-key, only the changed", "ten", users);
    numbers.put("snapshotPublishSeconds", snapshot.get("seconds").asDouble());
    numbers.put("pairsPublishSeconds", pairs.get("seconds").asDouble());
    numbers.put("changedPairsPublishSeconds", changed.get("seconds").asDouble());
    say(
        "Publishing %,d users takes %.1f s and %d writes as a snapshot, whatever changed; %.1f s and"
            + " %,d writes as pairs; and %.3f s and as many writes as users changed for a publisher"
            + " that knows which: that one writes less than a snapshot only when fewer than %d users"
            + " changed, but is done %,.0f times as soon.",
        users,
        snapshot.get("seconds").asDouble(),
        Workload.SNAPSHOT_WRITES,
        pairs.get("seconds").asDouble(),
        pairs.get("kvWrites").asLong(),
        changed.get("seconds").asDouble(),
        Workload.SNAPSHOT_WRITES,
        snapshot.get("seconds").asDouble() / changed.get("seconds").asDouble());
  }

  private JsonNode publication(String layout, String change, int users) {
    return first(
        "publish",
        row ->
            row.get("layout").asText().equals(layout)
                && row.get("change").asText().equals(change)
                && row.get("users").asInt() == users);
  }

  private void bills() {
    double snapshot = bill("snapshot", 3_600);
    double pairs = bill("per_key", 3_600);
    double changed = bill("per_key_changed", 3_600);
    double eachMinute = bill("snapshot", 60);
    double allCopies = bill("snapshot_all", 60);
    numbers.put("dollarsSnapshotHourly", snapshot);
    numbers.put("dollarsPairsHourly", pairs);
    numbers.put("dollarsChangedPairsHourly", changed);
    numbers.put("dollarsSnapshotEachMinute", eachMinute);
    numbers.put("dollarsSnapshotEachMinuteAllCopies", allCopies);
    say(
        "A million users published each hour to 100 readers cost $%,.2f a month as a snapshot,"
            + " $%,.2f as pairs written whole, $%,.2f as pairs written when they change. Published"
            + " each minute a snapshot costs $%,.2f with its 100 copies, and $%,.2f with every copy"
            + " of 30 days.",
        snapshot, pairs, changed, eachMinute, allCopies);
  }

  private double bill(String layout, long everySeconds) {
    return first(
            "cost",
            row ->
                row.get("layout").asText().equals(layout)
                    && row.get("users").asInt() == 1_000_000
                    && row.get("readers").asInt() == 100
                    && row.get("publishedEverySeconds").asLong() == everySeconds)
        .get("dollarsPerMonth")
        .asDouble();
  }

  private void sizes(int users) {
    StringBuilder most = new StringBuilder();
    for (Profile profile : Profile.values()) {
      String name = profile.name().toLowerCase(Locale.ROOT);
      double bytes = (double) Values.satchel(profile, users).length / users;
      double fit = KvLimits.MAX_VALUE_BYTES / bytes;
      numbers.put(name + "BytesPerUser", bytes);
      numbers.put(name + "UsersThatFit", fit);
      most.append(
          String.format(
              Locale.ROOT,
              "%s%,.0f %s ones (%.2f B each)",
              most.isEmpty() ? "" : ", ",
              fit,
              name,
              bytes));
    }
    say("One value holds 26,214,400 bytes: %s. More users than that need pairs.", most);
  }

  private void elsewhere() {
    say(
        "Code that runs as a Worker reads pairs through its binding, without the REST API's limit;"
            + " the SDK is for the JVM.");
  }

  private void say(String format, Object... arguments) {
    sentences.add(String.format(Locale.ROOT, format, arguments));
  }

  private JsonNode first(String part, Predicate<JsonNode> which) {
    return StreamSupport.stream(report.get(part).spliterator(), false)
        .filter(which)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("expected such a row in part " + part));
  }

  static String text(JsonNode verdict) {
    StringBuilder text = new StringBuilder();
    verdict.get("sentences").forEach(line -> text.append("- ").append(line.asText()).append('\n'));
    return text.toString();
  }
}
