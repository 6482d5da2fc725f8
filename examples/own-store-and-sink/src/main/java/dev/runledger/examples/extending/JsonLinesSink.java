package dev.runledger.examples.extending;

import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Appends each terminal event to a file, as one line of JSON.
 *
 * <p>A disk can be slow, so it does not ask to be inline: one thread calls it from a queue, one event at a time. It catches nothing:
 * what it throws is counted and goes no further. It opens the file, and whoever made the sink closes it.
 */
// snippet
public final class JsonLinesSink implements EventSink, AutoCloseable {
    private final OutputStream file;

    /** Opens this file, to append to it. */
    public JsonLinesSink(Path path) throws IOException {
        file = new FileOutputStream(path.toFile(), true); // a channel would close when its thread is interrupted
    }

    @Override
    public boolean wants(EventType type) {
        return type.isTerminal();
    }

    @Override
    public void accept(LedgerEvent event) throws IOException {
        file.write((EventJson.write(event) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
// end
