package dev.runledger.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;

/** One client's connection through a {@link TcpProxy}: a thread for its requests and one for the replies. */
final class ProxiedConnection {
    private final TcpProxy proxy;
    private final Socket client;
    private final Socket server;
    private volatile boolean serverSpokeLast = true;

    ProxiedConnection(TcpProxy proxy, Socket client, Socket server) throws IOException {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
    }

    void start() {
        daemon("tcp-proxy-requests", () -> pump(this::requests));
        daemon("tcp-proxy-replies", () -> pump(this::replies));
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Pump {
        void run() throws IOException;
    }

    private void pump(Pump pump) {
        try {
            pump.run();
            proxy.awaitOpen(this); // in a black hole the other side does not learn of the end either
        } catch (IOException broken) {
            proxy.awaitOpen(this);
            reset(); // as it was for one side, so for the other
        } finally {
            end();
        }
    }

    private void requests() throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        byte[] chunk = new byte[16_384];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            if (proxy.awaitOpen(this) instanceof ProxyMode.Delay delay && serverSpokeLast) {
                pause(delay.of().toMillis());
            }
            serverSpokeLast = false;
            out.write(chunk, 0, read);
        }
    }

    private void replies() throws IOException {
        InputStream in = server.getInputStream();
        BackendMessages messages = new BackendMessages();
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        boolean wanted = false; // a command of this reply is one to lose
        byte[] chunk = new byte[16_384];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            serverSpokeLast = true;
            for (BackendMessages.Message message : messages.add(chunk, read)) {
                held.writeBytes(message.bytes());
                if (message.isReadyForQuery()) {
                    proxy.replied();
                }
                if (!(proxy.awaitOpen(this) instanceof ProxyMode.DropReply drop)) {
                    continue;
                }
                wanted |= !message.tag().isEmpty() && drop.tag().test(message.tag());
                if (message.isIdle() && wanted && proxy.claim(drop)) {
                    reset();
                    return;
                }
                if (message.isReadyForQuery() || message.asksTheClient()) {
                    wanted = false;
                    deliver(held);
                }
            }
            if (!(proxy.awaitOpen(this) instanceof ProxyMode.DropReply)) {
                deliver(held);
            }
        }
        deliver(held);
    }

    private void deliver(ByteArrayOutputStream held) throws IOException {
        byte[] bytes = held.toByteArray();
        held.reset();
        int length = bytes.length;
        ProxyMode mode = proxy.awaitOpen(this);
        if (mode instanceof ProxyMode.Cut cut) {
            length = (int) Math.max(0, Math.min(length, cut.left().getAndAdd(-length)));
        }
        client.getOutputStream().write(bytes, 0, length);
        if (length < bytes.length) {
            if (proxy.claim(mode)) {
                reset();
            } else {
                client.getOutputStream().write(bytes, length, bytes.length - length);
            }
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it with an RST to both sides, which throws away what is on the way. */
    void reset() {
        try {
            client.setSoLinger(true, 0);
            server.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            // then the other side is closed below
        }
        end();
    }

    private void end() {
        proxy.ended(this);
        close(client);
        close(server);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
