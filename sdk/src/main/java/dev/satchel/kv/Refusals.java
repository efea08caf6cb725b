package dev.satchel.kv;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** Puts into words why a call failed. */
public final class Refusals {
  private static final int NAMESPACE_NOT_FOUND = 10013;
  private static final int MALFORMED_ID = 7003;
  private static final int MALFORMED_HEADERS = 6003;

  private final Credentials credentials;
  private final ForeignText foreign;

  /** Makes messages that never show these credentials. */
  public Refusals(Credentials credentials) {
    this.credentials = credentials;
    this.foreign = new ForeignText(credentials);
  }

  /** Returns the exception for an answer other than the expected one. */
  public KvException refusal(String name, KvAnswer answer) {
    int code = answer.errorCode();
    var message = new StringBuilder(name).append(": status ").append(answer.status());
    if (code != 0) {
      message.append(", code ").append(code);
    }
    var text =
        answer.envelope() == null
            ? foreign.quote(answer.http().body())
            : foreign.quote(answer.errorText());
    if (!text.isEmpty()) {
      message.append(": ").append(text);
    }
    return new KvException(
        message.append(advice(answer.status(), code)).toString(),
        answer.status(),
        code,
        KvException.mayPass(answer.status()),
        answer.http().retryAfter());
  }

  /** Returns the envelope of a successful answer; throws {@link KvException} for any other. */
  public ObjectNode envelope(String name, KvAnswer answer) {
    if (answer.status() < 200 || answer.status() > 299) {
      throw refusal(name, answer);
    }
    ObjectNode envelope = answer.envelope();
    if (envelope == null) {
      throw unusable(name, "Cloudflare's JSON envelope", answer);
    }
    if (!envelope.path("success").booleanValue()) {
      throw refusal(name, answer);
    }
    return envelope;
  }

  /**
   * Returns the exception for an answer whose status is good but whose content breaks the contract.
   */
  public KvException unusable(String name, String expected, KvAnswer answer) {
    String type = answer.http().header("content-type");
    return new KvException(
        name
            + ": expected "
            + expected
            + " but found status "
            + answer.status()
            + ", content type "
            + (type == null ? "none" : foreign.quote(type))
            + ": "
            + foreign.quote(answer.http().body()),
        answer.status(),
        answer.errorCode(),
        false,
        null);
  }

  /**
   * Returns the exception for a call without a whole answer. The cause is put into words only,
   * since it may quote what the other side sent, which may be our own secret.
   */
  public KvException noAnswer(String name, Throwable cause, Duration elapsed) {
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

  /** Returns other people's text in a form fit for a message. */
  public String quote(String text) {
    return foreign.quote(text);
  }

  private String advice(int status, int code) {
    if (code == MALFORMED_HEADERS) {
      return "; check " + credentials.variables();
    }
    if (code == NAMESPACE_NOT_FOUND || code == MALFORMED_ID) {
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
