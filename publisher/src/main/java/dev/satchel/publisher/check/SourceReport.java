package dev.satchel.publisher.check;

import dev.satchel.publisher.text.Report;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is right and what is wrong with an address.
 *
 * @param address without its query
 * @param revision the highest that it named, 0 for none
 */
public record SourceReport(String address, long revision, List<Finding> findings)
    implements Report {
  /** Returns whether clients can use the address. */
  public boolean isUsable() {
    return count(Finding.Verdict.FAILED) == 0;
  }

  private long count(Finding.Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  @Override
  public JsonObject toJson() {
    var checks = new JsonArray();
    findings.forEach(finding -> checks.add(finding.toJson()));
    return new JsonObject()
        .put("address", address)
        .put("revision", revision)
        .put("usable", isUsable())
        .put("failed", count(Finding.Verdict.FAILED))
        .put("warnings", count(Finding.Verdict.WARNING))
        .put("checks", checks);
  }

  @Override
  public String inWords() {
    String lines =
        findings.stream().map(Finding::inWords).collect(Collectors.joining(System.lineSeparator()));
    return "%s%n%s%n%s: %d failed, %d warnings"
        .formatted(
            address,
            lines,
            isUsable() ? "clients can read it" : "clients cannot read it as it is",
            count(Finding.Verdict.FAILED),
            count(Finding.Verdict.WARNING));
  }
}
