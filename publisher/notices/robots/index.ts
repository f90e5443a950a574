import type { RobotKind } from '../../../config/notices.ts';
import type { Robot } from './contract.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import { webhook } from './webhook.ts';
import { wecom } from './wecom.ts';

export const robots: Readonly<Record<RobotKind, Robot>> = { wecom, dingtalk, feishu, webhook };

/** Messages that each kind of robot is sent in a minute at most. */
export const perMinute = Object.fromEntries(
  Object.values(robots).map((robot) => [robot.kind, robot.perMinute]),
) as Readonly<Record<RobotKind, number>>;
