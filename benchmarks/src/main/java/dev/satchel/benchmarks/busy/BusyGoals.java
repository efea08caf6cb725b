package dev.satchel.benchmarks.busy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.satchel.benchmarks.Contender;
import dev.satchel.benchmarks.TextGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a {@link BusyReport} found: every goal, and the lookups of every contender. */
public final class BusyGoals {
  /**
   * A figure beside its goal, with the machine to itself and beside the sweep.
   *
   * @param goal such as {@code <= 1.5}
   */
  public record Goal(String name, String goal, double quiet, double busy) {
    /** Returns whether both figures reach the goal. */
    public boolean isReached() {
      double bound = Double.parseDouble(goal.substring(3));
      return goal.startsWith("<=")
          ? Math.max(quiet, busy) <= bound
          : Math.min(quiet, busy) >= bound;
    }
  }

  /**
   * The nanoseconds of one contender's lookups.
   *
   * @param quiet cold, and with 1, 4 and 16 in flight; cold alone if the ids are no UUIDs
   */
  public record Row(String ids, Contender contender, List<Double> quiet, List<Double> busy) {}

  private final JsonNode report;
  private final List<Goal> goals = new ArrayList<>();

  /** Reads a recorded report. */
  public BusyGoals(JsonNode report) {
    this.report = report;
    lookups();
    add(
        "opening in a new JVM, tutorial users, ms",
        "<= 60",
        "/opening/tutorial/snapshot/medianMillis");
    add(
        "opening in a new JVM, typical users, ms",
        "<= 60",
        "/opening/typical/snapshot/medianMillis");
    add("opening in a new JVM, rich users, ms", "<= 60", "/opening/rich/snapshot/medianMillis");
    for (String profile : List.of("typical", "tutorial")) {
      String at = "/publishing/" + profile;
      add(
          "publishing in a new JVM, times psql's copy, " + profile,
          "<= 4",
          at + "/oneShotByLauncher/timesTheCopy");
      add("publishing again, times psql's copy, " + profile, "<= 2", at + "/warm/timesTheCopy");
    }
    add(
        "publishing in a new JVM, typical users, s of processor time",
        "<= 8.25",
        "/publishing/typical/oneShotByLauncher/processorSeconds");
    add("satchel --version, s of processor time", "<= 0.4", "/commandLine/versionProcessorSeconds");
    add("satchel --help, s of processor time", "<= 0.4", "/commandLine/helpProcessorSeconds");
  }

  private void lookups() {
    ratio("cold lookup, times the plain table", "<= 1.5", "cold", "", "satchel", "table");
    ratio("cold lookup in a HashMap, times Satchel", ">= 1", "cold", "", "hash_map", "satchel");
    ratio("cold lookup in Hollow, times Satchel", ">= 3", "cold", "", "hollow", "satchel");
    for (String flight : List.of("1", "4", "16")) {
      ratio(
          flight + " in flight, times the plain table",
          "<= 2",
          "inFlight",
          flight,
          "satchel",
          "table");
      ratio(
          flight + " in flight in Hollow, times Satchel",
          ">= 3",
          "inFlight",
          flight,
          "hollow",
          "satchel");
    }
    add(
        "cold loop over get, times getAll",
        ">= 2",
        nanos("quiet", "coldLoop", "uuid", "satchel", "")
            / nanos("quiet", "coldMany", "uuid", "satchel", ""),
        nanos("busy", "coldLoop", "uuid", "satchel", "")
            / nanos("busy", "coldMany", "uuid", "satchel", ""));
  }

  private void ratio(
      String name, String goal, String method, String flight, String contender, String of) {
    double[] found = new double[2];
    for (int i = 0; i < 2; i++) {
      String state = i == 0 ? "quiet" : "busy";
      found[i] =
          nanos(state, method, "uuid", contender, flight)
              / nanos(state, method, "uuid", of, flight);
    }
    add(name, goal, found[0], found[1]);
  }

  private void add(String name, String goal, String pointer) {
    add(
        name,
        goal,
        report.at("/quiet" + pointer).asDouble(),
        report.at("/busy" + pointer).asDouble());
  }

  private void add(String name, String goal, double quiet, double busy) {
    goals.add(new Goal(name, goal, quiet, busy));
  }

  /** Returns every goal. */
  public List<Goal> goals() {
    return List.copyOf(goals);
  }

  /** Returns the lookups of each contender, by UUID first. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Contender contender :
        List.of(
            Contender.SATCHEL,
            Contender.TABLE,
            Contender.HASH_MAP,
            Contender.HOLLOW,
            Contender.SPARKEY)) {
      rows.add(new Row("uuid", contender, all("quiet", contender), all("busy", contender)));
    }
    for (String ids : List.of("number", "numbered_text", "code", "email")) {
      for (Contender contender : List.of(Contender.SATCHEL, Contender.TABLE, Contender.HASH_MAP)) {
        String name = contender.name().toLowerCase(Locale.ROOT);
        rows.add(
            new Row(
                ids,
                contender,
                List.of(nanos("quiet", "cold", ids, name, "")),
                List.of(nanos("busy", "cold", ids, name, ""))));
      }
    }
    return rows;
  }

  private List<Double> all(String state, Contender contender) {
    String name = contender.name().toLowerCase(Locale.ROOT);
    return Stream.concat(
            Stream.of(nanos(state, "cold", "uuid", name, "")),
            Stream.of("1", "4", "16").map(flight -> nanos(state, "inFlight", "uuid", name, flight)))
        .toList();
  }

  /** Returns the median of the iterations, which other work on the machine moves least. */
  private double nanos(String state, String method, String ids, String contender, String flight) {
    Map<String, String> wanted = Map.of("contender", contender, "ids", ids, "inFlight", flight);
    for (JsonNode run : report.get(state).get("lookups")) {
      JsonNode parameters = run.get("parameters");
      if (run.get("benchmark").asText().endsWith("." + method)
          && wanted.entrySet().stream()
              .allMatch(each -> parameters.path(each.getKey()).asText().equals(each.getValue()))) {
        double[] iterations =
            StreamSupport.stream(run.get("iterations").spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
        Arrays.sort(iterations);
        return iterations[iterations.length / 2];
      }
    }
    throw new IllegalArgumentException("expected a run of " + method + " with " + wanted);
  }

  @Override
  public String toString() {
    TextGrid found = new TextGrid("goal", "of", "quiet", "busy", "reached");
    for (Goal goal : goals) {
      found.row(goal.name, goal.goal, goal.quiet, goal.busy, goal.isReached() ? "yes" : "NO");
    }
    TextGrid lookups =
        new TextGrid(
            "one lookup, ns",
            "ids",
            "far lines",
            "in turn",
            "quiet: cold",
            "1 in flight",
            "4",
            "16",
            "busy: cold",
            "1 in flight",
            "4",
            "16");
    for (Row row : rows()) {
      List<Object> cells = new ArrayList<>();
      cells.add(row.contender.name().toLowerCase(Locale.ROOT));
      cells.add(row.ids);
      boolean isUuid = row.ids.equals("uuid");
      cells.add(isUuid ? row.contender.farLines() : "");
      cells.add(isUuid ? row.contender.farLinesInTurn() : "");
      for (List<Double> nanos : List.of(row.quiet, row.busy)) {
        for (int i = 0; i < 4; i++) {
          cells.add(i < nanos.size() ? nanos.get(i) : "");
        }
      }
      lookups.row(cells.toArray());
    }
    return found + "\n" + lookups;
  }
}
