package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static dev.satchel.sdk.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.satchel.kv.RestWriter;
import dev.satchel.kv.local.LocalKvOptions;
import dev.satchel.kv.local.LocalKvServer;
import io.vertx.core.Vertx;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client leaves in a process once it is closed, or forgotten. */
final class NothingIsLeftTest {
  private static final int CLIENTS = 200;
  private static final int CLIENTS_FROM_FILES = 20;

  @TempDir Path directory;

  /** Lives in a class loader that is thrown away: opens clients, uses and closes them. */
  public static final class Application implements Consumer<Map<String, String>> {
    @Override
    public void accept(Map<String, String> env) {
      ConfigClient client = ConfigClient.openBlocking(env);
      Registration registration = client.onChange(diff -> {});
      client.refreshBlocking();
      if (!client.getBoolean("alice", "preview_features_enabled", false)) {
        throw new AssertionError("expected alice to have the preview but found " + client.status());
      }
      registration.close();
      client.close();
    }
  }

  @Test
  void noThreadFileHandleOrClassLoaderIsLeftAfterTwoHundredClients() throws Exception {
    Vertx vertx = Vertx.vertx();
    LocalKvServer server =
        await(
            LocalKvServer.start(
                vertx, LocalKvOptions.in(directory.resolve("kv")).withNamespace("ns", "t")));
    Map<String, String> env =
        Map.of(
            "CLOUDFLARE_API_TOKEN", "token",
            "CLOUDFLARE_ACCOUNT_ID", "account",
            "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "ns",
            "CLOUDFLARE_API_BASE_URL", server.baseUrl(),
            "SATCHEL_COPY_DIR", directory.resolve("copies").toString());
    Publication publication = Publication.ofFlag(7, "alice", true);
    new RestWriter(env)
        .put(ConfigClientOptions.DEFAULT_KEY, publication.value(), publication.metadata());
    Path file = directory.resolve("copies");
    openAndClose(env, 1); // what the JDK keeps from the first use on is not ours
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    long handles = openFiles();

    WeakReference<ClassLoader> loader = openAndClose(env, CLIENTS);
    openAndClose(Map.of("SATCHEL_SOURCE", file.toUri().toString()), CLIENTS_FROM_FILES);

    until("no thread of a client", () -> clientThreads(before).isEmpty());
    until("no more file handles than before", () -> openFiles() <= handles);
    until(
        "the class loader to be collected",
        () -> {
          System.gc();
          return loader.get() == null;
        });
    await(server.close());
    await(vertx.close());
  }

  /** Returns the names of the clients' threads but these; a thread may take a moment to end. */
  private static Set<String> clientThreads(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.contains("satchel") && !name.contains("local-kv"))
        .collect(Collectors.toSet());
  }

  private static WeakReference<ClassLoader> openAndClose(Map<String, String> env, int clients)
      throws Exception {
    var path = new ArrayList<URL>();
    for (String entry :
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(System.getProperty("java.class.path"))
            .toList()) {
      if (!entry.contains("zstd")) { // one class loader alone may have the native library
        path.add(new File(entry).toURI().toURL());
      }
    }
    Thread current = Thread.currentThread();
    ClassLoader own = current.getContextClassLoader();
    try (var loader = new ThrownAway(path.toArray(URL[]::new))) {
      current.setContextClassLoader(loader);
      @SuppressWarnings("unchecked") // it is one
      var application =
          (Consumer<Map<String, String>>)
              loader.loadClass(Application.class.getName()).getDeclaredConstructor().newInstance();
      assertThat(application.getClass().getClassLoader()).isSameAs(loader);
      for (int i = 0; i < clients; i++) {
        application.accept(env);
      }
      return new WeakReference<>(loader);
    } finally {
      current.setContextClassLoader(own);
    }
  }

  /** Has classes of its own of everything but zstd, of which a process can have one only. */
  private static final class ThrownAway extends URLClassLoader {
    ThrownAway(URL[] path) {
      super(path, ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      return name.startsWith("com.github.luben.")
          ? NothingIsLeftTest.class.getClassLoader().loadClass(name)
          : super.findClass(name);
    }
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  /** Opens a client of a source that is not there, or stalls, and ends without closing it. */
  public static final class Forgetful {
    private Forgetful() {}

    public static void main(String[] arguments) {
      var source = dev.satchel.sdk.testkit.TestSource.of(Map.of("alice", Map.of("a", true)));
      ConfigClient client = source.open();
      source.stall();
      client.onChange(diff -> {});
      var unused = client.refreshNow();
    }
  }

  @Test
  void anApplicationThatForgetsToCloseEndsAllTheSame() throws Exception {
    ChildJvm forgetful = ChildJvm.run(List.of(), Forgetful.class);

    assertThat(forgetful.status()).as(forgetful.said()).isZero();
  }

  @Test
  void anIdleClientHasOneThread() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    var source = dev.satchel.sdk.testkit.TestSource.of(Map.of("alice", Map.of("a", true)));
    try (ConfigClient client = source.open()) {
      client.refreshBlocking();
      until(
          "one thread",
          () -> {
            Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
            now.removeAll(before);
            return now.stream().filter(thread -> thread.getName().contains("satchel")).count() == 1;
          });
    }
  }
}
