package dev.satchel.benchmarks.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.Machine;
import dev.satchel.benchmarks.RecordedRun;
import dev.satchel.benchmarks.ScratchFolder;
import dev.satchel.benchmarks.decision.Child;
import dev.satchel.benchmarks.decision.Programs;
import dev.satchel.benchmarks.decision.StoreProcess;
import dev.satchel.publisher.seed.Profile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How long does a change take from its commit in PostgreSQL to the last of 500 clients that wait at
 * the publisher's port, and how many values and patches does that port serve in a second?
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar dev.satchel.benchmarks.fleet.FleetReport</pre>
 *
 * <p>Run it in the repository, built by {@code mvn -DskipTests package}, on Linux. Data: 100,000
 * typical users in a private PostgreSQL, whose trigger notifies {@code satchel run} with {@code
 * -Xmx256m}; a local KV server; five processes with 100 clients each. Each of 30 rounds changes one
 * user. Times count from before the statement is sent. Clients and publisher share the machine, so
 * both times and rates include the work of both. Writes {@code fleet.json} and {@code fleet.txt}
 * under {@code benchmarks/results}.
 */
public final class FleetReport {
  private static final int USERS = 100_000;
  private static final int PROCESSES = 5;
  private static final int CLIENTS_OF_A_PROCESS = 100;
  private static final int ROUNDS = 30;
  private static final int HEAP_MIB = 256;
  private static final int MORE_WAITING = 3_000;
  private static final int RATE_SECONDS = 10;
  private static final String TOKEN = "a-token-of-the-benchmark";
  private static final String PATH = "/snapshots/user-configs";
  private static final String NOTIFY =
      "CREATE FUNCTION changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY satchel;"
          + " RETURN NULL; END $$; CREATE TRIGGER changed AFTER UPDATE ON users FOR EACH STATEMENT"
          + " EXECUTE FUNCTION changed()";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random(42);
  private final List<Child> clients = new ArrayList<>();
  private final Path folder;
  private final Child store;
  private final int port;
  private final Process publisher;
  private long revision;

  private FleetReport(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    store =
        Child.start(
            Programs.mainWithDatabase(
                1_024, StoreProcess.class, folder.resolve("kv").toString(), "database"),
            Map.of());
    Map<String, String> places = places(store.answer());
    run(places, "seed", "--users", Integer.toString(USERS), "--profile", "typical");
    store.ask("sql " + NOTIFY);
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    places.put("SATCHEL_HTTP_PORT", Integer.toString(port));
    places.put("SATCHEL_SNAPSHOTS_TOKEN", TOKEN);
    places.put("SATCHEL_LISTEN", "satchel");
    places.put("SATCHEL_QUERY", Profile.TYPICAL.query("users"));
    publisher = start(places, "publisher.log", "run");
    awaitValue();
  }

