import { answerProbe, answerPush } from '../../../../lib/server/wechat-answer.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => answerProbe({ source: event.params.source }, event);

export const POST: RequestHandler = (event) => answerPush({ source: event.params.source }, event);
