package dev.satchel.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.kv.KvLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The goals of the format, each next to what was measured; all figures come from one run. */
final class FormatGoals {
  private static final double MIB = 1 << 20;

  private record Goal(
      String name, String profile, String bound, double measured, boolean reached) {}

  private final JsonNode runs;
  private final List<Goal> goals = new ArrayList<>();

  FormatGoals(JsonNode runs, JsonNode size) {
    this.runs = runs;
    for (JsonNode profile : size.get("profiles")) {
      size(profile);
      open(profile.get("profile").asText());
    }
    lookups();
    texts();
  }

  private void size(JsonNode size) {
    String profile = size.get("profile").asText();
    atMost(
        "bytes/user in the value", profile, of(profile, 13.4, 16, 30), size, "valueBytesPerUser");
    goals.add(
        new Goal(
            "users in 25 MiB",
            profile,
            ">= " + size.get("fitGoal").asInt(),
            size.get("fit").asDouble(),
            size.get("fitGoalBytes").asInt() <= KvLimits.MAX_VALUE_BYTES));
    double kept = of(profile, 15, 18, 60);
    atMost("bytes/user kept, first field open", profile, kept, size, "firstKeptBytesPerUser");
    atMost("bytes/user kept, every field open", profile, kept, size, "everyKeptBytesPerUser");
    for (String how : List.of("first", "every")) {
      double beside = size.get(how + "PeakBesideKeptAndValueBytes").asDouble() / MIB;
      atMost("MiB at peak, beside kept and value, " + how, profile, 4, beside);
    }
    if (size.has("encodePeakBesideOutputBytesPerUser")) {
      atMost(
          "heap/user beside the output, encoding",
          profile,
          64,
          size,
          "encodePeakBesideOutputBytesPerUser");
    }
  }

  private void open(String profile) {
    double first = open("satchel_first", profile);
    double every = open("satchel_every", profile);
    double zstd = open("zstd", profile);
    double hollow = open("hollow", profile);
    if (profile.equals("rich")) {
      atMost("opening every field, times zstd + SHA-256", profile, 5, every / zstd);
    } else {
      atMost("opening to the first answer, times zstd + SHA-256", profile, 3, first / zstd);
    }
    atLeast("times faster than Hollow to the first answer", profile, 20, hollow / first);
    atLeast(
        "times faster than Hollow, every field", profile, of(profile, 20, 8, 3), hollow / every);
    atMost(
        "check of the signature, times opening",
        profile,
        0.1,
        open("signature", profile) / open("satchel_announced", profile));
    atMost(
        "opening a signed value, times one that is not",
        profile,
        1.1,
        open("satchel_signed", profile) / open("satchel_announced", profile));
    double encode = score("EncodeBenchmark.encode", 1, Map.of("profile", profile));
    atMost("seconds to encode", profile, of(profile, 1, 2, 6), encode / 1e3);
  }

  private void lookups() {
    double satchel = lookup("byUuid", "satchel", "hit", 1);
    double table = lookup("byUuid", "table", "hit", 1);
    String by = "typical";
    atMost("lookup by UUID, times the plain table", by, 2, satchel / table);
    atLeast("HashMap, times Satchel", by, 1, lookup("byUuid", "hash_map", "hit", 1) / satchel);
    atLeast("Hollow, times Satchel", by, 4, lookup("byUuid", "hollow", "hit", 1) / satchel);
    atMost("B/op by UUID", by, 0.5, bytes("byUuid"));
    atMost("B/op by text of the UUID", by, 0.5, bytes("byText"));
    atMost(
        "lookup by text of the UUID, times the plain table",
        by,
        1.5,
        lookup("byText", "satchel", "hit", 1) / lookup("byText", "table", "hit", 1));
    for (String method : List.of("byUuid", "byText")) {
      notSlower(
          "miss " + method + ", times a hit",
          by,
          lookupRun(method, "satchel", "miss", 1),
          lookupRun(method, "satchel", "hit", 1));
    }
    atMost(
        "ns of the name above the handle",
        by,
        15,
        lookup("byUuid", "satchel_by_name", "hit", 1) - satchel);
    atMost(
        "lookup on 2 threads, times on 1, over the same of the table",
        by,
        1.1,
        lookup("byUuid", "satchel", "hit", 2)
            / satchel
            / (lookup("byUuid", "table", "hit", 2) / table));
  }

