import type { Env } from '../config/env.ts';
import { StartRefused } from '../config/errors.ts';
import type { HubConfig } from '../config/hub.ts';
import { messages } from './messages.ts';

/** @throws StartRefused `mail-password-missing` when the mail server wants somebody to sign in, and the password is not set */
export function checkMailPassword(hub: HubConfig, env: Env): void {
  if (hub.notices.mail?.user !== undefined && env.JIANSHENG_SMTP_PASSWORD === undefined) {
    throw new StartRefused('mail-password-missing', messages.mailPasswordMissing);
  }
}
