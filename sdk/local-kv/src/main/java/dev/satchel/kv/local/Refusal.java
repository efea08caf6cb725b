package dev.satchel.kv.local;

import org.jspecify.annotations.Nullable;

/** A request that the contract refuses: it ends the handling and becomes the answer. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For refusals whose code Cloudflare does not publish; clients judge those by status. */
  static final int UNPUBLISHED = 10_099;

  private final int status;
  private final int code;
  private final long retryAfterSeconds;
  private final @Nullable Reason reason;

  /** What Cloudflare puts one level down, into {@code error_chain}. */
  record Reason(int code, String message) {}

  private Refusal(int status, int code, String message, long retryAfterSeconds) {
    this(status, code, message, retryAfterSeconds, null);
  }

  private Refusal(
      int status, int code, String message, long retryAfterSeconds, @Nullable Reason reason) {
    // no stack trace: a refusal is an ordinary answer and may be frequent
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.reason = reason;
  }

  static Refusal of(int status, int code, String message) {
    return new Refusal(status, code, message, 0);
  }

  static Refusal badRequest(String message) {
    return of(400, UNPUBLISHED, message);
  }

  static Refusal tooLarge(String what, long limitBytes) {
    return of(413, UNPUBLISHED, "expected " + what + " of at most " + limitBytes + " bytes");
  }

  static Refusal keyNotFound() {
    return of(404, 10009, "get: 'key not found'");
  }

  static Refusal namespaceNotFound() {
    return of(404, 10013, "namespace not found");
  }

  static Refusal titleTaken() {
    return of(400, 10014, "a namespace with this account id and title already exists");
  }

  static Refusal lifeTooShort(@Nullable Object found) {
    return of(
        400,
        10034,
        "expected an expiration at least "
            + Limits.LEAST_LIFE_SECONDS
            + " seconds in the future but found "
            + found);
  }

  static Refusal notAuthenticated(int status) {
    return of(status, 10000, "authentication error");
  }

  /** Returns the refusal of a header that cannot hold credentials. */
  static Refusal malformedHeader(int code, String header) {
    var reason = new Reason(code, "Invalid format for " + header + " header");
    return new Refusal(400, 6003, "Invalid request headers", 0, reason);
  }

  /** Returns the refusal of an account or a namespace that no identifier can name. */
  static Refusal malformedIdentifier(String path) {
    return of(
        400, 7003, "Could not route to " + path + ", perhaps your object identifier is invalid?");
  }

  static Refusal tooManyWrites() {
    return new Refusal(429, UNPUBLISHED, "expected at most one write to a key within a second", 1);
  }

  static Refusal rateLimited(long retryAfterSeconds) {
    return new Refusal(
        429, 971, "please wait and consider throttling your request speed", retryAfterSeconds);
  }

  /** Returns the refusal when too many values wait for slow clients. */
  static Refusal busy() {
    return new Refusal(503, UNPUBLISHED, "expected fewer large answers at a time", 1);
  }

  static Refusal notFound() {
    return of(404, 7000, "no route for that URI");
  }

  static Refusal methodNotAllowed() {
    return of(405, 7001, "method not allowed for this URI");
  }

  /** Returns the refusal that a test has asked for. */
  static Refusal scripted(int status, long retryAfterSeconds) {
    return new Refusal(status, UNPUBLISHED, "as scripted", retryAfterSeconds);
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  /** Returns the reason one level down, or null for none. */
  @Nullable Reason reason() {
    return reason;
  }

  /** Returns what Retry-After says, or 0 for no such header. */
  long retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
