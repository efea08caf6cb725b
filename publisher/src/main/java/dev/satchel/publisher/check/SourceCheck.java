package dev.satchel.publisher.check;

import dev.satchel.publisher.store.Seal;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks an address what clients ask it, and judges the answers. A publication during the check
 * changes the answers, so then all of it is done again.
 */
public final class SourceCheck {
  private static final int MOST_ROUNDS = 3;

  private final Probe probe;
  private final Seal seal;

  private SourceCheck(Probe probe, Seal seal) {
    this.probe = probe;
    this.seal = seal;
  }

  /**
   * Checks an address. Blocks for seconds, or for minutes if answers do not come.
   *
   * @param token sent as a bearer token, or null for none
   * @param seal the signatures that clients accept
   * @throws dev.satchel.publisher.text.RefusedException if the text is no address
   */
  public static SourceReport of(String address, @Nullable String token, Seal seal)
      throws InterruptedException {
    var probe = new Probe(SourceAddress.parse(address), token);
    var findings = new SourceCheck(probe, seal).findings();
    return new SourceReport(probe.address().toString(), probe.highest(), findings);
  }

  private List<Finding> findings() throws InterruptedException {
    List<Finding> findings = List.of();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      findings = new ArrayList<>();
      try {
        if (!round(findings)) {
          break;
        }
      } catch (Probe.NoAnswerException e) {
        findings.add(
            Finding.failed(
                "answer",
                "a whole answer to each request",
                String.valueOf(e.getMessage()),
                "look at the server's log; clients keep what they have and ask again"));
        break;
      }
    }
    return findings;
  }

  /** Returns whether another value was published meanwhile. */
  private boolean round(List<Finding> findings) throws InterruptedException {
    transport(findings);
    Answer whole = probe.get();
    findings.add(StatusCheck.of(whole, probe.hasToken()));
    if (whole.status() != 200) {
      return false;
    }
    new ValueChecks(whole, seal, Instant.now()).addTo(findings);
    new ConditionalChecks(probe, whole).addTo(findings);
    new PatchChecks(probe, whole).addTo(findings);
    new AccessChecks(probe).addTo(findings);
    new CacheChecks(whole, probe.hasToken()).addTo(findings);
    new WaitCheck(probe, whole).addTo(findings);
    http2(findings, whole);
    Answer last = probe.get();
    findings.add(
        probe.fell().isEmpty()
            ? Finding.ok("revisions", "revisions that only grow", "none went back during the check")
            : Finding.failed(
                "revisions",
                "revisions that only grow",
                probe.fell(),
                "servers behind the address, or caches before it, are behind one another; clients"
                    + " refuse the older value, so let one of them answer, or shorten what caches"
                    + " keep"));
    return last.status() == 200
        && !last.etag().equals(whole.etag())
        && !Arrays.equals(last.body(), whole.body());
  }

  private void transport(List<Finding> findings) {
    var address = probe.address();
    String expected = "https, or http on this machine";
    if (address.isSecure() || address.isOfThisMachine()) {
      findings.add(Finding.ok("transport", expected, address.uri().getScheme()));
    } else {
      findings.add(
          Finding.warning(
              "transport",
              expected,
              "http to another machine",
              "clients refuse it unless SATCHEL_PLAIN_HTTP names the host or SATCHEL_PUBLIC_KEYS"
                  + " is set; anyone on the way can read tokens and users"));
    }
  }

  private void http2(List<Finding> findings, Answer whole) throws InterruptedException {
    String name = "HTTP/2";
    if (!probe.address().isSecure()) {
      findings.add(Finding.skipped(name, "not over plain http; clients speak HTTP/1.1"));
      return;
    }
    Answer other = probe.getOverHttp2();
    if (other.version() != HttpClient.Version.HTTP_2) {
      findings.add(Finding.skipped(name, "the server does not speak it; clients need HTTP/1.1"));
    } else if (other.status() == 200 && Arrays.equals(other.body(), whole.body())) {
      findings.add(Finding.ok(name, "the same value as over HTTP/1.1", "the same value"));
    } else {
      findings.add(
          Finding.warning(
              name,
              "the same value as over HTTP/1.1",
              other.statusInWords() + " and another body",
              "look whether both go to the same server; clients speak HTTP/1.1"));
    }
  }
}
