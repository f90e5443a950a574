import { z } from 'zod';
import { setEnv, type Env } from './env.ts';
import { frozen } from './frozen.ts';
import { hubSchema, type HubConfig } from './hub.ts';

/** What a role needs to know: the checked settings, and where the engines of this very run are. */
export type Runtime = Readonly<{
  hub: HubConfig;
  officeId: number;
  /** Absolute path of the data folder. */
  dataFolder: string;
  /** Address of the desk as people type it, without a trailing slash. */
  address: string;
  databaseUrl: string;
  meiliUrl: string;
  meiliKey: string;
  redisUrl: string | null;
  /** Signs sessions. */
  secret: string;
}>;

const runtimeSchema = z.object({
  hub: z.object({
    ...hubSchema.shape,
    // Without sources there need not be a contact; `checkHub` has seen to it.
    crawler: hubSchema.shape.crawler.unwrap().extend({ contact: z.string() }),
    sample: z.boolean(),
  }),
  officeId: z.number().int(),
  dataFolder: z.string(),
  address: z.string(),
  databaseUrl: z.string(),
  meiliUrl: z.string(),
  meiliKey: z.string(),
  redisUrl: z.string().nullable(),
  secret: z.string().min(32),
});

/** The runtime as the supervisor hands it to its roles, in `JIANSHENG_RESOLVED`. */
export function encodeRuntime(runtime: Runtime): string {
  return JSON.stringify(runtime);
}

/** For a role that runs in this very process: what is loaded later (the built web app) finds the runtime as well. */
export function shareRuntime(runtime: Runtime): Runtime {
  setEnv('JIANSHENG_RESOLVED', encodeRuntime(runtime));
  return runtime;
}

/** Null where the process was not started by the supervisor. */
export function decodeRuntime(env: Env): Runtime | null {
  if (env.JIANSHENG_RESOLVED === undefined) return null;
  return frozen(runtimeSchema.parse(JSON.parse(env.JIANSHENG_RESOLVED)) as Runtime);
}
