package dev.satchel.publisher.nginx;

import static dev.satchel.publisher.Waiting.until;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Clients in processes of their own. */
final class Fleet implements AutoCloseable {
  /** What all clients together say; see {@link ManyClients}. */
  record Report(long lowest, long highest, long attempts, long failures, long staleStates) {
    private Report with(Report other) {
      return new Report(
          Math.min(lowest, other.lowest),
          Math.max(highest, other.highest),
          attempts + other.attempts,
          failures + other.failures,
          staleStates + other.staleStates);
    }
  }

  private record Member(Process process, BufferedReader said, PrintStream in) {
    Report read() throws IOException {
      String[] words = Objects.requireNonNull(said.readLine(), "the process ended").split(" ", -1);
      return new Report(
          Long.parseLong(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]));
    }
  }

  private final List<Member> members = new ArrayList<>();

  /** Starts them, and waits until each has a snapshot or knows that there is none. */
  static Fleet start(int processes, int clientsInEach, Map<String, String> env, Path folder)
      throws IOException {
    var fleet = new Fleet();
    for (int i = 0; i < processes; i++) {
      var command =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-Xss256k",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ManyClients.class.getName(),
                  Integer.toString(clientsInEach))
              .redirectError(folder.resolve("clients-" + i + ".log").toFile());
      command.environment().putAll(env);
      Process process = command.start();
      fleet.members.add(
          new Member(
              process,
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
              new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8)));
    }
    for (Member member : fleet.members) {
      member.read();
    }
    return fleet;
  }

  Report report() throws IOException {
    for (Member member : members) {
      member.in.println();
    }
    Report all = members.get(0).read();
    for (Member member : members.subList(1, members.size())) {
      all = all.with(member.read());
    }
    return all;
  }

  void awaitRevision(long revision) {
    until("all clients have revision " + revision, () -> report().lowest() == revision);
  }

  @Override
  public void close() {
    for (Member member : members) {
      member.process.destroyForcibly().onExit().join();
    }
  }
}
