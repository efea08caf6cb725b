package dev.satchel.publisher.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where a statement ends in the text that a person keeps it in. */
final class QueryText {
  /** What PostgreSQL reads as one token although it may contain semicolons or comment signs. */
  private static final Pattern OPAQUE =
      Pattern.compile(
          """
          (?<![\\w$])[eE]'(?:[^'\\\\]|\\\\.)*+'\
          |'[^']*+'\
          |"[^"]*+"\
          |(?<![\\w$])(\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*+)?\\$).*?\\1\
          """,
          Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);

  private final String text;
  private final Matcher opaque;
  private int at;

  private QueryText(String text) {
    this.text = text;
    this.opaque = OPAQUE.matcher(text).useTransparentBounds(true);
  }

  /**
   * Returns the text without the semicolons, comments and white space that surround its statement.
   * Leaves what PostgreSQL will refuse, such as a second statement or a comment without an end.
   */
  static String statement(String text) {
    return new QueryText(text.strip()).statement();
  }

  private String statement() {
    int end = 0;
    while (at < text.length()) {
      if (text.startsWith("--", at)) {
        int lineEnd = text.indexOf('\n', at);
        at = lineEnd < 0 ? text.length() : lineEnd;
      } else if (text.startsWith("/*", at)) {
        skipComment();
        end = at > text.length() ? text.length() : end;
      } else {
        char c = text.charAt(at);
        at = opaque.region(at, text.length()).lookingAt() ? opaque.end() : at + 1;
        end = c == ';' || Character.isWhitespace(c) ? end : at;
      }
    }
    return text.substring(0, end);
  }

  /** Moves behind a comment, in which others may lie; beyond the text if the comment never ends. */
  private void skipComment() {
    int depth = 0;
    do {
      int opens = text.indexOf("/*", at);
      int closes = text.indexOf("*/", at);
      if (closes < 0) {
        at = text.length() + 1;
        return;
      }
      boolean isNested = opens >= 0 && opens < closes;
      depth += isNested ? 1 : -1;
      at = (isNested ? opens : closes) + 2;
    } while (depth > 0);
  }
}
