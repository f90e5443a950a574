import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Published } from './truth.ts';

/** One platform in a process of its own, asked and changed over HTTP. */
export type Remote = {
  origin: string;
  /** `GET /_/⟨path⟩`; with a body `POST`. @throws Error with what the platform says is wrong */
  control<T = unknown>(path: string, body?: object): Promise<T>;
  truth(): Promise<Published[]>;
};

export type Apart = {
  pid: number;
  wechat: Remote;
  weibo: Remote;
  /** @throws Error when the process had ended by itself, or badly */
  stop(): Promise<void>;
};

/**
 * Both platforms in a process of their own (`main.ts`): whoever publishes can be killed, and what was shown stays shown.
 * @param args as of `main.ts`
 */
export async function startApart(args: readonly string[] = []): Promise<Apart> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    // The channel ends the platforms when this process is gone.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { stdout, pid } = child;
  if (!stdout || pid === undefined) throw new Error('the platforms did not start');
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(String(code ?? signal)));
  });
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface(stdout).once('line', resolve)),
    ended.then((how) => Promise.reject(new Error(`the platforms ended: ${how}`))),
  ]);
  const { wechat, weibo } = JSON.parse(line) as { wechat: string; weibo: string };
  return {
    pid,
    wechat: remote(wechat),
    weibo: remote(weibo),
    async stop() {
      child.kill('SIGTERM');
      const how = await ended;
      if (how !== '0') throw new Error(`the platforms ended: ${how}`);
    },
  };
}

function remote(origin: string): Remote {
  async function control<T>(path: string, body?: object): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    // While a fault has it refuse connections, its controls are out of reach as well.
    const answer = await retried(() => fetch(`${origin}/_/${path}`, init));
    const told = (await answer.json()) as T & { error?: string };
    if (!answer.ok) throw new Error(`${path}: ${told.error}`);
    return told;
  }
  return { origin, control, truth: () => control<Published[]>('truth') };
}

const TRIES = 100;
const PAUSE_MS = 50;

async function retried(ask: () => Promise<Response>): Promise<Response> {
  for (let turn = 1; ; turn += 1) {
    try {
      return await ask();
    } catch (error) {
      const code = (error as { cause?: { code?: string } }).cause?.code;
      if (code !== 'ECONNREFUSED' || turn === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
