package dev.satchel.publisher.check;

/** Judges the status of a GET. */
final class StatusCheck {
  private StatusCheck() {}

  static Finding of(Answer answer, boolean hasToken) {
    String expected = "status 200 to GET";
    int status = answer.status();
    if (status == 200) {
      return Finding.ok("status", expected, answer.statusInWords());
    }
    return Finding.failed("status", expected, found(answer), advice(status, hasToken));
  }

  private static String found(Answer answer) {
    String target = answer.header("location").replaceFirst("[?#].*", "");
    return answer.statusInWords() + (target.isEmpty() ? "" : " to " + target);
  }

  private static String advice(int status, boolean hasToken) {
    if (status >= 300 && status < 400) {
      return "clients follow no redirect, because headers may hold a token: give them the address"
          + " that it leads to";
    } else if (status == 401 || status == 403) {
      return hasToken
          ? "the address does not accept the token of SATCHEL_SOURCE_TOKEN"
          : "set SATCHEL_SOURCE_TOKEN to the token that the address asks for";
    } else if (status == 404 || status == 410) {
      return "check path and key; clients read this as: nothing is published";
    }
    return status >= 500 || status == 429
        ? "ask again later; clients keep what they have and do so, too"
        : "check the address";
  }
}