  private void texts() {
    for (String ids : List.of("numbered", "code", "email")) {
      JsonNode hit = text("satchel", ids, "hit");
      atMost(
          "lookup by text, times the plain table",
          ids,
          1.5,
          score(hit) / score(text("table", ids, "hit")));
      notSlower("miss by text, times a hit", ids, text("satchel", ids, "miss"), hit);
    }
  }

  private static double of(String profile, double tutorial, double typical, double rich) {
    return switch (profile) {
      case "tutorial" -> tutorial;
      case "typical" -> typical;
      default -> rich;
    };
  }

  private double open(String opening, String profile) {
    return score("OpenBenchmark.open", 1, Map.of("opening", opening, "profile", profile));
  }

  private double lookup(String method, String contender, String outcome, int threads) {
    return score(lookupRun(method, contender, outcome, threads));
  }

  private JsonNode lookupRun(String method, String contender, String outcome, int threads) {
    return run(
        "LookupBenchmark." + method, threads, Map.of("contender", contender, "outcome", outcome));
  }

  private JsonNode text(String contender, String ids, String outcome) {
    return run(
        "TextLookupBenchmark.byText",
        1,
        Map.of("contender", contender, "ids", ids, "outcome", outcome));
  }

  private double bytes(String method) {
    return run("LookupBenchmark." + method, 1, Map.of("contender", "satchel", "outcome", "hit"))
        .path("bytesPerOperation")
        .asDouble();
  }

  private double score(String benchmark, int threads, Map<String, String> parameters) {
    return score(run(benchmark, threads, parameters));
  }

  private static double score(JsonNode run) {
    return run.get("score").asDouble();
  }

  private JsonNode run(String benchmark, int threads, Map<String, String> parameters) {
    for (JsonNode run : runs) {
      if (run.get("benchmark").asText().equals(benchmark)
          && run.get("threads").asInt() == threads
          && parameters.entrySet().stream()
              .allMatch(
                  entry ->
                      run.get("parameters")
                          .path(entry.getKey())
                          .asText()
                          .equals(entry.getValue()))) {
        return run;
      }
    }
    throw new IllegalStateException(
        "expected a run of " + benchmark + " with " + parameters + " on " + threads + " threads");
  }

  private void atMost(String name, String profile, double bound, JsonNode size, String member) {
    atMost(name, profile, bound, size.get(member).asDouble());
  }

  private void atMost(String name, String profile, double bound, double measured) {
    goals.add(new Goal(name, profile, "<= " + bound, measured, measured <= bound));
  }

  /**
   * Checks that one run is not slower than another; runs that differ by less than their errors
   * count as equally fast.
   */
  private void notSlower(String name, String profile, JsonNode run, JsonNode than) {
    double errors = run.get("error").asDouble() + than.get("error").asDouble();
    double measured = score(run) / score(than);
    goals.add(
        new Goal(
            name, profile, "<= 1, errors aside", measured, score(run) - errors <= score(than)));
  }

  private void atLeast(String name, String profile, double bound, double measured) {
    goals.add(new Goal(name, profile, ">= " + bound, measured, measured >= bound));
  }

  ArrayNode toJson() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Goal goal : goals) {
      ObjectNode node = all.addObject();
      node.put("goal", goal.name);
      node.put("of", goal.profile);
      node.put("bound", goal.bound);
      node.put("measured", goal.measured);
      node.put("reached", goal.reached);
    }
    return all;
  }

  @Override
  public String toString() {
    TextGrid grid = new TextGrid("goal", "of", "bound", "measured", "reached");
    for (Goal goal : goals) {
      grid.row(goal.name, goal.profile, goal.bound, goal.measured, goal.reached ? "yes" : "NO");
    }
    return grid.toString();
  }
}
