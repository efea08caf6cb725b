package dev.satchel.publisher.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.satchel.publisher.store.HistoryEntry;
import dev.satchel.publisher.text.UserJson;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The page that looks up one user. */
final class UserPage {
  static final String PATH = "/user";

  private UserPage() {}

  /**
   * Returns the form, and the user's fields if one was asked for.
   *
   * @param snapshot to look in; null if no user is asked for
   */
  static Html html(
      About about, List<HistoryEntry> revisions, String userId, @Nullable Snapshot snapshot) {
    var main =
        Html.of(
            """
            <h1>Look up a user</h1>
            <form class="row card" method="get" action="/user">
            <label>User id <input name="id" value="%s" required autofocus autocomplete="off"
            spellcheck="false" autocapitalize="none" maxlength="512"></label>
            <label>Revision <select name="revision">
            %s</select></label>
            <button>Look up</button>
            </form>
            """,
            userId, Frame.options(revisions, snapshot == null ? 0 : snapshot.revision()));
    if (snapshot != null) {
      int user = snapshot.find(userId);
      main.add(
          "%s",
          user == Snapshot.NO_USER
              ? Html.of(
                  "<p class=\"notice\" role=\"status\">No user %s among the %s users of revision %s.</p>\n",
                  userId, Words.count(snapshot.users()), snapshot.revision())
              : fields(userId, snapshot, user));
      main.add(
          "<p><a href=\"%s\">At which revisions did it change?</a> Looks through all copies.</p>\n",
          UserHistoryPage.link(userId));
    }
    return Frame.page(PATH, "Look up a user", about, main);
  }

  private static Html fields(String userId, Snapshot snapshot, int user) {
    var rows = new Html();
    for (String name : snapshot.fieldNames()) {
      rows.add(
          "<tr><th scope=\"row\">%s</th><td class=\"value\">%s</td></tr>\n",
          name, value(snapshot, name, user));
    }
    return Html.of(
        """
        <section class="card" aria-labelledby="found"><h2 id="found">%s</h2>
        <p class="counts">at revision %s, published %s</p>
        <div class="scroll" tabindex="0" role="region" aria-labelledby="found"><table>
        <thead><tr><th scope="col">Field</th><th scope="col">Value</th></tr></thead>
        <tbody>
        %s</tbody></table></div></section>
        """,
        userId, snapshot.revision(), Words.time(snapshot.publishedAt()), rows);
  }

  private static Html value(Snapshot snapshot, String name, int user) {
    try {
      Object value = Objects.requireNonNull(snapshot.field(name), name).value(user);
      return value == Snapshot.ABSENT
          ? Html.of("<span class=\"soft\">absent</span>")
          : Html.of("<code>%s</code>", json(value));
    } catch (SnapshotFormatException e) {
      // a field is opened when it is first asked for; the others may be sound
      return Html.of("<span class=\"soft\">not sound: %s</span>", String.valueOf(e.getMessage()));
    }
  }

  /** Returns a value as JSON, or a word for none. */
  static String json(@Nullable Object value) {
    return value == Snapshot.ABSENT ? "absent" : new String(UserJson.bytesOf(value), UTF_8);
  }
}
