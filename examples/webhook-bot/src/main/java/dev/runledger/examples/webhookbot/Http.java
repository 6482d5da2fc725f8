package dev.runledger.examples.webhookbot;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Makes the servers of the bot's pages, on the loopback address. */
final class Http {
    static {
        // The JDK's server waits for ever by default, and a few clients that never finish would hold all of its
        // threads. The JDK reads these
        // properties once, with its first server, so every server of this process is made here.
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", "10"); // seconds
        System.getProperties().putIfAbsent("sun.net.httpserver.maxRspTime", "10");
    }

    private Http() {}

    static HttpServer server(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    }
}
