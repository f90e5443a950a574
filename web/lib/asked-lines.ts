/**
 * How a question ended: all lines came; the hub refused it, with its words if it had any; somebody stopped it; another one
 * took its place; or it broke off.
 */
export type Ended = { how: 'all' | 'stopped' | 'replaced' | 'broken' } | { how: 'refused'; message?: string };

/** Asks pages that answer line by line (JSON), as they find out; one question at a time, the newest. */
export class AskedLines<Line> {
  #asked: AbortController | null = null;

  /** @param take is told each line as it arrives, and none once it is stopped or another question was asked */
  async ask(address: string, fields: FormData, take: (line: Line) => void): Promise<Ended> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const replaced = () => this.#asked !== asked;
    const gone = (): Ended => ({
      how: replaced() ? 'replaced' : asked.signal.aborted ? 'stopped' : 'broken',
    });
    try {
      const answer = await fetch(address, { method: 'POST', body: fields, signal: asked.signal });
      if (!answer.ok || !answer.body) {
        const { message } = (await answer.json()) as { message?: string };
        return asked.signal.aborted ? gone() : { how: 'refused', ...(message && { message }) };
      }
      for await (const line of linesOf<Line>(answer.body)) {
        if (asked.signal.aborted) return gone();
        take(line);
      }
      return { how: 'all' };
    } catch {
      return gone();
    }
  }

  stop(): void {
    this.#asked?.abort();
  }
}

/** JSON lines of a stream, as they arrive. */
async function* linesOf<Line>(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let waiting = '';
  for (;;) {
    const { value, done } = await reader.read();
    const lines = `${waiting}${value ?? ''}`.split('\n');
    waiting = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Line;
    if (done) return;
  }
}
