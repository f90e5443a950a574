import { answerProbe, answerPush } from '../../../../../lib/server/wechat-answer.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => answerProbe({ account: event.params.account }, event);

export const POST: RequestHandler = (event) => answerPush({ account: event.params.account }, event);
