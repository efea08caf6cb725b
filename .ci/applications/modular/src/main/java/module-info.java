/** A modular application that asks for the SDK by name. */
module example {
  requires dev.satchel.sdk;
}
