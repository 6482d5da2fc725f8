/**
 * Tests by jcstress: two threads do something to one object at the same time, and each outcome that can be seen afterwards is one that the
 * test names. {@link dev.runledger.concurrency.EmitAgainstClose} is the one to begin with. Those of package-private classes are in the
 * packages of these.
 */
package dev.runledger.concurrency;
