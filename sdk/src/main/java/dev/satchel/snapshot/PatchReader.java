package dev.satchel.snapshot;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Applies a {@link SnapshotPatch} to the snapshot that it is from. Used once. */
final class PatchReader {
  private static final int SAME = 0;
  private static final int EDITED = 1;

  private final SnapshotPatch patch;
  private final Snapshot before;
  private final Catalog catalogBefore;

  /** Made anew by each call of {@link UserIds#runs}, so kept here. */
  private @Nullable List<Run> idRunsBefore;

  PatchReader(SnapshotPatch patch, Snapshot before) {
    this.patch = patch;
    this.before = before;
    this.catalogBefore = before.catalog();
  }

  /** How a section comes about: the runs to make, or null if it is the same as before. */
  private record SectionEdit(int section, int sectionBefore, @Nullable List<RunEdit> runs) {}

  Snapshot read() {
    if (patch.from() != before.revision()
        || !patch.fromContentHash().equals(before.contentHash())) {
      throw SnapshotPatch.bad(
          "to be applied to revision %d with content %s"
              .formatted(patch.from(), patch.fromContentHash()),
          "revision %d with content %s".formatted(before.revision(), before.contentHash()),
          SnapshotPatch.FROM_AT);
    }
    ByteReader body = body();
    Catalog catalog = catalog(body);
    List<RowEdits> edits = new ArrayList<>();
    int count = body.varintCount("row edits", body.remaining());
    for (int i = 0; i < count; i++) {
      edits.add(RowEdits.read(body));
    }
    List<SectionEdit> sections = new ArrayList<>();
    for (int section = 0; section < catalog.sections.size(); section++) {
      sections.add(section(body, catalog, section, edits));
    }
    body.end();
    return snapshot(catalog, proven(catalog, sections));
  }

