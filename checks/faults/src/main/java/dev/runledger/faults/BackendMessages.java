package dev.runledger.faults;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts what a PostgreSQL server sends into its messages, however the network cut it before. For one thread.
 *
 * <p>A message is a type byte and an int32 length that counts itself, then the body: "Message Formats" in the
 * PostgreSQL manual. The one exception is the lone byte that answers a request for encryption before the start.
 */
final class BackendMessages {
    /**
     * One message.
     *
     * @param bytes all of it, type and length too
     */
    record Message(byte[] bytes) {
        private boolean is(char type) {
            return bytes[0] == type;
        }

        boolean isReadyForQuery() {
            return is('Z');
        }

        /** Returns whether the server is in no transaction: what it was asked for is committed or rolled back. */
        boolean isIdle() {
            return isReadyForQuery() && bytes[5] == 'I';
        }

        /** Returns whether nothing more comes before the client has spoken: the answer to a wish for TLS, authentication, and COPY in. */
        boolean asksTheClient() {
            return bytes.length == 1 || is('R') || is('G') || is('W');
        }

        /** Returns the tag of a CommandComplete, such as {@code COMMIT} or {@code INSERT 0 1}; empty for any other message. */
        String tag() {
            return is('C') ? new String(bytes, 5, bytes.length - 6, StandardCharsets.UTF_8) : "";
        }
    }

    private byte[] pending = new byte[8192];
    private int filled;
    private boolean started;

    /** Takes the next bytes of the stream and returns the messages that are whole with them. */
    List<Message> add(byte[] chunk, int length) {
        if (filled + length > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(filled + length, 2 * pending.length));
        }
        System.arraycopy(chunk, 0, pending, filled, length);
        filled += length;
        List<Message> whole = new ArrayList<>();
        int from = 0;
        for (int size = sizeAt(from); size > 0 && size <= filled - from; size = sizeAt(from)) {
            whole.add(new Message(Arrays.copyOfRange(pending, from, from + size)));
            from += size;
        }
        System.arraycopy(pending, from, pending, 0, filled - from);
        filled -= from;
        return whole;
    }

    /** Returns the size of the message that begins there, or 0 while it is not known. */
    private int sizeAt(int from) {
        if (from == filled) {
            return 0;
        }
        if (!started) {
            byte first = pending[from];
            started = first != 'N' && first != 'S' && first != 'G'; // a session begins with R, E or v
            if (!started) {
                return 1;
            }
        }
        if (filled - from < 5) {
            return 0;
        }
        int body = 0;
        for (int i = from + 1; i <= from + 4; i++) {
            body = body << 8 | pending[i] & 0xff;
        }
        return 1 + body;
    }
}
