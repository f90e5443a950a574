import type { Browser } from 'playwright';
import { NotGot } from '../errors.ts';
import type { Doorkeeper } from './guard-proxy.ts';
import { GuardProxy } from './guard-proxy.ts';
import { within } from './within.ts';

/** A Chromium that can be started: its path, and what it needs. */
export type ChromiumProgram = { path: string; args: string[]; env: Record<string, string> };

/** A running browser behind its proxy. */
export type RunningChromium = {
  browser: Browser;
  /** Null where Chromium does not tell. */
  pid: number | null;
  /** What the proxy asks for. */
  credential: { username: string; password: string };
  /** Ends the browser and everything that it started, at the latest after some seconds by force. */
  close(): Promise<void>;
};

const START_MS = 30_000;
const CLOSE_MS = 4_000;

/** Names nothing but the proxy, so that a connection past it cannot even find an address; no UDP, no QUIC, no guesses. */
const networkArgs = (proxy: string) => [
  `--proxy-server=${proxy}`,
  '--proxy-bypass-list=<-loopback>',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  '--dns-prefetch-disable',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
];

/** One renderer less is 60 MB less; a page that asks for more memory than this is given up. */
const THRIFT = ['--renderer-process-limit=2', '--js-flags=--max-old-space-size=256', '--mute-audio'];

/**
 * Starts Chromium. It dies with this process, however that ends: it is led through a pipe, and a browser whose pipe is
 * closed ends itself.
 * @throws NotGot `browser-absent` when there is none, `browser-failed` when it does not start
 */
export async function startChromium(
  find: () => Promise<ChromiumProgram>,
  guard: Doorkeeper,
): Promise<RunningChromium> {
  const program = await find().catch((cause: unknown) => {
    throw new NotGot('browser-absent', { cause });
  });
  const proxy = new GuardProxy(guard);
  try {
    await proxy.listen();
    const browser = await launch(program, networkArgs(proxy.address));
    const pid = await within(processId(browser), START_MS);
    return {
      browser,
      pid,
      credential: { username: proxy.user, password: proxy.password },
      async close() {
        // With the proxy gone nothing of it reaches the network any more, whatever the browser does.
        proxy.close();
        await within(browser.close(), CLOSE_MS).catch(() => pid !== null && endGroup(pid));
      },
    };
  } catch (cause) {
    proxy.close();
    throw new NotGot('browser-failed', { cause });
  }
}

/** What the packaged Chromium is started with for pages of one's own, and would let strangers' pages read others. */
const UNSAFE = /^--(?:disable-web-security|allow-running-insecure-content)$/;
const UNBOXED = /^--(?:no-sandbox|disable-setuid-sandbox)$/;

async function launch(program: ChromiumProgram, args: string[]): Promise<Browser> {
  const { chromium } = await import('playwright');
  const start = (sandbox: boolean) =>
    chromium.launch({
      executablePath: program.path,
      args: [
        ...program.args.filter((arg) => !UNSAFE.test(arg) && !(sandbox && UNBOXED.test(arg))),
        ...args,
        ...THRIFT,
      ],
      env: program.env,
      chromiumSandbox: sandbox,
      timeout: START_MS,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  // Root has no sandbox, and neither has a system that forbids user namespaces.
  if (process.getuid?.() === 0) return start(false);
  return start(true).catch(() => start(false));
}

async function processId(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    processInfo: { type: string; id: number }[];
  };
  await session.detach();
  return processInfo.find(({ type }) => type === 'browser')?.id ?? null;
}

/** Playwright starts the browser as the leader of a group of its own, so that the group is all of it. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself, as it should.
  }
}
