/** The SDK for Vert.x applications. Start at {@link dev.satchel.vertx.VertxConfigClient}. */
module dev.satchel.vertx {
  requires transitive dev.satchel.sdk;
  requires transitive io.vertx.core;
  requires static io.vertx.healthcheck;
  requires static transitive org.jspecify;

  exports dev.satchel.vertx;
}
