import { isAbsolute, join, resolve } from 'node:path';
import { sourceSecretVariables, type Env } from '../config/env.ts';
import { StartRefused } from '../config/errors.ts';
import { readHubFile, type HubConfig } from '../config/hub.ts';
import { encodeRuntime, type Runtime } from '../config/runtime.ts';
import { build, isBuilt, projectRoot, warmUp } from './build.ts';
import { claimFolder, folderSecrets, hubKeys, releaseFolder, writeRunning } from './data-folder.ts';
import { startEngines } from './engines/index.ts';
import { portIsFree } from './engines/processes.ts';
import { messages } from './messages.ts';
import { checkMailPassword } from './mail-password.ts';
import { checkOidcSecret } from './oidc-secret.ts';
import type { FirstLogin } from './first-login.ts';
import { prepareApart } from './prepare-apart.ts';
import { roles } from './roles/contract.ts';
import { HeldPorts, noteWechatAccount, sampleWorld } from './sample.ts';
import { sampleConfig } from './sample-config.ts';
import { givenSecrets } from './source-secrets.ts';
import { Supervisor } from './supervise.ts';

export type StartedHub = {
  runtime: Runtime;
  /** The first accounts, with one-time passwords as far as those were made now. */
  logins: readonly FirstLogin[];
  stop(): Promise<void>;
};

/**
 * Starts engines and roles.
 * @param configPath hub.yaml; null runs the sample profile
 * @param say one line of progress for the terminal
 * @throws StartRefused with one message that says what to do; nothing is left running
 */
export async function startHub(
  configPath: string | null,
  env: Env,
  say: (line: string) => void,
): Promise<StartedHub> {
  // A wrong hub.yaml or a missing key is told before anything is touched.
  const file = configPath === null ? null : readHubFile(configPath);
  if (file) {
    hubKeys(env, null);
    checkOidcSecret(file, env);
    checkMailPassword(file, env);
  }
  const sourceSecrets = file ? givenSecrets(file, sourceSecretVariables()) : [];
  const folder = dataFolder(file, env);
  claimFolder(folder);
  const undo: (() => Promise<void> | void)[] = [() => releaseFolder(folder)];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const ports = new HeldPorts();
    undo.push(() => ports.letGo());
    const world = file ? null : await sampleWorld(folder, (port) => ports.take(port));
    const hub = withPort(file ?? sampleConfig(world as NonNullable<typeof world>), env);
    say(messages.title(hub.sample));
    if (!(await portIsFree(hub.web.port, hub.web.host))) {
      throw new StartRefused('port-taken', messages.portTaken(hub.web.port));
    }
    const secrets = folderSecrets(folder);
    const built = Promise.all([buildIfStale(say), warmUp()]);
    // A failed build is reported below, by the `await`; until then it must not count as unhandled.
    built.catch(() => {});
    say(messages.step.postgres);
    say(messages.step.meilisearch);
    const engines = await startEngines(folder, secrets, env, (engine) => say(messages.engineEnded(engine)));
    undo.push(() => engines.stop());
    say(messages.step.schema);
    const secret = env.JIANSHENG_SECRET ?? secrets.sessions;
    const { databaseUrl, meiliUrl, meiliKey } = engines;
    const keys = hubKeys(env, hub.sample ? secrets : null);
    const prepared = { hub, databaseUrl, meiliUrl, meiliKey, secret, keys, withLogins: true, sourceSecrets };
    const sample = world ? { platforms: world.platforms, address: publicAddress(hub) } : undefined;
    const { officeId, logins, wechatAccount, ...reached } = await prepareApart({ ...prepared, sample });
    if (world) noteWechatAccount(folder, world, wechatAccount);
    await built;
    const runtime: Runtime = Object.freeze({
      hub,
      officeId,
      dataFolder: folder,
      address: publicAddress(hub),
      meiliUrl,
      meiliKey,
      ...reached,
      redisUrl: env.REDIS_URL ?? null,
      secret,
      keys,
    });
    const supervisor = new Supervisor(runtime, (role, how) => say(messages.roleEnded(role, how)));
    undo.push(() => supervisor.stop());
    if (hub.sample) {
      say(messages.step.sample);
      await ports.letGo();
      await supervisor.start('sample');
    }
    say(messages.step.roles);
    const started = await Promise.all(roles.map((role) => supervisor.start(role)));
    if (!started[roles.indexOf('web')]) {
      throw new StartRefused('web-failed', messages.webFailed(join(folder, 'logs', 'hub.log')));
    }
    writeRunning(folder, { pid: process.pid, address: runtime.address, runtime: encodeRuntime(runtime) });
    return { runtime, logins, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Absolute path of the data folder: the environment's, else hub.yaml's, else the sample's. */
export function dataFolder(hub: HubConfig | null, env: Env): string {
  const named = env.JIANSHENG_DATA ?? hub?.data ?? 'data/sample';
  return isAbsolute(named) ? named : resolve(projectRoot, named);
}

export function withPort(hub: HubConfig, env: Env): HubConfig {
  return env.PORT === undefined ? hub : Object.freeze({ ...hub, web: { ...hub.web, port: env.PORT } });
}

const THIS_MACHINE = new Set(['127.0.0.1', '::1', '0.0.0.0', '::']);

/** The address that people type: the stated one, else that of the listener. Without a slash at the end. */
export function publicAddress({ web }: HubConfig): string {
  if (web.address !== undefined) return web.address.replace(/\/+$/, '');
  // Passkeys are bound to a name and not to an address: this very machine goes by its name.
  const host = THIS_MACHINE.has(web.host) ? 'localhost' : web.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${web.port}`;
}

async function buildIfStale(say: (line: string) => void): Promise<void> {
  if (isBuilt()) return;
  say(messages.step.build);
  await build();
}
