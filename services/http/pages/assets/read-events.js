/** Reads server-sent events out of a response as they arrive. */

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{ event: string, data: any }>}
 */
export async function* readEvents(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    // Whoever stops listening early lets the server know.
    await reader.cancel().catch(() => {});
  }
}

/** Null: a comment that only keeps the connection alive. @param {string} block */
function parseBlock(block) {
  const field = (/** @type {string} */ name) => {
    const line = block.split('\n').find((each) => each.startsWith(`${name}: `));
    return line?.slice(name.length + 2);
  };
  const event = field('event');
  const data = field('data');
  return event === undefined || data === undefined ? null : { event, data: JSON.parse(data) };
}
