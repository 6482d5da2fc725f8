package dev.runledger.jdbi;

import dev.runledger.store.StoreCommand;

/**
 * Names a call on the store in the message of an exception.
 *
 * @param name the call
 * @param subject the id of what it is about, or empty
 */
record CallName(String name, String subject) {
    static CallName of(StoreCommand<?> command) {
        return new CallName(command.call().code(), command.subject());
    }

    static CallName of(String name) {
        return new CallName(name, "");
    }

    @Override
    public String toString() {
        return subject.isEmpty() ? name : name + " of " + subject;
    }
}
