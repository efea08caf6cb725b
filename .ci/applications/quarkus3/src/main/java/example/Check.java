package example;

import dev.satchel.sdk.ConfigClient;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;

/** Follows a change from the start of the application on, and asks it over HTTP. */
@ApplicationScoped
class Check {
  private final CountDownLatch changed = new CountDownLatch(1);

  void start(@Observes StartupEvent started, ConfigClient configs) {
    configs.onUserChange("alice", change -> changed.countDown());
    System.out.println("first alice=" + configs.getBoolean("alice", "preview", true));
    new Thread(() -> Quarkus.asyncExit(exitCode())).start();
  }

  /** 0 if all is as it should be. */
  private int exitCode() {
    try {
      boolean inTime = changed.await(30, TimeUnit.SECONDS);
      System.out.println("changed " + get("/banner?user=alice"));
      return inTime ? 0 : 1;
    } catch (IOException | InterruptedException e) {
      e.printStackTrace();
      return 1;
    }
  }

  private static String get(String path) throws IOException, InterruptedException {
    int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