  /** Measures, and prints and writes the report. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length > 0) {
      throw new IllegalArgumentException("expected no arguments");
    }
    ScratchFolder scratch = ScratchFolder.create("satchel-fleet-");
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("command", FleetReport.class.getName());
    report.set("machine", Machine.describe());
    var fleet = new FleetReport(scratch.path());
    try {
      fleet.measure(report);
    } finally {
      fleet.end();
    }
    scratch.remove(); // only after success, because it holds the logs of a failure
    var recorded = new RecordedRun("fleet");
    recorded.write(report);
    recorded.write(inWords(report));
  }

  private static Map<String, String> places(JsonNode where) {
    Map<String, String> places = new HashMap<>();
    places.put("DATABASE_CONNECTION_STRING", where.get("database").asText());
    places.put("CLOUDFLARE_API_BASE_URL", where.get("baseUrl").asText());
    places.put("CLOUDFLARE_API_TOKEN", "any");
    places.put("CLOUDFLARE_ACCOUNT_ID", "benchmark");
    places.put("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "benchmark");
    return places;
  }

  private void run(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    if (start(variables, arguments[0] + ".log", arguments).waitFor() != 0) {
      throw new IOException("expected satchel to succeed; its log is in " + folder);
    }
  }

  private Process start(Map<String, String> variables, String log, String... arguments)
      throws IOException {
    List<String> command = Programs.jarCommand(Programs.jar("publisher", "satchel.jar"), arguments);
    command.add(1, "-Xmx" + HEAP_MIB + "m");
    return Programs.builder(command, variables)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(log).toFile())
        .start();
  }

  private void awaitValue() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) {
      try {
        revision = headers().firstValueAsLong("satchel-revision").orElse(0);
        if (revision > 0) {
          return;
        }
      } catch (IOException notYet) {
        // it starts
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("expected a value at the port; the publisher's log is in " + folder);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private HttpHeaders headers() throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + PATH))
                .header("Authorization", "Bearer " + TOKEN)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .headers();
  }

  private void measure(ObjectNode report) throws IOException, InterruptedException {
    report.put("users", USERS);
    report.put("clients", PROCESSES * CLIENTS_OF_A_PROCESS);
    report.put("processes", PROCESSES);
    report.put("heapMib", HEAP_MIB);
    openClients();
    for (int i = 0; i < 3; i++) {
      round(new ArrayList<>());
    }
    List<Long> all = new ArrayList<>();
    List<Long> last = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      List<Long> times = new ArrayList<>();
      round(times);
      all.addAll(times);
      last.add(times.stream().mapToLong(Long::longValue).max().orElseThrow());
    }
    report.put("rounds", ROUNDS);
    put(report.putObject("clientMillis"), all);
    put(report.putObject("lastMillis"), last);
    report.put("publisherMib", residentMib());
    for (Child process : clients) {
      process.close();
    }
    clients.clear();
    rates(report);
  }

  private void openClients() throws IOException {
    Map<String, String> variables =
        Map.of(
            "SATCHEL_SOURCE",
            "http://127.0.0.1:" + port + PATH,
            "SATCHEL_SOURCE_TOKEN",
            TOKEN,
            "SATCHEL_LONGEST_WAIT",
            "30s",
            "SATCHEL_POLL_INTERVAL",
            "10m");
    for (int i = 0; i < PROCESSES; i++) {
      clients.add(
          Child.start(
              Programs.main(768, FleetClients.class, Integer.toString(CLIENTS_OF_A_PROCESS)),
              variables));
    }
    for (Child process : clients) {
      process.answer();
    }
  }

  private void round(List<Long> times) throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(2_500 + random.nextInt(500)); // all wait again
    long begun = System.currentTimeMillis();
    store.ask(
        "sql UPDATE users SET max_projects = (max_projects + 1) % 1000 WHERE id ="
            + " (SELECT id FROM users OFFSET "
            + random.nextInt(USERS)
            + " LIMIT 1)");
    long next = revision;
    for (Child process : clients) {
      JsonNode taken = process.ask(Long.toString(revision));
      taken.get("micros").forEach(at -> times.add(at.asLong() / 1_000 - begun));
      next = Math.max(next, taken.get("revision").asLong());
    }
    revision = next;
  }

  private void rates(ObjectNode report) throws IOException, InterruptedException {
    var headers = headers();
    String etag = headers.firstValue("etag").orElseThrow();
    var load = new PortLoad(port, TOKEN);
    String patch = PATH + "@" + headers.firstValue("satchel-revision").orElseThrow() + ".patch";
    report.put("valueBytes", headers.firstValueAsLong("content-length").orElseThrow());
    put(report.putObject("values"), load, PATH);
    put(report.putObject("patches"), load, patch);
    report.put("publisherMibAfterLoad", residentMib());
    System.gc();
    List<Socket> sockets = load.waiting(PATH, etag, MORE_WAITING);
    awaitWaiting();
    report.put("waiting", MORE_WAITING);
    report.put("publisherMibWithWaiting", residentMib());
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void awaitWaiting() throws IOException, InterruptedException {
    String wanted = "satchel_publisher_snapshots_waiting " + MORE_WAITING + ".0";
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
    for (int i = 0; i < 300; i++) {
      if (http.send(request.build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .contains(wanted)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException("expected " + wanted);
  }

  private static void put(ObjectNode into, PortLoad load, String path) throws InterruptedException {
    load.rate(path, 2); // warms up
    var rate = load.rate(path, RATE_SECONDS);
    into.put("perSecond", rate.perSecond());
    into.put("mebibytesPerSecond", rate.bytesPerSecond() / (1 << 20));
  }

  private static void put(ObjectNode into, List<Long> times) {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    into.put("median", sorted[sorted.length / 2]);
    into.put("p99", sorted[sorted.length * 99 / 100]);
    into.put("most", Arrays.stream(sorted).max().orElseThrow());
  }

  private double residentMib() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(publisher.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1_024)
        .findFirst()
        .orElseThrow();
  }

  private static String inWords(ObjectNode report) {
    return """
        From a commit in PostgreSQL to clients that wait at the publisher's port

        %s
        %,d users, %,d clients in %d processes, publisher with -Xmx%dm, %d rounds

        from the commit, ms          median    99 %%    most
        each client               %,9d %,7d %,7d
        the last of them          %,9d %,7d %,7d

        served by the port        answers/s   MiB/s
        values of %,d bytes  %,9.0f %,7.0f
        patches                   %,9.0f %,7.2f

        resident memory of the publisher: %.0f MiB with these clients, %.0f MiB after the load,
        %.0f MiB with %,d requests waiting
        """
        .formatted(
            Machine.inWords(report.get("machine")),
            report.get("users").asInt(),
            report.get("clients").asInt(),
            report.get("processes").asInt(),
            report.get("heapMib").asInt(),
            report.get("rounds").asInt(),
            report.at("/clientMillis/median").asLong(),
            report.at("/clientMillis/p99").asLong(),
            report.at("/clientMillis/most").asLong(),
            report.at("/lastMillis/median").asLong(),
            report.at("/lastMillis/p99").asLong(),
            report.at("/lastMillis/most").asLong(),
            report.get("valueBytes").asLong(),
            report.at("/values/perSecond").asDouble(),
            report.at("/values/mebibytesPerSecond").asDouble(),
            report.at("/patches/perSecond").asDouble(),
            report.at("/patches/mebibytesPerSecond").asDouble(),
            report.get("publisherMib").asDouble(),
            report.get("publisherMibAfterLoad").asDouble(),
            report.get("publisherMibWithWaiting").asDouble(),
            report.get("waiting").asInt());
  }

  private void end() throws IOException, InterruptedException {
    for (Child process : clients) {
      process.close();
    }
    publisher.destroy();
    publisher.waitFor();
    store.close();
  }
}
