import { z } from 'zod';
import { setAccountMark, type Account } from './accounts.ts';
import { transaction, type Store } from './pool.ts';

/** What WeChat said by itself about the end of a publication (PUBLISHJOBFINISH). */
export const publishEvent = z.object({
  publishId: z.string(),
  /** publish_status: 0 published, 2–4 failed, 5 and 6 taken down later. */
  status: z.number().int(),
  articleId: z.string().nullable(),
  url: z.string().nullable(),
  /** Signed over its content: encrypted pushes are, plain ones only show that the platform knows the token. */
  sealed: z.boolean(),
  /** Unix ms. */
  at: z.number(),
});
export type PublishEvent = z.infer<typeof publishEvent>;

/** So long an event is kept that no delivery was known by: its publication may only be found out about. */
const KEPT_DAYS = 7;

/**
 * Takes an event in: the delivery that it is about looks at it at once. One that came before its number was known is kept for it
 * (`publish-event:⟨number⟩` among the account's marks), and whatever of the account has no outcome yet looks again. The same event
 * again changes nothing.
 * @param account `wechat:⟨appid⟩`
 * @param event null: some publication has ended, and which one is not said
 */
export async function notePublishEvent(
  store: Store,
  account: Account,
  event: PublishEvent | null,
): Promise<void> {
  const appId = account.account.replace(/^wechat:/, '');
  const ours = `account_id in (select id from channel_accounts
    where office_id = $1 and channel = 'wechat' and external_id = $2 and archived_at is null)`;
  await transaction(store, async (client) => {
    if (event) {
      await setAccountMark(client, account, `publish-event:${event.publishId}`, event);
      await client.query(
        `delete from account_marks where office_id = $1 and account = $2 and starts_with(name, 'publish-event:')
           and marked_at < now() - make_interval(days => $3)`,
        [account.officeId, account.account, KEPT_DAYS],
      );
      const told = await client.query(
        `update deliveries set progress = progress || jsonb_build_object('event', $4::jsonb), next_at = now(), woken = true
         where ${ours} and state in ('sending', 'unknown', 'processing') and progress ->> 'publishId' = $3`,
        [account.officeId, appId, event.publishId, JSON.stringify(event)],
      );
      const standing = await client.query(
        `update deliveries set look_at = now()
         where ${ours} and state = 'published' and progress ->> 'publishId' = $3`,
        [account.officeId, appId, event.publishId],
      );
      if ((told.rowCount ?? 0) + (standing.rowCount ?? 0) > 0) return;
    }
    await client.query(
      `update deliveries set next_at = now(), woken = true
       where ${ours} and state in ('sending', 'unknown', 'processing') and person_asked_at is null`,
      [account.officeId, appId],
    );
  });
}
