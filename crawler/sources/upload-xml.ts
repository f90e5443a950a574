import type { Readable } from 'node:stream';
import { Parser } from 'htmlparser2';
import { Refused } from '../../config/errors.ts';
import { uploadMessages as words } from '../messages.ts';

/** Office's own files nest ten deep. */
const DEEPEST = 64;
/** So many bytes without a tag or a text: one attribute without an end. */
const SILENT_MOST = 2 ** 20;

type Handlers = {
  /** Names come without their prefix. */
  open(name: string, attributes: Record<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
};

/**
 * Reads XML piece by piece. Entities of the document's own are not resolved, so that none can grow; depth and the distance
 * between two events are bounded, so that memory is.
 */
export class XmlReader<T> {
  readonly result: T;
  readonly #parser: Parser;
  readonly #decoder = new TextDecoder();
  #depth = 0;
  #silent = 0;

  constructor(result: T, handlers: Handlers) {
    this.result = result;
    const local = (name: string) => name.slice(name.indexOf(':') + 1);
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => {
          this.#silent = 0;
          if (++this.#depth > DEEPEST) throw new Refused('upload-broken', words.brokenBook);
          handlers.open(local(name), attributes);
        },
        onclosetag: (name) => {
          this.#silent = 0;
          this.#depth -= 1;
          handlers.close?.(local(name));
        },
        ontext: (text) => {
          this.#silent = 0;
          handlers.text?.(text);
        },
      },
      { xmlMode: true },
    );
  }

  write(piece: Uint8Array): void {
    this.#silent += piece.length;
    this.#parser.write(this.#decoder.decode(piece, { stream: true }));
    if (this.#silent > SILENT_MOST) throw new Refused('upload-broken', words.brokenBook);
  }

  end(): void {
    this.#parser.end();
  }
}

/**
 * Feeds a stream to a reader; yields after every piece, so that what was read can be taken.
 * @param most bytes
 * @throws Refused `upload-broken` when there are more
 */
export async function* pull(
  stream: Readable,
  reader: XmlReader<unknown>,
  most: number,
): AsyncGenerator<void> {
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > most) throw new Refused('upload-broken', words.bookTooBig(most / 2 ** 20));
    reader.write(piece);
    yield;
  }
  reader.end();
  yield;
}

/** Reads a stream to its end. @throws Refused as `pull` */
export async function drain(stream: Readable, reader: XmlReader<unknown>, most: number): Promise<void> {
  const pieces = pull(stream, reader, most);
  while (!(await pieces.next()).done);
}
