package dev.satchel.publisher.kv;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.kv.Futures.failureOf;
import static dev.satchel.publisher.kv.Futures.kvFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/**
 * What every Workers KV must do for {@link CloudflareKv}. Each test writes keys of its own, so that
 * a namespace may be shared and need not be empty.
 */
abstract class KvContract {
  private final String prefix =
      "contract/" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + "/";

  /** A client of a namespace that exists. */
  abstract CloudflareKv kv();

  /** A client of the same namespace with credentials that are refused; null if all are taken. */
  abstract @Nullable CloudflareKv intruder();

  @Test
  void aMissingKeyIsEmptyAndNotAnError() {
    assertThat(await(kv().value(prefix + "absent"))).isEmpty();
    assertThat(await(kv().metadata(prefix + "absent"))).isEmpty();
  }

  @Test
  void aPutReplacesTheWholeValueAndItsMetadata() {
    var key = prefix + "replaced";

    await(kv().put(key, Buffer.buffer("long first"), new JsonObject().put("n", 1), null));
    assertThat(await(kv().value(key))).contains(Buffer.buffer("long first"));
    assertThat(await(kv().metadata(key))).contains(new JsonObject().put("n", 1));

    await(kv().put(key, Buffer.buffer("2nd"), null, null));
    assertThat(await(kv().value(key))).contains(Buffer.buffer("2nd"));
    assertThat(await(kv().metadata(key))).isEmpty();
  }

  @Test
  void everyByteOfAValueSurvives() {
    var value = Buffer.buffer();
    for (int i = 0; i < 65_536; i++) {
      value.appendByte((byte) i).appendByte((byte) (i >> 8));
    }
    value.appendString("\r\n--\r\n\n\r");

    await(kv().put(prefix + "raw", value, null, null));
    await(kv().put(prefix + "form", value, new JsonObject().put("é", "🎉\n"), null));
    await(kv().putAll(List.of(new KvPair(prefix + "bulk", value))));

    for (var key : List.of("raw", "form", "bulk")) {
      assertThat(await(kv().value(prefix + key))).as(key).contains(value);
    }
    assertThat(await(kv().metadata(prefix + "form"))).contains(new JsonObject().put("é", "🎉\n"));
  }

