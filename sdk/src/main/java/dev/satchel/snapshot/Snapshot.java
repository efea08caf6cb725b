package dev.satchel.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Every user's fields at one revision, searchable by user id. Immutable, except that fields are
 * opened when they are first asked for. Safe for any thread.
 */
public final class Snapshot {
  /** Stands for the value of a user that lacks the field; not the same as null. */
  public static final Object ABSENT =
      new Object() {
        @Override
        public String toString() {
          return "ABSENT";
        }
      };

  /** The result of {@link #find} for a user that is not in the snapshot. */
  public static final int NO_USER = -1;

  /** How many ids the methods that find many users look for at once. */
  public static final int AT_ONCE = 32;

  /** The name of the only section that is no field. */
  static final String USER_IDS = "user ids";

  private final Catalog catalog;
  private final String contentHash;
  private final @Nullable String signedBy;
  private final UserIds ids;
  private final List<String> fieldNames = new ArrayList<>();
  private final Map<String, Integer> fieldNumbers = new HashMap<>();
  private final List<LazyField> fields = new ArrayList<>();

  /** How many fields are being opened because another field asked for them; guarded by this. */
  private int followed;

  private Snapshot(Catalog catalog, UserIds ids, Fields fields) {
    this.catalog = catalog;
    this.ids = ids;
    this.contentHash = catalog.contentHashInHex();
    this.signedBy = SnapshotSignature.keyIdIn(catalog.header);
    for (int section = 1; section < catalog.sections.size(); section++) {
      fieldNumbers.put(catalog.sections.get(section).name(), section - 1);
      fieldNames.add(catalog.sections.get(section).name());
      this.fields.add(fields.field(this, section));
    }
  }

  /** Makes the field of a section. */
  interface Fields {
    LazyField field(Snapshot snapshot, int section);
  }

  /** Makes a snapshot whose parts are open or will open by themselves. */
  static Snapshot of(Catalog catalog, UserIds ids, Fields fields) {
    return new Snapshot(catalog, ids, fields);
  }

  /**
   * Opens a snapshot: checks the header and the user ids, and keeps each field as it is stored
   * until it is asked for. The array is not kept; it must not change during the call.
   *
   * <p>What is opened is compared with the checksums of the header, or with its digests if it is of
   * an older minor version without checksums. That finds damage. It does not find a forgery:
   * compare the value with a SHA-256 from elsewhere, or check the signature and call {@link
   * #openWhole}.
   *
   * <p>Cost: decompressing the user ids, on two or more threads of the common pool if it has them;
   * there is no work for each user. Memory: less than 1 MiB in addition to what is kept.
   *
   * @throws SnapshotFormatException if the bytes are not a sound snapshot
   */
  public static Snapshot open(byte[] value) {
    NativeLibrary.loadAhead();
    return open(Catalog.of(value), value, false);
  }

  /**
   * Opens a snapshot as {@link #open} does, after it has checked every byte of the value against
   * the digests of the header. What proves the header, such as a signature, then proves the whole
   * value; and damage is found now, in every field, and not when a field is asked for.
   *
   * <p>Cost: a SHA-256 of the value, on two or more threads of the common pool if it has them.
   *
   * @throws SnapshotFormatException if the bytes are not a sound snapshot
   */
  public static Snapshot openWhole(byte[] value) {
    NativeLibrary.loadAhead();
    Catalog catalog = Catalog.of(value);
    catalog.checkFields(value);
    return open(catalog, value, true);
  }

  /**
   * Opens the user ids.
   *
   * @param isWhole whether digests are to be compared: those of the fields have been found right
   */
  private static Snapshot open(Catalog catalog, byte[] value, boolean isWhole) {
    Frames frames = new Frames(catalog, 0, value, catalog.starts[0]);
    if (isWhole) {
      frames.useDigests();
    }
    UserIds opened =
        new IdReader(frames, catalog.users).read(catalog.sections.get(0).descriptor().copy());
    return new Snapshot(
        catalog,
        opened,
        new Fields() {
          @Override
          public LazyField field(Snapshot snapshot, int section) {
            int from = catalog.starts[catalog.firstFrame(section)];
            byte[] stored = Arrays.copyOfRange(value, from, from + catalog.storedBytes(section));
            return LazyField.stored(snapshot, section, stored, isWhole);
          }
        });
  }

  /** Returns the revision: a positive number that grows from snapshot to snapshot. */
  public long revision() {
    return catalog.revision();
  }

  /** Returns when the publisher made the snapshot, to the millisecond. */
  public Instant publishedAt() {
    return catalog.publishedAt();
  }

  /** Returns the SHA-256 of the content without revision and time, as 64 hex digits. */
  public String contentHash() {
    return contentHash;
  }

  /**
   * Returns the id of the key that the snapshot claims to be signed with, or null if it is not
   * signed. The claim is not checked here: {@link SnapshotSignature#isBy} does that.
   */
  public @Nullable String signedBy() {
    return signedBy;
  }

  /** Returns the format's major version. */
  public int formatVersion() {
    return SnapshotLayout.MAJOR;
  }

  /** Returns how many bytes the whole value has that was published. */
  public int bytes() {
    return catalog.valueBytes();
  }

  /** Returns how many users there are; their numbers start with 0. */
  public int users() {
    return catalog.users;
  }

  /** Returns the names of all fields, in the order of the query. */
  public List<String> fieldNames() {
    return Collections.unmodifiableList(fieldNames);
  }

