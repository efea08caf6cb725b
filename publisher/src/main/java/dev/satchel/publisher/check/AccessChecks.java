package dev.satchel.publisher.check;

import java.util.List;

/** Judges who may read what. */
final class AccessChecks {
  private static final String WRONG = "not-the-token-of-this-address";

  private final Probe probe;

  AccessChecks(Probe probe) {
    this.probe = probe;
  }

  void addTo(List<Finding> findings) throws InterruptedException {
    findings.add(unknownKey());
    if (probe.hasToken()) {
      findings.add(refused("no token", probe.getAs(null)));
      findings.add(refused("a wrong token", probe.getAs(WRONG)));
    } else {
      findings.add(
          Finding.warning(
              "token",
              "a token, or a network that only applications reach",
              "an answer to a request without one",
              "whoever reaches the address reads all users' settings: set a token there and"
                  + " SATCHEL_SOURCE_TOKEN here, if that is not meant"));
    }
  }

  private Finding unknownKey() throws InterruptedException {
    String name = "unknown key";
    String expected = "404 or 410";
    Answer answer = probe.getAt(probe.address().unknownKey());
    int status = answer.status();
    if (status == 404 || status == 410) {
      return Finding.ok(name, expected, answer.statusInWords());
    }
    return status == 200
        ? Finding.failed(
            name,
            expected,
            answer.statusInWords(),
            "let no other path answer with a value or a page: a wrong path would not be noticed")
        : Finding.warning(
            name,
            expected,
            answer.statusInWords(),
            "clients read 404 as: nothing is published; any other status is a failure to them");
  }

  private static Finding refused(String name, Answer answer) {
    String expected = "401 or 403";
    int status = answer.status();
    return status == 401 || status == 403
        ? Finding.ok(name, expected, answer.statusInWords())
        : Finding.failed(
            name,
            expected,
            answer.statusInWords(),
            "whoever reaches the address reads all users' settings: let the server, and any cache"
                + " before it, ask for the token");
  }
}
