package dev.runledger.examples.webhookbot;

/**
 * A webhook delivery as it came in, not yet read.
 *
 * @param event the kind of event, as the header X-GitHub-Event names it
 * @param deliveryId the id of the delivery
 * @param body the exact bytes as text: the signature is over these
 * @param signature the header X-Hub-Signature-256, or null
 * @param signed whether a signature is asked for: an old recording has none
 */
record Delivery(String event, String deliveryId, String body, String signature, boolean signed) implements Recorded {}
