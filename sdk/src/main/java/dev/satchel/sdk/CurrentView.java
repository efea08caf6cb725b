package dev.satchel.sdk;

/** The view in use: every lookup reads it, a client's {@link RefreshLoop} replaces it. */
final class CurrentView {
  private volatile ConfigView view = ConfigView.EMPTY;

  ConfigView get() {
    return view;
  }

  void set(ConfigView next) {
    view = next;
  }
}
