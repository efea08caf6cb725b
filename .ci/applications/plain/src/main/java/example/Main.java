package example;

import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Opens, says what alice has, waits for a change and says that. */
public final class Main {
  public static void main(String[] args) throws InterruptedException {
    try (ConfigClient configs = ConfigClient.openBlocking(System.getenv())) {
      BooleanField preview = configs.booleanField("preview");
      var changed = new CountDownLatch(1);
      configs.onUserChange("alice", change -> changed.countDown());
      // each default is the wrong answer, so that a right one comes from a snapshot
      System.out.println("first alice=" + preview.get("alice", true));
      if (!changed.await(30, TimeUnit.SECONDS)) {
        System.err.println("no change within 30 s: " + configs.status());
        System.exit(1);
      }
      System.out.println("changed alice=" + preview.get("alice", false));
    }
  }
}
