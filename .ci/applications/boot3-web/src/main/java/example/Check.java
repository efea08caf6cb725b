package example;

import dev.satchel.sdk.ConfigClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Asks the running application over HTTP, as its users and its platform do. */
@Component
class Check {
  private final ConfigClient configs;
  private final Environment environment;
  private final CountDownLatch changed = new CountDownLatch(1);

  Check(ConfigClient configs, Environment environment) {
    this.configs = configs;
    this.environment = environment;
    configs.onUserChange("alice", change -> changed.countDown());
  }

  /** 0 if all is as it should be. */
  int exitCode() {
    try {
      System.out.println("first " + get("/banner?user=alice"));
      boolean inTime = changed.await(30, TimeUnit.SECONDS);
      System.out.println("changed " + get("/banner?user=alice"));
      String readiness = get("/actuator/health/readiness");
      String health = get("/actuator/health");
      String users = get("/actuator/metrics/satchel.users");
      if (inTime
          && readiness.contains("UP")
          && health.contains("satchel")
          && users.contains("1.0")) {
        return 0;
      }
      System.err.println(readiness + "\n" + health + "\n" + users + "\n" + configs.status());
    } catch (IOException | InterruptedException e) {
      e.printStackTrace();
    }
    return 1;
  }

  private String get(String path) throws IOException, InterruptedException {
    String address = "http://127.0.0.1:" + environment.getProperty("local.server.port") + path;
    var request = HttpRequest.newBuilder(URI.create(address)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
