import { join } from 'node:path';
import { readEnv } from '../../config/env.ts';
import { StartRefused } from '../../config/errors.ts';
import { isProxyUnknown } from '../../config/sign-in.ts';
import { commonOptions } from '../options.ts';
import { messages } from '../messages.ts';
import { roles } from '../roles/contract.ts';
import { startHub, type StartedHub } from '../start.ts';

/** A second Ctrl-C within this is the same one: terminal and npm both pass it on. */
const SAME_MS = 1_500;

/** `jiansheng start`: everything under one supervisor, or with `--role` one part against engines from outside. */
export async function start(args: string[]): Promise<number> {
  const { config, role } = commonOptions(args);
  const env = readEnv();
  if (role !== null) {
    const name = roles.find((each) => each === role);
    if (!name) throw new StartRefused('unknown-role', messages.unknownRole(role, roles));
    // The supervisor needs nothing of what a role loads.
    const { startOneRole } = await import('../start-role.ts');
    await startOneRole(name, config, env);
    return 0;
  }
  const asked = Promise.withResolvers<void>();
  let first = 0;
  const onSignal = () => {
    if (first === 0) {
      first = Date.now();
      asked.resolve();
    } else if (Date.now() - first > SAME_MS) {
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // On an older Node `setup.mjs` waits for this with a channel; when it is killed, the hub must not stay behind.
  process.on('disconnect', onSignal);

  const hub = await startHub(config, env, (line) => console.log(line)).catch((error: unknown) => {
    // Nothing is left running, and that is what was asked for.
    if (first !== 0) return null;
    throw error;
  });
  if (hub && first === 0) greet(hub);
  await asked.promise;
  console.log(`\n${messages.stopping}`);
  await hub?.stop();
  console.log(messages.stopped);
  process.exit(0);
}

function greet({ runtime, logins }: StartedHub): void {
  console.log(`\n${messages.ready(runtime.address)}\n`);
  if (isProxyUnknown(runtime.hub)) console.log(`${messages.proxyUnknown}\n`);
  console.log(messages.logins);
  for (const login of logins) console.log(messages.firstLogin(login));
  if (logins.some((login) => login.password !== null)) console.log(messages.oneTime);
  console.log(`\n${messages.logs(join(runtime.dataFolder, 'logs'))}\n${messages.howToStop}`);
}
