package dev.satchel.publisher.text;

/**
 * Thrown when a publication must not be written; what is in KV stays as it is. The message is one
 * line.
 */
public class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String about;

  public RefusedException(String message) {
    this(message, message);
  }

  /**
   * Creates a refusal that is logged once for as long as it lasts.
   *
   * @param about equal for refusals that a person wants to hear of once, whatever numbers they name
   */
  public RefusedException(String about, String message) {
    super(message);
    this.about = about;
  }

  public String about() {
    return about;
  }
}
