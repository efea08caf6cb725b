package dev.satchel.snapshot;

import java.util.Arrays;

/** A list of ints. */
final class IntList {
  private int[] ints = new int[16];
  private int size;

  void add(int value) {
    if (size == ints.length) {
      ints = Arrays.copyOf(ints, size + (size >> 1));
    }
    ints[size++] = value;
  }

  int get(int index) {
    return ints[index];
  }

  void set(int index, int value) {
    ints[index] = value;
  }

  void addAll(IntList other) {
    for (int i = 0; i < other.size; i++) {
      add(other.ints[i]);
    }
  }

  /** Drops the last ints, so that this many are left. */
  void keep(int count) {
    size = count;
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(ints, size);
  }
}
