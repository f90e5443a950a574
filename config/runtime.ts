import { z } from 'zod';
import { setEnv, type Env } from './env.ts';
import { frozen } from './frozen.ts';
import type { HubConfig } from './hub.ts';

/** What a role needs to know: the checked settings, and where the engines of this very run are. */
export type Runtime = Readonly<{
  hub: HubConfig;
  officeId: number;
  /** Absolute path of the data folder. */
  dataFolder: string;
  /** Address of the desk as people type it, without a trailing slash. */
  address: string;
  /** As the role `app` of the database, which row-level security holds for. */
  databaseUrl: string;
  /** As the role `identity`, which alone can read what people sign in with; empty for parts that do not. */
  identityUrl: string;
  meiliUrl: string;
  /** Writes documents; empty for the web part, which only searches. */
  meiliKey: string;
  /** Signs the tokens that a search within some offices is allowed by; can only search. */
  searchKey: { uid: string; key: string };
  redisUrl: string | null;
  /** Signs sessions. */
  secret: string;
  /** What seals secrets at rest and chains the audit log, the newest first; see `openCipher`. */
  keys: readonly string[];
}>;

/**
 * The settings themselves were checked by the process that hands them over, with what it takes to check them (YAML, selectors,
 * expressions): that would stay in the memory of every role.
 */
const checkedHub = z.custom<HubConfig>(
  (value) => typeof value === 'object' && value !== null && 'office' in value && 'sources' in value,
);

const runtimeSchema = z.object({
  hub: checkedHub,
  officeId: z.number().int(),
  dataFolder: z.string(),
  address: z.string(),
  databaseUrl: z.string(),
  identityUrl: z.string(),
  meiliUrl: z.string(),
  meiliKey: z.string(),
  searchKey: z.object({ uid: z.string(), key: z.string() }),
  redisUrl: z.string().nullable(),
  secret: z.string().min(32),
  keys: z.array(z.string()).min(1),
});

/** The runtime as the supervisor hands it to its roles, in `JIANSHENG_RESOLVED`. */
export function encodeRuntime(runtime: Runtime): string {
  return JSON.stringify(runtime);
}

/** What a part of the hub gets to know: the pages that people reach only search, and nothing else signs them in. */
export function runtimeFor(role: string, runtime: Runtime): Runtime {
  return role === 'web' ? { ...runtime, meiliKey: '' } : { ...runtime, identityUrl: '' };
}

/** For a role that runs in this very process: what is loaded later (the built web app) finds the runtime as well. */
export function shareRuntime(runtime: Runtime): Runtime {
  setEnv('JIANSHENG_RESOLVED', encodeRuntime(runtime));
  return runtime;
}

/** Null where the process was not started by the supervisor. */
export function decodeRuntime(env: Env): Runtime | null {
  if (env.JIANSHENG_RESOLVED === undefined) return null;
  return frozen(runtimeSchema.parse(JSON.parse(env.JIANSHENG_RESOLVED)));
}
