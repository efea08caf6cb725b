package dev.satchel.publisher.source;

/** What becomes of a query whose rows row-level security would filter. */
public enum RowSecurity {
  /** PostgreSQL refuses it, so that no user is left out unseen. */
  REFUSE("off"),
  /** It returns the rows that the policies show to the role. */
  FILTER("on");

  private final String setting;

  RowSecurity(String setting) {
    this.setting = setting;
  }

  /** Returns the value of PostgreSQL's parameter {@code row_security}. */
  String setting() {
    return setting;
  }
}
