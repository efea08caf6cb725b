package dev.satchel.publisher.nginx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A name server that knows 127.0.0.1 for every name, for a second at a time. */
final class NameServer implements AutoCloseable {
  private static final int HEADER_BYTES = 12;
  private static final int RECORD_BYTES = 16;
  private static final short TYPE_A = 1;
  private static final short CLASS_IN = 1;
  private static final short ANSWERED = (short) 0x8180;

  /** A name that stands at the start of the question. */
  private static final short NAME_OF_THE_QUESTION = (short) 0xC00C;

  private final DatagramSocket socket;

  NameServer() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    var thread = new Thread(this::serve, "name-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  private void serve() {
    byte[] question = new byte[512];
    while (!socket.isClosed()) {
      var packet = new DatagramPacket(question, question.length);
      try {
        socket.receive(packet);
        byte[] answer = answer(question);
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (SocketException closed) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static byte[] answer(byte[] question) {
    int end = HEADER_BYTES;
    while (question[end] != 0) {
      end += question[end] + 1;
    }
    end += 5; // the last byte of the name, type and class
    boolean isForAddress = ByteBuffer.wrap(question).getShort(end - 4) == TYPE_A;
    byte[] bytes = Arrays.copyOf(question, end + (isForAddress ? RECORD_BYTES : 0));
    var answer = ByteBuffer.wrap(bytes);
    answer.putShort(2, ANSWERED).putShort(6, (short) (isForAddress ? 1 : 0)).putInt(8, 0);
    if (isForAddress) {
      answer.position(end);
      answer.putShort(NAME_OF_THE_QUESTION).putShort(TYPE_A).putShort(CLASS_IN).putInt(1);
      answer.putShort((short) 4).put(new byte[] {127, 0, 0, 1});
    }
    return bytes;
  }

  @Override
  public void close() {
    socket.close();
  }
}
