package dev.satchel.snapshot;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a {@link SnapshotPatch}. Used once. */
final class PatchWriter {
  /** Small bodies are compressed once and opened everywhere, so compressing may take time. */
  private static final int LEVEL = 12;

  private static final int LEVEL_OF_LARGE = 3;
  private static final int LARGE = 1 << 20;

  /** A body that opens to more than this for each byte of the patch would not get that small. */
  private static final int OPENED_FOR_EACH = 4;

  private final Snapshot before;
  private final Snapshot after;
  private final List<RowEdits> allEdits = new ArrayList<>();

  PatchWriter(Snapshot before, Snapshot after) {
    this.before = before;
    this.after = after;
    allEdits.add(RowEdits.NONE);
  }

  Optional<byte[]> write(String valueSha256, SnapshotPatch.@Nullable Link earlier, int most) {
    Catalog catalogBefore = before.catalog();
    Catalog catalog = after.catalog();
    if (!catalog.hasChecksums()
        || !catalogBefore.hasChecksums()
        || after.revision() <= before.revision()) {
      return Optional.empty();
    }
    RowEdits users = users();
    int mostOpened =
        (int) Math.min(SnapshotPatch.MAX_BODY_BYTES, LARGE + (long) OPENED_FOR_EACH * most);
    if (users == null) {
      return Optional.empty();
    }
    ByteWriter sections = new ByteWriter();
    for (int section = 0; section < catalog.sections.size(); section++) {
      if (!writeSection(sections, section, users, mostOpened)) {
        return Optional.empty();
      }
    }
    ByteWriter body = new ByteWriter();
    body.varint(catalog.header.length);
    body.bytes(catalog.header);
    body.varint(allEdits.size());
    allEdits.forEach(edits -> edits.write(body));
    body.bytes(sections);
    if (body.length() > SnapshotPatch.MAX_BODY_BYTES) {
      return Optional.empty();
    }
    byte[] stored = compressed(body.toByteArray(), catalogBefore.content());
    if (SnapshotPatch.BODY_AT + stored.length > most) {
      return Optional.empty();
    }
    return Optional.of(join(valueSha256, earlier, body.length(), stored));
  }

  private static byte[] compressed(byte[] body, byte[] dictionary) {
    try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      zstd.setLevel(body.length < LARGE ? LEVEL : LEVEL_OF_LARGE)
          .setChecksum(false)
          .setContentSize(true)
          .setDictID(false);
      zstd.loadDict(dictionary);
      byte[] room = new byte[(int) Zstd.compressBound(body.length)];
      int length = zstd.compressByteArray(room, 0, room.length, body, 0, body.length);
      return Arrays.copyOf(room, length);
    }
  }

  private byte[] join(
      String valueSha256, SnapshotPatch.@Nullable Link earlier, int bodyBytes, byte[] stored) {
    ByteWriter out = new ByteWriter();
    out.i64(SnapshotPatch.MAGIC);
    out.u8(SnapshotPatch.VERSION);
    out.bytes(new byte[SnapshotPatch.FROM_AT - SnapshotPatch.VERSION_AT - 1]);
    out.i64(before.revision());
    out.i64(after.revision());
    out.bytes(before.catalog().contentHash());
    out.bytes(HexFormat.of().parseHex(valueSha256));
    out.u32(earlier == null ? 0 : earlier.bytes());
    out.i64(earlier == null ? 0 : earlier.from());
    out.bytes(
        earlier == null
            ? new byte[SnapshotLayout.DIGEST_BYTES]
            : HexFormat.of().parseHex(earlier.sha256()));
    out.u32(bodyBytes);
    out.bytes(stored);
    return out.toByteArray();
  }

  /** Returns how the users changed, or null if those who stay are in another order. */
  private @Nullable RowEdits users() {
    UserPairs pairs = UserPairs.of(before, after);
    RowEdits.Builder edits = new RowEdits.Builder();
    int beforeAt = 0;
    int afterAt = 0;
    for (int run = 0; run < pairs.runs(); run++) {
      if (pairs.beforeStart(run) < beforeAt) {
        return null;
      }
      edits.drop(pairs.beforeStart(run) - beforeAt);
      edits.add(pairs.afterStart(run) - afterAt);
      edits.keep(pairs.length(run));
      beforeAt = pairs.beforeStart(run) + pairs.length(run);
      afterAt = pairs.afterStart(run) + pairs.length(run);
    }
    edits.drop(before.users() - beforeAt);
    edits.add(after.users() - afterAt);
    return edits.build();
  }

  /** Returns false if the patch is too large already. */
  private boolean writeSection(ByteWriter out, int section, RowEdits users, int most) {
    Catalog catalog = after.catalog();
    Catalog catalogBefore = before.catalog();
    int sectionBefore =
        section == 0 ? 0 : catalogBefore.section(catalog.sections.get(section).name());
    if (sectionBefore >= 0
        && catalog.users == catalogBefore.users
        && catalog.isStoredAs(section, catalogBefore, sectionBefore)) {
      out.u8(0);
      return true;
    }
    List<Run> runs = runs(after, section);
    List<Run> runsBefore = sectionBefore < 0 ? List.of() : runs(before, sectionBefore);
    AlignedRuns aligned = new AlignedRuns(runsBefore, runs, users);
    out.u8(1);
    out.varint(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      Run match = aligned.hasMatch(i) ? runsBefore.get(i) : null;
      RowEdits edits = match == null ? RowEdits.NONE : aligned.edits(i);
      int left = most - out.length();
      if (left < 0 || !RunEdit.write(out, runs.get(i), match, i, edits, allEdits, left)) {
        return false;
      }
    }
    return true;
  }

  private static List<Run> runs(Snapshot snapshot, int section) {
    return section == 0
        ? snapshot.ids().runs()
        : snapshot.requiredLazyField(section - 1).openedRuns();
  }
}
