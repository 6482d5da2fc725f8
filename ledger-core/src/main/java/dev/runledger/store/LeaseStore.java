package dev.runledger.store;

import java.time.Duration;
import java.util.List;

/**
 * Lets many processes share background work, by the clock of the database alone: whoever has the lease of a job does it, and a process that
 * sends no heartbeat any more is lost. For {@code Operations}. Thread-safe; what it throws is a {@link StoreException}.
 */
public interface LeaseStore {
    /**
     * Takes the lease of a job, or renews it, for this long from now. The first lease of a job makes its row.
     *
     * @param job the name of the job, of 1 to 64 characters
     * @param holder who asks
     * @return whether the holder has the lease now; false while another one has it
     */
    boolean lease(String job, String holder, Duration time);

    /** Gives a lease back, so that another holder need not wait until it is over. Does nothing if another one has it. */
    void release(String job, String holder);

    /**
     * Says that a process is alive, and for how long it may be silent from now on.
     *
     * @return whether it was known; false for its first heartbeat, and after it was taken for lost
     */
    boolean heartbeat(String instance, Duration time);

    /** Returns the processes that were silent for longer than they said, the longest first. */
    List<String> lostInstances();

    /** Forgets a process: it has ended, or everything that it had was recovered. Does nothing if it is not known. */
    void removeInstance(String instance);

    /** Returns how many processes are alive. */
    int instances();
}
