package dev.satchel.publisher.http;

/** Builds HTML. Every value that replaces a %s is escaped, unless it is Html itself. */
final class Html {
  private final StringBuilder text = new StringBuilder();

  /** Returns HTML made from a template, with the values in place of its %s. */
  static Html of(String template, Object... values) {
    return new Html().add(template, values);
  }

  /**
   * Adds a template, which must come from this package's code, with the values in place of its %s.
   */
  Html add(String template, Object... values) {
    int from = 0;
    for (Object value : values) {
      int at = template.indexOf("%s", from);
      if (at < 0) {
        throw new AssertionError("expected a %%s for each of %d values".formatted(values.length));
      }
      text.append(template, from, at);
      if (value instanceof Html html) {
        text.append(html.text);
      } else {
        escape(String.valueOf(value));
      }
      from = at + 2;
    }
    if (template.indexOf("%s", from) >= 0) {
      throw new AssertionError("expected a value for each %s of " + template);
    }
    text.append(template, from, template.length());
    return this;
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '"' -> text.append("&quot;");
        case '\'' -> text.append("&#39;");
        // HTML cannot express it
        default -> text.append(c == '\0' ? '\uFFFD' : c);
      }
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
