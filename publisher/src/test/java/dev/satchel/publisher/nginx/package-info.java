/** The cache of sdk/nginx between many clients and the KV server, in Debian's nginx. */
package dev.satchel.publisher.nginx;
