package dev.satchel.spring;

/** Properties are missing or malformed; the message says which, and the rule they break. */
final class RefusedSettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  RefusedSettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
