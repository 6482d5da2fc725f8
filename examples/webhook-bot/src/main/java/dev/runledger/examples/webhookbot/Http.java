package dev.runledger.examples.webhookbot;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes the servers of the bot's pages, on the loopback address. */
final class Http {
    static {
        // The JDK's server waits for ever by default, and clients that never finish would hold all of its threads. The
        // JDK reads these properties once, with its first server, so every server of this process is made here.
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", "10"); // seconds
        System.getProperties().putIfAbsent("sun.net.httpserver.maxRspTime", "10");
    }

    private static final int MOST_REQUESTS = 64;

    private Http() {}

    /** The threads of one page, its own, so that no other page starves it. A client that stalls has one of them until its time is over. */
    static ExecutorService threads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(MOST_REQUESTS, MOST_REQUESTS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    static HttpServer server(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    }
}