  /**
   * Returns the field with this name, or null if the snapshot has none. The first call for a field
   * opens it, which takes as long as decompressing it; later calls return the same object.
   *
   * @throws SnapshotFormatException if the stored field is not sound or has a codec that this
   *     reader does not know. No other field is affected, and no method of a returned field throws
   */
  public @Nullable Field field(String name) {
    Integer number = fieldNumbers.get(name);
    return number == null ? null : fields.get(number).opened();
  }

  /** Returns a field by a number that it has. */
  LazyField requiredLazyField(int number) {
    return fields.get(number);
  }

  @Nullable LazyField lazyField(int number) {
    return number < fields.size() ? fields.get(number) : null;
  }

  /**
   * Goes a step along a chain of fields; returns false if it is too long. Needs the lock of this
   * snapshot.
   */
  boolean follow(int step) {
    if (followed + step > LazyField.MAX_LINKS) {
      return false;
    }
    followed += step;
    return true;
  }

  /**
   * Returns how many bytes are kept in memory: user ids, open fields, and the other fields as
   * stored.
   */
  long heldBytes() {
    return ids.bytes() + fields.stream().mapToLong(LazyField::heldBytes).sum();
  }

  /** Returns whether this field is open. */
  boolean isOpen(String name) {
    Integer number = fieldNumbers.get(name);
    return number != null && fields.get(number).isOpen();
  }

  /** Returns an upper bound of the user ids in a bucket, and so of the comparisons in a lookup. */
  int longestBucket() {
    return ids.longestBucket();
  }

  UserIds ids() {
    return ids;
  }

  /**
   * Returns the header of the value, with the signature if there is one, as {@link
   * SnapshotSignature#of} takes it.
   */
  public byte[] header() {
    return catalog.header.clone();
  }

  Catalog catalog() {
    return catalog;
  }

  /** Returns whether the same users have the same numbers, as far as the stored bytes can show. */
  boolean hasSameIdsAs(Snapshot other) {
    return users() == other.users() && catalog.isStoredAs(0, other.catalog, 0);
  }

  /**
   * Returns whether users of the same number have the same value, as far as the stored bytes can
   * show.
   */
  boolean hasSameFieldAs(Snapshot other, String name) {
    Integer number = fieldNumbers.get(name);
    Integer otherNumber = other.fieldNumbers.get(name);
    return number != null
        && otherNumber != null
        && fields.get(number).isStoredAs(other.fields.get(otherNumber));
  }

  /**
   * Returns the number of the user with this UUID, or {@link #NO_USER}. Also finds text ids that
   * spell it.
   */
  public int find(UUID id) {
    return ids.find(id);
  }

  /**
   * Returns what {@link #find(UUID)} does, and begins to read the user's value in a field before it
   * knows the user, so that the two waits for memory overlap.
   *
   * @param next a field of this snapshot
   */
  public int find(UUID id, Field next) {
    return ids.find(id, next.column());
  }

  /** Does the same for an integer: {@link #find(long)}. */
  public int find(long id, Field next) {
    return ids.find(id, next.column());
  }

  /** Does the same for a text: {@link #find(String)}. */
  public int find(String id, Field next) {
    return ids.find(id, next.column());
  }

  /**
   * Returns the number of the user with this integer, or {@link #NO_USER}. Also finds text ids that
   * spell it.
   */
  public int find(long id) {
    return ids.find(id);
  }

  /**
   * Returns the number of the user whose id has this text, whatever the id's type, or {@link
   * #NO_USER}. UUIDs are found in upper and lower case, integers only in their usual decimal
   * spelling.
   */
  public int find(String id) {
    return ids.find(id);
  }

  /**
   * Finds many users. The waits for memory overlap, so this takes less time than one call of {@link
   * #find(UUID)} for each. Allocates nothing.
   *
   * @param ids where one is null, no user is found
   * @param from the first id to look for
   * @param users is filled with what {@link #find(UUID)} returns, for as many ids as there are or
   *     as fit. Up to {@value #AT_ONCE} give the most: a processor has room for no more waits
   */
  public void find(@Nullable UUID[] ids, int from, int[] users) {
    this.ids.find(ids, from, Math.min(users.length, ids.length - from), users);
  }

  /** Does the same for ids given as texts: {@link #find(String)}. */
  public void find(@Nullable String[] ids, int from, int[] users) {
    this.ids.find(ids, from, Math.min(users.length, ids.length - from), users);
  }

  /** Does the same for ids given as integers: {@link #find(long)}. */
  public void find(long[] ids, int from, int[] users) {
    this.ids.find(ids, from, Math.min(users.length, ids.length - from), users);
  }

  /**
   * Returns the id of the user with this number: a {@link UUID}, {@link Long} or {@link String}.
   */
  public Object id(int user) {
    return ids.id(Objects.checkIndex(user, catalog.users));
  }

  /**
   * Fills an array with the ids of the users from one number on, as {@link #id} returns them. Costs
   * less than to ask for each.
   *
   * @throws IndexOutOfBoundsException if there are fewer users
   */
  public void ids(int from, Object[] into) {
    Objects.checkFromIndexSize(from, into.length, catalog.users);
    if (into.length > 0) {
      ids.ids(from, into);
    }
  }

  /**
   * Returns in how many bits the user ids differ from each other, 0 to 128, or -1 if they are texts
   * that stand for no number.
   */
  public int varyingIdBits() {
    return ids.varyingBits();
  }

  /**
   * Returns the size of each column, the user ids first and then the fields in order. Opens none.
   * The snapshot consists of all sections, their names, 108 bytes before the first, and a signature
   * if there is one.
   */
  public List<Section> sections() {
    List<Section> sections = new ArrayList<>();
    sections.add(catalog.describe(0));
    fields.forEach(field -> sections.add(field.section()));
    return sections;
  }
}
