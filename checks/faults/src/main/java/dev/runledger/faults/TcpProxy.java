package dev.runledger.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A loopback relay before a PostgreSQL server, in which the network fails on demand.
 *
 * <p>A mode holds for all connections, those that are open too, until the next one is set. The modes that cut a
 * connection cut one and are {@link #pass() passing} again. Safe for use by several threads.
 */
public final class TcpProxy implements AutoCloseable {
    private final String host;
    private final int target;
    private final ServerSocket listener;
    private final Set<ProxiedConnection> live = ConcurrentHashMap.newKeySet();
    private final AtomicLong replies = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private ProxyMode mode = new ProxyMode.Pass();

    public TcpProxy(String host, int target) {
        this.host = host;
        this.target = target;
        try {
            listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        ProxiedConnection.daemon("tcp-proxy-accept", this::accept);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                try {
                    ProxiedConnection connection = new ProxiedConnection(this, client, new Socket(host, target));
                    live.add(connection);
                    connection.start();
                } catch (IOException serverDown) {
                    client.setSoLinger(true, 0);
                    client.close();
                }
            } catch (IOException closed) {
                continue;
            }
        }
    }

    /** Lets everything through. */
    public void pass() {
        set(new ProxyMode.Pass());
    }

    /** Adds the time to each round trip: once each time that the client speaks after the server. */
    public void delay(Duration time) {
        set(new ProxyMode.Delay(time));
    }

    /**
     * Lets nothing through, and neither side learns of it. As TCP would, it delivers what it held back when it passes again, be the
     * client still there or not; {@link #reset()} first loses that.
     */
    public void blackHole() {
        set(new ProxyMode.BlackHole());
    }

    /** Lets so many more bytes of replies through, of all connections together, and resets the one that has the next. */
    public void cutAfter(long bytes) {
        set(new ProxyMode.Cut(new AtomicLong(bytes)));
    }

    /**
     * Lets the server do and commit the next command, keeps its reply, and resets the client's connection. Replies inside
     * a transaction pass, and so do those without a command of the caller: a pool's ping, a driver's SET at the start.
     */
    public void dropNextReply() {
        dropReplyOf(tag -> !tag.equals("SET") && !tag.equals("SHOW"));
    }

    /** Loses the reply to the next COMMIT, of an explicit transaction, which the server has then done. */
    public void dropCommitReply() {
        dropReplyOf("COMMIT"::equals);
    }

    /** Loses the next reply that has a command tag such as {@code INSERT 0 1} and leaves the server in no transaction. */
    public void dropReplyOf(Predicate<String> tag) {
        set(new ProxyMode.DropReply(tag));
    }

    /** Resets every open connection with an RST, now. The mode stays. */
    public void reset() {
        live.forEach(ProxiedConnection::reset);
        synchronized (this) {
            notifyAll();
        }
    }

    private synchronized void set(ProxyMode next) {
        mode = next;
        notifyAll();
    }

    /** Waits for a mode in which bytes move, or for the end of the connection, and returns the mode. */
    synchronized ProxyMode awaitOpen(ProxiedConnection connection) {
        while (mode instanceof ProxyMode.BlackHole && live.contains(connection)) {
            try {
                wait();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return mode;
            }
        }
        return mode;
    }

    /** Returns whether the caller is the one connection that this mode cuts. */
    synchronized boolean claim(ProxyMode once) {
        if (mode != once) {
            return false;
        }
        mode = new ProxyMode.Pass();
        cuts.incrementAndGet();
        return true;
    }

    void replied() {
        replies.incrementAndGet();
    }

    void ended(ProxiedConnection connection) {
        live.remove(connection);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Connections now open. */
    public int connections() {
        return live.size();
    }

    /** Replies that the server has completed: round trips as the network sees them, one or two of them a log-in. */
    public long replies() {
        return replies.get();
    }

    /** Connections that a mode has cut; {@link #reset()} is not counted. */
    public long cuts() {
        return cuts.get();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            reset();
        }
    }
}
