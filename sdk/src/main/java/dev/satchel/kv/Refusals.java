package dev.satchel.kv;

import java.time.Duration;

/** Puts into words why a call did not do what it was made for. */
final class Refusals {
  private static final int NAMESPACE_NOT_FOUND = 10013;

  private final Credentials credentials;
  private final ForeignText foreign;

  Refusals(Credentials credentials) {
    this.credentials = credentials;
    this.foreign = new ForeignText(credentials);
  }

  /** An answer other than the one expected. */
  KvException refusal(String name, Answer answer) {
    int code = answer.errorCode();
    var message = new StringBuilder(name).append(": status ").append(answer.status());
    if (code != 0) {
      message.append(", code ").append(code);
    }
    var text =
        answer.envelope() == null
            ? foreign.quote(answer.body())
            : foreign.quote(answer.errorText());
    if (!text.isEmpty()) {
      message.append(": ").append(text);
    }
    return new KvException(
        message.append(advice(answer.status(), code)).toString(),
        answer.status(),
        code,
        KvException.mayPass(answer.status()),
        answer.retryAfter());
  }

  /** An answer with a good status that is not what the contract says. */
  KvException unusable(String name, String expected, Answer answer) {
    var type = answer.headers().get("Content-Type");
    return new KvException(
        name
            + ": expected "
            + expected
            + " but found status "
            + answer.status()
            + ", content type "
            + (type == null ? "none" : foreign.quote(type))
            + ": "
            + foreign.quote(answer.body()),
        answer.status(),
        answer.errorCode(),
        false,
        null);
  }

  /**
   * A call without a whole answer. The cause becomes words only: it may quote what the other side
   * sent, and that may be our own secret.
   */
  KvException noAnswer(String name, Throwable cause, Duration elapsed) {
    if (cause instanceof KvException refused) {
      return new KvException(
          name + ": " + refused.getMessage(), refused.status(), 0, refused.mayPass(), null);
    }
    return new KvException(
        name
            + ": no whole answer after "
            + elapsed.toMillis()
            + " ms: "
            + foreign.quote(cause.getClass().getSimpleName() + ": " + cause.getMessage()),
        KvException.NO_STATUS,
        0);
  }

  String quote(String text) {
    return foreign.quote(text);
  }

  private String advice(int status, int code) {
    if (code == NAMESPACE_NOT_FOUND) {
      return "; check " + CloudflareSettings.NAMESPACE + " and " + CloudflareSettings.ACCOUNT;
    }
    if (status == 401 || status == 403) {
      return "; check "
          + credentials.variables()
          + ", its permission for Workers KV Storage, and "
          + CloudflareSettings.ACCOUNT;
    }
    if (status >= 300 && status < 400) {
      return "; redirects are not followed, check " + CloudflareSettings.BASE_URL;
    }
    return "";
  }
}
