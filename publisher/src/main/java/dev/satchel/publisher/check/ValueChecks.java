package dev.satchel.publisher.check;

import dev.satchel.kv.Digests;
import dev.satchel.kv.KvLimits;
import dev.satchel.kv.RevisionBound;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.store.ValueLimits;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Judges the value and what the headers say of it. */
final class ValueChecks {
  private static final int GZIP_MAGIC = 0x1F8B;
  private static final int MOST_ETAG_CHARACTERS = 1_024;

  private final Answer whole;
  private final Seal seal;
  private final Instant now;

  ValueChecks(Answer whole, Seal seal, Instant now) {
    this.whole = whole;
    this.seal = seal;
    this.now = now;
  }

  void addTo(List<Finding> findings) {
    findings.add(coding());
    findings.add(type());
    findings.add(length());
    Snapshot snapshot = open(findings);
    findings.add(signature());
    findings.add(digest());
    findings.add(revision(snapshot));
    findings.add(etag());
  }

  private Finding coding() {
    String name = "compression";
    String expected = "no Content-Encoding, as Accept-Encoding: identity asks";
    String coding = whole.header("content-encoding");
    return coding.isEmpty() || coding.equalsIgnoreCase("identity")
        ? Finding.ok(name, expected, "none")
        : Finding.failed(
            name,
            expected,
            coding,
            "turn compression off for this path: the value is compressed already, and clients"
                + " refuse a coding that they did not ask for");
  }

  private Finding type() {
    String name = "content type";
    String expected = "application/octet-stream, or none";
    String type = whole.header("content-type");
    String lower = type.toLowerCase(Locale.ROOT);
    return lower.startsWith("text/") || lower.contains("json")
        ? Finding.failed(name, expected, type, "serve bytes; clients take this for an error page")
        : Finding.ok(name, expected, type.isEmpty() ? "none" : type);
  }

  private Finding length() {
    String name = "length";
    String expected = "a Content-Length, or chunks, and at most 25 MiB";
    int bytes = whole.body().length;
    if (bytes > KvLimits.MAX_VALUE_BYTES) {
      return Finding.failed(name, expected, "more", "clients take no more");
    }
    if (!whole.has("content-length") && !whole.has("transfer-encoding")) {
      return Finding.failed(
          name,
          expected,
          "a body that ends with its connection",
          "send a length: a body that was cut would look whole");
    }
    return Finding.ok(name, expected, "%,d bytes".formatted(bytes));
  }

  private @Nullable Snapshot open(List<Finding> findings) {
    String name = "value";
    String expected = "a sound snapshot";
    byte[] value = whole.body();
    try {
      Snapshot snapshot = ValueLimits.open(value);
      findings.add(
          Finding.ok(name, expected, "a sound snapshot of %,d users".formatted(snapshot.users())));
      return snapshot;
    } catch (SnapshotFormatException | RefusedException e) {
      boolean isGzip =
          value.length > 1
              && (Byte.toUnsignedInt(value[0]) << 8 | Byte.toUnsignedInt(value[1])) == GZIP_MAGIC;
      findings.add(
          Finding.failed(
              name,
              expected,
              isGzip ? "bytes of gzip" : Answer.shown(String.valueOf(e.getMessage())),
              isGzip
                  ? "store the value as the publisher made it, not compressed once more"
                  : "check that the address leads to what satchel publish writes"));
      return null;
    }
  }

  private Finding signature() {
    String name = "signature";
    if (seal.trusted().isEmpty()) {
      return Finding.skipped(name, "SATCHEL_PUBLIC_KEYS is not set");
    }
    String expected = "one by a key of SATCHEL_PUBLIC_KEYS for key " + seal.kvKey();
    return seal.verifiedBy(whole.body())
        .map(key -> Finding.ok(name, expected, "by key " + key.id()))
        .orElseGet(
            () ->
                Finding.failed(
                    name,
                    expected,
                    "none that verifies",
                    "clients with these keys refuse it: check the key's name and who wrote it"));
  }

  private Finding digest() {
    String name = "Satchel-SHA-256";
    String expected = "the SHA-256 of the value in lower-case hex";
    String found = Digests.sha256(whole.body());
    if (!whole.has("satchel-sha-256")) {
      return Finding.warning(
          name,
          expected,
          "no such header",
          "with it and Satchel-Revision, polls are HEAD and changes can come as patches; without"
              + " them, each change brings the value");
    }
    return whole.sha256().equals(found)
        ? Finding.ok(name, expected, found)
        : Finding.failed(
            name,
            expected,
            whole.header("satchel-sha-256"),
            "the header belongs to another value: make both from one read; the value has " + found);
  }

  private Finding revision(@Nullable Snapshot snapshot) {
    String name = "Satchel-Revision";
    long inValue = snapshot == null ? 0 : snapshot.revision();
    String expected = snapshot == null ? "the value's revision" : Long.toString(inValue);
    if (snapshot != null && !RevisionBound.isBelievable(inValue, now)) {
      return Finding.failed(
          name,
          "a revision at most a day ahead of the clock",
          Long.toString(inValue),
          "check the clocks of this machine and of the database; clients do not follow it");
    }
    if (!whole.has("satchel-revision")) {
      return Finding.warning(
          name, expected, "no such header", "send it together with Satchel-SHA-256");
    }
    return whole.revision() > 0 && (snapshot == null || whole.revision() == inValue)
        ? Finding.ok(name, expected, Long.toString(whole.revision()))
        : Finding.failed(
            name,
            expected,
            whole.header("satchel-revision"),
            "the header belongs to another value: make both from one read");
  }

  private Finding etag() {
    String expected = "an ETag of at most 1,024 visible characters";
    String etag = whole.etag();
    return !etag.isEmpty()
            && etag.length() <= MOST_ETAG_CHARACTERS
            && etag.chars().allMatch(c -> c > ' ' && c < 127)
        ? Finding.ok("ETag", expected, Answer.shown(etag))
        : Finding.failed(
            "ETag",
            expected,
            etag.isEmpty() ? "none" : Answer.shown(etag),
            "send one that differs for each value, such as its digest in quotes: polls depend on"
                + " it");
  }
}
