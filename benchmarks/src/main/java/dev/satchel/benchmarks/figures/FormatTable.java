package dev.satchel.benchmarks.figures;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** The format's figures, for a million users of each profile. */
final class FormatTable {
  private static final List<String> PROFILES = List.of("tutorial", "typical", "rich");

  private final JsonNode run;
  private final StringBuilder table = new StringBuilder();

  private FormatTable(JsonNode run) {
    this.run = run;
  }

  static String of(JsonNode run) {
    FormatTable all = new FormatTable(run);
    all.line("1,000,000 users", PROFILES);
    all.line("---", List.of("--:", "--:", "--:"));
    all.sizes("bytes a user in KV", "valueBytesPerUser");
    all.sizes("entropy bound", "boundBytesPerUser");
    all.sizes("JSON lines, zstd -3", "jsonZstd3BytesPerUser");
    all.openings("ms to the first answer, warm JVM", "satchel_first");
    all.openings("the same, with every field opened", "satchel_every");
    all.openings(
        "the same, with the SHA-256 of the whole value, as a client does", "satchel_announced");
    all.openings(
        "the same, with a signature instead, as a client with public keys does", "satchel_signed");
    all.openings("checking the signature alone", "signature");
    all.openings("decompressing and hashing the whole value alone", "zstd");
    all.openings("Netflix Hollow", "hollow");
    all.openings("Sparkey", "sparkey");
    all.openings("JSON to a HashMap", "hash_map");
    all.table.append('\n');
    all.line("one lookup by UUID, typical users", List.of("ns", "B allocated"));
    all.line("---", List.of("--:", "--:"));
    all.lookup("Satchel, a field's handle", "satchel");
    all.lookup("Satchel, a field's name", "satchel_by_name");
    all.lookup("Satchel, UUIDs of several versions", "satchel_any_uuid");
    all.lookup("plain table of longs", "table");
    all.lookup("HashMap", "hash_map");
    all.lookup("Netflix Hollow", "hollow");
    all.lookup("Sparkey", "sparkey");
    return all.table + Block.source(run);
  }

  private void line(String head, List<String> cells) {
    table.append("| ").append(head).append(" | ").append(String.join(" | ", cells)).append(" |\n");
  }

  private void sizes(String head, String member) {
    line(
        head,
        PROFILES.stream()
            .map(
                profile ->
                    Block.number(
                        Figures.first(run.get("size").get("profiles"), Map.of("profile", profile))
                            .get(member)
                            .asDouble()))
            .toList());
  }

  private void openings(String head, String opening) {
    line(
        head,
        PROFILES.stream()
            .map(
                profile ->
                    Block.number(
                        jmh(
                                run,
                                "OpenBenchmark.open",
                                Map.of("opening", opening, "profile", profile))
                            .get("score")
                            .asDouble()))
            .toList());
  }

  private void lookup(String head, String contender) {
    JsonNode found =
        jmh(run, "LookupBenchmark.byUuid", Map.of("contender", contender, "outcome", "hit"));
    line(
        head,
        List.of(
            Block.number(found.get("score").asDouble()),
            Block.number(Math.rint(found.get("bytesPerOperation").asDouble()))));
  }

  /** A recorded run on one thread. */
  static JsonNode jmh(JsonNode run, String benchmark, Map<String, String> parameters) {
    for (JsonNode found : run.get("jmh")) {
      if (found.get("benchmark").asText().equals(benchmark)
          && found.get("threads").asInt() == 1
          && Figures.has(found.get("parameters"), parameters)) {
        return found;
      }
    }
    throw new IllegalArgumentException("expected a run of " + benchmark + " with " + parameters);
  }
}
