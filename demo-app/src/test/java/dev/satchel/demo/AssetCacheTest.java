package dev.satchel.demo;

import static io.vertx.core.Future.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.demo.AssetCache.Asset;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AssetCacheTest {
  private final Vertx vertx = Vertx.vertx();
  private final ShelfKv kv = new ShelfKv();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final AssetCache cache = new AssetCache(vertx, kv, nanos::get);

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private Optional<Asset> get(String key) throws Exception {
    return await(cache.get(key));
  }

  private String text(String key) throws Exception {
    return get(key).map(asset -> asset.bytes().toString()).orElse("none");
  }

  @Test
  void readsAgainOnceTheTimeIsUp() throws Exception {
    kv.put("a", "old");
    assertThat(text("a")).isEqualTo("old");
    kv.put("a", "new");

    nanos.addAndGet(AssetCache.TIME_TO_LIVE.toNanos() - 1);
    assertThat(text("a")).isEqualTo("old");
    nanos.addAndGet(1);
    assertThat(text("a")).isEqualTo("new");
  }

  @Test
  void servesAnOldValueRatherThanNoneWhileTheStoreIsDown() throws Exception {
    kv.put("a", "old");
    assertThat(text("a")).isEqualTo("old");

    nanos.addAndGet(AssetCache.TIME_TO_LIVE.toNanos());
    kv.setDown(true);

    assertThat(text("a")).isEqualTo("old");
  }

  @Test
  void letsTheLeastRecentlyUsedGoWhenItIsFull() throws Exception {
    byte[] third = new byte[(int) (AssetCache.MAX_BYTES / 3)];
    kv.put("a", third);
    kv.put("b", third);
    kv.put("c", third);
    get("a");
    get("b");
    get("a");
    get("c");
    int before = kv.valueReads();

    get("a");
    get("c");
    assertThat(kv.valueReads() - before).as("reads of what was kept").isZero();
    get("b");
    assertThat(kv.valueReads() - before).as("reads of what went").isEqualTo(1);
  }
}
