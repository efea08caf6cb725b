package dev.satchel.publisher.publish;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.kv.KeyPage;
import dev.satchel.publisher.kv.KvPair;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.text.UserJson;
import dev.satchel.snapshot.Snapshot;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * The form of the pairs: the key is a prefix and the user id, the value holds the fields as JSON,
 * and the metadata say for which snapshot key the pair was written.
 */
final class UserPairs {
  private static final String OURS = "satchel";

  private final String snapshotKey;
  private final String prefix;
  private final JsonObject mark;

  UserPairs(String snapshotKey, String prefix) {
    this.snapshotKey = snapshotKey;
    this.prefix = prefix;
    this.mark = new JsonObject().put(OURS, snapshotKey);
  }

  String prefix() {
    return prefix;
  }

  String key(Object userId) {
    return prefix + userId;
  }

  KvPair of(Snapshot snapshot, UserJson json, int user) {
    String key = key(snapshot.id(user));
    refuseOurOwn(key);
    return new KvPair(key, Buffer.buffer(json.bytes(user)), mark);
  }

  /** Returns the user that a key belongs to, or {@link Snapshot#NO_USER}. */
  int user(Snapshot snapshot, String key) {
    int user = snapshot.find(key.substring(prefix.length()));
    // an id is found in other spellings, too
    return user != Snapshot.NO_USER && key(snapshot.id(user)).equals(key) ? user : Snapshot.NO_USER;
  }

  /** Returns whether a publisher of this snapshot key has certainly written a pair. */
  boolean areOurs(KeyPage.Key listed) {
    return listed.metadata() != null && snapshotKey.equals(listed.metadata().getValue(OURS));
  }

  /** Returns whether a key looks like that of a user: a prefix and an id that is no free text. */
  boolean looksLikeAUsers(String key, Snapshot snapshot) {
    if (snapshot.users() == 0 || snapshot.id(0) instanceof String) {
      return false;
    }
    String id = key.substring(prefix.length());
    return snapshot.id(0) instanceof Long
        ? id.matches("-?[1-9][0-9]{0,18}|0")
        : id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  }

  /**
   * Passes users whose ids can be keys. Looks at every user if ids are texts.
   *
   * @throws RefusedException that names the user
   */
  void checkKeys(Snapshot snapshot) {
    // numbers and UUIDs are short, and only the prefix can make them look like our own keys
    boolean areTexts = snapshot.users() > 0 && snapshot.id(0) instanceof String;
    for (int user = 0;
        user < (areTexts ? snapshot.users() : Math.min(1, snapshot.users()));
        user++) {
      checkKey(snapshot.id(user));
    }
    if (snapshotKey.startsWith(prefix) && user(snapshot, snapshotKey) != Snapshot.NO_USER) {
      refuseOurOwn(snapshotKey);
    }
  }

  private void checkKey(Object id) {
    String key = key(id);
    try {
      KvLimits.checkKey(key);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("%s, of user id %s".formatted(e.getMessage(), id));
    }
    refuseOurOwn(key);
  }

  private void refuseOurOwn(String key) {
    if (key.startsWith(snapshotKey)
        && (key.length() == snapshotKey.length() || key.charAt(snapshotKey.length()) == '@')) {
      throw new RefusedException(
          "expected keys of users that differ from those of the snapshot, %s and %s@…, but found %s; set %s"
              .formatted(snapshotKey, snapshotKey, key, PublisherSettings.KEY_PREFIX));
    }
  }

  /**
   * Passes users whose JSON fits into a value. Makes the JSON of every user.
   *
   * @throws RefusedException that names the user
   */
  void checkValues(Snapshot snapshot) {
    var json = new UserJson(snapshot);
    for (int user = 0; user < snapshot.users(); user++) {
      int bytes = json.bytes(user).length;
      if (bytes > KvLimits.MAX_VALUE_BYTES) {
        throw new RefusedException(
            "expected a pair of at most %,d bytes for each user but found %,d for user %s; nothing was written"
                .formatted(KvLimits.MAX_VALUE_BYTES, bytes, snapshot.id(user)));
      }
    }
  }
}