  @Test
  void anEmptyValueIsAValue() {
    await(kv().put(prefix + "empty", Buffer.buffer(), null, null));
    await(kv().put(prefix + "empty form", Buffer.buffer(), new JsonObject(), null));

    assertThat(await(kv().value(prefix + "empty"))).contains(Buffer.buffer());
    assertThat(await(kv().value(prefix + "empty form"))).contains(Buffer.buffer());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b//c/",
        " a b ",
        "100%",
        "%2F",
        "a+b",
        "zürich/東京/🎉",
        "a?b#c&d=e;f",
        "{x}",
        "..",
        ".",
        "\"quoted\\\"",
        "line\nend",
        "<&>'"
      })
  void aKeySurvivesThePathTheListingAndABulkWrite(String name) {
    var key = prefix + name;

    await(kv().put(key, Buffer.buffer("1"), null, null));
    assertThat(await(kv().value(key))).contains(Buffer.buffer("1"));
    assertThat(names(prefix)).containsExactly(key);

    await(kv().delete(key));
    await(kv().putAll(List.of(new KvPair(key, Buffer.buffer("2")))));
    assertThat(await(kv().value(key))).contains(Buffer.buffer("2"));
    await(kv().deleteAll(List.of(key)));
    assertThat(await(kv().value(key))).isEmpty();
  }

  @Test
  void theLimitsThemselvesAreWithinTheLimits() {
    var random = new Random(42);
    var largest = new byte[26_214_400];
    random.nextBytes(largest);
    var key = prefix + "é".repeat((512 - prefix.length()) / 2);
    var metadata = new JsonObject().put("k", "x".repeat(1_016));

    await(kv().put(key, Buffer.buffer(largest), metadata, Duration.ofSeconds(60)));

    assertThat(await(kv().value(key)).orElseThrow().equals(Buffer.buffer(largest))).isTrue();
    assertThat(await(kv().metadata(key))).contains(metadata);
    await(kv().delete(key));
  }

  @Test
  void aDeletedKeyIsGoneAndDeletingItAgainIsNoError() {
    var key = prefix + "deleted";
    await(kv().put(key, Buffer.buffer("v"), null, null));

    await(kv().delete(key));
    await(kv().delete(key));

    assertThat(await(kv().value(key))).isEmpty();
    assertThat(names(prefix)).isEmpty();
  }

  @Test
  void aListingShowsMetadataAndExpiry() {
    await(
        kv().put(
                prefix + "a",
                Buffer.buffer("v"),
                new JsonObject().put("n", 1),
                Duration.ofHours(1)));
    await(kv().put(prefix + "b", Buffer.buffer("v"), null, null));

    var keys = await(kv().keys(prefix, null)).keys();

    assertThat(keys).extracting(KeyPage.Key::name).containsExactly(prefix + "a", prefix + "b");
    assertThat(keys.get(0).metadata()).isEqualTo(new JsonObject().put("n", 1));
    assertThat(keys.get(0).expiresAt())
        .isBetween(Instant.now().plusSeconds(3_000), Instant.now().plusSeconds(4_200));
    assertThat(keys.get(1)).isEqualTo(new KeyPage.Key(prefix + "b", null, null));
  }

  @Test
  void aListingGoesOverPagesInTheOrderOfBytes() {
    var keys = new ArrayList<String>();
    for (int i = 0; i < 2_345; i++) {
      keys.add(prefix + new String(Character.toChars(0x20 + i * 37 % 0xd000)) + i);
    }
    await(kv().putAll(keys.stream().map(key -> new KvPair(key, Buffer.buffer(key))).toList()));
    keys.sort((a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b)));

    assertThat(names(prefix)).isEqualTo(keys);
    assertThat(await(kv().value(keys.get(2_000)))).contains(Buffer.buffer(keys.get(2_000)));

    await(kv().deleteAll(keys));
    assertThat(names(prefix)).isEmpty();
  }

  @Test
  void aBulkWriteGoesBeyondOneBatch() {
    var pairs =
        IntStream.range(0, 10_050)
            .mapToObj(i -> new KvPair(prefix + i, Buffer.buffer("v" + i)))
            .toList();

    await(kv().putAll(pairs));

    assertThat(await(kv().value(prefix + 0))).contains(Buffer.buffer("v0"));
    assertThat(await(kv().value(prefix + 10_049))).contains(Buffer.buffer("v10049"));
    assertThat(names(prefix)).hasSize(10_050);
    await(kv().deleteAll(pairs.stream().map(KvPair::key).toList()));
  }

  @Test
  void refusedCredentialsAreToldAsSuch() {
    var intruder = intruder();
    if (intruder == null) {
      throw new TestAbortedException("this store takes all credentials");
    }

    assertThat(kvFailureOf(intruder.value("k")).status()).isIn(401, 403);
    assertThat(kvFailureOf(intruder.put("k", Buffer.buffer("v"), null, null)))
        .hasMessageContaining("check CLOUDFLARE_");
  }

  @Test
  void whatIsBeyondTheLimitsIsRefusedBeforeItIsSent() {
    assertThat(failureOf(kv().put(prefix, Buffer.buffer(new byte[26_214_401]), null, null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** All keys that start with {@code start}, page by page. */
  private List<String> names(String start) {
    var names = new ArrayList<String>();
    @Nullable String cursor = null;
    do {
      var page = await(kv().keys(start, cursor));
      page.keys().forEach(key -> names.add(key.name()));
      cursor = page.cursor();
    } while (cursor != null);
    return names;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
