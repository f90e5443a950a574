import type { Env } from '../config/env.ts';
import { StartRefused } from '../config/errors.ts';
import type { HubConfig } from '../config/hub.ts';
import { messages } from './messages.ts';

/** @throws StartRefused `oidc-secret-missing` when a provider is set, and not the hub's secret there */
export function checkOidcSecret(hub: HubConfig, env: Env): void {
  if (hub.signIn.oidc && env.JIANSHENG_OIDC_SECRET === undefined) {
    throw new StartRefused('oidc-secret-missing', messages.oidcSecretMissing);
  }
}
