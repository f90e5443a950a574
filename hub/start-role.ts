import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sourceSecretVariables, type Env } from '../config/env.ts';
import { StartRefused } from '../config/errors.ts';
import { readHubFile } from '../config/hub.ts';
import { runtimeFor, shareRuntime, type Runtime } from '../config/runtime.ts';
import { build, isBuilt } from './build.ts';
import { hubKeys } from './data-folder.ts';
import { messages } from './messages.ts';
import { checkMailPassword } from './mail-password.ts';
import { checkOidcSecret } from './oidc-secret.ts';
import { runRole } from './role-main.ts';
import type { RoleName } from './roles/contract.ts';
import { prepare } from './prepare.ts';
import { givenSecrets } from './source-secrets.ts';
import { dataFolder, publicAddress, withPort } from './start.ts';

/**
 * Runs one role in this process, against a database and a search engine that other machines use too.
 * @throws StartRefused when a variable that all machines must share is missing
 */
export async function startOneRole(role: RoleName, configPath: string | null, env: Env): Promise<void> {
  const needed = (name: 'DATABASE_URL' | 'MEILI_URL' | 'MEILI_KEY' | 'JIANSHENG_SECRET') => {
    const value = env[name];
    if (value === undefined) throw new StartRefused('role-needs-engines', messages.roleNeedsEngines(name));
    return value;
  };
  if (configPath === null) throw new StartRefused('role-needs-config', messages.roleNeedsConfig);
  const hub = withPort(readHubFile(configPath), env);
  const engines = {
    databaseUrl: needed('DATABASE_URL'),
    meiliUrl: needed('MEILI_URL'),
    meiliKey: needed('MEILI_KEY'),
  };
  const secret = needed('JIANSHENG_SECRET');
  const keys = hubKeys(env, null);
  if (role === 'web') checkOidcSecret(hub, env);
  if (role === 'web' || role === 'publish') checkMailPassword(hub, env);
  // The machine that visits sources is the one that has to have their secrets.
  const sourceSecrets = givenSecrets(hub, sourceSecretVariables(), role === 'crawl');
  // One role sees to the first sign-in: the last of several one-time passwords would be the only one that holds.
  const {
    officeId,
    logins,
    wechatAccount: _,
    ...reached
  } = await prepare({
    hub,
    ...engines,
    secret,
    keys,
    withLogins: role === 'web',
    sourceSecrets,
  });
  for (const login of logins) console.log(messages.firstLogin(login));
  if (role === 'web' && !isBuilt()) await build();
  const folder = dataFolder(hub, env);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const runtime: Runtime = {
    hub,
    officeId,
    dataFolder: folder,
    address: publicAddress(hub),
    ...engines,
    ...reached,
    redisUrl: env.REDIS_URL ?? null,
    secret,
    keys,
  };
  await runRole(role, shareRuntime(runtimeFor(role, runtime)));
}
