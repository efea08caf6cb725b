package dev.satchel.spring;

import dev.satchel.sdk.ClientStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client's status as the details of a health component. */
final class StatusDetails {
  private StatusDetails() {}

  static Map<String, Object> of(ClientStatus status) {
    var details = new LinkedHashMap<String, Object>();
    details.put("state", status.state().name());
    details.put("since", status.since().toString());
    details.put("revision", status.revision());
    details.put("users", status.users());
    putUnlessNull(details, "publishedAt", status.publishedAt());
    putUnlessNull(details, "lastChecked", status.lastChecked());
    details.put("fetched", status.fetched().name());
    details.put("fetchedBytes", status.fetchedBytes());
    putUnlessNull(details, "lastFailure", status.lastFailure());
    if (!status.fieldMistakes().isEmpty()) {
      details.put("fieldMistakes", status.fieldMistakes());
    }
    return details;
  }

  private static void putUnlessNull(
      Map<String, Object> details, String name, @Nullable Object value) {
    if (value != null) {
      details.put(name, value.toString());
    }
  }
}
