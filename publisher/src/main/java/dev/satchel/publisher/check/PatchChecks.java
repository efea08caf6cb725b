package dev.satchel.publisher.check;

import dev.satchel.kv.Digests;
import dev.satchel.snapshot.SnapshotFormatException;
import dev.satchel.snapshot.SnapshotPatch;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges the patch that the headers name, and what the address of no patch answers. */
final class PatchChecks {
  private static final Pattern NAMED =
      Pattern.compile(
          " *from=([1-9][0-9]{0,17}) *; *bytes=([1-9][0-9]{0,7}) *; *sha256=([0-9a-f]{64}) *");

  private final Probe probe;
  private final Answer whole;

  PatchChecks(Probe probe, Answer whole) {
    this.probe = probe;
    this.whole = whole;
  }

  void addTo(List<Finding> findings) throws InterruptedException {
    findings.add(patch());
    findings.add(unknown());
  }

  private Finding patch() throws InterruptedException {
    String name = "patch";
    if (!whole.has("satchel-patch")) {
      return Finding.skipped(
          name, "Satchel-Patch names none, so this change brings the whole value");
    }
    String expected = "from=REVISION; bytes=N; sha256=HEX";
    Matcher named = NAMED.matcher(whole.headers().firstValue("satchel-patch").orElse(""));
    if (!named.matches()) {
      return Finding.failed(
          name, expected, whole.header("satchel-patch"), "clients ignore such a header");
    }
    Answer patch = probe.getAt(probe.address().patch(whole.revision()));
    expected =
        "%s bytes with sha256 %s at @%d.patch"
            .formatted(named.group(2), named.group(3), whole.revision());
    String found = found(patch, named);
    return found.isEmpty()
        ? Finding.ok(
            name,
            expected,
            "%,d bytes from revision %s".formatted(patch.body().length, named.group(1)))
        : Finding.failed(
            name,
            expected,
            found,
            "serve the patch at the address with @REVISION.patch at the end of its path, or name"
                + " none; clients fetch the value instead");
  }

  /** Returns what is wrong with the patch, "" if it is right. */
  private String found(Answer answer, Matcher named) {
    if (answer.status() != 200) {
      return answer.statusInWords();
    }
    if (answer.has("content-encoding")) {
      return "Content-Encoding " + answer.header("content-encoding");
    }
    byte[] bytes = answer.body();
    if (!Digests.sha256(bytes).equals(named.group(3))
        || !Integer.toString(bytes.length).equals(named.group(2))) {
      return "%d bytes with %s".formatted(bytes.length, Digests.sha256(bytes));
    }
    try {
      var patch = SnapshotPatch.of(bytes);
      if (patch.to() != whole.revision() || patch.from() != Long.parseLong(named.group(1))) {
        return "a patch from revision %d to %d".formatted(patch.from(), patch.to());
      }
      return patch.valueSha256().equals(Digests.sha256(whole.body()))
          ? ""
          : "a patch to another value, with sha256 " + patch.valueSha256();
    } catch (SnapshotFormatException e) {
      return Answer.shown(String.valueOf(e.getMessage()));
    }
  }

  private Finding unknown() throws InterruptedException {
    String name = "patch that is not there";
    String expected = "404 or 410";
    Answer answer = probe.getAt(probe.address().patch(1));
    int status = answer.status();
    return status == 404 || status == 410 || status == 403
        ? Finding.ok(name, expected, answer.statusInWords())
        : Finding.warning(
            name,
            expected,
            answer.statusInWords(),
            "clients with an old revision ask for patches that are gone: answer 404, and let no"
                + " page stand in for it");
  }
}
