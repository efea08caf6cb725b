package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;

import java.util.Map;

/** An application that refreshes so many times, one revision after the other, and ends. */
final class SmallHeapApp {
  private SmallHeapApp() {}

  /** Fails unless each refresh brings the next revision. */
  public static void main(String[] arguments) {
    int refreshes = Integer.parseInt(arguments[1]);
    ConfigClient client =
        ConfigClient.openBlocking(
            Map.of(
                "CLOUDFLARE_API_TOKEN", "t",
                "CLOUDFLARE_ACCOUNT_ID", "account",
                "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID", "ns",
                "CLOUDFLARE_API_BASE_URL", arguments[0],
                "SATCHEL_POLL_INTERVAL", "1h",
                "SATCHEL_REQUEST_BUDGET", "1000000"));
    LongField number = client.longField("number");
    for (int i = 0; i < refreshes; i++) {
      ClientStatus status = await(client.refreshNow());
      if (status.revision() != i + 2 || number.get(0L, -1) == -1) {
        throw new AssertionError("expected revision " + (i + 2) + " but found " + status);
      }
    }
    client.close();
    System.out.println("done");
  }
}
