package io.sirocco.worker.prompt;

/**
 * A prompt as the model sees it.
 *
 * <p>Immutable; the array is never changed.
 *
 * @param ids its tokens
 * @param text what the template made, control tokens included
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record EncodedPrompt(int[] ids, String text) {}
