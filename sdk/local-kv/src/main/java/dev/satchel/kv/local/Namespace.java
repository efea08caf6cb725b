package dev.satchel.kv.local;

import org.jspecify.annotations.Nullable;

/**
 * A namespace as its account sees it.
 *
 * @param number names the namespace in the log's records; never given twice
 * @param account the account that owns it, or null if every account sees it
 */
record Namespace(int number, @Nullable String account, String id, String title) {

  boolean isSeenBy(String someAccount) {
    return account == null || account.equals(someAccount);
  }
}
