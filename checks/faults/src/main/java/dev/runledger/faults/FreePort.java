package dev.runledger.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for servers that go away and must come back on the same one. */
public final class FreePort {
    private FreePort() {}

    /**
     * Returns a free loopback port below those which the system gives to clients.
     *
     * <p>A port from {@code new ServerSocket(0)} is one of those. While its server is down any client may be given it,
     * and a pool that keeps trying to reconnect can even be connected to itself; the server then never comes back.
     */
    public static int outsideTheEphemeralRange() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 30_000);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new IllegalStateException("No free port");
    }
}
