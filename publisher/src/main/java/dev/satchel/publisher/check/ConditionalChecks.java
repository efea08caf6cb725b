package dev.satchel.publisher.check;

import java.util.Arrays;
import java.util.List;

/** Judges polls: the ETag that stays, 304, and HEAD. */
final class ConditionalChecks {
  private final Probe probe;
  private final Answer whole;

  ConditionalChecks(Probe probe, Answer whole) {
    this.probe = probe;
    this.whole = whole;
  }

  void addTo(List<Finding> findings) throws InterruptedException {
    if (whole.etag().isEmpty()) {
      findings.add(Finding.skipped("304", "there is no ETag to ask with"));
    } else {
      findings.add(sameTag());
      findings.add(notModified("304", whole.etag()));
      findings.add(notModified("304 to a list", "\"of-another-server\", " + whole.etag()));
      findings.add(modified());
    }
    head(findings);
  }

  private Finding sameTag() throws InterruptedException {
    String name = "ETag of the same value";
    String expected = "the same ETag for the same value";
    Answer again = probe.get();
    if (again.status() != 200) {
      return Finding.failed(
          name, expected, again.statusInWords(), "the same request must have the same answer");
    }
    boolean isSame = Arrays.equals(again.body(), whole.body());
    if (again.etag().equals(whole.etag()) && !isSame) {
      return Finding.failed(
          name,
          "another ETag for another value",
          "the same",
          "make the ETag from the value; clients would not see this change");
    }
    return again.etag().equals(whole.etag()) || !isSame
        ? Finding.ok(name, expected, "the same")
        : Finding.warning(
            name,
            expected,
            "another",
            "make the ETag from the value, such as its digest in quotes; until clients know those"
                + " of all servers, polls bring the value for nothing");
  }

  private Finding notModified(String name, String tags) throws InterruptedException {
    String expected = "304 without a body to If-None-Match with the value's ETag";
    Answer answer = probe.get("If-None-Match", tags);
    if (answer.status() == 304 && answer.body().length == 0) {
      return Finding.ok(name, expected, "304");
    }
    if (answer.status() == 200 && !Arrays.equals(answer.body(), whole.body())) {
      return Finding.ok(name, expected, "another value, published just now");
    }
    return Finding.failed(
        name,
        expected,
        answer.statusInWords() + (answer.status() == 304 ? " with a body" : ""),
        "answer If-None-Match as RFC 9110 says, with one ETag or several; each poll would bring"
            + " the value");
  }

  private Finding modified() throws InterruptedException {
    String name = "200 to another ETag";
    String expected = "200 with the value";
    Answer answer = probe.get("If-None-Match", "\"of-another-value\"");
    return answer.status() == 200 && answer.body().length > 0
        ? Finding.ok(name, expected, "200")
        : Finding.failed(
            name,
            expected,
            answer.statusInWords(),
            "compare the ETag; clients would never see a change");
  }

  private void head(List<Finding> findings) throws InterruptedException {
    String name = "HEAD";
    String expected = "the headers of GET";
    Answer head = probe.head();
    if (head.status() == 405 || head.status() == 501 || head.status() == 403) {
      findings.add(
          Finding.warning(
              name,
              expected,
              head.statusInWords(),
              "allow HEAD; without it, each change brings the value and there are no patches"));
      return;
    }
    String differs = difference(head);
    boolean isNewer = head.revision() > whole.revision();
    findings.add(
        differs.isEmpty() || isNewer
            ? Finding.ok(name, expected, isNewer ? "a newer revision" : "the same headers")
            : Finding.failed(
                name,
                expected,
                differs,
                "let HEAD and GET have the same answer; clients go by both"));
    if (!whole.etag().isEmpty() && differs.isEmpty()) {
      Answer known = probe.head("If-None-Match", whole.etag());
      findings.add(
          known.status() == 304 || known.revision() > whole.revision()
              ? Finding.ok("304 to HEAD", "304", known.statusInWords())
              : Finding.warning(
                  "304 to HEAD",
                  "304",
                  known.statusInWords(),
                  "answer If-None-Match of HEAD as that of GET"));
    }
  }

  private String difference(Answer head) {
    if (head.status() != 200) {
      return head.statusInWords();
    }
    for (String header : List.of("etag", "satchel-revision", "satchel-sha-256", "satchel-patch")) {
      if (!head.header(header).equals(whole.header(header))) {
        return "another %s: %s".formatted(header, head.has(header) ? head.header(header) : "none");
      }
    }
    String length = head.header("content-length");
    return length.isEmpty() || length.equals(Integer.toString(whole.body().length))
        ? ""
        : "another content-length: " + length;
  }
}