  private ByteReader body() {
    byte[] stored = patch.body();
    byte[] opened = new byte[patch.bodyBytes()];
    Object found;
    try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
      zstd.loadDict(catalogBefore.content());
      int length = zstd.decompressByteArray(opened, 0, opened.length, stored, 0, stored.length);
      if (length == opened.length) {
        return new ByteReader(opened, 0, length, "the body of the patch");
      }
      found = length + " bytes";
    } catch (ZstdException e) {
      found = e.getMessage();
    }
    throw SnapshotPatch.bad(
        "a zstd frame of " + opened.length + " bytes",
        String.valueOf(found),
        SnapshotPatch.BODY_AT);
  }

  private Catalog catalog(ByteReader body) {
    byte[] header = body.bytes(body.length("a header's length"), "a header");
    Catalog catalog = Catalog.ofHeader(header);
    if (!catalog.hasChecksums() || !catalogBefore.hasChecksums()) {
      throw SnapshotPatch.bad("checksums of opened frames", "none", SnapshotPatch.BODY_AT);
    }
    if (catalog.revision() != patch.to()) {
      throw SnapshotPatch.bad("revision " + patch.to(), catalog.revision(), SnapshotPatch.TO_AT);
    }
    return catalog;
  }

  private SectionEdit section(ByteReader body, Catalog catalog, int section, List<RowEdits> edits) {
    String name = catalog.sections.get(section).name();
    int sectionBefore = section == 0 ? 0 : catalogBefore.section(name);
    int kind = body.u8("a kind of section");
    if (kind == SAME) {
      if (sectionBefore < 0
          || catalog.users != catalogBefore.users
          || !catalog.isStoredAs(section, catalogBefore, sectionBefore)) {
        throw body.bad("the section " + name + " as before", "another");
      }
      return new SectionEdit(section, sectionBefore, null);
    }
    if (kind != EDITED) {
      throw body.bad("a section that is the same or edited", kind);
    }
    List<Run> runsBefore = sectionBefore < 0 ? List.of() : runs(sectionBefore);
    List<RunEdit> runs = new ArrayList<>();
    int count = body.varintCount("runs", body.remaining());
    int frame = catalog.firstFrame(section);
    int end = catalog.sections.get(section).frameEnd();
    for (int i = 0; i < count; i++) {
      RunEdit run = RunEdit.read(body, runsBefore, edits);
      frame = checkFrames(body, catalog, run.length, frame, end);
      runs.add(run);
    }
    if (frame != end) {
      throw body.bad("runs of all frames up to " + end, frame);
    }
    return new SectionEdit(section, sectionBefore, runs);
  }

  /** Compares a run's length with the frames of the header, before room is made for it. */
  private static int checkFrames(ByteReader body, Catalog catalog, int length, int first, int end) {
    int left = length;
    int frame = first;
    for (; left > 0; frame++) {
      int expected = Math.min(left, SnapshotLayout.FRAME_BYTES);
      if (frame >= end || catalog.openedBytes(frame) != expected) {
        throw body.bad("a run that fills its frames", length + " bytes");
      }
      left -= expected;
    }
    return frame;
  }

  private List<Run> runs(int sectionBefore) {
    return sectionBefore == 0 ? idRunsBefore() : before.requiredLazyField(sectionBefore - 1).runs();
  }

  private List<Run> idRunsBefore() {
    List<Run> runs = idRunsBefore;
    if (runs == null) {
      runs = before.ids().runs();
      idRunsBefore = runs;
    }
    return runs;
  }

  /** A frame whose content must be hashed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Unproven(int frame, byte[] bytes, int from, int to) {}

  /** Makes all runs and proves them. The list has null for a section that is the same. */
  private List<@Nullable List<Run>> proven(Catalog catalog, List<SectionEdit> sections) {
    List<@Nullable List<Run>> made = new ArrayList<>();
    List<Unproven> unproven = new ArrayList<>();
    List<RunEdit> all =
        sections.stream().map(SectionEdit::runs).mapMulti(PatchReader::each).toList();
    byte[][] contents = new byte[all.size()][];
    IntStream.range(0, contents.length).parallel().forEach(i -> contents[i] = all.get(i).apply());
    int next = 0;
    for (SectionEdit section : sections) {
      if (section.runs == null) {
        made.add(null);
        continue;
      }
      List<Run> runs = new ArrayList<>();
      int frame = catalog.firstFrame(section.section);
      for (RunEdit edit : section.runs) {
        Run run = new Run(contents[next++], edit.length, Byte.SIZE, Run.NO_ROWS);
        int frameBefore = edit.isUnchanged() ? frameBefore(section.sectionBefore, edit) : -1;
        for (int i = 0; i < run.frames(); i++) {
          if (frameBefore < 0
              || catalog.checksum(frame) != catalogBefore.checksum(frameBefore + i)) {
            unproven.add(
                new Unproven(frame, run.bytes(), i * SnapshotLayout.FRAME_BYTES, run.frameEnd(i)));
          }
          frame++;
        }
        runs.add(run);
      }
      made.add(runs);
    }
    prove(catalog, unproven);
    return made;
  }

  private static void each(@Nullable List<RunEdit> runs, java.util.function.Consumer<RunEdit> to) {
    if (runs != null) {
      runs.forEach(to);
    }
  }

  private static void prove(Catalog catalog, Collection<Unproven> unproven) {
    unproven.parallelStream()
        .filter(
            frame ->
                catalog.checksum(frame.frame)
                    != SnapshotLayout.crc32c(frame.bytes, frame.from, frame.to))
        .findAny()
        .ifPresent(
            frame -> {
              throw SnapshotPatch.bad(
                  "what the header says that frame " + frame.frame + " opens to",
                  "something else",
                  SnapshotPatch.BODY_AT);
            });
  }

  private int frameBefore(int sectionBefore, RunEdit edit) {
    int frame = catalogBefore.firstFrame(sectionBefore);
    List<Run> runs = runs(sectionBefore);
    for (int i = 0; i < edit.beforeNumber; i++) {
      frame += runs.get(i).frames();
    }
    return frame;
  }

  private Snapshot snapshot(Catalog catalog, List<@Nullable List<Run>> made) {
    List<Run> idRuns = made.get(0);
    UserIds ids = before.ids();
    if (idRuns != null) {
      Catalog.Contents contents = catalog.sections.get(0);
      Frames frames = new Frames(catalog, 0, idRuns);
      ids = new IdReader(frames, catalog.users).read(contents.descriptor().copy());
    }
    return Snapshot.of(
        catalog,
        ids,
        (snapshot, section) -> {
          List<Run> runs = made.get(section);
          return runs == null
              ? LazyField.sameAs(snapshot, section, lazyBefore(catalog, section))
              : LazyField.of(snapshot, section, runs);
        });
  }

  private LazyField lazyBefore(Catalog catalog, int section) {
    String name = catalog.sections.get(section).name();
    return before.requiredLazyField(catalogBefore.section(name) - 1);
  }
}
