package dev.satchel.publisher.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.satchel.publisher.store.UserHistory;
import dev.satchel.publisher.store.UserHistory.Change;
import dev.satchel.publisher.store.UserHistory.FieldValues;
import java.net.URLEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The page that shows at which revisions one user's values changed. */
final class UserHistoryPage {
  static final String PATH = "/user/history";
  static final String TITLE = "History of a user";

  private UserHistoryPage() {}

  static String link(String userId) {
    return PATH + "?id=" + URLEncoder.encode(userId, UTF_8);
  }

  /** Returns the page of a search that has ended. */
  static Html html(About about, UserHistory found) {
    List<Change> changes = found.newestFirst();
    var rows = new Html();
    changes.forEach(change -> rows.add("%s", row(change)));
    return page(
        about,
        found.userId(),
        changes.isEmpty()
            ? Html.of("<p class=\"notice\">Nothing is published yet.</p>\n")
            : Html.of(
                """
                <section class="card" aria-labelledby="changes"><h2 id="changes">%s</h2>
                <p class="counts">the revisions at which it changed, newest first, as far back as copies reach</p>
                <div class="scroll" tabindex="0" role="region" aria-labelledby="changes"><table>
                <thead><tr><th scope="col">Revision</th><th scope="col">Published</th>
                <th scope="col">What happened</th><th scope="col">Fields</th></tr></thead>
                <tbody>
                %s</tbody></table></div></section>
                """,
                found.userId(), rows));
  }

  /** Returns the page of a search that is under way. */
  static Html progress(About about, UserSearch search) {
    return page(
        about,
        search.userId(),
        Html.of(
            "<p class=\"notice\" role=\"status\">Looking for user %s: %s of %s copies done. This"
                + " page reloads by itself.</p>\n",
            search.userId(), Words.count(search.looked()), Words.count(search.all())));
  }

  /** Returns the page of a search that has to wait. */
  static Html busy(About about, String userId) {
    return page(
        about,
        userId,
        Html.of(
            "<p class=\"notice\" role=\"status\">A search for another user is under way. This page"
                + " tries again by itself.</p>\n"));
  }

  private static Html page(About about, String userId, Html more) {
    return Frame.page(
        UserPage.PATH,
        TITLE,
        about,
        Html.of(
            "<h1>%s</h1>\n%s<p><a href=\"%s?id=%s\">All fields of this user</a></p>\n",
            TITLE, more, UserPage.PATH, URLEncoder.encode(userId, UTF_8)));
  }

  private static Html row(Change change) {
    var fields = new Html();
    change.fields().forEach(field -> fields.add("%s", field(change, field)));
    if (change.problem() != null) {
      fields.add("<span class=\"soft\">%s</span>", change.problem());
    } else if (change.before() == null && change.after() == null) {
      fields.add("<span class=\"soft\">%s</span>", UserHistory.NO_USER);
    }
    return Html.of(
        """
        <tr><th scope="row"><span class="number">%s</span></th><td><time datetime="%s">%s</time></td>
        <td>%s</td><td class="words">%s</td></tr>
        """,
        change.entry().revision(),
        change.entry().publishedAt(),
        Words.time(change.entry().publishedAt()),
        change.event(),
        fields);
  }

  private static Html field(Change change, FieldValues field) {
    var values = new Html();
    if (change.before() != null) {
      values.add("<del>%s</del>", word(field.before()));
    }
    if (change.before() != null && change.after() != null) {
      values.add(" → ");
    }
    if (change.after() != null) {
      values.add("<ins>%s</ins>", word(field.after()));
    }
    return Html.of("<div class=\"value\">%s: %s</div>", field.name(), values);
  }

  private static String word(@Nullable String json) {
    return json == null ? "absent" : json;
  }
}
