package dev.satchel.benchmarks.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.satchel.benchmarks.decision.Child;
import dev.satchel.benchmarks.decision.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The processes of a soak. Confined to one thread. */
final class Processes implements AutoCloseable {
  static final String READERS = "readers";
  static final String PAGE = "page";
  static final String PUBLISHER = "publisher";

  private static final int STORE_HEAP_MIB = 1_024;
  private static final int READERS_HEAP_MIB = 512;
  private static final int PAGE_HEAP_MIB = 128;
  private static final int PUBLISHER_HEAP_MIB = 256;
  private static final long READY_SECONDS = 60;

  private final Path folder;
  private final Deque<AutoCloseable> closers = new ArrayDeque<>();
  private final Map<String, WatchedProcess> watched = new HashMap<>();
  private final Map<String, ChildProcess> programs = new HashMap<>();
  private final int publisherPort = freePort();
  private final int pagePort = freePort();
  private int starts;
  private JsonNode where = MissingNode.getInstance();
  private @Nullable Child store;
  private @Nullable Child readers;

  /**
   * Creates the soak without any process yet.
   *
   * @param folder for logs, pairs and copies
   */
  Processes(Path folder) throws IOException {
    this.folder = folder;
  }

  /** Starts all processes, and returns when the page is ready. */
  void start() throws IOException, InterruptedException {
    Child first =
        Child.start(
            Programs.mainWithDatabase(
                STORE_HEAP_MIB, SoakStore.class, folder.resolve("kv").toString()),
            Map.of());
    closers.push(first);
    store = first;
    where = first.answer();
    startPublisher();
    await(PUBLISHER, publisherPort);
    Map<String, String> variables = readerVariables();
    GcLog gcLog = gcLog(READERS);
    List<String> command =
        Programs.main(READERS_HEAP_MIB, SoakReaders.class, folder.resolve("copies").toString());
    command.addAll(1, WatchedProcess.options(READERS_HEAP_MIB, gcLog));
    Child second = Child.start(command, variables);
    closers.push(second);
    readers = second;
    second.answer();
    watched.put(READERS, new WatchedProcess(second.handle(), gcLog));
    variables.put("PORT", String.valueOf(pagePort));
    variables.put("SATCHEL_COPY_DIR", folder.resolve("copies").resolve(PAGE).toString());
    Path jar = Programs.jar("demo-app", "satchel-demo.jar");
    startProgram(PAGE, PAGE_HEAP_MIB, Programs.jarCommand(jar), variables);
    await(PAGE, pagePort);
  }

  private void startPublisher() throws IOException {
    Map<String, String> variables = places(SoakStore.PUBLISHER);
    variables.put("DATABASE_CONNECTION_STRING", where.get("database").asText());
    variables.put("SATCHEL_QUERY", Rounds.QUERY);
    variables.put("SATCHEL_SCHEDULE", "1s");
    variables.put("SATCHEL_HTTP_PORT", String.valueOf(publisherPort));
    variables.put(
        "SATCHEL_KEEP_COPIES",
        "10"); // the disk has enough to do with one write of each every second
    // after minutes of faults most users have changed, and a soak has to survive that
    variables.put("SATCHEL_MAX_CHANGED", "off");
    variables.put("SATCHEL_MAX_FIELD_CHANGED", "off");
    Path jar = Programs.jar("publisher", "satchel.jar");
    startProgram(PUBLISHER, PUBLISHER_HEAP_MIB, Programs.jarCommand(jar, "run"), variables);
  }

  private Map<String, String> readerVariables() {
    Map<String, String> variables = places(SoakStore.READERS);
    variables.put("SATCHEL_POLL_INTERVAL", "1s");
    variables.put("SATCHEL_CALL_TIMEOUT", "2s");
    return variables;
  }

  /** Returns the variables that lead to the store for an account of this name. */
  private Map<String, String> places(String account) {
    Map<String, String> variables = new HashMap<>();
    variables.put("CLOUDFLARE_API_BASE_URL", where.get("baseUrl").asText());
    variables.put("CLOUDFLARE_API_TOKEN", "any");
    variables.put("CLOUDFLARE_ACCOUNT_ID", account);
    variables.put("CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", SoakStore.NAMESPACE);
    return variables;
  }

  private void startProgram(
      String name, int heapMib, List<String> command, Map<String, String> variables)
      throws IOException {
    GcLog gcLog = gcLog(name);
    command.addAll(1, WatchedProcess.options(heapMib, gcLog));
    ChildProcess started = ChildProcess.start(command, variables, folder.resolve(name + ".log"));
    closers.push(started);
    programs.put(name, started);
    watched.put(name, new WatchedProcess(started.handle(), gcLog));
  }

  private GcLog gcLog(String name) {
    return new GcLog(folder.resolve(name + "-gc-" + starts++ + ".log"));
  }

  private void await(String name, int port) throws IOException, InterruptedException {
    PublisherRuns asked = new PublisherRuns(port);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (!asked.isReady()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "expected the %s to be ready within %d s; its log is in %s"
                .formatted(name, READY_SECONDS, folder));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  int publisherPort() {
    return publisherPort;
  }

  int pagePort() {
    return pagePort;
  }

  /** Sends an order to {@link SoakStore} and returns its answer. */
  ObjectNode askStore(String order) throws IOException {
    return ask(store, order);
  }

  /** Sends an order to {@link SoakReaders} and returns their answer. */
  ObjectNode askReaders(String order) throws IOException {
    return ask(readers, order);
  }

  private static ObjectNode ask(@Nullable Child child, String order) throws IOException {
    if (child == null) {
      throw new IllegalStateException("expected started processes");
    }
    return (ObjectNode) child.ask(order);
  }

  /** Sends SIGKILL to the publisher, and starts a new one. */
  void killPublisher() throws IOException, InterruptedException {
    program(PUBLISHER).kill();
    startPublisher();
  }

  /** Returns what the process of this name uses now. */
  ObjectNode sample(String name) throws IOException {
    return watched(name).sample();
  }

  /** Returns the same as {@link #sample}, with the least heap in use since the last time. */
  ObjectNode sampleAtEnd(String name) throws IOException {
    return watched(name).sampleAtEnd();
  }

  private WatchedProcess watched(String name) {
    WatchedProcess process = watched.get(name);
    if (process == null) {
      throw new IllegalArgumentException("no process is named " + name);
    }
    return process;
  }

  /** Makes publisher and page collect all garbage; the readers do so when a sixth ends. */
  void collect() throws IOException, InterruptedException {
    program(PUBLISHER).collect();
    program(PAGE).collect();
  }

  private ChildProcess program(String name) {
    ChildProcess program = programs.get(name);
    if (program == null) {
      throw new IllegalStateException("expected " + name + " to be started");
    }
    return program;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    for (AutoCloseable closer : closers) {
      try {
        closer.close();
      } catch (Exception e) {
        System.err.println("could not close: " + e);
      }
    }
    closers.clear();
  }
}
