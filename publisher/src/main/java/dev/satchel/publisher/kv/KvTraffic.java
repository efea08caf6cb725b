package dev.satchel.publisher.kv;

import dev.satchel.kv.KvException;
import java.util.Map;

/**
 * The traffic of a client since it was created.
 *
 * @param requestsByStatus finished requests, retries included, by HTTP status; {@link
 *     KvException#NO_STATUS} counts those without a complete response
 * @param retries how many of the requests repeated an earlier one
 * @param bytesSent bytes of all request bodies, whether they arrived or not
 * @param bytesReceived bytes of all response bodies, cut ones included
 */
public record KvTraffic(
    Map<Integer, Long> requestsByStatus, long retries, long bytesSent, long bytesReceived) {

  public KvTraffic {
    requestsByStatus = Map.copyOf(requestsByStatus);
  }

  /** Returns the number of all finished requests. */
  public long requests() {
    return requestsByStatus.values().stream().mapToLong(Long::longValue).sum();
  }
}
