import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * How a server meets who wants in: `open`, or as one that has just been started (PostgreSQL answers every startup message with
 * `FATAL 57P03`, Redis every command with `LOADING`), that is not there (ECONNREFUSED), or that hangs up at once (ECONNRESET).
 */
export type Door = 'open' | 'starting' | 'gone' | 'resetting';

/** In front of a real server: what comes in while the door is open goes through to it. */
export type FlakyDoor = {
  port: number;
  /** Connections that were accepted or hung up on so far; nobody can count those to a server that is gone. */
  attempts(): number;
  set(door: Door): Promise<void>;
  /** Ends what is open, as a server that is stopped (57P01 comes first, Redis says nothing), or as one that was killed. */
  cut(how: 'told' | 'untold'): void;
  close(): Promise<void>;
};

/** @param server that stands behind the door, on loopback */
export async function openFlakyDoor(
  server: { kind: keyof typeof words; port: number },
  first: Door,
): Promise<FlakyDoor> {
  let door: Door = first;
  let attempts = 0;
  const open = new Set<Socket>();

  function meet(socket: Socket): void {
    attempts += 1;
    socket.on('error', () => {});
    if (door === 'resetting') {
      socket.resetAndDestroy();
      return;
    }
    if (door === 'starting') {
      socket.once('data', () => socket.end(words[server.kind].starting));
      return;
    }
    const behind = connect(server.port, '127.0.0.1');
    behind.on('error', () => socket.destroy());
    open.add(socket);
    socket.pipe(behind).pipe(socket);
    socket.once('close', () => {
      open.delete(socket);
      behind.destroy();
    });
  }

  let listening: Server | null = null;
  let port = 0;
  async function listen(): Promise<void> {
    listening = createServer(meet).listen(port, '127.0.0.1');
    await once(listening, 'listening');
    port = (listening.address() as AddressInfo).port;
  }
  async function leave(): Promise<void> {
    const left = listening;
    listening = null;
    if (!left) return;
    const closed = once(left, 'close');
    left.close();
    for (const socket of open) socket.destroy();
    await closed;
  }
  await listen();
  if (first === 'gone') await leave();

  return {
    get port() {
      return port;
    },
    attempts: () => attempts,
    async set(next) {
      door = next;
      if (next === 'gone') await leave();
      else if (!listening) await listen();
    },
    cut(how) {
      for (const socket of open) {
        socket.unpipe();
        if (how === 'told') socket.end(words[server.kind].stopping, () => socket.destroy());
        else socket.resetAndDestroy();
      }
    },
    close: leave,
  };
}

/** An ErrorResponse of PostgreSQL's protocol 3.0 (its documentation, “Message Formats”). */
function fatal(code: string, message: string): Buffer {
  const fields = ['SFATAL', 'VFATAL', `C${code}`, `M${message}`].map((field) => `${field}\0`).join('');
  const body = Buffer.from(`${fields}\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const words = {
  postgres: {
    starting: fatal('57P03', 'the database system is starting up'),
    stopping: fatal('57P01', 'terminating connection due to administrator command'),
  },
  redis: { starting: '-LOADING Redis is loading the dataset in memory\r\n', stopping: '' },
};
