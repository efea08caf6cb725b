/**
 * In-process access to every user's configuration. Start at {@link dev.satchel.sdk.ConfigClient}.
 */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // of two optional libraries that have no descriptor yet
module dev.satchel.sdk {
  requires transitive com.fasterxml.jackson.databind;
  requires com.github.luben.zstd_jni;
  requires org.slf4j;
  requires static transitive org.jspecify;

  // an application brings the ones whose package it uses
  requires static dev.openfeature.sdk;
  requires static micrometer.core;

  exports dev.satchel.sdk;
  exports dev.satchel.sdk.source;
  exports dev.satchel.sdk.openfeature;
  exports dev.satchel.sdk.metrics;
  exports dev.satchel.sdk.testkit;
  exports dev.satchel.snapshot; // diffs, which listeners are given, and the keys of signatures
  exports dev.satchel.kv; // KvReader can be anybody's
  exports dev.satchel.http; // NetworkOptions: proxies and TLS
}
